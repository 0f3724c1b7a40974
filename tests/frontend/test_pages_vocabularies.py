"""The editor of vocabularies: what its pages do, refuse, show, and how many queries they take."""

from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role, grant
from annotation.models import AnnotationConcept
from taxonomy.actions import create_vocabulary, freeze_vocabulary
from taxonomy.actions.editing import add_concept, describe_concept, merge_concepts, move_concept
from taxonomy.actions.proposals import propose_concept
from taxonomy.documents import values_of
from taxonomy.models import Proposal, Vocabulary, VocabularyChange, VocabularyImport
from taxonomy.skos import ConceptValue, LabelValue
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import make_manifest
from tests.frontend.pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(owner, vocabulary):
    """The browser of who looks after the clefs."""
    grant(owner, vocabulary, Role.OWNER)
    return browser(owner)


def text(response):
    return response.content.decode()


def page(name, *args):
    return reverse(name, args=["clefs", *args])


def value(concept):
    return values_of(concept.vocabulary, [concept.uri])[concept.uri]


def named(label):
    return ConceptValue("", labels=(LabelValue("pref", "en", label),))


def edit_form(response, **changed):
    """What a browser would send of the form on the edit page, with some fields changed."""
    form = response.context["form"]
    sent = {"seen": response.context["seen"], "notation": form.plain["notation"].value()}
    sent["related"] = form.plain["related"].value()
    for rows in (form.labels, form.notes, form.matches):
        sent |= {rows.management_form.add_prefix(n): v for n, v in rows.management_form.initial.items()}
        for row in rows:
            sent |= {field.html_name: field.value() or "" for field in row}
    return {**sent, **changed}


def test_the_tree_counts_what_each_branch_holds(desk, owner, stranger, clef):
    layer = make_layer(owner, is_public=True)
    canvas = make_manifest(1, owner).canvases.get()
    for concepts in ("G", "F", "GF"):
        (annotation,) = annotate(layer, canvas, 1)
        AnnotationConcept.objects.filter(annotation=annotation).delete()
        AnnotationConcept.objects.bulk_create(
            AnnotationConcept(annotation=annotation, concept=clef(one)) for one in concepts
        )
    hidden = annotate(make_layer(owner, is_public=False), canvas, 1)[0]
    AnnotationConcept.objects.get_or_create(annotation=hidden, concept=clef("G"))

    def counts(client):
        nodes = client.get(page("vocabulary")).context["tree"].nodes
        return nodes[0].count, {node.concept.notation: node.count for node in nodes[0].below}

    top, below = counts(browser(stranger))
    assert top == 3, "an annotation of two concepts counts once for their branch"
    assert (below["G"], below["F"], below["C"]) == (2, 2, 0)
    grant(stranger, hidden.layer, Role.OBSERVER)
    assert counts(browser(stranger))[0] == 4
    around = desk.get(page("concept", clef("G").pk)).context["tree"]
    assert around.nodes[0].count == 4


def test_a_level_of_the_tree_takes_as_many_queries_for_much_as_for_little(
    desk, owner, vocabulary, clef, django_assert_num_queries
):
    address = page("concept-children", clef("top").pk)
    desk.get(address)
    with django_assert_num_queries(6):
        desk.get(address)
    for number in range(30):
        add_concept(vocabulary, named(f"Clef {number}"), parent=clef("top").pk, by=owner)
    with django_assert_num_queries(6):
        assert text(desk.get(address)).count('role="treeitem"') > 30


def test_what_is_out_of_use_is_shown_on_demand_and_remembered(desk, clef):
    desk.post(page("concept-deprecate", clef("C").pk))
    address = page("vocabulary")
    assert "C clef" not in text(desk.get(address))
    assert "C clef" in text(desk.get(address, {"deprecated": "1"}))
    assert "C clef" in text(desk.get(address))
    assert "C clef" in text(desk.get(page("concept-children", clef("top").pk)))
    assert "C clef" not in text(desk.get(address, {"deprecated": "0"}))
    assert 'aria-current="page"' in text(desk.get(page("concept", clef("C").pk))), "where one is, is seen"


