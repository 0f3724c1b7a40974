"""How certain merged answers are: figures worked out by hand, and Bayes written out in full."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality import merge_boxes, merge_tags
from campaigns.quality.certainty import certainty_of_boxes, certainty_of_tags
from taxonomy.tree import Tree

TREE = Tree({"bird": None, "owl": "bird", "kingfisher": "bird", "boat": None})
LEFT, RIGHT = (0, 0, 40, 40), (500, 0, 40, 40)


def tags(*said: str, options: int = 4, many: bool = False, tree: Tree[str] | None = None) -> float:
    """Each person’s labels with spaces between them; accuracy 0.8."""
    words = [frozenset(one.split()) for one in said]
    items = merge_tags(range(len(said)), words, many=many, tree=tree)
    return certainty_of_tags(
        items, words, seen=len(said), options=options, accuracy=0.8, many=many, tree=tree
    )


@pytest.mark.parametrize(
    ("said", "options", "certainty"),
    [
        # Four labels and “nothing” make M = 5: r = 0.8 · 4 / 0.2 = 16.
        (("A",), 4, 0.8),
        (("A", "A"), 4, 256 / (256 + 4)),
        (("A", "A", "B"), 4, 256 / (256 + 16 + 3)),
        (("A", "A", "A", "B"), 4, 4096 / (4096 + 16 + 3)),
        (("", "", "B"), 4, 256 / (256 + 16 + 3)),
        # A thousand labels are no more evidence than a handful.
        (("A", "A"), 1000, 256 / (256 + 4)),
        # One label or nothing: r = 4.
        (("A", "A"), 1, 16 / 17),
        # Five named and “nothing” unsaid, M = 5 all the same.
        (("A", "A", "A", "A", "A", "B", "C", "D", "E"), 9, 16**5 / (16**5 + 4 * 16)),
        # No majority: the merged answer leaves the label open.
        (("A", "B"), 4, 0),
        (("A", "A", "B", "C"), 4, 0),
    ],
)
def test_one_label(said: tuple[str, ...], options: int, certainty: float) -> None:
    assert tags(*said, options=options) == pytest.approx(certainty)


def test_several_labels_are_as_certain_as_the_least_certain() -> None:
    # A: three of three, 4³ / (4³ + 1); B: two of three, 4 / (4 + 1).
    assert tags("A B", "A B", "A", many=True) == pytest.approx(4 / 5)
    assert tags("A", "A", "A", many=True) == pytest.approx(64 / 65)
    assert tags("", "", many=True) == pytest.approx(16 / 17)


def test_a_broader_label_contradicts_nobody() -> None:
    # “kingfisher” has three voices, “bird” alone one: M = 5, r = 16.
    assert tags("kingfisher", "kingfisher", "bird", tree=TREE) == pytest.approx(4096 / (4096 + 16 + 3))
    # Owl or kingfisher is disputed, that it is a bird is not: 2 · r² + r of 2 · r² + r + 2.
    disputed = tags("kingfisher", "owl", "bird", tree=TREE)
    assert disputed == pytest.approx((2 * 256 + 16) / (2 * 256 + 16 + 2))


def boxes(
    people: list[list[tuple[tuple[int, int, int, int], str]]], *, options: int = 5, many: bool = False
) -> float:
    rows = [(str(person), *drawn) for person, shapes in enumerate(people) for drawn in shapes]
    words = [frozenset(label.split()) for _person, _box, label in rows]
    items = (
        merge_boxes(
            [box for _, box, _ in rows], [who for who, _, _ in rows], words, seen=len(people), many=many
        )
        if rows
        else []
    )
    return certainty_of_boxes(
        items, words, seen=len(people), options=options, accuracy=0.8, many=many, tree=None
    )


def test_boxes_are_as_certain_as_the_least_certain_of_them() -> None:
    # Both drew it and named it alike: 4² / (4² + 1) that it is there, 16² / (16² + 4) that it is A.
    both = (16 / 17) * (256 / 260)
    assert boxes([[(LEFT, "A")], [(LEFT, "A")]]) == pytest.approx(both)
    # The second box, of one of three, is not there with 4 / 5.
    three = boxes([[(LEFT, "A"), (RIGHT, "A")], [(LEFT, "A")], [(LEFT, "A")]])
    assert three == pytest.approx(4 / 5)
    # Drawn by one of two: as likely there as not, and then A with 4 / 5.
    assert boxes([[(LEFT, "A")], []]) == pytest.approx(0.5 * 0.8)
    # Without labels only the place counts; a label that is open is not certain.
    assert boxes([[(LEFT, "")], [(LEFT, "")]]) == pytest.approx(16 / 17)
    assert boxes([[(LEFT, "A")], [(LEFT, "B")]]) == 0
    assert boxes([[], [], []]) == pytest.approx(64 / 65)


def test_several_labels_of_a_box() -> None:
    there = 16 / 17
    assert boxes([[(LEFT, "A B")], [(LEFT, "A B")]], many=True) == pytest.approx(there * 16 / 17)
    # B was given by one of two: yes and no are as likely.
    assert boxes([[(LEFT, "A B")], [(LEFT, "A")]], many=True) == pytest.approx(there * 0.5)


labels = st.sampled_from(["A", "B", "C", ""])


@given(st.lists(labels, min_size=1, max_size=6))
def test_it_is_bayes_written_out(said: list[str]) -> None:
    """Over all that may be true: probability of these answers if it were, over the sum for everything."""
    nothing_and_four = ["A", "B", "C", "D", ""]

    def likelihood(truth: str) -> float:
        value = 1.0
        for one in said:
            value *= 0.8 if one == truth else 0.2 / 4
        return value

    whole = sum(likelihood(truth) for truth in nothing_and_four)
    winner = next((one for one in nothing_and_four if 2 * said.count(one) > len(said)), None)
    expected = 0.0 if winner is None else likelihood(winner) / whole
    assert tags(*said) == pytest.approx(expected)


@given(st.lists(labels, min_size=1, max_size=6))
def test_one_more_who_says_the_same_never_makes_it_less_certain(said: list[str]) -> None:
    before = tags(*said)
    winner = next((one for one in set(said) if 2 * said.count(one) > len(said)), None)
    if winner is not None:
        assert tags(*said, winner) >= before


def test_certainties_are_shares() -> None:
    for said in product(["A", "B", ""], repeat=4):
        assert 0 <= tags(*said) <= 1
        assert 0 <= tags(*said, many=True) <= 1
