"""Complete-link grouping of shapes whose likenesses are known: what boxes, points and polygons share.

The two groups whose least alike members are most alike merge first, as long as every two members are a known
pair. Pairs are only ever of different people, so one person has one voice in a group. Nothing depends on the
order of rows: equal likenesses are settled by equal labels, then the larger group, then the shapes themselves.

How good that is: of P people the likeness summed over all pairs within groups is at least 1 / 2(P − 1) of the greatest
there could be. Of two shapes of a best group the one that merges first does so at a likeness of at least theirs.
"""

import numpy as np
import numpy.typing as npt

from campaigns.quality.overlapping import Floats, Ints, components

_FORBIDDEN = -1.0


def complete_link(n: int, pairs: tuple[Ints, Ints, Floats], keys: Floats, labels: Ints) -> Ints:
    """Groups of `n` shapes: a member's row for each `(n,)`. `pairs`: i, j and likeness ≥ 0 of those that may meet.

    `keys (n, k)` describe the shapes and, with `labels (n,)`, settle what likeness leaves open.
    """
    i, j, likeness = pairs
    part = components(n, i, j)
    group = part.copy()
    sizes, edges = np.bincount(part, minlength=n), np.bincount(part[i], minlength=n)
    # Where every two shapes fit together there is nothing to decide: by far the most frequent case.
    undecided = edges != sizes * (sizes - 1) // 2
    if undecided.any():
        columns = np.column_stack([keys, labels])
        ranks = _dense_ranks(columns, np.lexsort(columns.T[::-1]))
        _split_parts(group, part, undecided, (i, j, likeness), ranks, labels)
    return group


def in_reading_order(group: Ints, canvas: Ints, boxes: Floats) -> Ints:
    """Group ids counted anew from 0 by canvas, then top and left of each group's first member."""
    order = np.lexsort((boxes[:, 3], boxes[:, 2], boxes[:, 0], boxes[:, 1], canvas))
    _, first, back = np.unique(group[order], return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.argsort(first, kind="stable")] = np.arange(len(first))
    ids = np.empty(len(group), dtype=np.int64)
    ids[order] = number[back]
    return ids


def copy_numbers(keys: Floats) -> Ints:
    """0 for the first of equal rows of `keys (n, k)`, 1 for the second, …"""
    order = np.lexsort(keys.T)
    new = np.ones(len(keys), dtype=bool)
    new[1:] = (keys[order][1:] != keys[order][:-1]).any(axis=1)
    starts = np.flatnonzero(new)
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = np.arange(len(keys)) - np.repeat(starts, np.diff(np.append(starts, len(keys))))
    return numbers


def _dense_ranks(keys: Floats, order: npt.NDArray[np.int64]) -> Ints:
    """Ranks in `order`, equal rows sharing a rank."""
    sorted_keys = keys[order]
    new = np.ones(len(order), dtype=np.int64)
    new[1:] = (sorted_keys[1:] != sorted_keys[:-1]).any(axis=1)
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.cumsum(new)
    return ranks


def _split_parts(
    group: Ints,
    part: Ints,
    undecided: npt.NDArray[np.bool_],
    edges: tuple[Ints, Ints, Floats],
    ranks: Ints,
    labels: Ints,
) -> None:
    """Writes the groups of the undecided parts into `group`."""
    i, j, overlap = edges
    open_edges = np.flatnonzero(undecided[part[i]])
    open_edges = open_edges[np.argsort(part[i[open_edges]], kind="stable")]
    cuts = np.flatnonzero(np.diff(part[i[open_edges]])) + 1
    for chunk in np.split(open_edges, cuts):
        nodes, flat = np.unique(np.concatenate([i[chunk], j[chunk]]), return_inverse=True)
        a, b = flat[: len(chunk)], flat[len(chunk) :]
        likeness = np.full((len(nodes), len(nodes)), _FORBIDDEN)
        likeness[a, b] = likeness[b, a] = overlap[chunk]
        for members in _agglomerate(likeness, ranks[nodes], labels[nodes]):
            group[nodes[members]] = nodes[members[0]]


def _agglomerate(likeness: Floats, ranks: Ints, labels: Ints) -> list[list[int]]:
    """Complete link on a symmetric `likeness (k, k)`, negative where forbidden; the groups as index lists."""
    link = likeness.copy()
    clusters: list[list[int]] = [[index] for index in range(len(link))]
    best = link.max(axis=1)
    while True:
        top = float(best.max())
        if top < 0:
            return [members for members in clusters if members]
        a, b = _first_of_equals(link, best, top, clusters, ranks, labels)
        touched = (link[:, a] == best) | (link[:, b] == best)
        clusters[a], clusters[b] = sorted(clusters[a] + clusters[b]), []
        merged = np.minimum(link[a], link[b])
        merged[a] = _FORBIDDEN
        link[a], link[:, a] = merged, merged
        link[b], link[:, b] = _FORBIDDEN, _FORBIDDEN
        # Complete link never brings groups nearer, so only rows that lost their best need another look.
        touched[[a, b]] = True
        best[touched] = link[touched].max(axis=1)


def _first_of_equals(
    link: Floats, best: Floats, top: float, clusters: list[list[int]], ranks: Ints, labels: Ints
) -> tuple[int, int]:
    rows = np.flatnonzero(best == top)
    found = [(int(a), int(b)) for a in rows for b in np.flatnonzero(link[a] == top) if a < b]
    if len(found) == 1:
        return found[0]
    involved = {index for pair in found for index in pair}
    keys = {index: sorted(ranks[clusters[index]].tolist()) for index in involved}
    words = {index: sorted(set(labels[clusters[index]].tolist())) for index in involved}

    def key(pair: tuple[int, int]) -> tuple[bool, int, list[list[int]]]:
        a, b = pair
        return (words[a] != words[b], -len(clusters[a]) - len(clusters[b]), sorted([keys[a], keys[b]]))

    return min(found, key=key)
