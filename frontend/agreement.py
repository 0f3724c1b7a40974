"""What the page of an agreement report draws: the figures on one axis, the curve, and agreement over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format

from campaigns.quality import Interval
from frontend import charts

Row = Mapping[str, Any]
TENTATIVE = 0.667  # Krippendorff (2004, p. 241)
MOST_CONCEPTS = 40
MOST_TIMES = 4  # that have room for their names on a phone
MOST_UNITS = 15  # as many as the table of the page shows
MEASURES = {"boxes": ("boxes", "f1"), "texts": ("texts", "likeness"), "labels": ("overall", "alpha")}
HIGH, LEFT, BASE = 180.0, 40.0, 150.0


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a curve; `label` names it on the axis, where there is room for it (`named`)."""

    label: str
    value: float
    x: float
    y: float
    low: float | None = None  # y of the ends of its interval
    high: float | None = None
    named: bool = True


def drawn(report: Row) -> dict[str, Any]:
    """The drawings of a report, of a sequence those of each step; empty where there is nothing to draw."""
    concepts = [row for row in report.get("concepts", ()) if row["concept"]]
    boxes = report.get("boxes")
    shown: dict[str, Any] = {
        "report": report,
        "alpha": _whisker(report.get("overall"), "alpha", threshold=TENTATIVE),
        "f1": _whisker(boxes, "f1") if boxes else None,
        "likeness": _whisker(report.get("texts"), "likeness"),
        "concepts": [
            {**row, "whisker": _whisker(row, "alpha", threshold=TENTATIVE)}
            for row in concepts[:MOST_CONCEPTS]
        ],
        "more_concepts": max(0, len(concepts) - MOST_CONCEPTS),
        "more_units": max(0, report.get("unit_count", 0) - MOST_UNITS),
        "curve": _curve([(number_format(row["iou"], 2), row["f1"]) for row in report.get("curve", ())]),
        "periods": _over_time(report, "periods", "alpha"),
        "box_periods": _over_time(report, "box_periods", "f1"),
        "by_week": report.get("method", {}).get("period") == "week",
        "steps": [
            {**drawn(one), "value": _value(one), "number": number, "at": f"step-{number}-"}
            for number, one in enumerate(report.get("steps", ()), 1)
        ],
    }
    return shown


def _value(report: Row) -> float | None:
    """The one figure that stands for a report; None where nobody has answered."""
    member, name = MEASURES[report["method"]["measure"]]
    found = report.get(member)
    return found[name] if found else None


def _whisker(row: Row | None, name: str, *, threshold: float | None = None) -> charts.Whisker | None:
    if row is None:
        return None
    spread = row["interval"]
    interval = Interval(spread["low"], spread["high"], 0.95) if spread else None
    return charts.whisker(row[name], interval, threshold=threshold)


def _over_time(report: Row, member: str, name: str) -> list[Point]:
    rows = report.get(member, ())
    figures = [(row["period"], row[name]) for row in rows]
    return _curve(figures, [row.get("interval") for row in rows], most=MOST_TIMES)


def _curve(
    rows: Sequence[tuple[str, float | None]],
    intervals: Sequence[Row | None] | None = None,
    *,
    most: int = 12,
) -> list[Point]:
    """Points from left to right on an axis of 0 to 1; below 0 on its foot. None for fewer than two figures.

    About `most` of them are named: every so many, and the last.
    """
    spreads = intervals if intervals is not None else [None] * len(rows)
    known = [
        (label, value, spread)
        for (label, value), spread in zip(rows, spreads, strict=True)
        if value is not None
    ]
    if len(known) < 2:
        return []
    pitch, last = (charts.WIDE - 2 * LEFT) / (len(known) - 1), len(known) - 1
    every = -(-len(known) // most)
    return [
        Point(
            label,
            value,
            round(LEFT + index * pitch, 2),
            _height(value),
            _height(spread["low"]) if spread else None,
            _height(spread["high"]) if spread else None,
            index == last or (index % every == 0 and last - index >= every),
        )
        for index, (label, value, spread) in enumerate(known)
    ]


def _height(value: float) -> float:
    return round(BASE - min(max(0.0, value), 1.0) * (BASE - 20), 2)