def test_a_concept_is_described_in_several_languages_at_once(desk, vocabulary, clef):
    concept = clef("G")
    address = page("concept-edit", concept.pk)
    before = value(concept)
    form = desk.get(address)
    assert desk.post(address, edit_form(form)).status_code == 302
    assert value(concept) == before
    assert not vocabulary.changes.exists(), "a form sent unchanged changes nothing"
    sent = edit_form(
        form,
        **{
            "labels-0-pref": "Treble clef", "labels-0-alt": "G clef\nviolin clef", "labels-2-language": "LA",
            "labels-2-pref": "clavis", "notes-0-kind": "scopeNote", "notes-0-language": "en",
            "notes-0-text": "On the second line.", "matches-0-kind": "exactMatch",
            "matches-0-uri": "http://www.wikidata.org/entity/Q1",
        },
    )  # fmt: skip
    assert desk.post(address, sent)["Location"] == page("concept", concept.pk)
    after = value(concept)
    assert {(one.kind, one.language, one.text) for one in after.labels} >= {
        ("pref", "en", "Treble clef"), ("alt", "en", "violin clef"), ("pref", "la", "clavis"),
        ("pref", "fr", "clef de sol"),
    }  # fmt: skip
    assert after.notes[0].text == "On the second line."
    assert after.matches == (("exactMatch", "http://www.wikidata.org/entity/Q1"),)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"labels-0-pref": "", "labels-1-pref": ""}, "at least one preferred label"),
        ({"labels-2-language": "en", "labels-2-pref": "Another"}, "one preferred label a language"),
        ({"labels-2-pref": "Nameless"}, "which language"),
        ({"labels-2-language": "<b>", "labels-2-pref": "x"}, "as its code"),
        ({"labels-0-pref": "x" * 501}, "500"),
        ({"notes-0-kind": "opinion", "notes-0-text": "x"}, "opinion"),
    ],
)
def test_a_description_that_cannot_be_kept_is_shown_again_with_the_reason(
    desk, vocabulary, clef, changed, said
):
    address = page("concept-edit", clef("G").pk)
    answer = desk.post(address, edit_form(desk.get(address), **changed))
    assert answer.status_code == 422
    assert said in text(answer)
    assert not vocabulary.changes.exists()


def test_who_saves_too_late_is_shown_both_and_decides(desk, owner, vocabulary, clef):
    concept = clef("G")
    address = page("concept-edit", concept.pk)
    mine = edit_form(desk.get(address), **{"labels-0-pref": "Mine"})
    theirs = value(concept)
    labels = tuple(
        LabelValue("pref", "en", "Theirs") if one.language == "en" else one for one in theirs.labels
    )
    describe_concept(concept, ConceptValue(theirs.uri, notation="G", labels=labels), by=owner)
    late = desk.post(address, mine)
    assert late.status_code == 412
    (difference,) = late.context["theirs"]
    assert (difference.before, difference.after) == (("Theirs",), ("Mine",))
    assert 'value="Mine"' in text(late)
    assert value(concept).display("en") == "Theirs", "nothing is saved"
    assert desk.post(address, {**mine, "seen": late.context["seen"]}).status_code == 302
    assert value(concept).display("en") == "Mine"


def test_a_concept_is_added_below_another_and_the_next_one_at_once(desk, vocabulary, clef):
    address = page("concept-add")
    sent = {
        "label": "Tenor clef",
        "language": "en",
        "parent": clef("C").pk,
        "definition": "On the fourth line.",
    }
    added = desk.post(address, sent)
    made = vocabulary.concepts.get(labels__text="Tenor clef")
    assert added["Location"] == page("concept", made.pk)
    assert made.parent == clef("C")
    again = desk.post(address, {**sent, "label": "Alto clef", "then": "again"})
    assert again["Location"] == f"{address}?parent={clef('C').pk}"
    twice = desk.post(address, sent)
    assert twice.status_code == 422
    assert desk.get(address, {"parent": "nonsense"}).status_code == 404
    assert desk.get(address, {"parent": str(uuid4())}).status_code == 404


def test_a_move_shows_what_it_touches_before_it_is_done(desk, owner, vocabulary, clef):
    add_concept(vocabulary, named("Treble clef"), parent=clef("G").pk, by=owner)
    address = page("concept-move", clef("G").pk)
    assert desk.get(address).context["touched"] == []
    found = desk.get(address, {"q": "cle"}, headers={"HX-Request": "true"})
    assert "<html" not in text(found)
    assert f"?target={clef('F').pk}" in text(found)
    assert f"?target={clef('G').pk}" not in text(found), "never below itself"
    asked = desk.get(address, {"target": clef("F").pk})
    assert [(one["kind"], one["count"]) for one in asked.context["touched"]] == [("concepts", 1)]
    assert clef("G").parent == clef("top"), "nothing has moved"
    assert desk.post(address, {"target": clef("F").pk, "seen": vocabulary.version + 1}).status_code == 302
    assert clef("G").parent == clef("F")
    loop = desk.post(page("concept-move", clef("F").pk), {"target": clef("G").pk})
    assert loop.status_code == 422
    assert "below itself" in text(loop)
    assert desk.post(address, {"top": "1"}).status_code == 302
    assert clef("G").parent is None


