"""From trapezoids back to outlines: what at least k of the people have drawn, as polygons one can show and edit.

The border of the chosen trapezoids is all their sides, less those between two of them. Sides run with the
inside on the left, so where they are joined end to end they close into rings: outer ones turn one way
(area > 0 by the shoelace formula with y upward), holes the other.
"""

from collections import defaultdict

import numpy as np

from campaigns.quality.answers import Floats
from campaigns.quality.overlay import Flags, Overlay

_DIGITS = 9  # significant digits at which corners count as the same
Point = tuple[float, float]


def outlines(laid: Overlay, chosen: Flags) -> list[Floats]:
    """Rings `(corners, 2)` around the chosen trapezoids `(m,)`, largest area first; holes have a negative area."""
    rows = np.flatnonzero(chosen)
    if not len(rows):
        return []
    scale = float(max(np.abs(laid.low).max(), np.abs(laid.high).max(), np.abs(laid.right).max(), 1e-300))
    digits = int(_DIGITS - np.floor(np.log10(scale)) - 1)
    left, right, low, high = (
        np.round(column[rows], digits) for column in (laid.left, laid.right, laid.low, laid.high)
    )
    # Between edges that lie upon each other there is nothing, and nothing has no border.
    thick = (left < right) & (low < high).any(axis=1)
    columns = (left[thick], right[thick], low[thick], high[thick])
    sides = _level_sides(*columns) + _upright_sides(*columns)
    rings = [_without_straight(ring) for ring in _join(sides)]
    return sorted((ring for ring in rings if len(ring) > 2), key=lambda ring: -abs(ring_area(ring)))


def ring_area(ring: Floats) -> float:
    """By the shoelace formula, in square canvas units; the sign tells outer rings (+) from holes (−)."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def _level_sides(left: Floats, right: Floats, low: Floats, high: Floats) -> list[tuple[Point, Point]]:
    """Lower sides from left to right, upper ones back; a side shared by two trapezoids is none."""
    lower = {
        ((x, a), (z, b)) for x, z, (a, b) in zip(left.tolist(), right.tolist(), low.tolist(), strict=True)
    }
    upper = {
        ((x, a), (z, b)) for x, z, (a, b) in zip(left.tolist(), right.tolist(), high.tolist(), strict=True)
    }
    ahead = [(start, end) for start, end in sorted(lower - upper) if start[0] < end[0]]
    return ahead + [(end, start) for start, end in sorted(upper - lower) if start[0] < end[0]]


def _upright_sides(left: Floats, right: Floats, low: Floats, high: Floats) -> list[tuple[Point, Point]]:
    """Where at one x only the trapezoids on one side of it are inside."""
    steps: dict[float, dict[float, int]] = defaultdict(lambda: defaultdict(int))
    for x, place, sign in ((left, 0, -1), (right, 1, 1)):
        for at, a, b in zip(x.tolist(), low[:, place].tolist(), high[:, place].tolist(), strict=True):
            steps[at][a] += sign
            steps[at][b] -= sign
    sides = []
    for at, changes in sorted(steps.items()):
        inside, before = 0, 0.0
        for y in sorted(changes):
            # Inside only on the left (+1): the border runs upward; only on the right: downward.
            if inside > 0:
                sides.append(((at, before), (at, y)))
            elif inside < 0:
                sides.append(((at, y), (at, before)))
            inside, before = inside + changes[y], y
    return [(start, end) for start, end in sides if start != end]


def _join(sides: list[tuple[Point, Point]]) -> list[Floats]:
    """Closed rings of sides; at a corner where several go on, the sharpest turn left keeps rings apart."""
    onward: dict[Point, list[Point]] = defaultdict(list)
    for start, end in sides:
        onward[start].append(end)
    rings = []
    while onward:
        first = min(onward)
        ring, here, came = [first], first, None
        while True:
            there = _next(onward, here, came)
            if there is None or there == first:
                break
            ring.append(there)
            came, here = here, there
        rings.append(np.array(ring))
    return rings


def _next(onward: dict[Point, list[Point]], here: Point, came: Point | None) -> Point | None:
    ways = onward.get(here)
    if not ways:
        return None
    if len(ways) > 1 and came is not None:
        back = np.arctan2(came[1] - here[1], came[0] - here[0])
        turns = [(back - np.arctan2(y - here[1], x - here[0])) % (2 * np.pi) for x, y in ways]
        chosen = ways.pop(int(np.argmin([turn if turn > 0 else 2 * np.pi for turn in turns])))
    else:
        chosen = ways.pop()
    if not ways:
        del onward[here]
    return chosen


def _without_straight(ring: Floats) -> Floats:
    """Without corners that lie on the line between their neighbours: most cuts leave such."""
    before, after = np.roll(ring, 1, axis=0) - ring, np.roll(ring, -1, axis=0) - ring
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    lengths = np.hypot(*before.T) * np.hypot(*after.T)
    kept: Floats = ring[np.abs(cross) > 1e-9 * lengths]
    return kept
