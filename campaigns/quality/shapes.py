"""Points and polygons of different people that mean the same thing, and what they come to together.

Points belong together within a share of the size of their canvas, polygons from an exact IoU on; both by the
complete link of `grouping`, so that nothing depends on pixels, order, or anybody's zeal.

The merged point is the median of either coordinate. The merged polygon is either one that somebody drew, the
medoid: argmin_i Σ_j (1 − IoU(i, j)), as the Zooniverse aggregation code takes for its “median”; or what at least
k people drew: k = 1 the union, all the intersection, more than half the majority's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.grouping import complete_link, copy_numbers, in_reading_order
from campaigns.quality.outlines import outlines
from campaigns.quality.overlapping import IOU_DECIMALS, as_codes, check_threshold
from campaigns.quality.overlay import overlay
from campaigns.quality.pairing import pairs_within


def group_points(
    points: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    *,
    size: npt.ArrayLike,
    canvas: npt.ArrayLike | None = None,
    reach: float = 0.02,
    class_aware: bool = False,
) -> Ints:
    """Group ids `(n,)` of `points (n, 2)`, no two of a group farther apart than `reach` × `size`.

    `size (n,)` or one number: that of the canvas, its diagonal for instance, in the unit of the points. Otherwise
    as `matching.group_boxes`. Memory: all pairs on a canvas. Raises ValueError for bad numbers.
    """
    rows = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    n = len(rows)
    scale = np.broadcast_to(np.asarray(size, dtype=np.float64), (n,))
    if not np.isfinite(rows).all() or not np.isfinite(scale).all() or (scale <= 0).any() or not reach > 0:
        raise ValueError("Points need finite numbers, and sizes and reach numbers above zero.")
    people, places, labels = _columns(n, person, canvas, label)
    i, j = _pairs(rows, places, people, labels, class_aware=class_aware)
    likeness = nearness(rows, reach * scale, i, j)
    close = likeness >= 0
    group = complete_link(n, (i[close], j[close], likeness[close]), rows[:, ::-1], labels)
    return in_reading_order(group, places, np.column_stack([rows, np.zeros((n, 2))]))


def group_polygons(
    polygons: Sequence[npt.ArrayLike],
    person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    *,
    canvas: npt.ArrayLike | None = None,
    threshold: float = 0.5,
    class_aware: bool = False,
) -> Ints:
    """Group ids `(n,)` of polygons, each `(corners, 2)`, every two of a group of IoU ≥ `threshold`.

    Otherwise as `matching.group_boxes`. Raises ValueError for what is no polygon.
    """
    check_threshold(threshold)
    corners = [np.asarray(polygon, dtype=np.float64) for polygon in polygons]
    n = len(corners)
    people, places, labels = _columns(n, person, canvas, label)
    boxes = np.array([_bounds(points) for points in corners]).reshape(n, 4)
    i, j = _pairs(boxes, places, people, labels, class_aware=class_aware)
    # Polygons share no more than their boxes do.
    start, end = np.maximum(boxes[i, :2], boxes[j, :2]), np.minimum(boxes[i, 2:], boxes[j, 2:])
    near = (start < end).all(axis=1)
    i, j = i[near], j[near]
    likeness = outline_iou(corners, places, i, j)
    close = likeness >= round(threshold, IOU_DECIMALS)
    group = complete_link(n, (i[close], j[close], likeness[close]), boxes[:, [1, 0, 3, 2]], labels)
    return in_reading_order(group, places, boxes)


def nearness(points: Floats, reach: Floats, i: Ints, j: Ints) -> Floats:
    """How near each two of `points (n, 2)` are: 1 on the same place, 0 at `reach (n,)`, below beyond it."""
    far = np.hypot(*(points[i] - points[j]).T) / np.minimum(reach[i], reach[j])
    return np.asarray(np.round(1 - far, IOU_DECIMALS), dtype=np.float64)


def outline_iou(corners: Sequence[Floats], canvas: Ints, i: Ints, j: Ints) -> Floats:
    """The exact IoU of each two polygons, which stand on the same canvas."""
    likeness = np.zeros(len(i))
    order = np.argsort(canvas[i], kind="stable")
    for here in np.split(order, np.flatnonzero(np.diff(canvas[i][order])) + 1):
        if not len(here):
            continue
        members, flat = np.unique(np.concatenate([i[here], j[here]]), return_inverse=True)
        table = overlay([corners[member] for member in members.tolist()]).iou()
        likeness[here] = np.round(table[flat[: len(here)], flat[len(here) :]], IOU_DECIMALS)
    return likeness


@dataclass(frozen=True, slots=True)
class MergedPolygon:
    """`rings`: the outlines of what at least `least` of the members drew (holes turn the other way).

    `medoid`: the row of the member most like all others. `mean_iou`: of the members with each other, None for
    one alone. `area`: of what at least 1, 2, … of the members drew, in square canvas units.
    """

    rings: tuple[Floats, ...]
    least: int
    medoid: int
    mean_iou: float | None
    area: tuple[float, ...]


def merge_polygons(polygons: Sequence[npt.ArrayLike], *, least: int | None = None) -> MergedPolygon:
    """What the polygons of one group come to; `least` people (default: more than half).

    Raises ValueError for no polygon at all, or for `least` outside 1 … their number.
    """
    n = len(polygons)
    k = n // 2 + 1 if least is None else least
    if not 1 <= k <= n:
        raise ValueError(f"Of {n} polygons, between 1 and {n} can be asked to agree, not {k}.")
    laid = overlay(polygons)
    likeness, area = laid.iou(), laid.area
    far = np.round((1 - likeness).sum(axis=1) - (1 - np.diag(likeness)), IOU_DECIMALS)
    return MergedPolygon(
        rings=tuple(outlines(laid, laid.held_by(k))),
        least=k,
        medoid=int(np.argmin(far)),
        mean_iou=float(likeness[np.triu_indices(n, 1)].mean()) if n > 1 else None,
        area=tuple(float(area[laid.held_by(count)].sum()) for count in range(1, n + 1)),
    )


def median_point(points: npt.ArrayLike) -> Floats:
    """The median of either coordinate of `points (k, 2)` → `(2,)`."""
    return np.asarray(np.median(np.asarray(points, dtype=np.float64), axis=0), dtype=np.float64)


def _columns(
    n: int, person: npt.ArrayLike, canvas: npt.ArrayLike | None, label: npt.ArrayLike | None
) -> tuple[Ints, Ints, Ints]:
    return as_codes(person, n, "person"), as_codes(canvas, n, "canvas"), as_codes(label, n, "label")


def _pairs(keys: Floats, canvas: Ints, person: Ints, label: Ints, *, class_aware: bool) -> tuple[Ints, Ints]:
    """All pairs on a canvas by different people; a copy of one's own shape meets only copies of others."""
    copies = copy_numbers(np.column_stack([canvas, person, label, keys]))
    sheet = canvas * (int(copies.max(initial=0)) + 1) + copies
    order = np.argsort(sheet, kind="stable").astype(np.int64)
    one, other = pairs_within(sheet[order])
    i, j = order[one], order[other]
    kept = person[i] != person[j]
    if class_aware:
        kept &= label[i] == label[j]
    return i[kept], j[kept]


def _bounds(points: Floats) -> Floats:
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3 or not np.isfinite(points).all():
        raise ValueError("A polygon needs at least three corners of two finite numbers each.")
    return np.concatenate([points.min(axis=0), points.max(axis=0)])
