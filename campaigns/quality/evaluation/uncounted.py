"""Predictions that stand in no table since they are too unsure: what is behind the lower bins of the calibration.

Of every tenth of confidence the surest are kept: a detector may say a hundred unsure things of each image.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.evaluation.coco import Detections
from campaigns.quality.evaluation.judged import Pair

Flags = npt.NDArray[np.bool_]
MOST_A_BIN = 1000
BINS = 10


@dataclass(frozen=True, slots=True)
class Uncounted:
    """`count`: how many there are; `pairs`: those that are kept; `gone`: how many of each tenth are not."""

    count: int
    pairs: list[Pair]
    gone: tuple[int, ...]


def uncounted_boxes(at: Detections, *, threshold: float, score: float) -> Uncounted:
    """All that COCO's protocol does not put aside and that does not count from this score on."""
    s, t = at.size_place("all"), at.threshold_place(threshold)
    counted = (at.predictions.score >= score) & (at.rank < max(at.most))
    rows = np.flatnonzero(~at.meeting.ignored[s, t] & ~counted)
    met, sure = at.meeting.met[s, t], np.asarray(at.predictions.score, dtype=np.float64)

    def pair(row: int) -> Pair:
        true = int(met[row])
        return _pair(
            None if true < 0 else int(at.truth.id[true]),
            int(at.predictions.id[row]),
            None if true < 0 else int(at.truth.label[true]),
            int(at.predictions.label[row]),
            float(sure[row]),
        )

    return _kept(sure[rows], lambda place: pair(int(rows[place])))


def uncounted_labels(
    truth: Sequence[Collection[int]], scores: Floats, said: Flags, heard: Sequence[set[int]]
) -> Uncounted:
    """Of what was `said (images, labels)` what was not `heard`; rows are images on both sides."""
    places = [
        (row, label)
        for row, label in zip(*(place.tolist() for place in np.nonzero(said)), strict=True)
        if label not in heard[row]
    ]
    sure = np.array([scores[place] for place in places], dtype=np.float64)

    def pair(row: int, label: int) -> Pair:
        right = label in truth[row]
        return _pair(row if right else None, row, label if right else None, label, float(scores[row, label]))

    return _kept(sure, lambda place: pair(*places[place]))


def _pair(true: int | None, row: int, true_label: int | None, label: int, score: float) -> Pair:
    return Pair(true, row, true_label, label, by_label=True, counts=False, score=score)


def _kept(score: Floats, pair: Callable[[int], Pair]) -> Uncounted:
    """Pairs are made of what is kept only."""
    place = bins_of(score)
    kept = surest(score, place)
    gone = np.bincount(place, minlength=BINS) - np.bincount(place[kept], minlength=BINS)
    return Uncounted(len(score), [pair(row) for row in kept.tolist()], tuple(gone.tolist()))


def surest(score: Floats, place: Ints, most: int | None = None) -> Ints:
    """The rows of the surest of each tenth, in their order."""
    order = np.lexsort((np.arange(len(score)), -score, place))
    starts = np.searchsorted(place[order], place[order], side="left")
    return np.sort(order[np.arange(len(order)) - starts < (MOST_A_BIN if most is None else most)])


def bins_of(score: Floats) -> Ints:
    """The tenth that each score lies in, as `calibrate` divides them; 0 for all where one is no probability."""
    if len(score) and (score.min() < 0 or score.max() > 1):
        return np.zeros(len(score), dtype=np.int64)
    edges = np.linspace(0.0, 1.0, BINS + 1)
    return np.clip(np.searchsorted(edges, score, side="left") - 1, 0, BINS - 1).astype(np.int64)


def with_kept(calibration: dict[str, Any] | None, below: Uncounted) -> dict[str, Any] | None:
    """The calibration, with how many of each bin can be looked at."""
    if calibration is None:
        return None
    bins = [
        {**one, "kept": one["n"] - below.gone[min(round(one["low"] * BINS), BINS - 1)]}
        for one in calibration["bins"]
    ]
    return {**calibration, "bins": bins}
