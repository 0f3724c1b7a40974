"""Where a drawn thing is: every shape has a box, an outline and a point have `points` beside it."""

import math
from collections.abc import Sequence

from annotation.geometry import Box
from campaigns.questions.kind import Points, Region, Size

# Two points closer than this share of the diagonal of their canvas mean the same thing.
REACH = 0.02


def reach_on(size: Size) -> float:
    """How far apart two points may be and still mean the same, in canvas units."""
    return REACH * math.hypot(*size)


def around(point: Sequence[float], reach: float) -> Region:
    """What is looked at of a point: the square around it as far as it reaches; it may leave the canvas."""
    return (point[0] - reach, point[1] - reach, 2 * reach, 2 * reach)


def bounds(points: Sequence[Sequence[float]]) -> Region:
    """The smallest box around an outline."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def as_points(points: Sequence[Sequence[float]]) -> Points:
    return tuple((float(x), float(y)) for x, y in points)


def corners_of(box: Box) -> Points:
    """A box as an outline, from its top left corner on."""
    left, top, right, bottom = box.xyxy
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def on_canvas(box: Region, size: Size) -> Box | None:
    """What of a box lies on its canvas; None when nothing does."""
    left, top = max(box[0], 0.0), max(box[1], 0.0)
    right, bottom = min(box[0] + box[2], size[0]), min(box[1] + box[3], size[1])
    return Box.from_xyxy(left, top, right, bottom) if left < right and top < bottom else None
