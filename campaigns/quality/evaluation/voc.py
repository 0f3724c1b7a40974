"""Pascal VOC's average precision, by eleven points (2007) and by the whole curve (from 2010 on).

M. Everingham et al. (2010), The Pascal Visual Object Classes (VOC) Challenge, IJCV 88, 303–338. Predictions of a
label in falling order of score; each looks at the true box of its canvas that it overlaps most. At IoU ≥ t the
first to do so is right, every later one wrong, without a second choice. Boxes marked as difficult (`crowd` here)
are neither to be found nor wrong to find. AP: the mean over recalls 0, 0.1, … 1 of the greatest precision at
that recall or beyond; or the area under the precision so made monotone.

VOC counts pixels, so a box from 10 to 19 is ten wide: `pixels=True` adds that one. Ours are continuous. Outlines and
points go by their own likeness (`alike`).
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.evaluation.alike import alike
from campaigns.quality.evaluation.columns import PredictedBoxes, TrueBoxes, shared_codes
from campaigns.quality.evaluation.greedy import Flags, overlaps, pairs_of_groups

_RIGHT, _WRONG, _ASIDE = 1, 0, -1


@dataclass(frozen=True, slots=True)
class VocFigures:
    """One label: AP both ways, the curve (in falling score), and the boxes behind it; None if nothing to find."""

    label: Any
    eleven_points: float | None
    all_points: float | None
    precision: Floats
    recall: Floats
    true: tuple[tuple[Any, Any], ...]  # (prediction, truth)
    false: tuple[Any, ...]
    missed: tuple[Any, ...]


def evaluate_voc(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    *,
    threshold: float = 0.5,
    pixels: bool = False,
) -> list[VocFigures]:
    """Every label that occurs, sorted."""
    codes = shared_codes(truth, predictions)
    k = max(len(codes.labels), 1)
    met = _nearest(
        truth, predictions, codes.canvas * k + codes.label, codes.true_canvas * k + codes.true_label,
        threshold, float(pixels),
    )  # fmt: skip
    order = np.lexsort((np.arange(len(predictions)), -predictions.score, codes.label)).astype(np.int64)
    verdict = _verdicts(met, order, truth.crowd)
    figures = []
    for place, label in enumerate(codes.labels.tolist()):
        rows = order[codes.label[order] == place]
        mine = codes.true_label == place
        figures.append(_figures(label, rows, verdict[rows], met, truth, predictions, mine))
    return figures


def _nearest(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    group: Ints,
    true_group: Ints,
    threshold: float,
    extra: float,
) -> Ints:
    """The row of the true box each prediction overlaps most, the first of equals; −1 below the threshold."""
    met = np.full(len(predictions), -1, dtype=np.int64)
    grown, true_grown = (boxes + np.array([0, 0, extra, extra]) for boxes in (predictions.boxes, truth.boxes))
    likeness = alike(predictions, replace(truth, crowd=np.zeros(len(truth), dtype=bool)))
    for one, other in pairs_of_groups(group, true_group):
        if extra:
            share = overlaps(grown[one], true_grown[other], np.zeros(len(one), dtype=bool))
        else:
            share = likeness(one, other)
        order = np.lexsort((other, -share, one))
        first = order[np.flatnonzero(np.diff(one[order], prepend=-1))]
        close = first[share[first] >= threshold]
        met[one[close]] = other[close]
    return met


def _verdicts(met: Ints, order: Ints, crowd: Flags) -> Ints:
    verdict = np.full(len(met), _WRONG, dtype=np.int64)
    hits = order[met[order] >= 0]
    _, first = np.unique(met[hits], return_index=True)
    verdict[hits[first]] = _RIGHT
    verdict[hits[crowd[met[hits]]]] = _ASIDE
    return verdict


def _figures(
    label: Any,
    rows: Ints,
    verdict: Ints,
    met: Ints,
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    mine: Flags,
) -> VocFigures:
    told = rows[verdict != _ASIDE]
    right = verdict[verdict != _ASIDE] == _RIGHT
    wanted = mine & ~truth.crowd
    hits, positives = np.cumsum(right).astype(np.float64), int(wanted.sum())
    precision = hits / np.arange(1, len(told) + 1)
    recall = hits / positives if positives else np.zeros(len(told))
    found = np.zeros(len(truth), dtype=bool)
    found[met[told[right]]] = True
    ids, true_ids = predictions.id, truth.id
    return VocFigures(
        label=label,
        eleven_points=_eleven(precision, recall) if positives else None,
        all_points=_area(precision, recall) if positives else None,
        precision=precision,
        recall=recall,
        true=tuple(zip(ids[told[right]].tolist(), true_ids[met[told[right]]].tolist(), strict=True)),
        false=tuple(ids[told[~right]].tolist()),
        missed=tuple(true_ids[wanted & ~found].tolist()),
    )


def _eleven(precision: Floats, recall: Floats) -> float:
    # 0.6 is 6/10: a hair of tolerance keeps rounding from deciding whether a recall is reached.
    points = [precision[recall >= tenth / 10 - 1e-12] for tenth in range(11)]
    return float(np.mean([values.max(initial=0.0) for values in points]))


def _area(precision: Floats, recall: Floats) -> float:
    monotone = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(recall, prepend=0.0) * monotone).sum())
