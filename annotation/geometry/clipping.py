"""How much of an outline lies within a box."""

from collections.abc import Callable, Sequence

from annotation.geometry.box import Box

Point = tuple[float, float]


def area_within(points: Sequence[Point], box: Box) -> float:
    """Of a simple outline, in square canvas units: cut at one edge of the box after the other (Sutherland & Hodgman
    1974, Reentrant polygon clipping). Cut-off parts stay joined by lines without area."""
    left, top, right, bottom = box.xyxy
    kept = list(points)
    for axis, edge, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept = _cut(kept, lambda p, axis=axis, edge=edge, sign=sign: sign * (p[axis] - edge))  # type: ignore[misc]
    moved = [(x - left, y - top) for x, y in kept]
    pairs = zip(moved, moved[1:] + moved[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def _cut(points: Sequence[Point], depth: Callable[[Point], float]) -> list[Point]:
    """What of an outline lies where `depth` is not below zero."""
    kept: list[Point] = []
    for here, there in zip(points, [*points[1:], *points[:1]], strict=True):
        a, b = depth(here), depth(there)
        if a >= 0:
            kept.append(here)
        if (a > 0 > b) or (a < 0 < b):
            share = a / (a - b)
            kept.append((here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share))
    return kept
