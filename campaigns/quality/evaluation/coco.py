"""COCO's average precision and recall of boxes, equal to pycocotools, with the boxes behind every figure.

Outlines and points go the same way: `alike` says how near two things are, and thresholds are bars of that.

T.-Y. Lin et al. (2014), Microsoft COCO: Common Objects in Context; cocodataset.org/#detection-eval. For each
label, IoU threshold and range of sizes: predictions in falling order of score, precision made monotone from the
right, read at 101 recalls (0, 0.01, … 1), averaged: AP. AR: the greatest recall with at most m predictions an
image and label. AP, AP50, AP75, AP of small, medium and large (32², 96² square units); AR for m = 1, 10, 100.
Labels without a true box to find say nothing and are left out of means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Floats, Ints, Names
from campaigns.quality.evaluation.alike import alike
from campaigns.quality.evaluation.columns import PredictedBoxes, Shared, TrueBoxes, shared_codes
from campaigns.quality.evaluation.greedy import Flags, Meeting, meet, rank_in_group

THRESHOLDS = tuple(np.linspace(0.5, 0.95, 10).tolist())
RECALLS = np.linspace(0.0, 1.0, 101)
EVERYTHING = ("all", 0.0, 1e10)
SIZES = (EVERYTHING, ("small", 0.0, 32.0**2), ("medium", 32.0**2, 96.0**2), ("large", 96.0**2, 1e10))
MOST = (1, 10, 100)


@dataclass(frozen=True, slots=True)
class Behind:
    """The boxes behind a figure, by id: right ones with what they met, wrong ones, missed ones."""

    true: tuple[tuple[Any, Any], ...]  # (prediction, truth)
    false: tuple[Any, ...]
    missed: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Detections:
    """The evaluation. Tables are NaN where a label has no true box of the size.

    `precision (sizes, thresholds, labels, recalls)`; `recall (sizes, thresholds, labels, most)`;
    `positives (sizes, labels)`: the true boxes to find.
    """

    labels: Names
    canvases: Names
    thresholds: tuple[float, ...]
    sizes: tuple[tuple[str, float, float], ...]
    most: tuple[int, ...]
    precision: Floats
    recall: Floats
    positives: Ints
    truth: TrueBoxes
    predictions: PredictedBoxes
    codes: Shared
    meeting: Meeting
    rank: Ints
    aside: Flags

    def average_precision(self) -> Floats:
        """AP `(sizes, thresholds, labels)`."""
        return np.asarray(self.precision.mean(axis=3), dtype=np.float64)

    def ap(self, *, size: str = "all", threshold: float | None = None, label: Any = None) -> float | None:
        """Mean AP over thresholds (or one) and labels (or one); None where nothing was to be found."""
        table = self.precision[self.size_place(size)]
        rows = table if threshold is None else table[[self.threshold_place(threshold)]]
        return _mean(rows if label is None else rows[:, [self.label_place(label)]])

    def ar(self, *, size: str = "all", most: int | None = None, label: Any = None) -> float | None:
        """Mean greatest recall with at most `most` (one of `most`, default the largest) an image and label."""
        column = len(self.most) - 1 if most is None else self.most.index(most)
        table = self.recall[self.size_place(size), :, :, column]
        return _mean(table if label is None else table[:, [self.label_place(label)]])

    def summary(self) -> dict[str, float | None]:
        """The twelve figures under COCO's names; only those that thresholds and sizes allow."""
        names = [name for name, _, _ in self.sizes]
        figures = {"AP": self.ap()}
        for threshold in (0.5, 0.75):
            if any(abs(value - threshold) < 1e-9 for value in self.thresholds):
                figures[f"AP{round(100 * threshold)}"] = self.ap(threshold=threshold)
        figures |= {f"AP{name[0]}": self.ap(size=name) for name in names if name != "all"}
        figures |= {f"AR{most}": self.ar(most=most) for most in self.most}
        return figures | {f"AR{name[0]}": self.ar(size=name) for name in names if name != "all"}

    def behind(
        self, *, label: Any = None, threshold: float = 0.5, size: str = "all", score: float = -np.inf
    ) -> Behind:
        """The boxes that count at one threshold and size, for one label or all, of at least this score."""
        s, t = self.size_place(size), self.threshold_place(threshold)
        met, shown = self.meeting.met[s, t], self.predictions.score >= score
        of_label = shown if label is None else shown & (self.codes.label == self.label_place(label))
        counts = of_label & ~self.meeting.ignored[s, t] & (self.rank < max(self.most))
        right = np.flatnonzero(counts & (met >= 0))
        found = np.zeros(len(self.truth), dtype=bool)
        found[met[right]] = True
        wanted = ~self.aside[s] & ~found
        if label is not None:
            wanted &= self.codes.true_label == self.label_place(label)
        ids, true_ids = self.predictions.id, self.truth.id
        return Behind(
            true=tuple(zip(ids[right].tolist(), true_ids[met[right]].tolist(), strict=True)),
            false=tuple(ids[counts & (met < 0)].tolist()),
            missed=tuple(true_ids[wanted].tolist()),
        )

    def size_place(self, name: str) -> int:
        """The row of a range of sizes in the tables."""
        return [size[0] for size in self.sizes].index(name)

    def threshold_place(self, value: float) -> int:
        """The row of an IoU threshold. Raises ValueError for one that was not evaluated."""
        near = [place for place, one in enumerate(self.thresholds) if abs(one - value) < 1e-9]
        if not near:
            raise ValueError(f"The evaluation was not made at IoU {value}, but at {self.thresholds}.")
        return int(near[0])

    def label_place(self, label: Any) -> int:
        """The column of a label."""
        return int(self.labels.tolist().index(label))


