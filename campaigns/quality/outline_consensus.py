"""Merges the outlines, or points, that several people drew on one canvas, as `consensus` merges boxes.

The merged outline is what more than half of those who drew the thing drew, without the small teeth that lie between
hands: smoothed (Douglas & Peucker 1973) by at most 0.5 % of the root of its area; or, if the rule says so, all that
anybody drew (union), what all drew (intersection), what at least k of them drew (where fewer than k drew the thing,
what all did), or the one most like all others (medoid). Where that is no one simple outline (it falls apart, has a
hole, or touches itself) it is the medoid, which somebody drew. The merged point is the median.
"""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from annotation.geometry import Box, first_crossing
from campaigns.quality.answers import Floats
from campaigns.quality.consensus import Consensus, Merged, Merging, Rule
from campaigns.quality.edges import to_edges
from campaigns.quality.outlines import ring_area
from campaigns.quality.overlay import overlay
from campaigns.quality.shapes import group_points, group_polygons, median_point, merge_polygons, nearness
from taxonomy.tree import Tree

MOST_CORNERS = 1000
# What a merge computes is written with as many digits as clients send, and two more.
_DECIMALS = 4
_SMOOTHING = 0.005
Corners = tuple[tuple[float, float], ...]


def merge_outlines(
    outlines: Sequence[npt.ArrayLike],
    person: Sequence[object],
    concepts: Sequence[Collection[str]],
    *,
    seen: int,
    rule: Rule | None = None,
    many: bool = False,
    tree: Tree[str] | None = None,
) -> list[Consensus]:
    """The consensus on one canvas, in reading order; arguments as `merge_boxes`, `outlines` of `(corners, 2)` each."""
    rule = rule or Rule()
    rows = [np.asarray(outline, dtype=np.float64) for outline in outlines]
    names, labels = _columns(len(rows), person, concepts)
    group = group_polygons(rows, names, labels, threshold=rule.threshold, class_aware=rule.class_aware)
    return Merging(rule, seen=seen, many=many, tree=tree).groups(
        group,
        names,
        concepts,
        lambda members, _weights: _merged_outline([rows[one] for one in members], rule),
    )


def merge_points(
    points: npt.ArrayLike,
    person: Sequence[object],
    concepts: Sequence[Collection[str]],
    *,
    reach: float,
    seen: int,
    rule: Rule | None = None,
    many: bool = False,
    tree: Tree[str] | None = None,
) -> list[Consensus]:
    """The same of `points (n, 2)`; those of a group are no farther apart than `reach`, in canvas units. The box of a
    merged point is the square around it as far as that reaches."""
    rule = rule or Rule()
    rows = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    names, labels = _columns(len(rows), person, concepts)
    merging = Merging(rule, seen=seen, many=many, tree=tree)
    if not len(rows):
        return []
    group = group_points(rows, names, labels, size=1.0, reach=reach, class_aware=rule.class_aware)
    return merging.groups(
        group, names, concepts, lambda members, _weights: _merged_point(rows[members], reach)
    )


def _columns(
    n: int, person: Sequence[object], concepts: Sequence[Collection[str]]
) -> tuple[list[str], list[str]]:
    if not n == len(person) == len(concepts):
        raise ValueError("Every shape needs its person and its labels.")
    return [str(value) for value in person], [" ".join(sorted(words)) for words in concepts]


def _merged_outline(outlines: Sequence[Floats], rule: Rule) -> Merged:
    boxes = np.array([_bounds(points) for points in outlines])
    if len(outlines) == 1:
        return Merged(Box(*boxes[0].tolist()), None, None, np.ones((1, 1)), _corners(outlines[0]))
    found = merge_polygons(outlines, least=_least(rule, len(outlines)))
    corners = None if rule.geometry == "medoid" else _simple(found.rings)
    if corners is None:
        corners = outlines[found.medoid]
    alike = overlay([*outlines, corners]).iou()
    return Merged(
        box=Box(*_bounds(corners).tolist()),
        spread=np.std(to_edges(boxes), axis=0, ddof=1),
        mean_iou=float(alike[-1, :-1].mean()),
        alike=alike[:-1, :-1],
        points=_corners(corners),
    )


def _least(rule: Rule, drew: int) -> int | None:
    """How many of the `drew` people must have drawn a place; None for more than half of them."""
    if rule.least is not None:
        return min(rule.least, drew)
    return {"union": 1, "intersection": drew}.get(rule.geometry)


def _simple(rings: Sequence[Floats]) -> Floats | None:
    """The one simple ring that there is, as it can be written; None for several, for holes, for what touches itself."""
    if len(rings) != 1:
        return None
    ring = _smooth(np.round(rings[0], _DECIMALS), _SMOOTHING * abs(ring_area(rings[0])) ** 0.5)
    ring = ring[(ring != np.roll(ring, 1, axis=0)).any(axis=1)]
    if not 3 <= len(ring) <= MOST_CORNERS or len(np.unique(ring, axis=0)) < len(ring):
        return None
    return ring if first_crossing(ring) is None and (_bounds(ring)[2:] > 0).all() else None


def _smooth(ring: Floats, tolerance: float) -> Floats:
    """The ring without corners that lie within `tolerance` of the line between those that stay."""
    start = int(np.argmax(np.hypot(*(ring - ring.mean(axis=0)).T)))
    ring = np.roll(ring, -start, axis=0)
    opposite = int(np.argmax(np.hypot(*(ring - ring[0]).T)))
    kept = np.zeros(len(ring) + 1, dtype=bool)
    kept[[0, opposite, len(ring)]] = True
    closed = np.concatenate([ring, ring[:1]])
    spans = [(0, opposite), (opposite, len(ring))]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        far = _from_line(closed[first + 1 : last], closed[first], closed[last])
        worst = int(np.argmax(far))
        if far[worst] > tolerance:
            middle = first + 1 + worst
            kept[middle] = True
            spans += [(first, middle), (middle, last)]
    return np.asarray(ring[kept[:-1]], dtype=np.float64)


def _from_line(points: Floats, a: Floats, b: Floats) -> Floats:
    """The distance of each of `points (n, 2)` from the line segment a–b."""
    along = b - a
    length = float(along @ along)
    share = np.clip((points - a) @ along / length, 0.0, 1.0) if length else np.zeros(len(points))
    return np.asarray(np.hypot(*(points - a - share[:, None] * along).T), dtype=np.float64)


def _merged_point(points: Floats, reach: float) -> Merged:
    x, y = median_point(points).tolist()
    n = len(points)
    i, j = np.triu_indices(n, 1)
    alike = np.ones((n, n))
    alike[i, j] = alike[j, i] = nearness(points, np.full(n, reach), i, j)
    spread = None if n == 1 else np.tile(np.std(points, axis=0, ddof=1), 2)
    return Merged(Box(x - reach, y - reach, 2 * reach, 2 * reach), spread, None, alike, ((x, y),))


def _bounds(points: Floats) -> Floats:
    low, high = points.min(axis=0), points.max(axis=0)
    return np.concatenate([low, high - low])


def _corners(points: Floats) -> Corners:
    return tuple((x, y) for x, y in points.tolist())
