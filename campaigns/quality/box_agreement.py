"""How far people agree on boxes: F1 at an IoU and the mean IoU of what matched, per pair of people and
overall.

Two people are compared on the canvases that both saw. On each, their boxes are matched one to one (the most
pairs, then the greatest overlap), and

    F1 = 2 × matched / (boxes of one + boxes of the other)

“Nothing here” is a statement like a box: two people who both leave a canvas empty agree on one statement (1
of 1 and 1), one who says “nothing here” against k boxes agrees on none of 1 + k. `f1_boxes` leaves these
statements out, as detection benchmarks do.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.bootstrap import Interval, interval_by_canvas
from campaigns.quality.matching import match_people
from campaigns.quality.overlapping import Floats, Ints, as_boxes
from campaigns.quality.pairing import pairs_within


@dataclass(frozen=True, slots=True)
class BoxFigures:
    """Sums over meetings (two people on one canvas), and what follows from them; None where nothing does."""

    canvases: int
    boxes_a: int
    boxes_b: int
    matched: int
    both_empty: int
    one_empty: int
    iou_sum: float

    @property
    def f1(self) -> float | None:
        """With “nothing here” counted as a statement, 0–1."""
        stated = self.boxes_a + self.boxes_b + 2 * self.both_empty + self.one_empty
        return 2 * (self.matched + self.both_empty) / stated if stated else None

    @property
    def f1_boxes(self) -> float | None:
        """Of boxes alone, 0–1."""
        total = self.boxes_a + self.boxes_b
        return 2 * self.matched / total if total else None

    @property
    def mean_iou(self) -> float | None:
        """Of the matched boxes."""
        return self.iou_sum / self.matched if self.matched else None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two people, the first by name before the second."""

    a: Any
    b: Any
    figures: BoxFigures


@dataclass(frozen=True, slots=True)
class ByCanvas:
    """One row `(c,)` for each canvas that two people or more saw, in sorted order.

    `f1`, `mean_iou` as `BoxFigures` of the meetings there (NaN where there is none); `shapes`: how many were drawn.
    """

    canvas: npt.NDArray[Any]
    f1: Floats
    mean_iou: Floats
    people: Ints
    shapes: Ints


@dataclass(frozen=True, slots=True)
class Stratum:
    """The meetings on the canvases of one stratum; `shapes`: how many were drawn there."""

    stratum: int
    figures: BoxFigures
    interval: Interval | None
    canvases: int
    people: int
    shapes: int


@dataclass(frozen=True, slots=True)
class BoxAgreement:
    """All meetings together, each pair of people, each canvas, each stratum, and the interval of the overall F1."""

    overall: BoxFigures
    pairs: tuple[PairAgreement, ...]
    by_canvas: ByCanvas
    interval: Interval | None
    canvases: int
    people: int
    strata: tuple[Stratum, ...] = ()


def box_agreement(
    boxes: npt.ArrayLike,
    canvas: npt.ArrayLike,
    person: npt.ArrayLike,
    *,
    seen_canvas: npt.ArrayLike,
    seen_person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    threshold: float = 0.5,
    seed: int | None = None,
    samples: int = 1000,
) -> BoxAgreement:
    """Agreement on `boxes (n, 4)` of `canvas (n,)` and `person (n,)` among those who saw a canvas.

    `seen_canvas (m,)`, `seen_person (m,)`: every canvas each person answered, with or without boxes. With
    `label (n,)` only boxes of the same label match. With a `seed`, the interval of the overall F1 is drawn by
    canvas.

    Raises ValueError when a box stands on a canvas that its person did not see.
    """
    rows = as_boxes(boxes)
    return shape_agreement(
        len(rows),
        canvas,
        person,
        lambda who, where: match_people(rows, who, label, canvas=where, threshold=threshold),
        seen_canvas=seen_canvas,
        seen_person=seen_person,
        seed=seed,
        samples=samples,
    )


