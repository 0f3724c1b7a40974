"""Merged boxes: by the median, by a weighted mean, or by the greatest common overlap.

median    each edge at the median of the members' edges: half of the people may be anywhere without moving it far
mean      Σ w_j edge_j / Σ w_j, w the reliability of each author, or 1/σ² of theirs of each edge (`edge_spread`)
max_iou   argmin over boxes b of Σ w_j (1 − IoU(b, b_j))²: the box that all boxes agree with best, as the
          Zooniverse aggregation code does for shapes, here found without a random start
"""

from collections.abc import Callable

import numpy as np

from campaigns.quality.answers import Floats, Ints

_HALVINGS = 26  # from a quarter of a side down to a few billionths of it


def median_box(boxes: Floats, weights: Floats | None = None) -> Floats:
    """`boxes (k, 4)` → `(4,)`. As every left edge lies left of its right edge, so does their median.

    Weights say nothing here: a median of few people is robust because it does not listen to anybody more.
    """
    return from_edges(np.median(to_edges(boxes), axis=0))


def mean_box(boxes: Floats, weights: Floats | None = None) -> Floats:
    """The mean edges of `boxes (k, 4)`, weighted by `weights (k,)` (all zero or None: evenly) → `(4,)`.

    Weights `(k, 4)` are those of the left, top, right and bottom edge. Boxes that all overlap stay a box by them, as
    every left edge lies left of every right one.
    """
    given = np.ones(len(boxes)) if weights is None or not weights.sum() > 0 else weights
    columns = given[:, None] if given.ndim == 1 else given
    return from_edges((columns * to_edges(boxes)).sum(axis=0) / columns.sum(axis=0))


def max_iou_box(boxes: Floats, weights: Floats | None = None) -> Floats:
    """The box of least Σ w (1 − IoU)² with `boxes (k, 4)` → `(4,)`.

    A compass search from the best of the median, the mean and the members themselves: each edge is moved by a
    step either way, or the box is; the best move is taken, and without one the step is halved. No random numbers;
    members are taken in an order of their own, since where the sum is flat its last digit would lead elsewhere.
    """
    given = np.ones(len(boxes)) if weights is None or not weights.sum() > 0 else weights
    order = np.lexsort((given, *boxes.T))
    boxes, given = boxes[order], given[order]
    members = to_edges(boxes)
    starts = np.vstack([to_edges(median_box(boxes)[None]), to_edges(mean_box(boxes, given)[None]), members])
    costs = _costs(starts, members, given)
    ties = np.flatnonzero(costs <= costs.min() + 1e-12)
    here = starts[ties[np.lexsort(starts[ties].T)[0]]]
    cost = float(costs.min())
    step = np.median(np.concatenate([members[:, 2] - members[:, 0], members[:, 3] - members[:, 1]])) / 4
    moves = np.vstack([np.eye(4), -np.eye(4), [[1, 0, 1, 0], [0, 1, 0, 1], [-1, 0, -1, 0], [0, -1, 0, -1]]])
    for _ in range(_HALVINGS):
        while True:
            tried = here + step * moves
            costs = _costs(tried, members, given)
            best = int(np.argmin(costs))
            if not costs[best] < cost - 1e-15:
                break
            here, cost = tried[best], float(costs[best])
        step /= 2
    return from_edges(here)


MEDIAN = "median"
AT_LEAST = "at_least"
# Of outlines: the majority's for the median, all that anybody drew, what all drew, what at least so many of those who
# drew the thing drew, the one most like all others.
OUTLINES = (MEDIAN, "union", "intersection", AT_LEAST, "medoid")
GEOMETRIES: dict[str, Callable[[Floats, Floats | None], Floats]] = {
    "median": median_box,
    "mean": mean_box,
    "max_iou": max_iou_box,
}


def to_edges(boxes: Floats) -> Floats:
    """Rows x, y, w, h → left, top, right, bottom."""
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)


def from_edges(edges: Floats) -> Floats:
    """Left, top, right, bottom `(…, 4)` → x, y, w, h."""
    return np.concatenate([edges[..., :2], edges[..., 2:] - edges[..., :2]], axis=-1)


def grouped_median(values: Floats, group: Ints, groups: int) -> Floats:
    """The median of each column of `values (n, c)` within each group → `(groups, c)`; NaN for an empty group."""
    sizes = np.bincount(group, minlength=groups)
    starts = np.cumsum(sizes) - sizes
    found = np.full((groups, values.shape[1]), np.nan)
    some = np.flatnonzero(sizes)
    low, high = starts[some] + (sizes[some] - 1) // 2, starts[some] + sizes[some] // 2
    for column in range(values.shape[1]):
        ordered = values[np.lexsort((values[:, column], group)), column]
        found[some, column] = (ordered[low] + ordered[high]) / 2
    return found


def _costs(tried: Floats, members: Floats, weights: Floats) -> Floats:
    """Σ w (1 − IoU)² of each row of `tried (m, 4)` with all members, infinite for what is no box."""
    start = np.maximum(tried[:, None, :2], members[None, :, :2])
    end = np.minimum(tried[:, None, 2:], members[None, :, 2:])
    common = np.prod(np.clip(end - start, 0.0, None), axis=2)
    sides = tried[:, 2:] - tried[:, :2]
    whole = np.prod(sides, axis=1)[:, None] + np.prod(members[:, 2:] - members[:, :2], axis=1) - common
    with np.errstate(divide="ignore", invalid="ignore"):
        costs = np.square(1 - common / whole) @ weights
    return np.where((sides > 0).all(axis=1), costs, np.inf)
