"""How alike texts are, which of them stands, and how far people agree who write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality import Rule, merge_texts
from campaigns.quality.texts import Text, choose, distance, likeness, text_agreement

WORDS = st.text(alphabet="abcé ", max_size=12)


def table(a: str, b: str) -> int:
    """The textbook's table, row by row."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        below = [i]
        for j, y in enumerate(b, 1):
            below.append(min(row[j] + 1, below[-1] + 1, row[j - 1] + (x != y)))
        row = below
    return row[-1]


@given(WORDS, WORDS)
def test_the_distance_is_that_of_the_table(a: str, b: str) -> None:
    assert distance(a, b) == table(a, b) == distance(b, a)


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_a_share(a: str, b: str) -> None:
    one, other = Text(a, "en"), Text(b, "fr")
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1
    assert likeness(one, one) == 1


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("kitten", "sitting", 1 - 3 / 7),
        ("Kyrie  eleison", " Kyrie eleison", 1.0),
        ("é", "e\u0301", 1.0),
        ("\u200fשלום", "שלום", 1.0),
        ("Kyrie", "kyrie", 0.8),
        ("abc", "xyz", 0.0),
    ],
)
def test_what_counts_as_the_same(a: str, b: str, expected: float) -> None:
    assert likeness(Text(a, "la"), Text(b, "la")) == pytest.approx(expected)


def test_who_wrote_nothing_agrees_with_nobody_who_wrote() -> None:
    assert (likeness(None, None), likeness(None, Text("a", "en"))) == (1, 0)


def texts(*values: str, language: str = "la") -> list[Text]:
    return [Text(value, language) for value in values]


def test_more_than_half_stand_else_the_reviewer_is_asked() -> None:
    (stands,) = merge_texts(3, texts("Kyrie", "Kyrie ", "Gloria"))
    assert (stands.text, stands.voters, stands.seen, stands.members) == (Text("Kyrie", "la"), 2, 3, (0, 1))
    (open_,) = merge_texts(3, texts("Kyrie", "Kyrje", "Gloria"))
    assert (open_.text, open_.decided, open_.members) == (None, False, (0, 1, 2))
    (half,) = merge_texts(4, texts("Kyrie", "Kyrie", "Gloria"))
    assert half.text is None, "two of four are no majority: one said that nothing is there"
    assert merge_texts(3, []) == []
    with pytest.raises(ValueError, match="only 1 were asked"):
        merge_texts(1, texts("a", "b"))
    assert merge_texts(5, texts("a", "a", "a", "b"), rule=Rule(majority=0.7))[0].text is None


def test_the_medoid_comes_first() -> None:
    chosen = choose(texts("Gloria in excelsis", "Kyrie eleison", "Kyrie eleyson", "Kyrie eleisn"))
    assert chosen is not None
    assert chosen.text.value == "Kyrie eleison"
    assert chosen.order == (1, 3, 2, 0) or chosen.order == (1, 2, 3, 0)
    assert choose([]) is None


def test_the_language_is_that_of_most() -> None:
    chosen = choose([Text("Rosa", "la"), Text("Rosa", "it"), Text("Rosa", "it")])
    assert chosen is not None
    assert chosen.text == Text("Rosa", "it")


@given(
    st.lists(st.sampled_from(["Kyrie", "kyrie", "Gloria", "Sanctus"]), min_size=1, max_size=6), st.randoms()
)
def test_the_order_of_the_texts_does_not_matter(values: list[str], random) -> None:
    mixed = list(values)
    random.shuffle(mixed)
    assert choose(texts(*values)).text == choose(texts(*mixed)).text  # type: ignore[union-attr]
    one, other = merge_texts(6, texts(*values))[0], merge_texts(6, texts(*mixed))[0]
    assert (one.text, one.disagreement) == (other.text, pytest.approx(other.disagreement))


def test_agreement_counts_every_unit_alike() -> None:
    unit = ["a", "a", "a", "b", "b", "c"]
    person = ["x", "y", "z", "x", "y", "x"]
    said = [*texts("Kyrie", "Kyrie", "Kyrie"), None, *texts("Gloria", "Sanctus")]
    found = text_agreement(unit, person, said, canvas=["1", "1", "1", "2", "2", "3"], seed=1)
    assert (found.likeness, found.identical) == (0.5, 0.5)
    assert (found.units, found.people, found.answers) == (2, 3, 5)
    assert found.interval is not None
    assert text_agreement([], [], []).likeness is None
