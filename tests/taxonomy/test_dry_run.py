"""An import shows first what it would do, with lines; then it is applied, in whole or without conflicts, or not."""

from dataclasses import replace

import pytest
from django.urls import reverse

from fetch import Fetched
from problems import Conflict
from taxonomy.actions import apply_import, bring_up_to_date, discard_import, start_remote_import
from taxonomy.actions.editing import deprecate_concept, describe_concept, merge_concepts, undo_change
from taxonomy.documents import values_of, vocabulary_value
from taxonomy.models import VocabularyImport
from taxonomy.skos import LabelValue
from tests.taxonomy.conftest import CLEFS
from work.actions import run_job

pytestmark = pytest.mark.django_db


def decided(record: VocabularyImport, by, **options) -> VocabularyImport:
    record = apply_import(record, by=by, **options)
    run_job(str(record.job.pk))
    return VocabularyImport.objects.select_related("job", "vocabulary").get(pk=record.pk)


def kinds(record) -> list[tuple[str, str]]:
    return [(one.kind, one.code or one.uri.rsplit("/")[-1]) for one in record.findings.all()]


def relabel(vocabulary, name, text, by):
    concept = vocabulary.concepts.get(uri__endswith=name)
    value = values_of(vocabulary, [concept.uri])[concept.uri]
    labels = tuple(one for one in value.labels if (one.kind, one.language) != ("pref", "en"))
    return describe_concept(concept, replace(value, labels=(LabelValue("pref", "en", text), *labels)), by=by)


def test_a_first_file_is_shown_before_anything_is_there(bring, owner):
    record = bring(apply=False)
    assert (record.state, record.vocabulary, record.job.state) == ("ready", None, "done")
    assert record.counts["new"] == 5
    assert {one.kind for one in record.findings.all()} == {"new"}
    tenor = record.findings.get(kind="new", uri__endswith="tenor")
    assert "tenor" in CLEFS.split("\n")[tenor.line - 1]
    applied = decided(record, owner)
    assert (applied.state, applied.vocabulary.concepts.count()) == ("applied", 5)


def test_the_same_file_again_says_that_there_is_nothing_to_do(bring, clefs):
    record = bring(slug="clefs", apply=False)
    assert record.state == "empty"
    with pytest.raises(Conflict):
        apply_import(record, by=record.created_by)


def test_what_changes_is_told_by_field_worst_first(bring, clefs, owner):
    text = CLEFS.replace('"bass clef"@en', '"low clef"@en').replace(
        ":tenor a skos:Concept ; skos:broader :c ;", ":alto a skos:Concept ; skos:broader :c ;"
    )
    record = bring(text, slug="clefs", apply=False)
    assert clefs.concepts.count() == 5
    ranked = [one.kind for one in record.findings.all() if one.kind != "broken"]
    assert ranked == ["absent", "changed", "new"]
    changed = record.findings.get(kind="changed")
    before, after = changed.fields["labels"]
    assert (before, after) == (["bass clef (en, alt)"], ["low clef (en, alt)"]), "only what differs"


def test_edits_made_here_are_conflicts_and_can_be_kept(bring, clefs, owner):
    relabel(clefs, "/g", "treble", owner)
    changed = CLEFS.replace('"F clef"@en', '"clef of F"@en')
    record = bring(changed, slug="clefs", apply=False)
    assert ("conflict", "edited-here") in kinds(record)
    decided(record, owner, skip_conflicts=True)
    labels = {one.uri[-2:]: one.display("en") for one in vocabulary_value(clefs).concepts}
    assert (labels["/g"], labels["/f"]) == ("treble", "clef of F")
    # What was kept against the file once is still a conflict when the file comes again.
    again = bring(changed, slug="clefs", apply=False)
    assert ("conflict", "edited-here") in kinds(again)
    decided(again, owner)
    assert {one.uri[-2:]: one.display("en") for one in vocabulary_value(clefs).concepts}["/g"] == "G clef"