def test_a_merge_is_foreseen_in_the_readers_language(desk, owner, clef):
    canvas = make_manifest(1, owner).canvases.get()
    (annotation,) = annotate(make_layer(owner, is_public=True), canvas, 1)
    AnnotationConcept.objects.filter(annotation=annotation).delete()
    AnnotationConcept.objects.create(annotation=annotation, concept=clef("G"))
    address = page("concept-merge", clef("G").pk)
    asked = desk.get(address, {"target": clef("F").pk}, headers={"Accept-Language": "fr"})
    (touched,) = asked.context["touched"]
    assert (touched["kind"], touched["count"]) == ("annotations", 1)
    assert "Ces annotations" in touched["sentence"]
    done = desk.post(address, {"target": clef("F").pk})
    assert done["Location"] == page("concept", clef("F").pk)
    assert AnnotationConcept.objects.get(annotation=annotation).concept == clef("F")


def test_a_concept_is_split_and_what_is_narrower_goes_where_it_is_told(desk, owner, vocabulary, clef):
    child = add_concept(vocabulary, named("Child"), parent=clef("G").pk, by=owner)
    address = page("concept-split", clef("G").pk)
    sent = {"language": "en", "part_1": "French G", "part_2": "Italian G", "narrower_0": "2"}
    assert desk.post(address, {**sent, "part_2": ""}).status_code == 422
    assert desk.post(address, sent).status_code == 302
    child.refresh_from_db()
    assert child.parent == vocabulary.concepts.get(labels__text="Italian G")
    assert clef("G").status == "deprecated"
    assert "Italian G" in text(desk.get(page("concept", clef("G").pk))), "what replaces it is told"
    assert desk.post(page("concept-restore", clef("G").pk)).status_code == 302
    assert clef("G").status == "accepted"


def test_concepts_are_related_and_the_relation_is_taken_away_in_the_form(desk, clef):
    assert desk.post(page("concept-relate", clef("G").pk), {"target": clef("F").pk}).status_code == 302
    assert value(clef("F")).related == (clef("G").uri,)
    address = page("concept-edit", clef("G").pk)
    assert desk.post(address, edit_form(desk.get(address), related=[])).status_code == 302
    assert value(clef("F")).related == ()


def test_the_history_tells_who_did_what_and_takes_it_back(desk, owner, stranger, vocabulary, clef):
    move_concept(clef("G"), parent=clef("F").pk, by=owner)
    merge_concepts([clef("C")], clef("F"), by=owner)
    first, second = desk.get(page("vocabulary-history")).context["entries"]
    assert first.sentence == "Merged “C clef” into “F clef”"
    assert second.sentence == "Moved “G clef” below “F clef”"
    assert second.by == "Olga"
    (altered,) = second.altered
    assert [(d.what, d.before, d.after) for d in altered.differences] == [("Broader", ("clef",), ("F clef",))]
    about = desk.get(page("concept-history", clef("G").pk))
    assert [entry.version for entry in about.context["entries"]] == [second.version]
    assert "Take it back" in text(about)
    assert "Take it back" not in text(browser(stranger).get(page("vocabulary-history")))
    undo = page("vocabulary-undo", second.version)
    back = desk.post(undo, {"concept": clef("G").pk}, follow=True)
    assert back.redirect_chain[-1][0] == page("concept-history", clef("G").pk)
    assert clef("G").parent == clef("top")
    twice = desk.post(undo, follow=True)
    assert "cannot be taken back" in text(twice)


def test_the_history_takes_as_many_queries_for_many_changes(
    desk, owner, vocabulary, clef, django_assert_max_num_queries
):
    for number in range(12):
        add_concept(vocabulary, named(f"Clef {number}"), parent=clef("top").pk, by=owner)
    with django_assert_max_num_queries(14):
        assert len(desk.get(page("vocabulary-history")).context["entries"]) == 12


