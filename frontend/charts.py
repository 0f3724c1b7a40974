"""The geometry of small charts: numbers in, coordinates of SVG elements out; templates draw them.

Charts are drawn `WIDE` units wide and scale with their column; y grows downwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.quality import Interval

WIDE = 640.0
MARGIN = 40.0  # to the left of columns, for the numbers of the axis


def every_day(days: Sequence[tuple[date, int]], *, most: int) -> list[tuple[date, int]]:
    """The days up to the last one, at most so many, with a nought for those on which nothing came in."""
    if not days:
        return []
    counts = dict(days)
    last = max(counts)
    first = max(min(counts), last - timedelta(days=most - 1))
    shown = ((first + timedelta(days=number)) for number in range((last - first).days + 1))
    return [(day, counts.get(day, 0)) for day in shown]


@dataclass(frozen=True, slots=True)
class Column:
    """A rectangle that stands on the axis; `middle` is where its label goes, if it has one."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float
    is_named: bool
    is_tallest: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True, slots=True)
class Gridline:
    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns with their grid; `base` is the y of the axis, labels stand below it, `height` is all of it."""

    columns: tuple[Column, ...]
    gridlines: tuple[Gridline, ...]
    width: float
    base: float
    height: float
    left: float


def columns(
    rows: Sequence[tuple[str, int]], *, width: float = WIDE, base: float = 190.0, names: int = 6
) -> Columns:
    """A column for each (label, count), about `names` of them with their label."""
    most = max((value for _label, value in rows), default=0)
    step = _step(most)
    top = max(step, -(-most // step) * step)
    scale = (base - 20) / top
    left = MARGIN if width >= WIDE else MARGIN * 0.6
    pitch = (width - left) / max(len(rows), 1)
    wide = min(pitch * 0.7, 60)
    every = max(1, -(-len(rows) // names))
    tallest = next((index for index, (_label, value) in enumerate(rows) if value and value == most), None)
    drawn = tuple(
        Column(
            label=label,
            value=value,
            x=round(left + pitch * index + (pitch - wide) / 2, 2),
            y=round(base - value * scale, 2),
            width=round(wide, 2),
            height=round(value * scale, 2),
            is_named=index % every == 0,
            is_tallest=index == tallest,
        )
        for index, (label, value) in enumerate(rows)
    )
    grid = tuple(Gridline(value, round(base - value * scale, 2)) for value in range(0, top + 1, step))
    return Columns(drawn, grid, width, base, base + (34 if width >= WIDE else 24), left)


def _step(most: int) -> int:
    """A round distance between gridlines: 1, 2 or 5 times a power of ten, so that there are two to five."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power * 4 >= most:
                return factor * power
        power *= 10


@dataclass(frozen=True, slots=True)
class Lane:
    """A lying bar under its label: `width` for the value, `other_width` for a second one beneath it."""

    label: str
    value: int
    other: int
    y: float
    width: float
    other_width: float


@dataclass(frozen=True, slots=True)
class Lanes:
    lanes: tuple[Lane, ...]
    width: float
    height: float


LANE = 54.0
LANE_WIDE = WIDE - 70  # the number stands behind the bar