def test_an_edit_elsewhere_in_the_concept_is_no_conflict_when_the_file_agrees(bring, clefs, owner):
    relabel(clefs, "/g", "treble", owner)
    text = CLEFS.replace('"G clef"@en', '"treble"@en').replace("Curls around the line of G.", "Curls.")
    record = bring(text, slug="clefs", apply=False)
    assert record.findings.get(kind="changed").uri.endswith("/g")
    assert not record.findings.filter(kind="conflict").exists()


def test_what_was_deprecated_or_merged_here_is_said(bring, clefs, owner):
    concepts = {one.uri.rsplit("/")[-1]: one for one in clefs.concepts.all()}
    deprecate_concept(concepts["tenor"], by=owner)
    merge_concepts([concepts["f"]], concepts["g"], by=owner)
    record = bring(slug="clefs", apply=False)
    found = {one.uri.rsplit("/")[-1]: one.code for one in record.findings.filter(kind="conflict")}
    assert (found["tenor"], found["f"]) == ("deprecated-here", "merged-here")


def test_a_small_import_is_undone_like_an_edit(bring, clefs, owner):
    before = vocabulary_value(clefs)
    bring(CLEFS.replace('"bass clef"@en', '"low clef"@en'), slug="clefs")
    change = clefs.changes.first()
    assert list(change.detail["concepts"]) == ["https://example.org/clefs/f"]
    undo_change(change, by=owner)
    after = vocabulary_value(clefs)
    assert [set(one.labels) for one in after.concepts] == [set(one.labels) for one in before.concepts]


DESCRIBED = (
    CLEFS.replace('"Clefs"@en', '"Clefs of old"@en')
    + """
<https://example.org/clefs> <http://purl.org/dc/terms/description> "Signs at the start"@en ;
    <http://purl.org/dc/terms/license> <https://creativecommons.org/publicdomain/zero/1.0/> .
:rare a skos:Collection ; skos:prefLabel "rare ones"@en ; skos:member :tenor .
"""
)


def itself(vocabulary):
    vocabulary.refresh_from_db()
    said = vocabulary_value(vocabulary)
    return said.title, said.description, said.licence, said.source, said.extra, said.collections


@pytest.mark.parametrize("also", ["", ' ; skos:altLabel "contratenor clef"@en .'])
def test_what_an_import_changed_of_the_vocabulary_itself_is_undone_with_it(bring, clefs, owner, also):
    before = itself(clefs)
    text = DESCRIBED.replace('quatrième"@fr .', 'quatrième"@fr' + also) if also else DESCRIBED
    record = bring(text, slug="clefs", apply=False)
    assert (record.state, record.counts["described"], record.counts["collections"]) == ("ready", 1, 1)
    line = record.findings.get(code="described")
    assert line.fields["title"] == [["Clefs (en)", "Clés (fr)"], ["Clefs of old (en)", "Clés (fr)"]]
    decided(record, owner)
    after = itself(clefs)
    assert after[0]["en"] == "Clefs of old"
    assert [len(one.members) for one in after[-1]] == [1]
    undo = undo_change(clefs.changes.first(), by=owner)
    assert itself(clefs) == before
    undo_change(undo, by=owner)
    assert itself(clefs) == after


def test_the_first_import_leaves_the_name_when_it_is_undone(clefs, owner):
    undo_change(clefs.changes.get(), by=owner)
    assert itself(clefs)[0] == {"en": "Clefs", "fr": "Clés"}


def test_what_was_said_anew_since_is_not_undone(bring, clefs, owner):
    bring(DESCRIBED, slug="clefs")
    first = clefs.changes.first()
    bring(CLEFS.replace('"Clefs"@en', '"Other clefs"@en'), slug="clefs")
    with pytest.raises(Conflict) as since:
        undo_change(first, by=owner)
    assert since.value.code == "changed-since"
    assert itself(clefs)[0]["en"] == "Other clefs"


def test_a_vocabulary_changed_meanwhile_is_compared_anew(bring, clefs, owner):
    record = bring(CLEFS.replace('"bass clef"@en', '"low clef"@en'), slug="clefs", apply=False)
    relabel(clefs, "/f", "bass", owner)
    record = decided(record, owner)
    assert record.state == "ready"
    assert ("conflict", "edited-here") in kinds(record)
    discard_import(record, by=owner)
    assert not record.findings.exists()


