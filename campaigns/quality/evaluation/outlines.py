"""Outlines of both sides of an evaluation, and how far each two overlap: exact, and measured once however often asked.

IoU is that of the areas inside the outlines (even-odd rule), by the slab decomposition of `overlay`; COCO's
protocol for masks (`iouType="segm"`) with the outlines themselves in the place of their pixels. Two outlines are
laid over each other at a time, so that time grows with the pairs whose boxes overlap and memory with the corners.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.overlay import overlay


class Outlines:
    """Outlines `(corners, 2)` by number, in canvas units. Raises ValueError for what is no outline."""

    def __init__(self, corners: Sequence[npt.ArrayLike]) -> None:
        self.corners = [np.asarray(outline, dtype=np.float64) for outline in corners]
        if any(points.ndim != 2 or points.shape[1] != 2 or len(points) < 3 for points in self.corners):
            raise ValueError("An outline needs at least three corners of two numbers each.")
        self._low = np.array([points.min(axis=0) for points in self.corners]).reshape(-1, 2)
        self._high = np.array([points.max(axis=0) for points in self.corners]).reshape(-1, 2)
        self.area: Floats = np.array([overlay([points]).areas()[0] for points in self.corners])
        self._common: dict[tuple[int, int], float] = {}

    def __len__(self) -> int:
        return len(self.corners)

    @property
    def boxes(self) -> Floats:
        """The smallest box around each: x, y, w, h `(n, 4)`."""
        return np.concatenate([self._low, self._high - self._low], axis=1)

    def common(self, one: Ints, other: Ints) -> Floats:
        """The area that each two outlines, by their numbers `(m,)`, share."""
        start = np.maximum(self._low[one], self._low[other])
        near = (start < np.minimum(self._high[one], self._high[other])).all(axis=1)
        shared = np.zeros(len(one))
        for place in np.flatnonzero(near).tolist():
            shared[place] = self._of_two(int(one[place]), int(other[place]))
        return shared

    def overlaps(self, one: Ints, other: Ints, crowd: npt.NDArray[np.bool_]) -> Floats:
        """IoU of each two; with a crowd, the share of the first inside it."""
        common = self.common(one, other)
        whole = np.where(crowd, self.area[one], self.area[one] + self.area[other] - common)
        return np.divide(common, whole, out=np.zeros(len(one)), where=whole > 0)

    def _of_two(self, one: int, other: int) -> float:
        key = (one, other) if one < other else (other, one)
        if key not in self._common:
            self._common[key] = float(overlay([self.corners[key[0]], self.corners[key[1]]]).shared()[0, 1])
        return self._common[key]