def lanes(rows: Sequence[tuple[str, int, int]]) -> Lanes:
    """Lying bars for (label, value, second value), all on one scale."""
    most = max((max(value, other) for _label, value, other in rows), default=0) or 1
    drawn = tuple(
        Lane(
            label=label,
            value=value,
            other=other,
            y=index * LANE,
            width=round(LANE_WIDE * value / most, 2),
            other_width=round(LANE_WIDE * other / most, 2),
        )
        for index, (label, value, other) in enumerate(rows)
    )
    return Lanes(drawn, WIDE, LANE * len(drawn))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: a rectangle in one long bar."""

    name: str
    value: int
    share: float
    x: float
    width: float


def parts(rows: Sequence[tuple[str, int]]) -> tuple[Part, ...]:
    """The parts of a bar `WIDE` units long, in order; without any value the bar is empty."""
    total = sum(value for _name, value in rows)
    drawn, before = [], 0
    for name, value in rows:
        share = value / total if total else 0.0
        x = round(WIDE * before / total, 2) if total else 0.0
        drawn.append(Part(name, value, share, x, round(WIDE * share, 2)))
        before += value
    return tuple(drawn)


@dataclass(frozen=True, slots=True)
class Tick:
    value: float
    x: float


@dataclass(frozen=True, slots=True)
class Whisker:
    """A figure on its axis with its interval and a threshold, all as x between 0 and `WIDE`."""

    value: float
    x: float
    low_x: float | None
    high_x: float | None
    threshold_x: float | None
    ticks: tuple[Tick, ...]


def whisker(
    value: float | None, spread: Interval | None, *, threshold: float | None = None
) -> Whisker | None:
    """Where to draw a figure and its interval.

    The axis runs from 0 to 1, from −1 where chance-corrected agreement is worse than chance; None without a
    figure.
    """
    if value is None:
        return None
    lowest = min(value, spread.low if spread else value)
    start = 0.0 if lowest >= 0 else -1.0
    inner = WIDE - 2 * MARGIN

    def at(number: float) -> float:
        return round(MARGIN + (min(max(number, start), 1.0) - start) / (1 - start) * inner, 2)

    steps = 5 if start == 0 else 4
    ticks = tuple(
        Tick(round(start + (1 - start) * index / steps, 2), at(start + (1 - start) * index / steps))
        for index in range(steps + 1)
    )
    return Whisker(
        value=value,
        x=at(value),
        low_x=at(spread.low) if spread else None,
        high_x=at(spread.high) if spread else None,
        threshold_x=None if threshold is None else at(threshold),
        ticks=ticks,
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A day's mean at (x, y), with the line from `low_y` up to `high_y`; `size` is its radius."""

    label: str
    value: float
    x: float
    y: float
    low_y: float
    high_y: float
    size: float
    is_named: bool


@dataclass(frozen=True, slots=True)
class Course:
    """Shares over time: points, and `line`, the points of a polyline through the mean up to each of them."""

    points: tuple[Point, ...]
    line: str
    ticks: tuple[tuple[float, float], ...]  # value and y
    height: float


COURSE_BASE = 190.0


def course(rows: Sequence[tuple[str, int, float, float, float, float]], *, names: int = 6) -> Course:
    """(label, cases, mean, low, high, mean so far) in order, all but the cases from 0 to 1; larger with more cases."""

    def at(share: float) -> float:
        return round(COURSE_BASE - min(max(share, 0.0), 1.0) * (COURSE_BASE - 20), 2)

    pitch = (WIDE - MARGIN) / max(len(rows), 1)
    every = max(1, -(-len(rows) // names))
    most = max((cases for _label, cases, *_ in rows), default=1)
    points = tuple(
        Point(
            label=label,
            value=mean,
            x=round(MARGIN + pitch * (index + 0.5), 2),
            y=at(mean),
            low_y=at(low),
            high_y=at(high),
            size=round(3 + 4 * (cases / most) ** 0.5, 2),
            is_named=index % every == 0,
        )
        for index, (label, cases, mean, low, high, _so_far) in enumerate(rows)
    )
    line = " ".join(f"{point.x},{at(row[5])}" for point, row in zip(points, rows, strict=True))
    ticks = tuple((value / 4, at(value / 4)) for value in range(5))
    return Course(points, line, ticks, COURSE_BASE + 34)


@dataclass(frozen=True, slots=True)
class Measure:
    """A lying bar that is full at its whole: parts in order from the left, what is left of it stays empty."""

    label: str
    parts: tuple[Part, ...]
    whole: int
    done: int
    y: float


@dataclass(frozen=True, slots=True)
class Measures:
    measures: tuple[Measure, ...]
    width: float
    height: float


MEASURE = 46.0


def measures(rows: Sequence[tuple[str, int, Sequence[tuple[str, int]]]]) -> Measures:
    """(label, whole, named parts of it), each on a scale of its own; `done` is what the parts add up to."""
    drawn = []
    for index, (label, whole, named) in enumerate(rows):
        done = sum(value for _name, value in named)
        inside = parts([*named, ("left", max(whole - done, 0))])[:-1]
        drawn.append(Measure(label, inside, whole, done, index * MEASURE))
    return Measures(tuple(drawn), WIDE, MEASURE * len(drawn))
