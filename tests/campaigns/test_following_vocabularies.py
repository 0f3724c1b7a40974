"""Campaigns follow their vocabulary: merges, splits and what is taken back, with answers and releases around."""

import pytest

from annotation.models import Annotation, AnnotationConcept
from campaigns.actions import claim, open_campaign, submit
from campaigns.actions.consensus import request_consensus
from campaigns.actions.releases import verify_release
from campaigns.actions.splits import ask_about_split
from campaigns.api.outcomes.review import one_review
from campaigns.models import Campaign, ConsensusItem, Contribution, Task, TaskConsensus
from problems import Conflict, Invalid
from taxonomy.actions.editing import (
    deprecate_concept,
    foresee,
    merge_concepts,
    move_concept,
    split_concept,
    undo_change,
)
from taxonomy.models import VocabularyChange
from taxonomy.skos import ConceptValue, LabelValue
from tests.campaigns.conftest import in_threads
from tests.campaigns.outcomes import (
    ONE,
    TWO,
    accept_all,
    answer,
    decide_everything,
    located,
    merge,
    released,
    tagged,
    task_at,
)
from work.actions import run_job
from work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def curated(vocabulary, owner):
    """Olga looks after the vocabulary too."""
    owner.is_superuser = True
    owner.save()
    return vocabulary


def run(kind: str) -> None:
    for job in Job.objects.filter(kind=kind, state=Job.State.QUEUED):
        run_job(str(job.pk))
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error


def part(name: str) -> ConceptValue:
    return ConceptValue(uri="", notation=name, labels=(LabelValue("pref", "en", name),))


@pytest.mark.django_db(transaction=True)
def test_what_a_change_touches_in_campaigns(
    curated, make_campaign, clef, owner, django_assert_max_num_queries
):
    campaign = make_campaign(pages=2, overlap=1, branch=clef("top"))
    answer(campaign, {0: [located([(ONE, clef("G"))])], 1: [located([(TWO, clef("G"))])]})
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    released(campaign, owner)
    with django_assert_max_num_queries(12):
        told = {one.kind: one.count for one in foresee(curated, "merge", [clef("G")], by=owner)}
    assert told == {"annotations": 5, "consensus": 2, "ground-truth": 1, "releases": 1}
    about = {one.kind: one.count for one in foresee(curated, "split", [clef("top")], by=owner)}
    assert about["campaigns"] == 1
    assert "campaigns" not in {one.kind for one in foresee(curated, "deprecate", [clef("C")], by=owner)}
    waiting = make_campaign("waiting", pages=3, branch=clef("top"))
    told = {one.kind: one.count for one in foresee(curated, "deprecate", [clef("C")], by=owner)}
    assert told == {"tasks": waiting.tasks.count()}


def test_a_campaign_goes_on_with_what_its_branch_became_and_back(curated, make_campaign, clef, owner):
    campaign = make_campaign(pages=1, branch=clef("G"), open_it=False)
    change = merge_concepts([clef("G")], clef("F"), by=owner)
    campaign.refresh_from_db()
    assert (campaign.branch, campaign.config_version) == (clef("F"), 2)
    undo_change(change, by=owner)
    campaign.refresh_from_db()
    assert (campaign.branch, campaign.config_version) == (clef("G"), 3)
    assert [v.configuration["branch"] for v in campaign.versions.all()] == [
        str(clef("G").pk), str(clef("F").pk), str(clef("G").pk)
    ]  # fmt: skip


def test_merged_answers_are_computed_again_and_back(curated, make_campaign, clef, owner):
    campaign = make_campaign(pages=1, overlap=2, question_kind="tag")
    answer(campaign, {0: [tagged(clef("G")), tagged(clef("F"))]})
    merge(campaign)
    before = {row.pk: row.votes for row in ConsensusItem.objects.all()}
    assert TaskConsensus.objects.get().agreement == 0
    change = merge_concepts([clef("G")], clef("F"), by=owner)
    run("campaigns.follow")
    merged = TaskConsensus.objects.get()
    assert (merged.agreement, merged.disagreement) == (1, 0)
    assert [row.votes for row in merged.items.all()] == [[{"concept": str(clef("F").pk), "count": 2}]]
    said = {row.answer["concepts"][0] for row in Contribution.objects.all()}
    assert said == {str(clef("G").pk), str(clef("F").pk)}
    undo_change(change, by=owner)
    run("campaigns.follow")
    assert {row.pk: row.votes for row in ConsensusItem.objects.all()} == before
    assert TaskConsensus.objects.get().agreement == 0


@pytest.mark.django_db(transaction=True)
def test_decisions_and_releases_stand(curated, make_campaign, clef, owner):
    campaign = make_campaign(pages=1, overlap=2)
    answer(campaign, {0: [located([(ONE, clef("G"))]), located([(ONE, clef("G"))])]})
    merge(campaign)
    decide_everything(campaign, owner)
    first = released(campaign, owner)
    sealed = {file.name: file.sha256 for file in first.files.all()}
    merge_concepts([clef("G")], clef("F"), by=owner)
    run("campaigns.follow")
    task = task_at(campaign)
    assert task.state == Task.State.DECIDED
    shown = one_review(campaign, task.pk, by=owner)["items"][0]
    assert [vote["label"] for vote in shown["votes"]] == ["F clef"]
    assert [one["label"] for one in shown["concepts"]] == ["F clef"]
    assert verify_release(first) == []
    assert {file.name: file.sha256 for file in first.files.all()} == sealed
    counts = released(campaign, owner).manifest["counts"]["concepts"]
    assert [(row["label"], row["count"]) for row in counts] == [("F clef", 1)]


