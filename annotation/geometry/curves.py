"""Cubic curves and elliptical arcs: the mathematics under an outline."""

import math
from dataclasses import dataclass

from annotation.geometry.transform import Matrix, Point, apply


@dataclass(frozen=True, slots=True)
class Segment:
    """`M` and `L` with one point, `C` with three (two handles, the end), `Z` with none; all absolute."""

    command: str
    points: tuple[Point, ...]


def between(a: Point, b: Point, share: float) -> Point:
    """The point at this share of the way from `a` to `b`."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def on_curve(start: Point, points: tuple[Point, ...], t: float) -> Point:
    """The point of the cubic at `t`, 0–1."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    pairs = list(zip(weights, (start, *points), strict=True))
    return (sum(w * p[0] for w, p in pairs), sum(w * p[1] for w, p in pairs))


def turning_points(start: Point, points: tuple[Point, ...]) -> list[float]:
    """Where the curve is upright or level: the roots of its derivative between 0 and 1, in both axes."""
    found: list[float] = []
    for axis in (0, 1):
        p0, p1, p2, p3 = (point[axis] for point in (start, *points))
        a, b, c = 3 * (p1 - p2) + p3 - p0, 2 * (p0 - 2 * p1 + p2), p1 - p0
        found += [t for t in _roots(a, b, c) if 0 < t < 1]
    return found


def _roots(a: float, b: float, c: float) -> list[float]:
    if a == 0:
        return [-c / b] if b else []
    under = b * b - 4 * a * c
    if under < 0:
        return []
    # The stable form: no difference of two nearly equal numbers.
    q = -(b + math.copysign(math.sqrt(under), b)) / 2
    return [q / a, *([c / q] if q else [])]


def arc(start: Point, numbers: list[float], end: Point) -> list[Segment]:
    """An elliptical arc as curves (SVG 1.1 appendix F.6.5–6); none when it is a line or nothing."""
    rx, ry = abs(numbers[0]), abs(numbers[1])
    degrees, large, sweep = numbers[2:5]
    if rx == 0 or ry == 0 or start == end:
        return []
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    hx, hy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x1, y1 = cos * hx + sin * hy, cos * hy - sin * hx
    reach = math.hypot(x1 / rx, y1 / ry)
    if reach > 1:
        rx, ry = rx * reach, ry * reach
    ux, uy = x1 / rx, y1 / ry
    square = ux * ux + uy * uy
    factor = math.sqrt(max(0.0, 1 / square - 1)) if square else 0.0
    if bool(large) == bool(sweep):
        factor = -factor
    cx, cy = factor * rx * uy, -factor * ry * ux
    centre = (cos * cx - sin * cy + (start[0] + end[0]) / 2, sin * cx + cos * cy + (start[1] + end[1]) / 2)
    first = math.atan2((y1 - cy) / ry, (x1 - cx) / rx)
    span = math.atan2((-y1 - cy) / ry, (-x1 - cx) / rx) - first
    if sweep and span < 0:
        span += math.tau
    elif not sweep and span > 0:
        span -= math.tau
    *curves, last = arc_curves(centre, (rx, ry), turn, first, span)
    return [*curves, Segment("C", (*last.points[:2], end))]


def arc_curves(centre: Point, radii: Point, turn: float, first: float, span: float) -> list[Segment]:
    """Part of an ellipse turned by `turn`, from angle `first` over `span` (radians), in quarters at most."""
    count = max(1, math.ceil(abs(span) / (math.pi / 2) - 1e-9))
    step = span / count
    # This handle keeps the curve within 0.03 % of the radius for a quarter.
    handle = 4 / 3 * math.tan(step / 4)
    matrix: Matrix = (
        radii[0] * math.cos(turn),
        radii[0] * math.sin(turn),
        -radii[1] * math.sin(turn),
        radii[1] * math.cos(turn),
        *centre,
    )
    curves = []
    for index in range(count):
        a, b = first + index * step, first + (index + 1) * step
        unit = (
            (math.cos(a) - handle * math.sin(a), math.sin(a) + handle * math.cos(a)),
            (math.cos(b) + handle * math.sin(b), math.sin(b) - handle * math.cos(b)),
            (math.cos(b), math.sin(b)),
        )
        curves.append(Segment("C", tuple(apply(matrix, point) for point in unit)))
    return curves
