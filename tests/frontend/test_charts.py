"""The geometry of the dashboard's charts: what is drawn stays within its frame and is to scale."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality import Interval
from frontend import charts

COUNTS = st.lists(st.integers(0, 100_000), max_size=40)


def test_days_without_work_are_there_with_a_nought() -> None:
    days = [(date(2026, 2, 27), 3), (date(2026, 3, 2), 5)]
    assert charts.every_day(days, most=30) == [
        (date(2026, 2, 27), 3),
        (date(2026, 2, 28), 0),
        (date(2026, 3, 1), 0),
        (date(2026, 3, 2), 5),
    ]
    assert charts.every_day(days, most=2) == [(date(2026, 3, 1), 0), (date(2026, 3, 2), 5)]
    assert charts.every_day([], most=30) == []


@given(
    st.dictionaries(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 99), min_size=1),
    st.integers(1, 60),
)
def test_the_days_shown_follow_each_other_and_end_with_the_last(days: dict[date, int], most: int) -> None:
    shown = charts.every_day(list(days.items()), most=most)
    assert 1 <= len(shown) <= most
    assert shown[-1][0] == max(days)
    assert all(later - earlier == timedelta(days=1) for (earlier, _), (later, _) in pairwise(shown))


@given(COUNTS, st.sampled_from([charts.WIDE, 300.0]))
def test_columns_stand_on_the_axis_within_the_frame_to_scale(counts: list[int], width: float) -> None:
    drawn = charts.columns([(str(index), count) for index, count in enumerate(counts)], width=width)
    assert len(drawn.columns) == len(counts)
    for column in drawn.columns:
        assert column.y + column.height == pytest.approx(drawn.base, abs=0.02)
        assert column.y >= 0
        assert drawn.left <= column.x <= column.x + column.width <= drawn.width + 0.01
    for left, right in pairwise(drawn.columns):
        assert left.x + left.width <= right.x + 0.02
    most = max(counts, default=0)
    assert [column.value for column in drawn.columns if column.is_tallest] == ([most] if most else [])
    assert drawn.gridlines[0].value == 0
    assert drawn.gridlines[-1].value >= most
    assert 2 <= len(drawn.gridlines) <= 6
    for line in drawn.gridlines:
        assert line.y == pytest.approx(
            drawn.base - line.value * (drawn.base - 20) / drawn.gridlines[-1].value, abs=0.01
        )


def test_only_some_columns_are_named() -> None:
    drawn = charts.columns([(str(index), 1) for index in range(30)], names=6)
    assert [column.label for column in drawn.columns if column.is_named] == ["0", "5", "10", "15", "20", "25"]


@given(st.lists(st.tuples(st.text(), st.integers(0, 10**6), st.integers(0, 10**6)), max_size=20))
def test_lying_bars_share_one_scale(rows: list[tuple[str, int, int]]) -> None:
    drawn = charts.lanes(rows)
    assert drawn.height == charts.LANE * len(rows)
    most = max((max(value, other) for _label, value, other in rows), default=0) or 1
    for lane in drawn.lanes:
        assert lane.width == pytest.approx(charts.LANE_WIDE * lane.value / most, abs=0.01)
        assert lane.other_width == pytest.approx(charts.LANE_WIDE * lane.other / most, abs=0.01)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6))
def test_parts_fill_the_bar_without_gaps(values: list[int]) -> None:
    drawn = charts.parts([(str(index), value) for index, value in enumerate(values)])
    if sum(values):
        assert sum(part.share for part in drawn) == pytest.approx(1)
        assert drawn[-1].x + drawn[-1].width == pytest.approx(charts.WIDE, abs=0.02)
        for left, right in pairwise(drawn):
            assert left.x + left.width == pytest.approx(right.x, abs=0.02)
    else:
        assert all(part.width == part.share == 0 for part in drawn)


def test_a_figure_stands_on_an_axis_from_nought_to_one() -> None:
    drawn = charts.whisker(0.5, Interval(0.25, 0.75, 0.95), threshold=0.667)
    assert drawn is not None
    middle = charts.WIDE / 2
    assert drawn.x == middle
    assert drawn.low_x is not None
    assert drawn.high_x is not None
    assert drawn.x - drawn.low_x == drawn.high_x - drawn.x == pytest.approx((charts.WIDE - 80) / 4)
    assert [tick.value for tick in drawn.ticks] == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert drawn.threshold_x == pytest.approx(charts.MARGIN + 0.667 * (charts.WIDE - 80), abs=0.01)


def test_worse_than_chance_is_drawn_where_it_is() -> None:
    drawn = charts.whisker(-0.2, Interval(-0.5, 0.1, 0.95))
    assert drawn is not None
    assert [tick.value for tick in drawn.ticks] == [-1.0, -0.5, 0.0, 0.5, 1.0]
    assert drawn.low_x == drawn.ticks[1].x
    assert drawn.low_x < drawn.x < drawn.ticks[2].x


def test_without_a_figure_nothing_is_drawn() -> None:
    assert charts.whisker(None, None) is None
    drawn = charts.whisker(0.3, None)
    assert drawn is not None
    assert (drawn.low_x, drawn.high_x, drawn.threshold_x) == (None, None, None)


@given(st.lists(st.tuples(st.integers(1, 1000), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40))
def test_a_course_stays_within_its_frame_and_to_scale(rows: list[tuple[int, float, float]]) -> None:
    drawn = charts.course(
        [(str(n), cases, mean, 0.0, 1.0, so_far) for n, (cases, mean, so_far) in enumerate(rows)]
    )
    assert len(drawn.line.split()) == len(drawn.points) == len(rows)
    for point, (_cases, mean, so_far), pair in zip(drawn.points, rows, drawn.line.split(), strict=True):
        x, y = map(float, pair.split(","))
        assert charts.MARGIN <= point.x == x <= charts.WIDE
        assert point.high_y <= point.y <= point.low_y
        assert point.y == pytest.approx(charts.COURSE_BASE - mean * (charts.COURSE_BASE - 20), abs=0.01)
        assert y == pytest.approx(charts.COURSE_BASE - so_far * (charts.COURSE_BASE - 20), abs=0.01)
        assert 3 <= point.size <= 7
    assert charts.course([]).points == ()


def test_a_measure_is_full_at_its_whole() -> None:
    drawn = charts.measures(
        [("one", 10, [("decided", 4), ("retired", 6)]), ("two", 8, [("decided", 2)]), ("none", 0, [])]
    )
    one, two, none = drawn.measures
    assert [(part.x, part.width) for part in one.parts] == [(0, 256), (256, 384)]
    assert ([part.width for part in two.parts], two.done, two.whole) == ([160], 2, 8)
    assert (none.parts, none.done) == ((), 0)
    assert drawn.height == 3 * charts.MEASURE
