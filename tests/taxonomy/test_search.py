"""Search as you type: accents and case ignored, synonyms and other languages found, odd input harmless."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taxonomy import searching
from taxonomy.models import Concept, Label, Vocabulary
from taxonomy.queries import concepts_of, search_concepts, show

pytestmark = pytest.mark.django_db


def found(vocabulary, q, language="fr", branch=None, limit=20):
    items, total = search_concepts(vocabulary, branch, q, language, limit)
    assert len(items) == min(total, limit)
    return [(item.label, item.matched) for item in items]


@pytest.mark.parametrize(
    ("q", "language", "first"),
    [
        ("clef de sol", "fr", ("clef de sol", None)),
        ("CLÉ DE SOL", "fr", ("clef de sol", None)),
        ("cle sol", "fr", ("clef de sol", None)),
        ("sol clef", "fr", ("clef de sol", None)),
        ("treb", "fr", ("clef de sol", "treble clef")),
        ("bassschlussel", "en", ("F clef", "Bassschlüssel")),
        ("d'ut", "fr", ("clef d’ut", None)),
        ("d’ut quat", "fr", ("clef d’ut quatrième", None)),
        ("F", "en", ("F clef", None)),
        ("f", "fr", ("clef de fa", None)),
        ("aleto", "en", ("C clef", "aleto cleff")),
        ("tenor", "de", ("tenor clef", None)),
    ],
)
def test_what_is_typed_is_found_first(clefs, q, language, first):
    assert found(clefs, q, language)[0] == first


def test_an_exact_label_comes_before_a_longer_one(clefs):
    assert found(clefs, "clef", "en")[0] == ("clef", None)


def test_without_words_the_tree_is_shown_from_its_top(clefs):
    items, total = search_concepts(clefs, None, " ", "en", 2)
    assert (items[0].label, items[0].path, items[0].children, total) == ("clef", (), 3, 5)
    tenor = search_concepts(clefs, None, "tenor", "en", 1)[0][0]
    assert (tenor.path, tenor.children) == (("clef", "C clef"), 0)
    assert search_concepts(clefs, None, "treble", "en", 1)[0][0].scope_note.startswith("Curls")


def test_a_branch_is_searched_without_its_root(clefs):
    branch = clefs.concepts.get(notation="C")
    assert found(clefs, "clef", "en", branch) == [("tenor clef", None)]
    assert found(clefs, "", "en", branch) == [("tenor clef", None)]


def test_deprecated_concepts_are_not_offered(clefs):
    clefs.concepts.filter(notation="F").update(status=Concept.Status.DEPRECATED)
    assert ("F clef", None) not in found(clefs, "", "en")
    assert found(clefs, "bass", "en") == []
    assert show(concepts_of(clefs).filter(parent=None), "en")[0].label == "clef"


def test_a_concept_without_labels_is_called_by_its_notation_or_uri(clefs):
    Label.objects.all().delete()
    items, _total = search_concepts(clefs, None, "", "en", 5)
    assert {item.label for item in items} == {
        "G",
        "F",
        "C",
        "https://example.org/clefs/clef",
        "https://example.org/clefs/tenor",
    }


@pytest.mark.parametrize(
    "q",
    ["')&|!:*\\", "\\", "'", "''''", "a & !b | (c", "<->", "%_", "\x00", "cl\x00ef", "x" * 10_000, "clef " * 3000, ":*", "\ud800", "🎼", "ﬁ", "\u202e", "1.5", "-", "--", "a:*", "!!", "$$", "%s %(x)s"],
)  # fmt: skip
def test_odd_input_is_harmless(clefs, q):
    search_concepts(clefs, None, q, "fr", 20)
    search_concepts(clefs, None, "clef", q[:8].replace("\x00", "").replace("\ud800", ""), 20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=40))
def test_any_text_is_harmless(clefs, q):
    search_concepts(clefs, None, q, "en", 5)


def test_queries_do_not_grow(clefs, bring, django_assert_num_queries):
    table = "notation,broader,label_en,label_fr\n" + "".join(
        f"N{n},{f'N{n // 2}' if n > 1 else ''},clef {n},clé {n}\n" for n in range(1, 400)
    )
    bring(table, "large.csv")
    for vocabulary in (clefs, Vocabulary.objects.get(slug="large")):
        for q, queries in (("", 4), ("clef", 6)):
            with django_assert_num_queries(queries):
                search_concepts(vocabulary, None, q, "en", 50)


def test_of_too_many_the_exact_one_is_found_and_nothing_else_is_asked(
    clefs, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(searching, "MOST_LABELS", 2)
    with django_assert_num_queries(5):
        assert found(clefs, "clef", "fr")[0] == ("clef", None)
    assert found(clefs, "d’ut", "fr") == [("clef d’ut", None), ("clef d’ut quatrième", None)]


@pytest.mark.parametrize("q", ["AB-É", "ab-é", "ab-É 1", "ab-é 1", "%", "a_"])
def test_notations_are_found_by_their_beginning_in_either_case(bring, q):
    vocabulary = bring(
        "notation,label_en\nAb-é 12,one\nAb-é 1,two\nA%,three\n,four\n", "signs.csv"
    ).vocabulary
    hits = [label for label, _matched in found(vocabulary, q, "en")]
    assert hits == {"%": [], "a_": []}.get(q, ["two", "one"])
