"""The human ceiling of several labels an image: as plain counting has it, and as a model of the same answers is measured."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.evaluation import figures_of_labels, rank_labels
from campaigns.quality.evaluation.many_ceiling import ceiling_of_sets

WORDS = "abcd"
looks = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 3)), st.frozensets(st.sampled_from(WORDS)), max_size=20
)


def measured(said: dict[tuple[int, int], Any], **options: Any) -> Any:
    return ceiling_of_sets(
        np.array([item for item, _who in said], dtype=int), np.array([who for _item, who in said], dtype=int),
        list(said.values()), labels=WORDS, **options,
    )  # fmt: skip


def beside(said: dict[tuple[int, int], Any], person: int) -> tuple[Any, Any]:
    """What the others say and what the person says, images × labels, by plain counting."""
    true, mine = [], []
    for (item, who), own in said.items():
        others = [labels for (place, other), labels in said.items() if place == item and other != who]
        if who == person and others:
            true.append([2 * sum(word in one for one in others) > len(others) for word in WORDS])
            mine.append([word in own for word in WORDS])
    return np.array(true, dtype=int).reshape(-1, 4), np.array(mine, dtype=int).reshape(-1, 4)


@given(looks)
def test_each_person_as_plain_counting_has_it(said: dict[tuple[int, int], Any]) -> None:
    found = measured(said)
    assert [name for name, _figures in found.people] == sorted({who for _item, who in said})
    for person, figures in found.people:
        true, mine = beside(said, person)
        assert figures.judged == len(true)
        assert (figures.tp, figures.fp, figures.fn) == (
            (true & mine).sum(), (mine & ~true & 1).sum(), (true & ~mine & 1).sum(),
        )  # fmt: skip
        if not len(true):
            assert figures.average_precision is None
            continue
        assert figures.average_precision == pytest.approx(
            rank_labels(true, mine.astype(float)).mean("average_precision")
        )
        if (true | mine).any():
            right, total = true & mine, true + mine
            assert figures.f1 == pytest.approx(2 * right.sum() / total.sum())
            occurs = total.any(axis=0)
            shares = 2 * right.sum(axis=0)[occurs] / total.sum(axis=0)[occurs]
            assert figures.macro_f1 == pytest.approx(shares.mean())
        else:
            assert figures.f1 is None
            assert figures.macro_f1 is None


@given(looks)
def test_together_they_are_one_model(said: dict[tuple[int, int], Any]) -> None:
    """The very function that measures a model, given every answer as an image of its own."""
    found = measured(said).overall
    people = sorted({who for _item, who in said})
    parts = [beside(said, person) for person in people]
    true = np.concatenate([one for one, _mine in parts]) if parts else np.zeros((0, 4), dtype=int)
    mine = np.concatenate([one for _true, one in parts]) if parts else np.zeros((0, 4), dtype=int)
    rates = figures_of_labels(
        range(len(true)), [set(np.flatnonzero(row)) for row in true], [set(np.flatnonzero(row)) for row in mine], labels=range(4)
    )  # fmt: skip
    assert found.f1 == (None if rates.together.f1 is None else pytest.approx(rates.together.f1))
    assert found.macro_f1 == (None if rates.macro_f1 is None else pytest.approx(rates.macro_f1))
    assert sum(figures.judged for _name, figures in measured(said).people) == found.judged


@given(looks, st.randoms(use_true_random=False))
def test_neither_order_nor_names_matter(said: dict[tuple[int, int], Any], random: Any) -> None:
    rows = list(said.items())
    random.shuffle(rows)
    assert measured(dict(rows)) == measured(said)
    renamed = {(7 - item, 9 - who): labels for (item, who), labels in said.items()}
    assert dict(measured(renamed).people) == {9 - who: figures for who, figures in measured(said).people}


def test_all_alike_is_the_top_and_one_alone_is_no_figure() -> None:
    same = {(item, who): frozenset("ab") for item in range(6) for who in range(3)}
    found = measured(same, seed=1)
    assert (found.overall.f1, found.overall.macro_f1, found.overall.average_precision) == (1, 1, 1)
    assert (found.interval.low, found.interval.high) == (1, 1)
    alone = measured({(item, 0): frozenset("ab") for item in range(6)}, seed=1)
    assert (alone.overall.judged, alone.overall.f1, alone.interval) == (0, None, None)
    assert measured({}, seed=1).people == ()


def test_the_interval_holds_the_figure() -> None:
    rng = np.random.default_rng(0)
    said = {
        (item, who): frozenset(w for w in WORDS if rng.random() < 0.4)
        for item in range(40)
        for who in range(4)
    }
    found = measured(said, seed=1)
    assert found.interval.low < found.overall.f1 < found.interval.high
    assert found.interval == measured(said, seed=1).interval


def test_more_labels_to_choose_from_make_a_miss_cost_less_rank() -> None:
    said = {(0, 0): frozenset("a"), (0, 1): frozenset("ab"), (0, 2): frozenset("ab")}
    few = ceiling_of_sets([0, 0, 0], [0, 1, 2], list(said.values()))
    many = ceiling_of_sets([0, 0, 0], [0, 1, 2], list(said.values()), labels="abcdefgh")
    # Of two labels all are true: the ranking says nothing. Of eight a missed one stands among all others.
    assert few.people[0][1].average_precision == 1
    assert many.people[0][1].average_precision == pytest.approx((1 + 2 / 8) / 2)
