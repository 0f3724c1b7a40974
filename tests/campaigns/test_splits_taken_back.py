"""A split that is taken back takes its answers' effect back: nothing is lost, and what people changed since stays."""

import pytest
from django.urls import reverse

from annotation.actions.documents import replace_annotation
from annotation.models import Annotation, AnnotationConcept
from campaigns.actions import open_campaign
from campaigns.actions.releases import verify_release
from campaigns.actions.splits import ask_about_split, relink_split
from campaigns.models import Campaign, Contribution, Decision, TaskConsensus
from problems import Conflict
from taxonomy.actions.editing import merge_concepts, split_concept, undo_change
from taxonomy.models import Concept
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, released, tagged
from tests.campaigns.test_following_vocabularies import curated, part, run

pytestmark = pytest.mark.django_db
__all__ = ["curated"]


def links() -> dict[object, tuple[str, str | None]]:
    rows = AnnotationConcept.objects.select_related("concept", "said")
    return {row.annotation_id: (row.concept.notation, row.said and row.said.notation) for row in rows}


@pytest.fixture
def divided(curated, make_campaign, clef, owner):
    """Two G clefs, one of them called F before a merge, asked about after a split and told apart."""
    campaign = make_campaign(pages=1, overlap=2)
    answer(campaign, {0: [located([(ONE, clef("G")), (TWO, clef("F"))]) for _ in range(2)]})
    merge(campaign)
    decide_everything(campaign, owner)
    merge_concepts([clef("F")], clef("G"), by=owner)
    run("campaigns.follow")
    before = links()
    change = split_concept(clef("G"), [part("G1"), part("G2")], by=owner)
    asking = ask_about_split(change, by=owner)
    Campaign.objects.filter(pk=asking.pk).update(overlap=1)
    asking = open_campaign(Campaign.objects.get(pk=asking.pk), by=owner)
    answer(asking, {0: [tagged(clef("G1"))], 1: [tagged(clef("G2"))]})
    merge(asking)
    decide_everything(asking, owner)
    run("campaigns.relink")
    return campaign, asking, change, before


@pytest.mark.django_db(transaction=True)
def test_everything_counts_as_the_whole_again(divided, clef, owner):
    campaign, asking, change, before = divided
    moved = links()
    assert {moved[pk] for pk in before} == {("G1", "G"), ("G2", "F")}, "who said F is remembered as such"
    first = released(campaign, owner)
    sealed = {file.name: file.sha256 for file in first.files.all()}
    documents = dict(Annotation.objects.values_list("pk", "document"))
    said = (Contribution.objects.count(), Decision.objects.count())
    undone = undo_change(change, by=owner)
    assert {pk: link for pk, link in links().items() if pk in before} == before
    assert undone.detail["touched"] == [
        ["annotations", len(before), "These annotations count as the concept again, which had been divided."],
        ["campaigns", 1, "The campaign that asked which part was meant is closed; its answers are kept."],
    ]
    assert dict(Annotation.objects.values_list("pk", "document")) == documents
    assert (Contribution.objects.count(), Decision.objects.count()) == said
    assert verify_release(first) == []
    assert {file.name: file.sha256 for file in first.files.all()} == sealed
    kept = AnnotationConcept.objects.filter(annotation__layer=asking.ground_truth_layer)
    assert {link.concept.notation for link in kept} == {"G1", "G2"}
    asking.refresh_from_db()
    assert asking.status == "closed"
    with pytest.raises(Conflict, match="taken back"):
        open_campaign(asking, by=owner)
    run("campaigns.follow")
    assert relink_split(asking) == 0, "a late decision moves nothing, and fails nothing"
    counts = released(campaign, owner).manifest["counts"]["concepts"]
    assert [(row["label"], row["count"]) for row in counts] == [("G clef", 2)]
    undo_change(undone, by=owner)
    run("campaigns.relink")
    assert links() == moved, "the split stands again, and so does what was decided about it"
    assert open_campaign(asking, by=owner).status == "open"


def test_what_a_person_has_changed_since_stays(divided, clef, owner):
    campaign, _asking, change, before = divided
    whole, g1, g2 = (Concept.objects.get(notation=name) for name in ("G", "G1", "G2"))
    mine, other = annotate(make_layer(owner), campaign.tasks.get().canvas, 2)
    AnnotationConcept.objects.filter(annotation__in=[mine, other]).delete()
    AnnotationConcept.objects.bulk_create(
        AnnotationConcept(annotation=one, concept=g1, said=whole) for one in (mine, other)
    )
    body = {"type": "SpecificResource", "source": g2.uri, "purpose": "classifying"}
    replace_annotation(mine, {**mine.document, "body": [body]}, by=owner, revision=mine.revision)
    undo_change(change, by=owner)
    now = links()
    assert (now[mine.pk], now[other.pk]) == (("G2", None), ("G", None))
    assert {now[pk] for pk in before} == {("G", None), ("G", "F")}


def test_a_part_of_a_part_comes_back_step_by_step(divided, owner):
    campaign, _asking, change, before = divided
    again = split_concept(Concept.objects.get(notation="G1"), [part("G1a"), part("G1b")], by=owner)
    finer = Concept.objects.get(notation="G1a")
    whole = Concept.objects.get(notation="G1")
    # As what is decided about the second split leaves them.
    AnnotationConcept.objects.filter(concept=whole, said__notation="G").update(concept=finer)
    undo_change(again, by=owner)
    assert {links()[pk] for pk in before} == {("G1", "G"), ("G2", "F")}
    undo_change(change, by=owner)
    assert {pk: link for pk, link in links().items() if pk in before} == before
    assert TaskConsensus.objects.filter(campaign=campaign).exists()


def test_the_page_says_what_came_of_it(divided, client, owner):
    _campaign, _asking, change, before = divided
    client.force_login(owner)
    address = reverse("vocabulary-undo", args=[change.vocabulary.slug, change.version])
    shown = client.post(address, follow=True, headers={"Accept-Language": "fr"}).content.decode()
    assert f"de nouveau comme le concept, qui avait été divisé. ({len(before)})" in shown
    assert "close" in shown