def test_a_table_leaves_alone_what_it_never_speaks_of(bring, clefs):
    bring("uri,label_en\nhttps://example.org/clefs/g,Treble\n", "table.csv", slug="clefs")
    g = next(one for one in vocabulary_value(clefs).concepts if one.uri.endswith("/g"))
    assert LabelValue("pref", "fr", "clef de sol") in g.labels
    assert (g.display("en"), g.notation, g.broader) == ("Treble", "G", ("https://example.org/clefs/clef",))
    assert g.notes


def test_a_cycle_with_what_is_here_is_cut_and_said(bring, clefs):
    # Here :tenor stands below :c; the table has :c below :tenor, and says nothing of :tenor's parent.
    table = "uri,label_en,parent\nhttps://example.org/clefs/c,C clef,https://example.org/clefs/x\n"
    table += "https://example.org/clefs/x,x,\n"
    bring(table, "t.csv", slug="clefs")
    below = CLEFS[: CLEFS.index(":tenor a")].replace(
        ":f a skos:Concept ; skos:broader :clef", ":f a skos:Concept ; skos:broader :c"
    )
    bring(below, slug="clefs")
    places = list(clefs.concepts.order_by("preorder").values_list("preorder", flat=True))
    assert places == list(range(6))


def test_collections_and_description_go_round(bring, owner):
    turtle = (
        CLEFS
        + """
    <https://example.org/clefs> <http://purl.org/dc/terms/description> "Signs at the start"@en .
    :rare a skos:OrderedCollection ; skos:prefLabel "rare ones"@en ; skos:memberList ( :tenor :c ) .
    """
    )
    vocabulary = bring(turtle).vocabulary
    assert vocabulary.description == {"en": "Signs at the start"}
    value = vocabulary_value(vocabulary)
    assert [uri.rsplit("/")[-1] for uri in value.collections[0].members] == ["tenor", "c"]
    assert bring(turtle, slug="clefs", apply=False).state == "empty"


def test_an_address_is_fetched_and_brought_up_to_date(monkeypatch, owner):
    asked = []

    def answer(url, **said):
        asked.append(said["etag"])
        status = 304 if said["etag"] == '"1"' else 200
        return Fetched(url, status, {}, CLEFS.encode() if status == 200 else b"", "text/turtle", '"1"', None)

    monkeypatch.setattr("taxonomy.jobs.fetch", answer)
    record = start_remote_import("https://example.org/clefs", slug="", title={}, by=owner)
    run_job(str(record.job.pk))
    record.refresh_from_db()
    assert (record.state, record.format, record.slug) == ("ready", "turtle", "clefs")
    vocabulary = decided(record, owner).vocabulary
    assert vocabulary.source == "https://example.org/clefs"
    again = bring_up_to_date(vocabulary, by=owner)
    run_job(str(again.job.pk))
    again.refresh_from_db()
    assert again.state == "empty"
    undo_change(vocabulary.changes.get(operation="import"), by=owner)
    third = bring_up_to_date(vocabulary, by=owner)
    run_job(str(third.job.pk))
    third.refresh_from_db()
    assert third.state == "ready", "what was taken back is fetched again, though it has not changed there"
    assert asked == [None, '"1"', None]


def test_over_rest(client, bring, owner):
    client.force_login(owner)
    record = bring(apply=False)
    address = reverse("api-vocabulary-import-findings", args=[record.pk])
    found = client.get(f"{address}?kind=new&limit=2").json()
    assert (found["total"], len(found["items"])) == (5, 2)
    apply, discard = (
        reverse(f"api-vocabulary-import-{verb}", args=[record.pk]) for verb in ("apply", "discard")
    )
    assert client.get(f"{address}?kind=none").status_code == 422
    assert client.post(apply, content_type="application/json").status_code == 202
    assert client.post(discard, content_type="application/json").status_code == 409