@pytest.mark.parametrize("change", ["merge", "split", "deprecate", "move"])
def test_who_had_the_page_open_loses_nothing(change, curated, make_campaign, clef, owner, people):
    campaign = make_campaign(pages=1, overlap=3, branch=clef("top"))
    given = claim(campaign, people(campaign, 1)[0]).assignment
    said = clef("G")
    if change == "merge":
        merge_concepts([said], clef("F"), by=owner)
    elif change == "split":
        split_concept(said, [part("G1"), part("G2")], by=owner)
    elif change == "deprecate":
        deprecate_concept(said, by=owner)
    else:
        move_concept(said, parent=None, by=owner)
    done = submit(given, located([(ONE, said)]))
    assert done.counts
    link = AnnotationConcept.objects.get()
    counted = (link.concept.notation, link.said and link.said.notation)
    assert counted == (("F", "G") if change == "merge" else ("G", None))
    assert link.annotation.document["body"][0]["source"] == said.uri
    row = Contribution.objects.get()
    curated.refresh_from_db()
    assert row.vocabulary_version == link.annotation.vocabulary_version == curated.version


def test_a_concept_outside_the_branch_is_refused_while_nothing_has_moved(make_campaign, clef, people):
    campaign = make_campaign(pages=1, branch=clef("top"))
    given = claim(campaign, people(campaign, 1)[0]).assignment
    with pytest.raises(Invalid):
        submit(given, located([(ONE, clef("top"))]))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_a_merge_and_answers_at_the_same_moment(round_, curated, make_campaign, clef, owner, people):
    campaign = make_campaign(pages=6, overlap=1)
    given = [claim(campaign, person).assignment for person in people(campaign, 6)]
    source, target = clef("G"), clef("F")

    def work(number: int) -> object:
        if number == 3:
            return merge_concepts([source], target, by=owner)
        return submit(given[number], located([(ONE, source)])).counts

    done = in_threads(6, work)
    assert [one for one in done if one is True] == [True] * 5
    links = AnnotationConcept.objects.all()
    assert {(link.concept.notation, link.said.notation) for link in links} == {("F", "G")}
    assert len(links) == Contribution.objects.count() == 5
    undo_change(VocabularyChange.objects.get(operation="merge"), by=owner)
    assert {link.concept.notation for link in AnnotationConcept.objects.all()} == {"G"}


@pytest.mark.django_db(transaction=True)
def test_a_merge_while_answers_are_merged_and_decided(curated, make_campaign, clef, owner):
    campaign = make_campaign(pages=4, overlap=1)
    answer(campaign, {page: [located([(ONE, clef("G"))])] for page in range(4)})
    job = request_consensus(campaign)

    def work(number: int) -> None:
        if number:
            run_job(str(job.pk))
        else:
            merge_concepts([clef("G")], clef("F"), by=owner)

    in_threads(2, work)
    run("campaigns.follow")
    merge(campaign)
    votes = [item.votes for item in ConsensusItem.objects.all()]
    assert votes == [[{"concept": str(clef("F").pk), "count": 1}]] * 4


def test_a_split_is_asked_about_and_the_answers_move_the_annotations(curated, make_campaign, clef, owner):
    campaign = make_campaign(pages=2, overlap=2)
    both = [located([(ONE, clef("G")), (TWO, clef("G"))]) for _ in range(2)]
    answer(campaign, {0: both, 1: [located([(ONE, clef("F"))]), located([(ONE, clef("F"))])]})
    merge(campaign)
    decide_everything(campaign, owner)
    documents = dict(Annotation.objects.values_list("pk", "document"))
    change = split_concept(clef("G"), [part("G1"), part("G2")], by=owner)
    asking = ask_about_split(change, by=owner)
    assert asking.status == "draft"
    assert asking.title["fr"].startswith("Ce qui s’appelait")
    assert list(change.campaigns.all()) == [asking]
    assert [task.region for task in asking.tasks.all()] == [ONE, TWO]
    assert asking.branch == clef("top")
    with pytest.raises(Conflict):
        ask_about_split(change, by=owner)
    Campaign.objects.filter(pk=asking.pk).update(overlap=1)
    asking = open_campaign(Campaign.objects.get(pk=asking.pk), by=owner)
    answer(asking, {0: [tagged(clef("G1"))], 1: [tagged(clef("G2"))]})
    merge(asking)
    decide_everything(asking, owner)
    run("campaigns.relink")
    truth = Annotation.objects.filter(
        layer=campaign.ground_truth_layer, y__in=[100, 400], concept_links__said=clef("G")
    )
    assert {row.y: row.concept_links.get().concept.notation for row in truth} == {100.0: "G1", 400.0: "G2"}
    answers = AnnotationConcept.objects.filter(annotation__layer=campaign.contributions_layer)
    assert sorted(link.concept.notation for link in answers) == ["F", "F", "G1", "G1", "G2", "G2"]
    assert documents.items() <= dict(Annotation.objects.values_list("pk", "document")).items()


def test_nothing_to_ask(curated, clef, owner):
    change = split_concept(clef("G"), [part("G1"), part("G2")], by=owner)
    with pytest.raises(Conflict, match="nothing to ask"):
        ask_about_split(change, by=owner)
    undo_change(change, by=owner)
    with pytest.raises(Conflict, match="stands"):
        ask_about_split(change, by=owner)