# Codes of the person and the canvas of each shape → rows i, j that mean the same, and how alike they are.
Match = Callable[[Ints, Ints], tuple[Ints, Ints, Floats]]


def shape_agreement(
    n: int,
    canvas: npt.ArrayLike,
    person: npt.ArrayLike,
    match: Match,
    *,
    seen_canvas: npt.ArrayLike,
    seen_person: npt.ArrayLike,
    stratum: Ints | None = None,
    seed: int | None = None,
    samples: int = 1000,
) -> BoxAgreement:
    """The same of `n` shapes of any kind, matched by `match`; `mean_iou` is the mean of the likeness it gives.

    `stratum (canvases,)`: that of each distinct seen canvas in sorted order; each stratum is then measured by itself.
    """
    meetings = _meetings(
        n, np.asarray(canvas), np.asarray(person), np.asarray(seen_canvas), np.asarray(seen_person)
    )
    i, j, overlap = match(meetings.person, meetings.canvas)
    at = meetings.find(meetings.canvas[i], meetings.person[i], meetings.person[j])
    matched = np.bincount(at, minlength=len(meetings.a)).astype(np.float64)
    sums = np.bincount(at, overlap, minlength=len(meetings.a))
    table = np.column_stack([meetings.table, matched, sums])
    pair = meetings.a * len(meetings.names) + meetings.b
    return BoxAgreement(
        overall=_figures(table),
        pairs=tuple(
            PairAgreement(
                meetings.names[key // len(meetings.names)].item(),
                meetings.names[key % len(meetings.names)].item(),
                _figures(table[pair == key]),
            )
            for key in np.unique(pair).tolist()
        ),
        by_canvas=_by_canvas(table, meetings),
        interval=_spread(table, meetings.place, seed, samples),
        canvases=len(np.unique(meetings.place)),
        people=len(np.unique(np.concatenate([meetings.a, meetings.b]))),
        strata=() if stratum is None else tuple(_strata(table, meetings, stratum, seed, samples)),
    )


@dataclass(frozen=True, slots=True)
class _Meetings:
    """Every two people on every canvas both saw; `table` columns: boxes of a, of b, both empty, one empty."""

    names: npt.NDArray[Any]
    places: npt.NDArray[Any]
    looks: Ints  # how many people saw each of `places`
    place: Ints
    a: Ints
    b: Ints
    table: Floats
    canvas: Ints  # per box
    person: Ints  # per box

    def find(self, place: Ints, a: Ints, b: Ints) -> Ints:
        people = len(self.names)
        keys = (self.place * people + self.a) * people + self.b
        order = np.argsort(keys)
        wanted = (place * people + np.minimum(a, b)) * people + np.maximum(a, b)
        return order[np.searchsorted(keys, wanted, sorter=order)].astype(np.int64)


def _meetings(
    n: int,
    canvas: npt.NDArray[Any],
    person: npt.NDArray[Any],
    seen_canvas: npt.NDArray[Any],
    seen_person: npt.NDArray[Any],
) -> _Meetings:
    if not canvas.shape == person.shape == (n,) or seen_canvas.shape != seen_person.shape:
        raise ValueError("Every box needs its canvas and person, and every look its canvas and person.")
    places, seen_place = np.unique(seen_canvas, return_inverse=True)
    names, seen_name = np.unique(seen_person, return_inverse=True)
    looks = np.unique(seen_place.astype(np.int64) * max(len(names), 1) + seen_name)
    box_place, box_name = codes_in(places, canvas), codes_in(names, person)
    box_look = box_place * max(len(names), 1) + box_name
    if not np.isin(box_look, looks).all():
        raise ValueError("A box stands on a canvas that its person is not said to have seen.")
    drawn = np.bincount(np.searchsorted(looks, box_look), minlength=len(looks)).astype(np.float64)
    place, name = looks // max(len(names), 1), looks % max(len(names), 1)
    one, other = pairs_within(place)
    empty_a, empty_b = drawn[one] == 0, drawn[other] == 0
    table = np.column_stack([drawn[one], drawn[other], empty_a & empty_b, empty_a ^ empty_b]).astype(
        np.float64
    )
    seen_by = np.bincount(place, minlength=len(places)).astype(np.int64)
    return _Meetings(names, places, seen_by, place[one], name[one], name[other], table, box_place, box_name)


def codes_in(known: npt.NDArray[Any], values: npt.NDArray[Any]) -> Ints:
    """The places of `values (n,)` in the sorted `known`. Raises ValueError for one that is not there."""
    if not len(values):
        return np.zeros(0, np.int64)
    if not np.isin(values, known).all():
        raise ValueError("A box stands on a canvas that its person is not said to have seen.")
    return np.searchsorted(known, values).astype(np.int64)


def _figures(table: Floats) -> BoxFigures:
    a, b, both_empty, one_empty, matched, iou_sum = table.sum(axis=0).tolist()
    return BoxFigures(len(table), int(a), int(b), int(matched), int(both_empty), int(one_empty), iou_sum)


def _strata(
    table: Floats, meetings: _Meetings, stratum: Ints, seed: int | None, samples: int
) -> Iterator[Stratum]:
    drawn = np.bincount(stratum[meetings.canvas], minlength=int(stratum.max(initial=0)) + 1)
    of_meeting = stratum[meetings.place]
    for code in np.unique(of_meeting).tolist():
        here = of_meeting == code
        place = meetings.place[here]
        yield Stratum(
            stratum=code,
            figures=_figures(table[here]),
            interval=_spread(table[here], place, seed, samples),
            canvases=len(np.unique(place)),
            people=len(np.unique(np.concatenate([meetings.a[here], meetings.b[here]]))),
            shapes=int(drawn[code]),
        )


def _spread(table: Floats, place: Ints, seed: int | None, samples: int) -> Interval | None:
    """The interval of F1 by canvas."""
    if seed is None or not len(table):
        return None
    stated = _stated(table, place)
    return interval_by_canvas(lambda w: _ratio(w @ stated), len(stated), seed=seed, samples=samples)


def _stated(table: Floats, place: Ints) -> Floats:
    """Per canvas: twice the agreed statements, and all statements (canvases, 2)."""
    agreed = 2 * (table[:, 4] + table[:, 2])
    stated = table[:, 0] + table[:, 1] + 2 * table[:, 2] + table[:, 3]
    kept, index = np.unique(place, return_inverse=True)
    return np.column_stack([np.bincount(index, column, len(kept)) for column in (agreed, stated)])


def _by_canvas(table: Floats, meetings: _Meetings) -> ByCanvas:
    kept, index = np.unique(meetings.place, return_inverse=True)
    matched, overlap = (np.bincount(index, table[:, column], len(kept)) for column in (4, 5))
    mean = np.divide(overlap, matched, out=np.full(len(kept), np.nan), where=matched > 0)
    drawn = np.bincount(meetings.canvas, minlength=len(meetings.places)).astype(np.int64)
    return ByCanvas(
        canvas=meetings.places[kept],
        f1=_ratio(_stated(table, meetings.place)),
        mean_iou=mean,
        people=meetings.looks[kept],
        shapes=drawn[kept],
    )


def _ratio(sums: Floats) -> Floats:
    shares: Floats = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0)
    return shares


THRESHOLDS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))


def agreement_curve(
    boxes: npt.ArrayLike,
    canvas: npt.ArrayLike,
    person: npt.ArrayLike,
    *,
    seen_canvas: npt.ArrayLike,
    seen_person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    thresholds: Sequence[float] = THRESHOLDS,
) -> dict[float, BoxFigures]:
    """The overall figures at each IoU threshold, by default 0.5 to 0.95: how exact people are, not only whether."""
    return {
        threshold: box_agreement(
            boxes, canvas, person, seen_canvas=seen_canvas, seen_person=seen_person, label=label, threshold=threshold
        ).overall
        for threshold in thresholds
    }  # fmt: skip
