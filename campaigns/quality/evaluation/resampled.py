"""Intervals of average precision by canvas, and the difference of two runs on the same canvases.

A canvas drawn w times counts w times in every sum under the curve: true positives, false positives, things to
find. So no image is evaluated twice; only the sums are taken anew.
"""

import numpy as np

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.bootstrap import Interval, Statistic, interval_by_canvas
from campaigns.quality.evaluation.coco import RECALLS, Detections
from campaigns.quality.evaluation.significance import Comparison


def ap_statistic(detections: Detections, *, threshold: float | None = None, size: str = "all") -> Statistic:
    """Mean AP over labels, and over all thresholds or one, of reweighted canvases (in `detections.canvases` order)."""
    s = detections.size_place(size)
    chosen = (
        range(len(detections.thresholds)) if threshold is None else [detections.threshold_place(threshold)]
    )
    curves = [
        _label_curve(detections, s, t, label) for t in chosen for label in range(len(detections.labels))
    ]

    def values(weights: Floats) -> Floats:
        rows = [_weighted(weights, *curve) for curve in curves]
        table = np.stack(rows) if rows else np.full((1, len(weights)), np.nan)
        told = np.isfinite(table)
        total = np.where(told, table, 0.0).sum(axis=0)
        means: Floats = np.divide(
            total, told.sum(axis=0), out=np.full(len(weights), np.nan), where=told.any(axis=0)
        )
        return means

    return values


def ap_interval(
    detections: Detections,
    *,
    threshold: float | None = None,
    size: str = "all",
    seed: int,
    samples: int = 200,
) -> Interval | None:
    """The bootstrap interval of mean AP by canvas."""
    statistic = ap_statistic(detections, threshold=threshold, size=size)
    return interval_by_canvas(statistic, len(detections.canvases), seed=seed, samples=samples)


def compare_ap(
    first: Detections, second: Detections, *, threshold: float | None = None, seed: int, samples: int = 200
) -> Comparison:
    """The difference in mean AP of two runs. Raises ValueError unless both were evaluated on the same canvases.

    The p-value is that of the paired bootstrap: twice the smaller share of draws on either side of no difference,
    (1 + as far) / (1 + draws) (Efron & Tibshirani 1993, ch. 15); never below 2^(1 − n) of n canvases, the least that an
    exchange of the runs canvas by canvas can give.
    """
    if first.canvases.tolist() != second.canvases.tolist():
        raise ValueError("Two runs are compared on the same canvases; give `canvases` to both evaluations.")
    one, other = ap_statistic(first, threshold=threshold), ap_statistic(second, threshold=threshold)
    drawn: list[Floats] = []

    def difference(weights: Floats) -> Floats:
        values: Floats = one(weights) - other(weights)
        drawn.append(values)
        return values

    n = len(first.canvases)
    spread = interval_by_canvas(difference, n, seed=seed, samples=samples)
    told = np.concatenate(drawn) if drawn else np.zeros(0)
    told = told[np.isfinite(told)]
    whole = np.ones((1, n))
    value = float((one(whole) - other(whole))[0]) if n else float("nan")
    p_value = None
    if spread is not None and len(told):
        aside = min(int((told <= 0).sum()), int((told >= 0).sum()))
        # Of n pairs there are 2^n exchanges: no paired test of so few canvases may be surer than that.
        p_value = min(1.0, max(2 * (1 + aside) / (1 + len(told)), 2.0 ** (1 - n)))
    return Comparison(value, spread, p_value, n)


def _label_curve(
    detections: Detections, size: int, threshold: int, label: int
) -> tuple[Ints, Floats, Floats]:
    """Canvas and outcome (1 right, 0 wrong) of a label's predictions in order, and things to find per canvas."""
    codes, met = detections.codes, detections.meeting.met[size, threshold]
    counts = ~detections.meeting.ignored[size, threshold] & (codes.label == label)
    rows = np.flatnonzero(counts)
    score = detections.predictions.score
    rows = rows[np.lexsort((detections.rank[rows], codes.canvas[rows], -score[rows]))]
    wanted = ~detections.aside[size] & (codes.true_label == label)
    positives = np.bincount(codes.true_canvas[wanted], minlength=len(detections.canvases))
    return codes.canvas[rows], (met[rows] >= 0).astype(np.float64), positives.astype(np.float64)


def _weighted(weights: Floats, canvas: Ints, right: Floats, positives: Floats) -> Floats:
    """AP of one label for each row of weights `(b, canvases)`; NaN where nothing is to be found."""
    wanted = weights @ positives
    ap = np.where(wanted > 0, 0.0, np.nan)
    if not len(canvas):
        return ap
    drawn = weights[:, canvas]
    hits, shown = np.cumsum(drawn * right, axis=1), np.cumsum(drawn, axis=1)
    exact = hits / (shown + np.spacing(1))
    monotone = np.maximum.accumulate(exact[:, ::-1], axis=1)[:, ::-1]
    for row in np.flatnonzero(wanted > 0).tolist():
        place = np.searchsorted(hits[row] / wanted[row], RECALLS, side="left")
        inside = place < len(canvas)
        ap[row] = monotone[row, place[inside]].sum() / len(RECALLS)
    return ap
