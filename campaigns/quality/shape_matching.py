"""Which outlines, or points, of different people are the same thing: pairs for agreement, as `matching` has for boxes.

Outlines are measured by their exact IoU, points by their nearness: 1 on the same place, 0 at the reach of the canvas.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.matching import best_pairs
from campaigns.quality.overlapping import (
    IOU_DECIMALS,
    as_boxes,
    as_codes,
    check_threshold,
    overlapping_pairs,
)
from campaigns.quality.shapes import nearness, outline_iou

# Outlines that share anything to speak of have boxes that do.
_HARDLY = 1e-9
# Squares around two points within reach of each other share at least this: (2 − √½)² / (8 − (2 − √½)²) is 0.26.
_SQUARES = 0.2


def match_outlines(
    outlines: Sequence[npt.ArrayLike],
    person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    *,
    canvas: npt.ArrayLike | None = None,
    threshold: float = 0.5,
) -> tuple[Ints, Ints, Floats]:
    """The best matching for every two people on every canvas at once, of `outlines`, `(corners, 2)` each.

    Returns as `matching.match_people`. Raises ValueError for what is no outline.
    """
    check_threshold(threshold)
    n = len(outlines)
    people = as_codes(person, n, "person")
    i, j, likeness = outline_likeness(outlines, people, as_codes(canvas, n, "canvas"), label)
    boxes = as_boxes([_bounds(np.asarray(one, dtype=np.float64).reshape(-1, 2)) for one in outlines])
    close = likeness >= round(threshold, IOU_DECIMALS)
    return best_pairs((i[close], j[close], likeness[close]), people, boxes)


def outline_likeness(
    outlines: Sequence[npt.ArrayLike], person: Ints, canvas: Ints, label: npt.ArrayLike | None = None
) -> tuple[Ints, Ints, Floats]:
    """All pairs of different people's outlines on a canvas that share anything to speak of, and their exact IoU."""
    corners = [np.asarray(outline, dtype=np.float64).reshape(-1, 2) for outline in outlines]
    labels = None if label is None else as_codes(label, len(corners), "label")
    boxes = as_boxes([_bounds(points) for points in corners])
    i, j, _ = overlapping_pairs(boxes, canvas, person, _HARDLY, labels)
    return i, j, outline_iou(corners, canvas, i, j)


def match_points(
    points: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    *,
    reach: npt.ArrayLike,
    canvas: npt.ArrayLike | None = None,
) -> tuple[Ints, Ints, Floats]:
    """The same of `points (n, 2)` that are no farther apart than `reach (n,)`; the third column is their nearness."""
    rows = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    n = len(rows)
    far = np.broadcast_to(np.asarray(reach, dtype=np.float64), (n,))
    people, places = as_codes(person, n, "person"), as_codes(canvas, n, "canvas")
    labels = None if label is None else as_codes(label, n, "label")
    squares = as_boxes(np.column_stack([rows - far[:, None], 2 * far, 2 * far]))
    i, j, _ = overlapping_pairs(squares, places, people, _SQUARES, labels)
    likeness = nearness(rows, far, i, j)
    close = likeness >= 0
    return best_pairs((i[close], j[close], likeness[close]), people, rows)


def outline_pairs(
    a: Sequence[npt.ArrayLike], b: Sequence[npt.ArrayLike], threshold: float
) -> list[tuple[int, int]]:
    """The best one-to-one matching of two people's outlines: (place in `a`, place in `b`)."""
    person = np.repeat([0, 1], [len(a), len(b)])
    return _sides(match_outlines([*a, *b], person, threshold=threshold), len(a))


def point_pairs(a: npt.ArrayLike, b: npt.ArrayLike, reach: float) -> list[tuple[int, int]]:
    """The same of two people's points."""
    left, right = (np.asarray(side, dtype=np.float64).reshape(-1, 2) for side in (a, b))
    person = np.repeat([0, 1], [len(left), len(right)])
    return _sides(match_points(np.concatenate([left, right]), person, reach=reach), len(left))


def _sides(found: tuple[Ints, Ints, Floats], left: int) -> list[tuple[int, int]]:
    i, j, _likeness = found
    return sorted(zip(i.tolist(), (j - left).tolist(), strict=True))


def _bounds(points: Floats) -> list[float]:
    if len(points) < 3 or not np.isfinite(points).all():
        raise ValueError("An outline needs at least three corners of two finite numbers each.")
    low, high = points.min(axis=0), points.max(axis=0)
    return [*low.tolist(), *(high - low).tolist()]
