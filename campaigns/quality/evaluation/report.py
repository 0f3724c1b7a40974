"""Everything that is told of a run of a detector, put together: plain figures, and the boxes behind each of them.

Labels and canvases are codes (whole numbers), ids the rows of the two tables, so that what is kept stays small.
The shape of the figures is written down in docs/quality.md; `VERSION` changes when it does.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from campaigns.quality.answers import Floats
from campaigns.quality.evaluation.alike import bar_of
from campaigns.quality.evaluation.calibration import Calibration, calibrate
from campaigns.quality.evaluation.coco import MOST, SIZES, THRESHOLDS, Behind, Detections, evaluate_boxes
from campaigns.quality.evaluation.columns import PredictedBoxes, TrueBoxes
from campaigns.quality.evaluation.confusion import Confusion, confusion_of_boxes
from campaigns.quality.evaluation.figures import (
    LabelFigures,
    Rates,
    best_score,
    figures_of_boxes,
    figures_of_labels,
)
from campaigns.quality.evaluation.judged import Pair, Report
from campaigns.quality.evaluation.plain import plain
from campaigns.quality.evaluation.points import DISTANCES, POINT_SIZES, REACH, points_summary
from campaigns.quality.evaluation.resampled import ap_interval
from campaigns.quality.evaluation.sizes import sides_by_quantile, size_table
from campaigns.quality.evaluation.uncounted import uncounted_boxes, with_kept
from campaigns.quality.evaluation.voc import evaluate_voc

VERSION = 5
SEED = 20_260_101
MOST_INTERVALS = 60  # labels that get an interval of their own
SAMPLES_OF_AP = 200


def report_on_boxes(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    *,
    canvases: int,
    iou: float = 0.5,
    reach: float = REACH,
    score: float | None = None,
    known: Collection[int] = (),
    scored: bool = True,
    ranked: bool = True,
) -> Report:
    """`canvases`: how many were looked at, codes 0…; `known`: those that the model had seen with their truth.

    Tables with outlines are measured by the IoU of these, points (`as_points`) by their distance: right within
    `reach`, a share of the diagonal, and `iou` says nothing. `score`: from which on predictions count in precision,
    recall, F1 and confusion; None for the one of greatest F1. `scored` is False when the model said of some
    prediction not how sure it is: then no calibration is told. `ranked` is False for people, who say what they say:
    then every box counts, however many there are, and what goes along scores is left out (AP, VOC, sizes).
    """
    points = truth.diagonal is not None
    bar = bar_of(reach) if points else iou
    # Models may say more boxes than there are things, and the protocol reads the surest; people mean each of theirs.
    most = MOST if ranked else (*MOST[:-1], max(MOST[-1], len(predictions)))
    evaluated, at = detections_of(truth, predictions, range(canvases), bar, most)
    best = best_score(at, threshold=bar)
    cut = score if score is not None else best[0] if best else 0.0
    rates = figures_of_boxes(at, threshold=bar, score=cut)
    confusion = confusion_of_boxes(truth, predictions, threshold=bar, score=cut)
    below = uncounted_boxes(at, threshold=bar, score=cut)
    figures: dict[str, Any] = {
        "version": VERSION,
        "kind": "boxes",
        "measure": "distance" if points else "outline-iou" if truth.outlines else "box-iou",
        "iou": None if points else iou,
        "reach": reach if points else None,
        "score": {"value": cut, "chosen": "best-f1" if score is None else "given", "below": below.count},
        "overall": overall_of(rates),
        "coco": _coco(evaluated) if ranked and not points else None,
        "points": points_summary(evaluated, at, reach, seed=SEED, samples=SAMPLES_OF_AP)
        if ranked and points
        else None,
        "classes": _classes(truth, predictions, evaluated, at, rates, bar, cut, canvases, ranked=ranked),
        "confusion": table_of(confusion),
        # Points have no size.
        "sizes": _sizes(truth, predictions, iou, canvases) if ranked and not points else None,
        "calibration": with_kept(calibration_of(_calibration(at, bar) if scored and ranked else None), below),
        "without_known": _without(truth, predictions, set(known), canvases, bar, cut),
    }
    figures["voc"] = (
        {
            name: _mean([row["voc"][name] for row in figures["classes"] if row["voc"]])
            for name in ("eleven_points", "all_points")
        }
        if ranked
        else None
    )
    behind = at.behind(threshold=bar, score=cut)
    return Report(
        plain(figures), [*_by_label(truth, predictions, behind), *below.pairs, *pairs_of(confusion)]
    )


def detections_of(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    canvases: Sequence[int],
    bar: float,
    most: Sequence[int] = MOST,
) -> tuple[Detections, Detections]:
    """The evaluation at COCO's thresholds, or the distances of points; and the one that holds the bar in use."""
    points = truth.diagonal is not None
    thresholds = tuple(map(bar_of, DISTANCES)) if points else THRESHOLDS
    sizes = POINT_SIZES if points else SIZES
    found = evaluate_boxes(
        truth, predictions, canvases=canvases, thresholds=thresholds, sizes=sizes, most=most
    )
    if any(abs(bar - one) < 1e-9 for one in thresholds):
        return found, found
    return found, evaluate_boxes(
        truth, predictions, canvases=canvases, thresholds=(bar,), sizes=sizes, most=most
    )


