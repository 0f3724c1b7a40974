"""Average precision per label and size of the thing: where a detector is blind, small things or large.

The side of a box is √area in canvas units; each range counts only true boxes within it, and leaves out
predictions outside it that met nothing, as COCO does for its small, medium and large.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.evaluation.coco import EVERYTHING, evaluate_boxes
from campaigns.quality.evaluation.columns import PredictedBoxes, TrueBoxes


@dataclass(frozen=True, slots=True)
class SizeTable:
    """`ap (labels, ranges)`, NaN where nothing of that size was to be found; `true`: how many were.

    `sides`: (least, greatest) side of each range in canvas units; `whole (labels,)`: AP over all sizes.
    """

    labels: tuple[Any, ...]
    sides: tuple[tuple[float, float], ...]
    ap: Floats
    true: Ints
    whole: Floats


def sides_by_quantile(truth: TrueBoxes, parts: int = 4) -> tuple[float, ...]:
    """Edges of ranges that hold about equally many true boxes each: 0, …, ∞."""
    side = np.sqrt(truth.area[~truth.crowd])
    if not len(side) or parts < 2:
        return (0.0, float("inf"))
    inner = np.unique(np.quantile(side, np.arange(1, parts) / parts))
    return (0.0, *inner[inner > 0].tolist(), float("inf"))


def size_table(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    edges: Sequence[float],
    *,
    threshold: float = 0.5,
    canvases: Sequence[Any] | None = None,
    labels: Sequence[Any] | None = None,
) -> SizeTable:
    """AP at IoU ≥ `threshold` for each label and range of sides [edge, next edge), edges in canvas units, rising.

    Raises ValueError when there are fewer than two edges, or they do not rise.
    """
    if len(edges) < 2 or any(b <= a for a, b in pairwise(edges)):
        raise ValueError("The ranges of sizes need two edges or more, each greater than the one before.")
    ranges = [
        (
            f"{low:g}–{high:g}",
            _area_at(low),
            float(np.nextafter(_area_at(high), 0.0)) if np.isfinite(high) else float("inf"),
        )
        for low, high in pairwise(edges)
    ]
    found = evaluate_boxes(
        truth, predictions, canvases=canvases, labels=labels, thresholds=(threshold,),
        sizes=(EVERYTHING, *ranges),
    )  # fmt: skip
    ap = found.average_precision()[:, 0]
    return SizeTable(
        tuple(found.labels.tolist()), tuple(pairwise(edges)), ap[1:].T, found.positives[1:].T, ap[0]
    )


def _area_at(side: float) -> float:
    """A hair below the square, so that a thing whose side is the very edge, as √area says, lies above it."""
    return side**2 * (1 - 1e-12)