def evaluate_boxes(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    *,
    canvases: Sequence[Any] | None = None,
    labels: Sequence[Any] | None = None,
    thresholds: Sequence[float] = THRESHOLDS,
    sizes: Sequence[tuple[str, float, float]] = SIZES,
    most: Sequence[int] = MOST,
) -> Detections:
    """The evaluation over `canvases` (all looked at, also empty ones; default those that occur) and `labels`.

    `sizes`: (name, least area, greatest area), both included; the first is the one that figures quote.
    `most`: predictions an image and label, rising; the last bounds what is read at all.
    """
    codes = shared_codes(truth, predictions, canvases, labels)
    k = max(len(codes.labels), 1)
    group, true_group = codes.canvas * k + codes.label, codes.true_canvas * k + codes.true_label
    _, rank = rank_in_group(group, predictions.score)
    low, high = (np.array([size[column] for size in sizes])[:, None] for column in (1, 2))
    aside = truth.crowd | (truth.area < low) | (truth.area > high)
    read = np.flatnonzero(rank < most[-1])
    part = meet(
        alike(predictions, truth, read), group[read], rank[read], true_group, truth.crowd, aside,
        np.asarray(thresholds, dtype=np.float64),
    )  # fmt: skip
    area = predictions.area
    outside = (area < low) | (area > high)
    shape = (len(sizes), len(thresholds), len(predictions))
    met, ignored = np.full(shape, -1, dtype=np.int32), np.ones(shape, dtype=bool)
    met[:, :, read] = part.met
    ignored[:, :, read] = part.ignored | ((part.met < 0) & outside[:, None, read])
    meeting = Meeting(met, ignored)
    positives = np.stack([np.bincount(codes.true_label[~row], minlength=len(codes.labels)) for row in aside])
    precision, recall = _curves(codes, predictions.score, rank, meeting, positives, tuple(most))
    return Detections(
        labels=codes.labels,
        canvases=codes.canvases,
        thresholds=tuple(thresholds),
        sizes=tuple(sizes),
        most=tuple(most),
        precision=precision,
        recall=recall,
        positives=positives.astype(np.int64),
        truth=truth,
        predictions=predictions,
        codes=codes,
        meeting=meeting,
        rank=rank,
        aside=aside,
    )


def _curves(
    codes: Shared, score: Floats, rank: Ints, meeting: Meeting, positives: Ints, most: tuple[int, ...]
) -> tuple[Floats, Floats]:
    """Precision at the recalls, and the greatest recalls."""
    sizes, thresholds, _ = meeting.met.shape
    labels = len(codes.labels)
    precision = np.full((sizes, thresholds, labels, len(RECALLS)), np.nan)
    recall = np.full((sizes, thresholds, labels, len(most)), np.nan)
    read = np.flatnonzero(rank < most[-1])
    # Falling score within a label; equals by canvas, then by rank, as the cocoapi concatenates them.
    order = read[np.lexsort((rank[read], codes.canvas[read], -score[read], codes.label[read]))]
    cuts = np.searchsorted(codes.label[order], np.arange(labels + 1))
    for label in range(labels):
        rows = order[cuts[label] : cuts[label + 1]]
        told = positives[:, label] > 0
        if not told.any():
            continue
        counts = ~meeting.ignored[:, :, rows]
        right = counts & (meeting.met[:, :, rows] >= 0)
        for column, top in enumerate(most):
            hits = right[:, :, rank[rows] < top].sum(axis=2)
            recall[told, :, label, column] = hits[told] / positives[told, label][:, None]
        precision[told, :, label] = _precision_at(
            right[told], counts[told] & ~right[told], positives[told, label].astype(np.float64)
        )
    return precision, recall


def _precision_at(right: Flags, wrong: Flags, positives: Floats) -> Floats:
    """Precision `(sizes, thresholds, recalls)` of predictions in order `(sizes, thresholds, n)`."""
    sizes, thresholds, n = right.shape
    found = np.zeros((sizes, thresholds, len(RECALLS)))
    if not n:
        return found
    hits = np.cumsum(right, axis=2, dtype=np.float64)
    shown = hits + np.cumsum(wrong, axis=2, dtype=np.float64)
    reached = hits / positives[:, None, None]
    exact = hits / (shown + np.spacing(1))
    monotone = np.maximum.accumulate(exact[:, :, ::-1], axis=2)[:, :, ::-1]
    for size in range(sizes):
        for threshold in range(thresholds):
            place = np.searchsorted(reached[size, threshold], RECALLS, side="left")
            inside = place < n
            found[size, threshold, inside] = monotone[size, threshold, place[inside]]
    return found


def _mean(table: Floats) -> float | None:
    told = table[~np.isnan(table)]
    return float(told.mean()) if len(told) else None
