"""Finds the pairs of boxes that overlap enough to be one thing, on one canvas or on thousands at once."""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# IoU values closer than this count as equal: it is far below what a hand or a rounding to 0.01 px can mean.
IOU_DECIMALS = 9
_BLOCK = 2_000_000


def as_boxes(boxes: npt.ArrayLike) -> Floats:
    """`float64 (n, 4)`, rows x, y, w, h. Raises ValueError unless all are finite and have an area."""
    rows = np.asarray(boxes, dtype=np.float64)
    if rows.size == 0:
        return rows.reshape(0, 4)
    if rows.ndim != 2 or rows.shape[1] != 4:
        raise ValueError(f"Boxes come as an array of shape (n, 4), not {rows.shape}.")
    if not np.isfinite(rows).all() or (rows[:, 2:] <= 0).any():
        raise ValueError("Every box needs finite numbers and a width and height above zero.")
    return rows


def as_codes(values: npt.ArrayLike | None, n: int, what: str) -> Ints:
    """Sortable values → 0, 1, … in their order, `int64 (n,)`; None → zeros. Raises ValueError if not n."""
    if values is None:
        return np.zeros(n, dtype=np.int64)
    given: npt.NDArray[Any] = np.asarray(values)
    if given.shape != (n,):
        raise ValueError(f"There are {n} shapes, so {what} must have the shape ({n},), not {given.shape}.")
    return np.unique(given, return_inverse=True)[1].astype(np.int64).reshape(n)


def check_threshold(threshold: float) -> None:
    if not 0 < threshold <= 1:
        raise ValueError(f"The IoU threshold must be above 0 and at most 1, not {threshold!r}.")


def paired_iou(a: Floats, b: Floats) -> Floats:
    """IoU of each row of `a (n, 4)` with that of `b (n, 4)` → `(n,)`, rounded so that equals are equal."""
    offset = b[:, :2] - a[:, :2]
    ends = np.minimum(a[:, 2:], offset + b[:, 2:])
    sides = np.clip(ends - np.maximum(offset, 0.0), 0.0, None)
    # Shares of the larger side, since the area of a very small or large box may be no float.
    scale = np.maximum(a[:, 2:], b[:, 2:])
    common = np.prod(sides / scale, axis=1)
    whole = np.prod(a[:, 2:] / scale, axis=1) + np.prod(b[:, 2:] / scale, axis=1) - common
    shares = np.divide(common, whole, out=np.zeros_like(common), where=whole > 0)
    rounded: Floats = np.round(np.clip(shares, 0.0, 1.0), IOU_DECIMALS)
    return rounded


def overlapping_pairs(
    boxes: Floats, canvas: Ints, person: Ints, threshold: float, label: Ints | None = None
) -> tuple[Ints, Ints, Floats]:
    """All pairs on the same canvas, by different people (and of the same `label`, if given), of IoU ≥
    `threshold`.

    Returns `i (m,)`, `j (m,)`, `iou (m,)`. Candidates come from a sweep over the left edges: two boxes of IoU
    ≥ t cannot have their left edges farther apart than (1 − t) times the width of the left one. Memory grows
    with the pairs found, not with the pairs possible.
    """
    n = len(boxes)
    order = np.lexsort((boxes[:, 0], canvas)).astype(np.int64)
    rows, place = boxes[order], canvas[order]
    last = _sweep_ends(rows, place, threshold)
    counts = np.maximum(last - np.arange(1, n + 1), 0)
    found: list[tuple[Ints, Ints, Floats]] = []
    for start, stop in _blocks(counts):
        share = counts[start:stop]
        first = np.repeat(np.arange(start, stop), share)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(share) - share, share)
        i, j = order[first], order[second]
        keep = person[i] != person[j]
        if label is not None:
            keep &= label[i] == label[j]
        i, j = i[keep], j[keep]
        overlap = paired_iou(boxes[i], boxes[j])
        close = overlap >= round(threshold, IOU_DECIMALS)
        found.append((i[close], j[close], overlap[close]))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    i, j, overlap = (np.concatenate(part) for part in zip(*found, strict=True))
    return i, j, overlap


def _sweep_ends(rows: Floats, place: Ints, threshold: float) -> Ints:
    """For each row, sorted by canvas and left edge, the index behind the last that may overlap it enough."""
    if not len(rows):
        return np.zeros(0, np.int64)
    left = rows[:, 0] - rows[:, 0].min()
    reach = left + rows[:, 2] * (1 - threshold)
    span = float(reach.max()) * 1.01 + 1.0
    keys = place * span + left
    # What adding the canvas's offset may have rounded away, so that no pair is lost.
    slack = 8 * np.finfo(np.float64).eps * (float(keys.max()) + span) + IOU_SLACK * rows[:, 2]
    ends = np.searchsorted(keys, place * span + reach + slack, side="right")
    canvas_ends = np.searchsorted(place, place, side="right")
    return np.asarray(np.minimum(ends, canvas_ends), dtype=np.int64)


# A rounded IoU may reach the threshold from half a unit of its last decimal below.
IOU_SLACK = 10.0**-IOU_DECIMALS


def _blocks(counts: Ints) -> list[tuple[int, int]]:
    """Ranges of rows whose candidate pairs fit into memory together."""
    total = np.cumsum(counts)
    blocks, start = [], 0
    while start < len(counts):
        done = int(total[start - 1]) if start else 0
        stop = max(int(np.searchsorted(total, done + _BLOCK, side="right")), start + 1)
        blocks.append((start, stop))
        start = stop
    return blocks


def components(n: int, i: Ints, j: Ints) -> Ints:
    """Connected parts of a graph of `n` nodes with edges i–j: per node the smallest of its part `(n,)`."""
    part = np.arange(n, dtype=np.int64)
    while True:
        low = np.minimum(part[i], part[j])
        before = part.copy()
        # Hooks the roots, then jumps the pointers: a logarithmic number of rounds even for long chains.
        np.minimum.at(part, part[i], low)
        np.minimum.at(part, part[j], low)
        while not np.array_equal(part, part[part]):
            part = part[part]
        if np.array_equal(part, before):
            return part
