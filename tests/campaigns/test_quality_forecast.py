"""The forecast of the end: by hand where days are all alike, and what must hold for any days."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.forecast import FEWEST_DAYS, MOST_DAYS, WINDOW_DAYS, Outlook, forecast

days = st.lists(st.integers(0, 50), min_size=FEWEST_DAYS, max_size=40)
amounts = st.floats(0.5, 3000)


@pytest.mark.parametrize(
    ("pace", "left", "expected"), [(5, 50, 10), (5, 51, 11), (5, 0.5, 1), (1, 200, 200)], ids=str
)
def test_days_that_are_all_alike(pace: int, left: float, expected: int) -> None:
    told = forecast([pace] * 10, left, seed=1)
    assert (told.outlook, told.low, told.median, told.high) == (Outlook.DUE, expected, expected, expected)
    assert told.pace == pace


def test_every_other_day() -> None:
    told = forecast([0, 10] * 14, 100, seed=1)
    # Ten days of work take a mean of 20 days (sd 4.5), and the pace itself is uncertain by a fifth (sd 3.8).
    assert told.median == pytest.approx(20, abs=1)
    assert told.low == pytest.approx(13, abs=2)
    assert told.high == pytest.approx(28, abs=2)


def test_what_is_older_than_the_window_says_nothing() -> None:
    assert forecast([99] * 50 + [2] * WINDOW_DAYS, 20, seed=1).median == 10
    assert forecast([99] * 50 + [0] * WINDOW_DAYS, 20, seed=1).outlook == Outlook.STALLED


def test_when_no_day_can_be_told() -> None:
    assert forecast([], 0, seed=1).outlook == Outlook.DONE
    assert forecast([], 1, seed=1).outlook == Outlook.TOO_EARLY
    assert forecast([5] * (FEWEST_DAYS - 1), 1, seed=1).outlook == Outlook.TOO_EARLY
    assert forecast([0] * FEWEST_DAYS, 1, seed=1).outlook == Outlook.STALLED
    assert forecast([1] * 10, MOST_DAYS, seed=1).median == MOST_DAYS
    assert forecast([1] * 10, MOST_DAYS + 1, seed=1).outlook == Outlook.TOO_FAR


def test_an_end_that_may_not_come_has_no_last_day() -> None:
    told = forecast([0] * (WINDOW_DAYS - 2) + [5, 5], 20, seed=1)
    assert (told.outlook, told.high) == (Outlook.DUE, None)  # one sample in eight draws empty days only


def reached(counts: list[int], left: float) -> tuple[int, int, int]:
    """Low, median and high; beyond all days where there is none."""
    told = forecast(counts, left, seed=7, samples=100)
    never = MOST_DAYS + 1
    return told.low or never, told.median or never, told.high or never


@given(days, amounts, amounts)
def test_more_that_is_left_is_never_earlier(counts: list[int], one: float, other: float) -> None:
    fewer, more = reached(counts, min(one, other)), reached(counts, max(one, other))
    assert all(a <= b for a, b in zip(fewer, more, strict=True))


@given(days, amounts)
def test_twice_the_pace_is_never_later(counts: list[int], left: float) -> None:
    twice = reached([2 * count for count in counts], left)
    assert all(a <= b for a, b in zip(twice, reached(counts, left), strict=True))


@given(days, amounts)
def test_the_interval_holds_the_median_and_is_drawn_the_same_again(counts: list[int], left: float) -> None:
    low, median, high = reached(counts, left)
    assert low <= median <= high
    assert reached(counts, left) == (low, median, high)