def _coco(found: Detections) -> dict[str, Any]:
    """COCO's twelve, with intervals by canvas of the two that are quoted."""
    return {
        **found.summary(),
        "intervals": {
            "AP": plain(ap_interval(found, seed=SEED, samples=SAMPLES_OF_AP)),
            "AP50": plain(ap_interval(found, threshold=0.5, seed=SEED, samples=SAMPLES_OF_AP)),
        },
    }


def overall_of(rates: LabelFigures) -> dict[str, Any]:
    """Precision, recall and F1 over all labels, and the mean F1 of labels, each with its interval by canvas."""
    together = rates.together
    values = {"precision": together.precision, "recall": together.recall, "f1": together.f1}
    return {
        "tp": together.tp,
        "fp": together.fp,
        "fn": together.fn,
        **{
            name: {"value": value, "interval": plain(rates.interval(name, seed=SEED))}
            for name, value in {**values, "macro_f1": rates.macro_f1}.items()
        },
    }


def class_row(rates: LabelFigures, place: int, *, interval: bool) -> dict[str, Any]:
    """What is told of one label: counts, and what follows from them."""
    one: Rates = rates.rates[place]
    label = rates.labels[place]
    spread = rates.interval("f1", label=label, seed=SEED, samples=500) if interval else None
    return {
        "label": label,
        "tp": one.tp, "fp": one.fp, "fn": one.fn,
        "precision": one.precision, "recall": one.recall, "f1": one.f1, "specificity": one.specificity,
        "interval": plain(spread),
    }  # fmt: skip


def table_of(confusion: Confusion) -> dict[str, Any]:
    """The confusion table: counts with “not there” as last row and “missed” as last column."""
    return {
        "labels": list(confusion.labels),
        "counts": confusion.counts.tolist(),
        "recall": plain(confusion.recall().tolist()),
        "accuracy": plain(confusion.accuracy().tolist()),
        "overall": confusion.overall,
    }


def pairs_of(confusion: Confusion) -> list[Pair]:
    """What stands in the cells of a confusion table."""
    labels = [*confusion.labels, None]
    return [
        Pair(true, predicted, labels[row], labels[column], by_label=False)
        for true, predicted, row, column in zip(
            confusion.true, confusion.predicted, confusion.row.tolist(), confusion.column.tolist(), strict=True
        )
    ]  # fmt: skip


def calibration_of(found: Calibration | None) -> dict[str, Any] | None:
    """The curve with the number in each bin; None where confidences are missing or nothing was predicted."""
    if found is None or found.expected_error is None:
        return None
    return {
        "expected_error": found.expected_error,
        "greatest_error": found.greatest_error,
        "brier": found.brier,
        "bins": [
            {
                "low": one.low, "high": one.high, "confidence": one.confidence, "right": one.right,
                "interval": plain(one.interval), "n": len(one.ids),
            }
            for one in found.bins
        ],
    }  # fmt: skip


def commonest(rates: LabelFigures) -> set[int]:
    """The places of the labels with most true things: only so many get intervals of their own."""
    order = sorted(
        range(len(rates.labels)), key=lambda place: -(rates.rates[place].tp + rates.rates[place].fn)
    )
    return set(order[:MOST_INTERVALS])