def test_a_volunteer_proposes_and_finds_the_answer(desk, contributor, vocabulary, clef):
    volunteer = browser(contributor)
    address = page("concept-propose")
    form = volunteer.get(address, {"label": "Tab clef", "parent": clef("top").pk})
    assert 'value="Tab clef"' in text(form)
    sent = {"id": form.context["form"]["id"].value(), "label": "Tab clef", "language": "en",
            "parent": clef("top").pk, "reason": "Seen thrice.", "example": "https://example.org/a/1"}  # fmt: skip
    for _twice in range(2):
        assert volunteer.post(address, sent)["Location"] == reverse("profile")
    proposal = Proposal.objects.get()
    assert volunteer.post(address, {**sent, "id": uuid4()}).status_code == 422, "it waits already"
    assert volunteer.get(page("proposal-list")).status_code == 403
    front = desk.get(page("vocabulary"))
    assert front.context["waiting"] == 1
    assert "waiting-count" in text(front)
    assert "waiting-count" not in text(volunteer.get(page("vocabulary")))
    assert "Seen thrice." in text(desk.get(page("proposal-list")))
    answer = page("proposal-answer", proposal.pk)
    assert desk.post(answer, {"decision": "decline", "answer": " "}).status_code == 422
    accepted = desk.post(answer, {"decision": "accept", "answer": "Good find."})
    proposal.refresh_from_db()
    assert accepted["Location"] == page("concept-edit", proposal.concept_id)
    assert proposal.concept.parent == clef("top")
    mine = text(volunteer.get(reverse("profile")))
    assert "Tab clef" in mine
    assert "Good find." in mine
    assert desk.post(answer, {"decision": "accept"}).status_code == 409
    assert Client().get(address, headers={"Accept": "text/html"}).status_code == 302


