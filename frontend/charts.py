"""The geometry of small charts: numbers in, coordinates of SVG elements out; templates draw, tables stand behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.quality import Interval


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `share` (0–1) of the longest, `percent` the same for a width attribute."""

    label: str
    value: float
    share: float

    @property
    def percent(self) -> str:
        return f"{self.share * 100:.2f}%"


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    most: float


def bars(rows: Sequence[tuple[str, float]]) -> Bars:
    """Bars relative to the longest one."""
    most = max((value for _label, value in rows), default=0)
    return Bars(tuple(Bar(label, value, value / most if most else 0) for label, value in rows), most)


def histogram(values: Sequence[float], *, bins: int) -> Bars:
    """How many of the values (0–1) fall into each of `bins` equal parts; 1 belongs to the last one."""
    counts = [0] * bins
    for value in values:
        counts[min(int(value * bins), bins - 1)] += 1
    return bars([(f"{index / bins:.1f}–{(index + 1) / bins:.1f}", count) for index, count in enumerate(counts)])


@dataclass(frozen=True, slots=True)
class Whisker:
    """A value between 0 and 1 on a line 100 wide, with its interval; alpha below 0 is drawn at 0."""

    value: float
    low: float | None
    high: float | None


def interval(value: float | None, spread: Interval | None) -> Whisker | None:
    """Where to draw a figure and its interval on a line from 0 to 100."""
    if value is None:
        return None

    def at(number: float) -> float:
        return round(min(max(number, 0.0), 1.0) * 100, 2)

    return Whisker(at(value), at(spread.low) if spread else None, at(spread.high) if spread else None)
