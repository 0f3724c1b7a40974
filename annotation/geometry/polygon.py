"""The polygon: an outline that is more than a box, with what we need of it today."""

import math
from dataclasses import dataclass

from annotation.geometry.box import Box, GeometryError

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed outline of at least three points in canvas units; the last point joins the first by itself."""

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        points = tuple((float(x), float(y)) for x, y in self.points)
        if len(points) > 1 and points[0] == points[-1]:
            points = points[:-1]
        if len(points) < 3:
            raise GeometryError("A polygon needs at least three different corners.")
        if not all(math.isfinite(value) for point in points for value in point):
            raise GeometryError("A polygon has a corner that is not a finite number.")
        object.__setattr__(self, "points", points)

    @property
    def box(self) -> Box:
        """The smallest box around it. Raises GeometryError when all corners stand on one line."""
        return box_around(self.points)

    @property
    def area(self) -> float:
        """In square canvas units, by the shoelace formula (for outlines that do not cross themselves)."""
        x0, y0 = self.points[0]
        moved = [(x - x0, y - y0) for x, y in self.points]
        pairs = zip(moved, moved[1:] + moved[:1], strict=True)
        return abs(math.fsum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def box_around(points: tuple[Point, ...] | list[Point]) -> Box:
    """The smallest box around some points. Raises GeometryError when they span no area."""
    if not points:
        raise GeometryError("There is no point to draw a box around.")
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box.from_xyxy(min(xs), min(ys), max(xs), max(ys))