def _classes(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    coco: Detections,
    at: Detections,
    rates: LabelFigures,
    iou: float,
    cut: float,
    canvases: int,
    *,
    ranked: bool,
) -> list[dict[str, Any]]:
    voc = {one.label: one for one in evaluate_voc(truth, predictions, threshold=iou)} if ranked else {}
    silent = _by_canvas(truth, predictions.at_least(cut), canvases, rates.labels)
    often = commonest(rates)
    rows = []
    for place, label in enumerate(rates.labels):
        best = best_score(at, threshold=iou, label=label)
        rows.append(
            {
                **class_row(rates, place, interval=place in often),
                # Boxes have no end of places where nothing is; images without the thing can be counted.
                "specificity": silent.rates[place].specificity,
                "ap": coco.ap(label=label) if ranked else None,
                "ap_at_iou": at.ap(threshold=iou, label=label) if ranked else None,
                "voc": {
                    "eleven_points": voc[label].eleven_points,
                    "all_points": voc[label].all_points,
                }
                if ranked
                else None,
                "best": {"score": best[0], "f1": best[1]} if ranked and best else None,
            }
        )
    return rows


def _by_canvas(
    truth: TrueBoxes, predictions: PredictedBoxes, canvases: int, labels: Sequence[int]
) -> LabelFigures:
    """Whether a label is on an image at all: what is true, and what was said."""
    sides: list[list[set[int]]] = []
    for canvas, label in (
        (truth.canvas[~truth.crowd], truth.label[~truth.crowd]),
        (predictions.canvas, predictions.label),
    ):
        said: list[set[int]] = [set() for _ in range(canvases)]
        for place, name in zip(canvas.tolist(), label.tolist(), strict=True):
            said[place].add(name)
        sides.append(said)
    return figures_of_labels(range(canvases), sides[0], sides[1], labels=labels)


def _sizes(truth: TrueBoxes, predictions: PredictedBoxes, iou: float, canvases: int) -> dict[str, Any]:
    table = size_table(truth, predictions, sides_by_quantile(truth), threshold=iou, canvases=range(canvases))
    return {
        "sides": [[low, high if np.isfinite(high) else None] for low, high in table.sides],
        "rows": [
            {"label": label, "ap": plain(ap), "true": true, "whole": plain(whole)}
            for label, ap, true, whole in zip(
                table.labels, table.ap.tolist(), table.true.tolist(), table.whole.tolist(), strict=True
            )
        ],
    }


def _calibration(at: Detections, iou: float) -> Calibration | None:
    s, t = 0, at.threshold_place(iou)
    rows = np.flatnonzero(~at.meeting.ignored[s, t])
    probability: Floats = at.predictions.score[rows]
    if len(rows) and (probability.min() < 0 or probability.max() > 1):
        return None
    return calibrate(at.predictions.id[rows], probability, at.meeting.met[s, t, rows] >= 0)


def _without(
    truth: TrueBoxes, predictions: PredictedBoxes, known: set[int], canvases: int, bar: float, cut: float
) -> dict[str, Any] | None:
    """The chief figures on the images that the model had not seen with their truth; None if it had seen none."""
    if not known or len(known) >= canvases:
        return None
    left = sorted(set(range(canvases)) - known)
    fewer, said = (
        truth.rows(np.isin(truth.canvas, left)),
        predictions.rows(np.isin(predictions.canvas, left)),
    )
    found, at = detections_of(fewer, said, left, bar)
    return {
        "canvases": len(left),
        "AP": found.ap(),
        "AP50": None if truth.diagonal is not None else found.ap(threshold=0.5),
        "ap_at_iou": at.ap(threshold=bar),
        "f1": figures_of_boxes(at, threshold=bar, score=cut).together.f1,
    }


def _by_label(truth: TrueBoxes, predictions: PredictedBoxes, behind: Behind) -> list[Pair]:
    pairs = []
    for predicted, true in behind.true:
        label = int(predictions.label[predicted])
        pairs.append(Pair(true, predicted, label, label, by_label=True))
    pairs += [Pair(None, row, None, int(predictions.label[row]), by_label=True) for row in behind.false]
    pairs += [Pair(row, None, int(truth.label[row]), None, by_label=True) for row in behind.missed]
    return pairs


def _mean(values: list[float | None]) -> float | None:
    told = [value for value in values if value is not None]
    return float(np.mean(told)) if told else None
