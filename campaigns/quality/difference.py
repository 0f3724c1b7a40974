"""How different two answers are: what turns one formula for Krippendorff's alpha into its many kinds."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from taxonomy.tree import Tree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Codes of answers a (m,) and b (k,), broadcast against each other → their differences, 0 for equal ones.
Difference = Callable[[Ints, Ints], Floats]


def nominal(a: Ints, b: Ints) -> Floats:
    """0 for the same, 1 for another."""
    return np.asarray(a != b, dtype=np.float64)


def interval(values: npt.ArrayLike) -> Difference:
    """(v − w)², for answers with the given values per code (Krippendorff 2011, eq. for interval data)."""
    v = np.asarray(values, dtype=np.float64)
    return lambda a, b: np.square(v[a] - v[b])


def absolute(values: npt.ArrayLike) -> Difference:
    """|v − w|: Cohen's (1968) linear weights, when the values are ranks."""
    v = np.asarray(values, dtype=np.float64)
    return lambda a, b: np.abs(v[a] - v[b])


def ratio(values: npt.ArrayLike) -> Difference:
    """((v − w) / (v + w))², for values that count from a true zero."""
    v = np.asarray(values, dtype=np.float64)

    def difference(a: Ints, b: Ints) -> Floats:
        total = v[a] + v[b]
        return np.square(np.divide(v[a] - v[b], total, out=np.zeros_like(total), where=total != 0))

    return difference


def ordinal(counts: npt.ArrayLike) -> Difference:
    """Squared number of answers between two ranks; codes are ranks, `counts (k,)` how often given."""
    n = np.asarray(counts, dtype=np.float64)
    middle = np.cumsum(n) - n / 2
    return lambda a, b: np.square(middle[a] - middle[b])


def ordered(degrees: Sequence[float | None], counts: npt.ArrayLike) -> Difference:
    """The ordinal difference of answers with these degrees, as a share of the widest there is; 1 to and from no degree.

    `degrees (k,)`: where each code stands on the scale, None for one beside it (“cannot tell”), which is as far from
    every degree as the ends of the scale from each other, and not from itself. `counts (k,)`: how often given.
    """
    ranks = sorted({degree for degree in degrees if degree is not None})
    given = np.zeros(len(ranks))
    for degree, count in zip(degrees, np.asarray(counts, dtype=np.float64).tolist(), strict=True):
        if degree is not None:
            given[ranks.index(degree)] += count
    rank = np.array([-1 if degree is None else ranks.index(degree) for degree in degrees], dtype=np.int64)
    between = ordinal(given)
    widest = float(between(np.array([0]), np.array([len(ranks) - 1]))[0]) if len(ranks) > 1 else 1.0

    def difference(a: Ints, b: Ints) -> Floats:
        one, other = rank[a], rank[b]
        on_scale = (one >= 0) & (other >= 0)
        share = between(np.maximum(one, 0), np.maximum(other, 0)) / (widest or 1.0) if ranks else 0.0
        return np.asarray(np.where(on_scale, share, np.asarray(a != b, dtype=np.float64)), dtype=np.float64)

    return difference


def jaccard(sets: Sequence[Collection[str]]) -> Difference:
    """1 − |A ∩ B| / |A ∪ B|; two empty sets are equal."""
    common, sizes = _overlaps(sets)

    def difference(a: Ints, b: Ints) -> Floats:
        both = common[a, b]
        whole = sizes[a] + sizes[b] - both
        return 1.0 - np.divide(both, whole, out=np.ones_like(whole), where=whole > 0)

    return difference


def masi(sets: Sequence[Collection[str]]) -> Difference:
    """1 − Jaccard × m; m is 1 for equal sets, 2/3 where one holds the other, 1/3 for other overlaps, 0 for
    none.

    Passonneau (2006), Measuring Agreement on Set-valued Items. An empty set (“nothing here”) is a statement
    of its own here, not a part of every set: only another empty set overlaps it.
    """
    common, sizes = _overlaps(sets)

    def difference(a: Ints, b: Ints) -> Floats:
        both, one, other = np.broadcast_arrays(common[a, b], sizes[a], sizes[b])
        whole = one + other - both
        alike = np.divide(both, whole, out=np.ones_like(whole), where=whole > 0)
        held = both == np.minimum(one, other)
        monotone = np.where(
            one + other == 2 * both, 1.0, np.where(both == 0, 0.0, np.where(held, 2 / 3, 1 / 3))
        )
        return np.asarray(1.0 - alike * monotone, dtype=np.float64)

    return difference


def tree_links(concepts: Sequence[Any], tree: Tree[Any]) -> Difference:
    """Links on the way from one concept to the other, as a share of the longest way the tree has room for.

    Different trees of the forest are joined above their roots. A rabbit taken for a hare is a small mistake.
    Raises KeyError for a concept outside the tree.
    """
    paths, depth = _paths(concepts, tree)
    longest = 2.0 * max(tree.height, 1)
    return lambda a, b: (depth[a] + depth[b] - 2.0 * _shared(paths, a, b)) / longest


def tree_wu_palmer(concepts: Sequence[Any], tree: Tree[Any]) -> Difference:
    """1 − 2 d(c) / (d(a) + d(b)), c the nearest common ancestor (Wu & Palmer 1994): deep splits weigh less."""
    paths, depth = _paths(concepts, tree)
    return lambda a, b: 1.0 - 2.0 * _shared(paths, a, b) / (depth[a] + depth[b])


def _paths(concepts: Sequence[Any], tree: Tree[Any]) -> tuple[Ints, Floats]:
    """The place of each concept's ancestors by depth `(k, height)`, −1 below it; and its depth from 1 `(k,)`."""
    place = tree.preorder()
    paths = np.full((len(concepts), max(tree.height, 1)), -1, dtype=np.int64)
    for row, concept in enumerate(concepts):
        way = [place[above] for above in tree.path(concept)]
        paths[row, : len(way)] = way
    return paths, (paths >= 0).sum(axis=1).astype(np.float64)


def _shared(paths: Ints, a: Ints, b: Ints) -> Floats:
    shared = np.zeros(np.broadcast_shapes(np.shape(a), np.shape(b)))
    for level in paths.T:
        shared += (level[a] == level[b]) & (level[a] >= 0)
    return shared


def _overlaps(sets: Sequence[Collection[str]]) -> tuple[Floats, Floats]:
    """|A ∩ B| for all pairs `(k, k)` and |A| `(k,)`."""
    words = sorted({word for members in sets for word in members})
    place = {word: index for index, word in enumerate(words)}
    holds = np.zeros((len(sets), len(words)), dtype=np.float64)
    for row, members in enumerate(sets):
        holds[row, [place[word] for word in members]] = 1.0
    return holds @ holds.T, holds.sum(axis=1)
