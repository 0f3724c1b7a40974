"""What makes large vocabularies quick: rows are copied in, only what differs is written, nothing is held to be written out."""

import random
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from taxonomy.actions import rebuild_tree
from taxonomy.actions.writing import ConceptWriter
from taxonomy.copying import copy_rows
from taxonomy.documents import described as rows_of
from taxonomy.documents import value_of, values_of, vocabulary_value
from taxonomy.models import Concept, Label, Note, Vocabulary
from taxonomy.published import FORMATS, written
from taxonomy.skos import ConceptValue, LabelValue
from taxonomy.skos.rdf import parse_turtle
from taxonomy.tree import Tree
from tests.taxonomy.conftest import CLEFS

pytestmark = pytest.mark.django_db
ODD = "\\N\t\n\r\\.{\"'},\x7f🎼"


def keys(model) -> dict[str, set[int]]:
    """The ids of the rows about each concept."""
    found: dict[str, set[int]] = {}
    for pk, uri in model.objects.values_list("pk", "concept__uri"):
        found.setdefault(uri.rsplit("/")[-1], set()).add(pk)
    return found


def test_a_fresh_vocabulary_is_written_where_it_stands(clefs):
    assert rebuild_tree(clefs) == 0


def test_what_only_moves_keeps_the_rows_of_its_labels(bring):
    bring()
    labels, notes = keys(Label), keys(Note)
    lines = CLEFS.strip().split("\n")
    lines.insert(4, ':first a skos:Concept ; skos:prefLabel "first"@en .')
    bring("\n".join(lines).replace('"bass clef"@en', '"low clef"@en'), slug="clefs")
    after = keys(Label)
    assert {name for name in labels if labels[name] != after[name]} == {"f"}
    assert keys(Note) == notes
    first = Concept.objects.get(uri__endswith="first")
    assert (first.preorder, Concept.objects.get(uri__endswith="clef").preorder) == (0, 1)


def test_odd_characters_are_copied_as_they_are(clefs):
    concept = clefs.concepts.first()
    copy_rows(Note, ("concept", "kind", "language", "text"), [(concept.pk, "note", "und", ODD)])
    copy_rows(Note, ("concept", "kind", "language", "text"), [])
    assert concept.notes.get(kind="note").text == ODD


def test_what_is_written_is_read_again(clefs):
    others = ["https://example.org/clefs/f", "https://example.org/clefs/g"]
    value = ConceptValue(
        "https://example.org/clefs/new", "N 1",
        labels=(LabelValue("pref", "und", ODD), LabelValue("alt", "fr", "nouvelle"), LabelValue("pref", "fr", "neuve")),
        broader=tuple(others), related=("https://example.org/clefs/c",),
        matches=(("closeMatch", "https://example.org/b"), ("exactMatch", "https://example.org/a")),
        position=7, extra=f"<a:b> <a:c> {ODD!r} .", replaced_by=("https://example.org/clefs/tenor",),
    )  # fmt: skip
    ids = dict(Concept.objects.values_list("uri", "pk"))
    for after in (value, replace(value, deprecated=True, labels=value.labels[::-1], matches=(), broader=())):
        writer = ConceptWriter(clefs, dict(Concept.objects.values_list("uri", "pk")))
        writer.write([after], values_of(clefs, [value.uri]))
        assert values_of(clefs, [value.uri]) == {value.uri: after}
    assert ids.items() <= dict(Concept.objects.values_list("uri", "pk")).items()


@pytest.mark.parametrize("seed", range(4))
def test_the_tree_of_the_database_is_that_of_the_arithmetic(clefs, seed):
    chance = random.Random(seed)
    ids: list[UUID] = []
    rows = []
    for _n in range(60):
        above = chance.choice([None, *ids[-9:]])
        ids.append(uuid4())
        rows.append(
            Concept(
                pk=ids[-1], vocabulary=clefs, uri=f"x:{ids[-1]}", parent_id=above, rank=chance.randrange(4)
            )
        )
    Concept.objects.bulk_create(rows)
    assert rebuild_tree(clefs) > 0
    assert rebuild_tree(clefs) == 0
    ordered = sorted(Concept.objects.filter(vocabulary=clefs), key=lambda one: (one.rank, str(one.pk)))
    tree = Tree({one.pk: one.parent_id for one in ordered})
    assert {one.pk: one.preorder for one in ordered} == tree.preorder()
    assert {one.pk: one.ancestors for one in ordered} == {pk: tree.path(pk)[:-1] for pk in tree}


@pytest.mark.parametrize("name", ["turtle", "ntriples"])
def test_a_vocabulary_is_written_out_in_a_few_queries(bring, clefs, name, django_assert_max_num_queries):
    bring("notation,label_en\n" + "".join(f"N{n},sign {n}\n" for n in range(500)), "large.csv")
    for slug in ("clefs", "large"):
        with django_assert_max_num_queries(4):
            assert b"".join(written(Vocabulary.objects.get(slug=slug), FORMATS[name]))


def test_top_concepts_are_told_once(clefs):
    text = b"".join(written(clefs, FORMATS["turtle"])).decode()
    assert text.count("skos:hasTopConcept") == 1
    assert parse_turtle(text.encode()).concepts[0].broader == ()


def test_concepts_are_read_anew_and_counted(clefs):
    concepts = vocabulary_value(clefs).concepts
    before = list(concepts)
    Label.objects.filter(text="clef de sol").update(text="clé de sol 2")
    after = list(concepts)
    assert (len(concepts), len(before), len(after)) == (5, 5, 5)
    assert [one.uri for one in before if one not in after] == ["https://example.org/clefs/g"]
    assert after[0] in concepts
    assert before != after
    assert [value_of(row) for row in rows_of(clefs.concepts.order_by("preorder"))] == after
