"""What stands out among things of one kind: robust against wild values, monotone in doubt, blind to scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.outliers import UNUSUAL, Seen, robust_z, standings

sides = st.floats(0.001, 0.5)
boxes = st.tuples(st.floats(0, 0.5), st.floats(0, 0.5), sides, sides)
shares = st.floats(0, 1)
things = st.builds(Seen, st.none() | boxes, st.floats(0.05, 20), shares, shares)


def plain(count: int = 20) -> list[Seen]:
    """Boxes that differ by a hair."""
    return [
        Seen((0.1 + n / 1e4, 0.2 + n / 1e4, 0.05, 0.1 + n / 1e4), 0.5 + n / 1e4, 1, 0) for n in range(count)
    ]


def test_the_published_example() -> None:
    """Median 2.5, MAD 0.5: by the definition, 0.6745 (x − 2.5) / 0.5."""
    data = [2.1, 2.6, 2.4, 2.5, 2.3, 2.1, 2.3, 2.6, 8.2, 8.3]
    middle = np.median(data)
    mad = np.median(np.abs(np.array(data) - middle))
    assert robust_z(data) == pytest.approx(0.6745 * (np.array(data) - middle) / mad)
    assert list(np.abs(robust_z(data)) > UNUSUAL) == [False] * 8 + [True] * 2


@pytest.mark.parametrize("values", [[], [3.0], [2.0] * 9])
def test_what_does_not_differ_does_not_stand_out(values: list[float]) -> None:
    assert list(robust_z(values)) == [0.0] * len(values)


def test_one_that_differs_among_equals_is_found() -> None:
    zs = robust_z([1.0] * 30 + [2.0])
    assert zs[-1] > UNUSUAL
    assert set(zs[:-1]) == {0.0}


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(-100, 100))
def test_a_shift_changes_nothing(values: list[float], by: float) -> None:
    rounded = [round(value, 3) for value in values]
    shifted = [value + round(by, 3) for value in rounded]
    assert robust_z(shifted) == pytest.approx(robust_z(rounded), rel=1e-3, abs=1e-3)


@given(st.lists(things, max_size=25))
def test_scores_are_shares_and_do_not_depend_on_the_order(seen: list[Seen]) -> None:
    scores = [one.score for one in standings(seen)]
    assert all(0 <= score <= 1 for score in scores)
    assert [one.score for one in standings(seen[::-1])][::-1] == pytest.approx(scores)


@given(st.lists(things, min_size=1, max_size=15), shares)
def test_more_doubt_never_lowers_the_score(seen: list[Seen], probability: float) -> None:
    first, *others = seen
    doubted = Seen(first.box, first.aspect, min(first.probability, probability), first.disagreement)
    assert standings([doubted, *others])[0].score >= standings(seen)[0].score


@pytest.mark.parametrize(
    ("box", "aspect", "kind"),
    [
        ((0.1, 0.2, 0.4, 0.4), 0.5, "large"),
        ((0.1, 0.2, 0.005, 0.01), 0.5, "small"),
        ((0.1, 0.2, 0.05, 0.1), 1.55, "wide"),
        ((0.1, 0.2, 0.05, 0.1), 0.1, "narrow"),
        ((0.9, 0.2, 0.05, 0.1), 0.5, "right"),
        ((0.1, 0.85, 0.05, 0.1), 0.5, "low"),
    ],
)
def test_it_says_by_what_measure(box: tuple[float, float, float, float], aspect: float, kind: str) -> None:
    found = standings([*plain(), Seen(box, aspect, 1, 0)])
    assert found[-1].oddities[0].kind == kind or kind in {one.kind for one in found[-1].oddities}
    assert found[-1].score > max(one.score for one in found[:-1])


def test_the_factor_is_over_the_median() -> None:
    found = standings([*(Seen(None, 1, 1, 0),) * 3, *plain(), Seen((0.1, 0.2, 0.05, 0.1), 3.1 * 0.501, 1, 0)])
    assert found[-1].oddities[0].factor == pytest.approx(3.1, abs=0.02)
    assert found[0].score == 0


def test_of_a_handful_only_the_doubt_counts() -> None:
    found = standings([Seen((0.1, 0.1, 0.2, 0.2), 1, 0.4, 0), Seen((0.1, 0.1, 0.9, 0.9), 9, 1, 0)])
    assert [one.score for one in found] == pytest.approx([0.6, 0])
