"""Polygons laid over each other: exact areas of everything they share, whatever their shape.

The plane is cut into upright strips at every corner and every crossing of two edges. Within a strip no edges
cross, so between two neighbouring ones lies a trapezoid that is wholly inside or outside each polygon (the slab
decomposition of Dobkin & Lipton 1976; Preparata & Shamos 1985, Computational Geometry, ch. 2). What is inside
is told by the even-odd rule, so that freehand outlines that cross themselves have an inside too. For E edges
the crossings take E² comparisons, in arrays; the rest is linear in the trapezoids.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints

Flags = npt.NDArray[np.bool_]
_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True)
class Overlay:
    """Trapezoids `(m,)`: from `left` to `right`, between `low` and `high` at either end; and who holds each.

    `inside (m, polygons)`. Trapezoids outside all polygons are left out.
    """

    left: Floats
    right: Floats
    low: Floats  # (m, 2) at the left and at the right end
    high: Floats  # (m, 2)
    inside: Flags

    @property
    def area(self) -> Floats:
        """Of each trapezoid, in square canvas units `(m,)`."""
        return np.asarray((self.right - self.left) * (self.high - self.low).mean(axis=1), dtype=np.float64)

    def areas(self) -> Floats:
        """Of each polygon `(polygons,)`."""
        return np.asarray(self.area @ self.inside, dtype=np.float64)

    def shared(self) -> Floats:
        """Of the part common to each two polygons `(polygons, polygons)`; their own areas on the diagonal."""
        held = self.inside.astype(np.float64)
        return np.asarray(held.T @ (held * self.area[:, None]), dtype=np.float64)

    def iou(self) -> Floats:
        """Intersection over union of each two polygons `(polygons, polygons)`; 0 for those without area."""
        common = self.shared()
        own = np.diag(common)
        whole = own[:, None] + own[None] - common
        shares: Floats = np.divide(common, whole, out=np.zeros_like(common), where=whole > 0)
        return np.clip(shares, 0.0, 1.0)

    def held_by(self, least: int) -> Flags:
        """Which trapezoids lie in at least so many polygons `(m,)`: 1 is their union, all their intersection."""
        return np.asarray(self.inside.sum(axis=1) >= least, dtype=bool)


def overlay(polygons: Sequence[npt.ArrayLike]) -> Overlay:
    """Lays polygons, each `(corners, 2)` in canvas units and closed by itself, over each other.

    Raises ValueError for an outline of fewer than three corners or with numbers that are not finite.
    """
    corners = [_outline(polygon) for polygon in polygons]
    edges, owner = _edges(corners)
    if not len(edges):
        nothing = np.zeros((0, 2))
        return Overlay(np.zeros(0), np.zeros(0), nothing, nothing, np.zeros((0, len(corners)), dtype=bool))
    cuts = np.unique(np.concatenate([edges[:, 0], edges[:, 2], _crossings(edges)]))
    # Every strip that each edge spans.
    first, last = np.searchsorted(cuts, edges[:, 0]), np.searchsorted(cuts, edges[:, 2])
    spans = last - first
    edge = np.repeat(np.arange(len(edges)), spans)
    strip = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(spans) - spans, spans)
    start, end = _height(edges[edge], cuts[strip]), _height(edges[edge], cuts[strip + 1])
    order = np.lexsort((end - start, start + end, strip))
    strip, start, end, who = strip[order], start[order], end[order], owner[edge[order]]
    inside = np.zeros((len(order), len(corners)), dtype=np.int64)
    inside[np.arange(len(order)), who] = 1
    # Every polygon crosses a strip an even number of times, so the count goes on from strip to strip.
    within = np.cumsum(inside, axis=0) % 2 == 1
    below = np.flatnonzero((strip[1:] == strip[:-1]) & within[:-1].any(axis=1))
    return Overlay(
        left=cuts[strip[below]],
        right=cuts[strip[below] + 1],
        low=np.column_stack([start[below], end[below]]),
        high=np.column_stack([start[below + 1], end[below + 1]]),
        inside=within[below],
    )


def _outline(polygon: npt.ArrayLike) -> Floats:
    points = np.asarray(polygon, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 3 or not np.isfinite(points).all():
        raise ValueError("A polygon needs at least three corners of two finite numbers each.")
    return points


def _edges(corners: Sequence[Floats]) -> tuple[Floats, Ints]:
    """All edges that are not upright, from left to right: x, y, x, y `(e, 4)`; and their polygon."""
    if not corners:
        return np.zeros((0, 4)), np.zeros(0, np.int64)
    rows = np.concatenate(
        [np.concatenate([points, np.roll(points, -1, axis=0)], axis=1) for points in corners]
    )
    owner = np.repeat(np.arange(len(corners)), [len(points) for points in corners])
    backward = rows[:, 0] > rows[:, 2]
    rows[backward] = rows[backward][:, [2, 3, 0, 1]]
    kept = rows[:, 0] < rows[:, 2]
    return rows[kept], owner[kept].astype(np.int64)


def _crossings(edges: Floats) -> Floats:
    """The x of every place where two edges cross."""
    order = np.argsort(edges[:, 0], kind="stable")
    rows = edges[order]
    # Only edges that begin before another ends can cross it.
    ends = np.searchsorted(rows[:, 0], rows[:, 2], side="left")
    counts = np.maximum(ends - np.arange(1, len(rows) + 1), 0)
    total, found, start = np.cumsum(counts), [], 0
    while start < len(rows):
        done = int(total[start - 1]) if start else 0
        stop = max(int(np.searchsorted(total, done + _PAIRS, side="right")), start + 1)
        share = counts[start:stop]
        one = np.repeat(np.arange(start, stop), share)
        other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(share) - share, share)
        found.append(_meeting(rows[one], rows[other]))
        start = stop
    return np.concatenate(found)


def _meeting(a: Floats, b: Floats) -> Floats:
    """The x where the edges of `a (m, 4)` cross those of `b`, only where they do."""
    left, right = np.maximum(a[:, 0], b[:, 0]), np.minimum(a[:, 2], b[:, 2])
    before, after = _height(a, left) - _height(b, left), _height(a, right) - _height(b, right)
    crossing = (left < right) & (before * after < 0)
    left, right, before, after = left[crossing], right[crossing], before[crossing], after[crossing]
    return np.asarray(left + (right - left) * (before / (before - after)), dtype=np.float64)


def _height(edges: Floats, x: Floats) -> Floats:
    """The y of each edge `(m, 4)` at `x (m,)`; exact at both ends, so that neighbours meet."""
    share = (x - edges[:, 0]) / (edges[:, 2] - edges[:, 0])
    inner = edges[:, 1] + (edges[:, 3] - edges[:, 1]) * share
    return np.where(x >= edges[:, 2], edges[:, 3], np.where(x <= edges[:, 0], edges[:, 1], inner))