def test_a_proposal_is_pointed_to_the_concept_that_was_meant(desk, contributor, vocabulary, clef):
    proposal = propose_concept(vocabulary, id=uuid4(), label="clef de sol", language="fr", by=contributor)
    answer = page("proposal-answer", proposal.pk)
    assert f"?target={clef('G').pk}" in text(desk.get(answer)), "what is called so already is offered"
    assert desk.post(answer, {"decision": "accept", "target": clef("G").pk}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.concept == clef("G")
    other = create_vocabulary(slug="other", title={"en": "Other"}, by=proposal.decided_by)
    alien = add_concept(other, named("Alien"), parent=None, by=proposal.decided_by)
    assert desk.get(answer, {"target": alien.pk}).status_code == 404


def test_a_version_is_frozen_listed_cited_and_read(desk, stranger, vocabulary):
    address = page("vocabulary-versions")
    frozen = desk.post(address, {"note": "The first."})
    cite = page("vocabulary-version", 1)
    assert frozen["Location"] == cite == "/vocab/clefs/versions/1/"
    assert desk.post(address).status_code == 409, "nothing has changed since"
    assert "The first." in text(desk.get(address))
    reader = browser(stranger)
    shown = reader.get(cite)
    assert "Freeze" not in text(reader.get(address))
    assert f"http://localhost:8000{cite}" in text(shown) or cite in text(shown)
    turtle = reader.get(cite, headers={"Accept": "text/turtle"})
    assert turtle["Content-Type"].startswith("text/turtle")
    assert b"prefLabel" in b"".join(turtle.streaming_content)
    assert "Accept" in turtle["Vary"]
    assert reader.get(page("vocabulary-version", 2)).status_code == 404
    assert reader.post(address).status_code == 403
    assert freeze_vocabulary.__doc__


def test_a_vocabulary_begins_empty_and_is_owned_by_its_maker(owner, contributor):
    desk, address = browser(owner), reverse("vocabulary-new")
    made = desk.post(address, {"title_fr": "Mots à moi", "licence": "CC0", "is_public": "on"})
    vocabulary = Vocabulary.objects.get()
    assert made["Location"] == "/vocab/mots-a-moi/"
    assert (vocabulary.title, vocabulary.licence, vocabulary.is_public) == ({"fr": "Mots à moi"}, "CC0", True)
    assert "Add a concept" in text(desk.get(made["Location"]))
    again = desk.post(address, {"title_fr": "Mots à moi"})
    assert again.status_code == 422
    assert "here already" in text(again)
    assert desk.post(address, {"title_en": "§§"}).status_code == 422, "nothing to make an address of"
    assert desk.post(address, {"title_en": "x" * 201}).status_code == 422
    assert browser(contributor).post(address, {"title_en": "Mine"}).status_code == 403
    assert Vocabulary.objects.count() == 1


def test_only_who_looks_after_it_is_offered_changes(desk, stranger, clef):
    address = page("concept", clef("G").pk)
    assert page("concept-edit", clef("G").pk) in text(desk.get(address))
    seen = text(browser(stranger).get(address))
    assert page("concept-edit", clef("G").pk) not in seen
    assert page("concept-propose") in seen
    assert page("concept-propose") not in text(Client().get(address))
    for name in ("edit", "move", "merge", "split", "deprecate", "restore", "relate"):
        assert browser(stranger).post(page(f"concept-{name}", clef("G").pk)).status_code == 403


def test_an_example_that_names_an_annotation_is_shown_as_its_picture(desk, owner, clef):
    canvas = make_manifest(1, owner).canvases.get()
    (annotation,) = annotate(make_layer(owner, is_public=True), canvas, 1)
    address = page("concept-edit", clef("G").pk)
    example = f"http://localhost:8000/w3c/{annotation.layer_id}/{annotation.pk}"
    sent = edit_form(desk.get(address), **{"notes-0-kind": "example", "notes-0-text": example})
    assert desk.post(address, sent).status_code == 302
    (shown,) = desk.get(page("concept", clef("G").pk)).context["shown_by"]
    assert shown["annotation"] == annotation
    annotation.layer.is_public = False
    annotation.layer.save()
    (hidden,) = Client().get(page("concept", clef("G").pk)).context["shown_by"]
    assert hidden["annotation"] is None


def test_a_vocabulary_is_brought_up_to_date_from_where_it_came(desk, owner, contributor, vocabulary):
    address, seen = page("vocabulary-update"), page("vocabulary")
    assert address not in text(desk.get(seen)), "there is nowhere to fetch it from"
    assert f"{reverse('vocabulary-import')}?slug=clefs" in text(desk.get(seen))
    assert 'value="clefs"' in text(desk.get(f"{reverse('vocabulary-import')}?slug=clefs"))
    url = "https://example.org/clefs.ttl"
    VocabularyImport.objects.create(
        slug="clefs", url=url, vocabulary=vocabulary, state="applied", created_by=owner, etag='"1"'
    )
    shown = text(desk.get(seen))
    assert address in shown
    assert url in shown
    begun = desk.post(address)
    record = VocabularyImport.objects.get(state="reading")
    assert begun["Location"] == reverse("vocabulary-import-progress", args=[record.pk])
    assert (record.url, record.etag, record.at_once) == (url, '"1"', False)
    grant(contributor, vocabulary, Role.MANAGER)
    assert address not in text(browser(contributor).get(seen)), "who is no curator could not apply it"
    assert browser(contributor).post(address).status_code == 403
    assert VocabularyImport.objects.count() == 2


def test_a_collection_shows_its_members_and_is_searched(
    desk, vocabulary, clef, django_assert_max_num_queries
):
    uri, inside = "https://example.org/rare?a=1&b", "https://example.org/few"
    for place, (name, title, members) in enumerate(
        [(uri, "rare ones", [clef("C").uri, inside]), (inside, "few", [clef("G").uri])]
    ):
        vocabulary.collections.create(
            uri=name, labels=[["pref", "en", title]], members=members, position=place,
            notes=[["definition", "en", "Seldom seen."]],
        )  # fmt: skip
    address = f"{page('vocabulary')}?collection={quote(uri, safe='')}"
    assert f'href="{address}"' in text(desk.get(page("vocabulary")))
    with django_assert_max_num_queries(30):
        shown = desk.get(address)
    assert [one.notation for one in shown.context["found"]] == ["G", "C"]
    assert "2 concepts in this collection" in text(shown)
    assert "Seldom seen." in text(shown)
    assert 'name="collection"' in text(shown)
    hit = desk.get(f"{address}&q=clef", headers={"HX-Request": "true"})
    assert {one.notation for one in hit.context["found"]} == {"G", "C"}
    assert "<html" not in text(hit)
    assert "No label" in text(desk.get(f"{address}&q=F"))
    assert desk.get(f"{page('vocabulary')}?collection=none").status_code == 404
    assert address in text(desk.get(page("concept", clef("C").pk)))


def test_the_history_tells_what_an_import_changed_of_the_vocabulary_itself(desk, vocabulary, owner):
    pair = [[], [["urn:x:rare", [["pref", "en", "rare ones"]], [], ["urn:x:1"], False, ""]]]
    said = {"title": [{"en": "Clefs"}, {"en": "Old clefs"}], "licence": ["", "CC0"], "collections": pair}
    VocabularyChange.objects.create(
        vocabulary=vocabulary,
        version=vocabulary.version,
        operation="import",
        detail={"scheme": said},
        by=owner,
    )
    (entry,) = desk.get(page("vocabulary-history")).context["entries"]
    (itself,) = entry.altered
    assert entry.can_be_undone
    assert [(one.what, one.before, one.after) for one in itself.differences] == [
        ("Title", ("Clefs (en)",), ("Old clefs (en)",)),
        ("Licence", (), ("CC0",)),
        ("Collections", (), ("rare ones, 1 member",)),
    ]
