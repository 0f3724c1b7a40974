"""Precision, recall, F1 and specificity per label and together, with intervals by canvas and the ids behind them.

With the counts of true (tp), false (fp) and missed (fn) judgements and of rightly silent ones (tn):

    precision = tp / (tp + fp)     recall (sensitivity) = tp / (tp + fn)
    F1 = 2 tp / (2 tp + fp + fn)    specificity = tn / (tn + fp)

micro: from the summed counts; macro: the mean over labels that occur (van Rijsbergen 1979; Sokolova & Lapalme
2009, Inf. Process. Manag. 45, 427–437). Boxes have no tn: there is no end of places where nothing is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Floats, Ints, Names, factorise
from campaigns.quality.bootstrap import Interval, Statistic, interval_by_canvas
from campaigns.quality.evaluation.coco import Detections


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts, and what follows from them; None where nothing does."""

    tp: int
    fp: int
    fn: int
    tn: int | None

    @property
    def precision(self) -> float | None:
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def specificity(self) -> float | None:
        return None if self.tn is None else _share(self.tn, self.tn + self.fp)


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Rates per label and in sum; and the ids of what is right, false and missed of each label.

    `per_canvas (3, canvases, labels)`: tp, fp, fn, from which intervals and comparisons are drawn.
    """

    labels: tuple[Any, ...]
    rates: tuple[Rates, ...]
    together: Rates
    true: tuple[tuple[Any, ...], ...]
    false: tuple[tuple[Any, ...], ...]
    missed: tuple[tuple[Any, ...], ...]
    canvases: Names
    per_canvas: Floats

    @property
    def macro_f1(self) -> float | None:
        """Mean F1 of the labels that occur in truth or prediction."""
        values = [rates.f1 for rates in self.rates if rates.f1 is not None]
        return float(np.mean(values)) if values else None

    def statistic(self, name: str, label: Any = None) -> Statistic:
        """“precision”, “recall”, “f1” (of one label, or micro) or “macro_f1” of reweighted canvases."""
        counts = self.per_canvas
        if name == "macro_f1":
            return lambda weights: _macro(*(weights @ part for part in counts))
        column = counts.sum(axis=2) if label is None else counts[:, :, self.labels.index(label)]
        shares = _SHARES[name]
        return lambda weights: shares(*(weights @ part for part in column))

    def interval(self, name: str, *, label: Any = None, seed: int, samples: int = 1000) -> Interval | None:
        """The bootstrap interval by canvas of one of the figures of `statistic`."""
        return interval_by_canvas(self.statistic(name, label), len(self.canvases), seed=seed, samples=samples)


def figures_of_labels(
    ids: Sequence[Any],
    truth: Sequence[Collection[Any]],
    predicted: Sequence[Collection[Any]],
    *,
    canvas: Sequence[Any] | None = None,
    labels: Sequence[Any] | None = None,
) -> LabelFigures:
    """Of labels of images or regions: one row each, with a set of true and a set of predicted labels.

    `canvas`: what the rows of one canvas share (default: every row is its own). `labels`: all that may be given
    (default: those that occur). Raises ValueError for columns of other lengths or unknown labels.
    """
    if not len(ids) == len(truth) == len(predicted) or (canvas is not None and len(canvas) != len(ids)):
        raise ValueError("Every row needs an id, its true labels and its predicted labels.")
    known = (
        sorted({label for row in (*truth, *predicted) for label in row}) if labels is None else list(labels)
    )
    place = {label: code for code, label in enumerate(known)}
    if unknown := {label for row in (*truth, *predicted) for label in row} - set(place):
        raise ValueError(f"The label “{min(map(str, unknown))}” is not among those given.")
    k, names = len(known), np.asarray(ids)
    sides = []
    for rows in (truth, predicted):
        pairs = [(row, place[label]) for row, said in enumerate(rows) for label in set(said)]
        sides.append(np.array([row * max(k, 1) + code for row, code in pairs], dtype=np.int64))
    true, said = sides
    right = np.intersect1d(true, said)
    false, missed = np.setdiff1d(said, true), np.setdiff1d(true, said)
    places, at = factorise(np.arange(len(ids)) if canvas is None else np.asarray(canvas))
    keys = [(group // max(k, 1), group % max(k, 1)) for group in (right, false, missed)]
    return _assemble(known, places, [(at[row], code, names[row]) for row, code in keys], len(ids))


def figures_of_boxes(
    detections: Detections, *, threshold: float = 0.5, score: float = -np.inf, size: str = "all"
) -> LabelFigures:
    """Of boxes of at least this `score`, met by place and label at IoU ≥ `threshold`.

    The ids of right ones are those of the predictions; `Detections.behind` has them with what they met.
    """
    codes, s, t = detections.codes, detections.size_place(size), detections.threshold_place(threshold)
    met, aside = detections.meeting.met[s, t], detections.meeting.ignored[s, t]
    counts = ~aside & (detections.predictions.score >= score)
    right, false = np.flatnonzero(counts & (met >= 0)), np.flatnonzero(counts & (met < 0))
    found = np.zeros(len(detections.truth), dtype=bool)
    found[met[right]] = True
    missed = np.flatnonzero(~found & ~detections.aside[s])
    ids = detections.predictions.id
    return _assemble(
        codes.labels.tolist(),
        codes.canvases,
        [
            (codes.canvas[right], codes.label[right], ids[right]),
            (codes.canvas[false], codes.label[false], ids[false]),
            (codes.true_canvas[missed], codes.true_label[missed], detections.truth.id[missed]),
        ],
        None,
    )


def best_score(
    detections: Detections, *, threshold: float = 0.5, label: Any = None
) -> tuple[float, float] | None:
    """The score from which on to believe predictions so that F1 is greatest, and that F1; None without a right one."""
    s, t = 0, detections.threshold_place(threshold)
    met, counts = detections.meeting.met[s, t], ~detections.meeting.ignored[s, t]
    positives = detections.positives[s]
    total = int(positives.sum())
    if label is not None:
        code = detections.labels.tolist().index(label)
        counts, total = counts & (detections.codes.label == code), int(positives[code])
    rows = np.flatnonzero(counts)
    rows = rows[np.argsort(-detections.predictions.score[rows], kind="stable")]
    hits = np.cumsum(met[rows] >= 0)
    if not len(rows) or not hits[-1]:
        return None
    values = 2 * hits / (np.arange(1, len(rows) + 1) + total)
    scores = detections.predictions.score[rows]
    # A cut between equal scores does not exist.
    values[:-1][scores[:-1] == scores[1:]] = -1
    best = int(np.argmax(values))
    return float(scores[best]), float(values[best])


def _assemble(
    labels: list[Any], canvases: Names, parts: list[tuple[Ints, Ints, Names]], rows: int | None
) -> LabelFigures:
    k, places = len(labels), len(canvases)
    tables = np.zeros((3, places, k))
    for table, (canvas, code, _) in zip(tables, parts, strict=True):
        np.add.at(table, (canvas, code), 1.0)
    sums = tables.sum(axis=1).astype(int)
    rates = tuple(
        Rates(tp, fp, fn, None if rows is None else rows - tp - fp - fn) for tp, fp, fn in sums.T.tolist()
    )
    tp, fp, fn = sums.sum(axis=1).tolist()
    true, false, missed = (
        tuple(tuple(ids[code == place].tolist()) for place in range(k)) for _, code, ids in parts
    )
    silent = None if rows is None else rows * k - tp - fp - fn
    return LabelFigures(
        tuple(labels), rates, Rates(tp, fp, fn, silent), true, false, missed, canvases, tables
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _ratio(part: Floats, whole: Floats) -> Floats:
    shares: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return shares


def _macro(tp: Floats, fp: Floats, fn: Floats) -> Floats:
    values = _ratio(2 * tp, 2 * tp + fp + fn)
    told = np.isfinite(values)
    return _ratio(np.where(told, values, 0.0).sum(axis=1), told.sum(axis=1).astype(np.float64))


def _precision(tp: Floats, fp: Floats, _fn: Floats) -> Floats:
    return _ratio(tp, tp + fp)


def _recall(tp: Floats, _fp: Floats, fn: Floats) -> Floats:
    return _ratio(tp, tp + fn)


def _f1(tp: Floats, fp: Floats, fn: Floats) -> Floats:
    return _ratio(2 * tp, 2 * tp + fp + fn)


_SHARES = {"precision": _precision, "recall": _recall, "f1": _f1}
