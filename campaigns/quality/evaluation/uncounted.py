"""Predictions that stand in no table since they are too unsure: what is behind the lower bins of the calibration.

Of every tenth of confidence the surest are kept: a detector may say a hundred unsure things of each image.
"""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.evaluation.coco import Detections
from campaigns.quality.evaluation.judged import Pair

MOST_A_BIN = 1000
BINS = 10


def uncounted_boxes(at: Detections, *, threshold: float, score: float) -> list[Pair]:
    """All that COCO's protocol does not put aside and that does not count from this score on."""
    s, t = at.size_place("all"), at.threshold_place(threshold)
    counted = (at.predictions.score >= score) & (at.rank < max(at.most))
    rows = np.flatnonzero(~at.meeting.ignored[s, t] & ~counted)
    met = at.meeting.met[s, t, rows]
    return [
        Pair(
            None if true < 0 else int(at.truth.id[true]),
            int(at.predictions.id[row]),
            None if true < 0 else int(at.truth.label[true]),
            int(at.predictions.label[row]),
            by_label=True,
            counts=False,
            score=float(at.predictions.score[row]),
        )
        for row, true in zip(rows.tolist(), met.tolist(), strict=True)
    ]


def uncounted_labels(
    truth: Sequence[Collection[int]], scores: Floats, said: npt.NDArray[np.bool_], heard: Sequence[set[int]]
) -> list[Pair]:
    """Of what was `said (images, labels)` what was not `heard`; rows are images on both sides."""
    rows, columns = np.nonzero(said)
    return [
        Pair(
            row if label in truth[row] else None,
            row,
            label if label in truth[row] else None,
            label,
            by_label=True,
            counts=False,
            score=float(scores[row, label]),
        )
        for row, label in zip(rows.tolist(), columns.tolist(), strict=True)
        if label not in heard[row]
    ]


def surest(pairs: Sequence[Pair], most: int = MOST_A_BIN) -> list[Pair]:
    """The surest of each tenth, as `calibrate` divides them; of scores of another scale the surest of all."""
    score = np.array([pair.score for pair in pairs], dtype=np.float64)
    if not len(score):
        return []
    place = bins_of(score)
    order = np.lexsort((np.arange(len(score)), -score, place))
    starts = np.searchsorted(place[order], place[order], side="left")
    kept = np.sort(order[np.arange(len(order)) - starts < most])
    return [pairs[row] for row in kept.tolist()]


def bins_of(score: Floats) -> Ints:
    """The tenth that each score lies in; 0 for all where one is no probability."""
    if len(score) and (score.min() < 0 or score.max() > 1):
        return np.zeros(len(score), dtype=np.int64)
    edges = np.linspace(0.0, 1.0, BINS + 1)
    return np.clip(np.searchsorted(edges, score, side="left") - 1, 0, BINS - 1).astype(np.int64)


def with_kept(calibration: dict[str, Any] | None, all_of_it: Sequence[Pair], kept: Sequence[Pair]) -> Any:
    """The calibration, with how many of each bin can be looked at."""
    if calibration is None:
        return None
    tallies = [
        np.bincount(bins_of(np.array([pair.score for pair in pairs], dtype=np.float64)), minlength=BINS)
        for pairs in (all_of_it, kept)
    ]
    gone = (tallies[0] - tallies[1]).tolist()
    bins = [
        {**one, "kept": one["n"] - gone[min(round(one["low"] * BINS), BINS - 1)]}
        for one in calibration["bins"]
    ]
    return {**calibration, "bins": bins}
