"""Intersection over union, for one pair and for all pairs: what agreement and evaluation rest on."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from annotation.geometry.box import Box

Floats = npt.NDArray[np.float64]


def iou(a: Box, b: Box) -> float:
    """Share of the common area in the area of both, 0–1 (Jaccard index; continuous, no “+1” pixel)."""
    # Taken relative to `a` so that boxes far from the origin lose no digits.
    left, top = max(0.0, b.x - a.x), max(0.0, b.y - a.y)
    right, bottom = min(a.w, b.x - a.x + b.w), min(a.h, b.y - a.y + b.h)
    common = max(0.0, right - left) * max(0.0, bottom - top)
    whole = a.area + b.area - common
    return min(1.0, common / whole) if whole > 0 else 0.0


def as_array(boxes: Iterable[Box]) -> Floats:
    """`float64 (n, 4)` in the order x, y, w, h; `(0, 4)` for none."""
    rows = [box.xywh for box in boxes]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 4)


def iou_matrix(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    """All pairs of `a (n, 4)` and `b (m, 4)`, rows x, y, w, h → `float64 (n, m)`.

    A row without area overlaps nothing. Raises ValueError for arrays of another shape.
    """
    left, right = _rows(a), _rows(b)
    starts = np.maximum(left[:, None, :2], right[None, :, :2])
    ends = np.minimum((left[:, :2] + left[:, 2:])[:, None], (right[:, :2] + right[:, 2:])[None])
    common = np.prod(np.clip(ends - starts, 0.0, None), axis=2)
    areas_left, areas_right = np.prod(left[:, 2:], axis=1), np.prod(right[:, 2:], axis=1)
    whole = areas_left[:, None] + areas_right[None] - common
    shares: Floats = np.divide(common, whole, out=np.zeros_like(common), where=whole > 0)
    np.minimum(shares, 1.0, out=shares)
    return shares


def _rows(values: npt.ArrayLike) -> Floats:
    rows = np.asarray(values, dtype=np.float64)
    if rows.size == 0:
        return rows.reshape(0, 4)
    if rows.ndim != 2 or rows.shape[1] != 4:
        raise ValueError(f"Boxes come as an array of shape (n, 4), not {rows.shape}.")
    return rows
