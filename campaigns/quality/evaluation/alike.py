"""How alike a predicted and a true thing are: boxes by IoU, outlines by exact IoU, points by their distance.

The distance of two points is a share of the diagonal of their canvas, so that half the image size changes nothing;
points are alike by 1 less that share, so that a bar of 0.98 means “within 2 % of the diagonal” and one rule of meeting
serves all three.
"""

from collections.abc import Callable

import numpy as np

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.evaluation.columns import PredictedBoxes, TrueBoxes
from campaigns.quality.evaluation.greedy import overlaps

_DECIMALS = 9  # distances closer than this count as equal, so that a point on the bar is within it
Alike = Callable[[Ints, Ints], Floats]


def alike(predictions: PredictedBoxes, truth: TrueBoxes, read: Ints | None = None) -> Alike:
    """The likeness, 0–1, of rows of the predictions (of those in `read`, if given) and rows of the truth.

    Raises ValueError when one side has outlines that the other has not.
    """
    if truth.outlines is not predictions.outlines:
        raise ValueError("Both sides name their outlines by the same table.")

    def measured(one: Ints, other: Ints) -> Floats:
        row = one if read is None else read[one]
        if truth.diagonal is not None:
            return _nearness(predictions.boxes[row, :2], truth.boxes[other, :2], truth.diagonal[other])
        if truth.outlines is not None and truth.outline is not None and predictions.outline is not None:
            return truth.outlines.overlaps(predictions.outline[row], truth.outline[other], truth.crowd[other])
        return overlaps(predictions.boxes[row], truth.boxes[other], truth.crowd[other])

    return measured


def bar_of(reach: float) -> float:
    """The bar of likeness for points within `reach`, a share of the diagonal."""
    return round(1 - reach, _DECIMALS)


def _nearness(a: Floats, b: Floats, diagonal: Floats) -> Floats:
    far = np.hypot(*(a - b).T) / diagonal
    return np.asarray(np.clip(np.round(1 - far, _DECIMALS), 0.0, 1.0), dtype=np.float64)
