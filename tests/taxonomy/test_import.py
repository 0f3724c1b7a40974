"""SKOS and CSV become vocabularies; the same file again changes nothing, a changed one only what changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rdflib.compare import graph_diff
from rdflib.namespace import RDF

from accounts.roles import Role, grant
from problems import Invalid, Refused
from taxonomy.actions import start_vocabulary_import
from taxonomy.models import Concept, Label, Vocabulary
from taxonomy.published import FORMATS, written
from taxonomy.skos.rdf import parse_turtle
from tests.taxonomy.conftest import CLEFS
from tests.taxonomy.test_skos_samples import MAY_ADD, MAY_LOSE, closed
from work.models import Job

pytestmark = pytest.mark.django_db


def counts(record) -> list[int]:
    """New, changed, unchanged, absent, as the last line of the report says."""
    return [
        int(word)
        for word in record.job.lines.last().sentence.replace(",", " ").replace(";", " ").split()
        if word.isdigit()
    ]


def test_turtle_becomes_a_tree_with_labels_in_every_language(bring):
    record = bring()
    assert (record.job.state, counts(record)) == ("done", [5, 0, 0, 0])
    vocabulary = record.vocabulary
    assert (vocabulary.slug, vocabulary.uri, vocabulary.version) == ("clefs", "https://example.org/clefs", 1)
    assert vocabulary.title == {"en": "Clefs", "fr": "Clés"}
    tree = [(c.uri.rsplit("/")[-1], c.depth) for c in vocabulary.concepts.order_by("preorder")]
    assert tree[0] == ("clef", 0)
    assert {name for name, depth in tree if depth == 1} == {"g", "f", "c"}
    assert tree.index(("tenor", 2)) == tree.index(("c", 1)) + 1
    g = vocabulary.concepts.get(notation="G")
    assert {(x.kind, x.language, x.text) for x in g.labels.all()} == {
        ("pref", "en", "G clef"), ("pref", "fr", "clef de sol"), ("alt", "en", "treble clef"), ("alt", "fr", "clé de sol"),
    }  # fmt: skip
    assert g.notes.get().text.startswith("Curls")


def test_the_same_file_again_changes_nothing(bring):
    first = bring().vocabulary
    ids = set(first.concepts.values_list("pk", flat=True))
    labels = set(Label.objects.values_list("pk", flat=True))
    again = bring(slug="clefs")
    assert counts(again) == [0, 0, 5, 0]
    assert again.vocabulary.version == 1
    assert set(again.vocabulary.concepts.values_list("pk", flat=True)) == ids
    assert set(Label.objects.values_list("pk", flat=True)) == labels


def test_a_changed_file_changes_what_changed(bring):
    first = bring().vocabulary
    tenor = first.concepts.get(uri__endswith="tenor")
    text = (
        CLEFS.replace('"bass clef"@en', '"low clef"@en')
        .replace(":tenor a skos:Concept ; skos:broader :c ;", ":alto a skos:Concept ; skos:broader :c ;")
        .replace("Curls around the line of G.", "Curls around G.")
    )
    record = bring(text)
    assert counts(record)[:1] == [1]
    assert counts(record)[3] == 1
    vocabulary = record.vocabulary
    assert (vocabulary.pk, vocabulary.version) == (first.pk, 2)
    change = vocabulary.changes.first()
    assert (change.operation, change.version, change.detail["new"], change.detail["absent"]) == (
        "import",
        2,
        1,
        1,
    )
    assert vocabulary.concepts.filter(pk=tenor.pk).exists(), "annotations may use it"
    assert not Label.objects.filter(text="bass clef").exists()
    assert Label.objects.filter(text="low clef").exists()
    places = list(vocabulary.concepts.order_by("preorder").values_list("preorder", flat=True))
    assert places == list(range(6))


def test_a_concept_that_moves_takes_its_branch_along(bring):
    vocabulary = bring().vocabulary
    bring(CLEFS.replace(":c a skos:Concept ; skos:broader :clef", ":c a skos:Concept ; skos:broader :f"))
    tenor = vocabulary.concepts.get(uri__endswith="tenor")
    path = [Concept.objects.get(pk=pk).uri.rsplit("/")[-1] for pk in tenor.ancestors]
    assert path == ["clef", "f", "c"]


def test_csv_becomes_a_vocabulary(bring):
    table = "notation,broader,label_en,label_fr,alt_fr\nA,,animals,animaux,bêtes\nA1,A,lion,lion,fauve\n"
    record = bring(table, "Animals & co.csv", title={"en": "Animals", "fr": ""})
    assert record.job.state == "done", (record.job.error, [x.sentence for x in record.job.lines.all()])
    vocabulary = record.vocabulary
    assert (vocabulary.slug, vocabulary.title) == ("animals-co", {"en": "Animals"})
    lion = vocabulary.concepts.get(notation="A1")
    assert lion.parent.notation == "A"
    assert counts(bring(table, "animals-co.csv")) == [0, 0, 2, 0]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"@prefix", "a.ttl"),
        (b"<html></html>", "a.ttl"),
        (b"\x00\xff\xfe", "a.ttl"),
        (b"<a:b> <a:c> <a:d> .", "a.ttl"),
        (b"\n\n", "a.csv"),
        (b'label_en\n"never closed', "a.csv"),
    ],
)
def test_what_is_no_vocabulary_fails_with_a_report(bring, content, name):
    record = bring(content, name)
    assert record.job.state == "failed"
    assert record.job.error.endswith(".")
    assert "unexpected" not in record.job.error
    assert record.vocabulary is None
    assert not Vocabulary.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "slug", "pointer"),
    [
        (b"x", "a.docx", "", "/file"),
        (b"x", "a", "", "/file"),
        (b"", "a.ttl", "", "/file"),
        (b"x", "…ttl.ttl", "？", "/slug"),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(owner, content, name, slug, pointer):
    with pytest.raises(Invalid) as refusal:
        start_vocabulary_import(SimpleUploadedFile(name, content), slug=slug, title={}, by=owner)
    assert refusal.value.faults[0].pointer == pointer
    assert not Job.objects.exists()


def test_only_those_who_look_after_a_vocabulary_bring_it_up_to_date(bring, manager, stranger):
    vocabulary = bring().vocabulary
    file = SimpleUploadedFile("clefs.ttl", CLEFS.encode())
    with pytest.raises(Refused, match="curator"):
        start_vocabulary_import(file, slug="mine", title={}, by=stranger)
    with pytest.raises(Refused, match="another name"):
        start_vocabulary_import(file, slug="clefs", title={}, by=manager)
    grant(manager, vocabulary, Role.MANAGER)
    assert bring(by=manager).job.state == "done"


def test_one_scheme_has_one_name_and_one_name_one_scheme(bring):
    bring()
    assert "already here" in bring(slug="clefs-again").job.error
    other = CLEFS.replace("https://example.org/clefs", "https://example.org/keys")
    assert "describes https://example.org/keys" in bring(other, slug="clefs").job.error


def test_an_import_takes_the_same_queries_however_large(bring, django_assert_max_num_queries):
    def table(count):
        return "notation,label_en\n" + "".join(f"N{n},thing {n}\n" for n in range(count))

    for name, size in (("small.csv", 5), ("large.csv", 1500)):
        with django_assert_max_num_queries(60):
            assert bring(table(size), name).job.state == "done"
        with django_assert_max_num_queries(60):
            assert counts(bring(table(size), name)) == [0, 0, size, 0]


def test_iconclass_comes_in(samples, bring):
    record = bring(
        (
            samples
            / "skos-iconclass"
            / next(iter(p.name for p in (samples / "skos-iconclass").glob("*.ttl")))
        ).read_bytes(),
        "iconclass.ttl",
    )
    assert record.job.state == "done", (record.job.error, [x.sentence for x in record.job.lines.all()][:9])
    assert record.vocabulary.concepts.count() > 600
    assert max(c.depth for c in record.vocabulary.concepts.all()) >= 5
    languages = set(Label.objects.values_list("language", flat=True))
    assert {"en", "fr", "de", "it"} <= languages


def test_every_edge_case_of_skosmos_comes_in_or_is_refused(samples, bring):
    for path in sorted((samples / "skos-skosmos-edge").rglob("*.ttl")):
        record = bring(path.read_bytes(), f"{path.stem}.ttl")
        assert "unexpected" not in record.job.error, path
        assert record.job.state == "done" or record.job.error.endswith("."), path


def closed_through_the_database(bring, data: bytes, name: str):
    """The file as it is, and as it comes out again after an import; None where its fault was named."""
    record = bring(data, f"{name}.ttl", slug=f"v-{name.lower()}")
    if record.job.state != "done":
        assert record.job.error.endswith("."), name
        assert record.job.lines.filter(severity="error").exists() or "already here" in record.job.error, name
        return None
    out = b"".join(written(record.vocabulary, FORMATS["turtle"]))
    return closed(data), closed(out)


def test_every_sample_goes_through_the_database_as_the_same_graph(samples, bring):
    """But for what reading may add (what SKOS entails) and lose (what the report says)."""
    paths = [
        *sorted((samples / "skos-skosmos-edge").rglob("*.ttl")),
        *(samples / "skos-iconclass").glob("*.ttl"),
    ]
    came = 0
    for path in paths:
        data = path.read_bytes()
        value = parse_turtle(data)
        graphs = closed_through_the_database(bring, data, path.stem)
        if graphs is None:
            continue
        came += 1
        _, lost, added = graph_diff(*graphs)
        may_lose = set().union(*(MAY_LOSE.get(one.code, set()) for one in value.problems))
        assert set(lost.predicates()) <= may_lose, (path.stem, set(lost))
        # A file without a scheme gets one here.
        assert set(added.predicates()) <= MAY_ADD | {RDF.type}, (path.stem, set(added))
    assert came >= 28
