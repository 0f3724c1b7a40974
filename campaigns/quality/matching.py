"""Decides which boxes of different people mean the same thing: groups for consensus, pairs for agreement.

Everything rests on IoU, so half the image size gives the same groups; nothing depends on the order of boxes
or on who came first; and one person has one voice in a group, so nobody can be a crowd.
"""

import numpy as np
import numpy.typing as npt

from campaigns.quality.assignment import assign
from campaigns.quality.grouping import complete_link, copy_numbers, in_reading_order
from campaigns.quality.overlapping import (
    Floats,
    Ints,
    as_boxes,
    as_codes,
    check_threshold,
    components,
    overlapping_pairs,
)


def group_boxes(
    boxes: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    *,
    canvas: npt.ArrayLike | None = None,
    threshold: float = 0.5,
    class_aware: bool = False,
) -> Ints:
    """Group ids `int64 (n,)` for `boxes (n, 4)` drawn by `person (n,)`, on one or on each `canvas (n,)`.

    Complete-link agglomeration: the two groups whose least alike members are most alike merge first, as long
    as every two members overlap by IoU ≥ `threshold` and are by different people. With `class_aware` they
    must also have the same `label (n,)`; without it a label only breaks ties. A box that nobody else drew is
    a group of one.

    Ids count from 0 in the order of canvas, then reading (top, left) of each group's first box. The grouping
    does not depend on the order of rows or the names of people: equal similarities are settled by equal
    labels, then the larger group, then geometry. Boxes may be given in any unit. When somebody drew exactly
    the same box with the same label twice, the copy meets only copies of others: repeating oneself says
    nothing new.

    Raises ValueError for arrays of another shape, boxes without area or numbers that are not finite.
    """
    check_threshold(threshold)
    rows = as_boxes(boxes)
    n = len(rows)
    people, places, labels = (
        as_codes(person, n, "person"),
        as_codes(canvas, n, "canvas"),
        as_codes(label, n, "label"),
    )
    copies = copy_numbers(np.column_stack([places, people, labels, rows]))
    sheets = places * (int(copies.max(initial=0)) + 1) + copies
    i, j, overlap = overlapping_pairs(rows, sheets, people, threshold, labels if class_aware else None)
    group = complete_link(n, (i, j, overlap), rows[:, [1, 0, 2, 3]], labels)
    return in_reading_order(group, places, rows)


def match_pairs(a: npt.ArrayLike, b: npt.ArrayLike, threshold: float = 0.5) -> Ints:
    """The best one-to-one matching of `a (n, 4)` with `b (m, 4)` at IoU ≥ `threshold`: rows (i, j), `int64
    (k, 2)`.

    Optimal: as many pairs as possible, and among these the greatest summed IoU. (Greedy by IoU can lose a
    pair.)
    """
    left, right = as_boxes(a), as_boxes(b)
    person = np.repeat([0, 1], [len(left), len(right)])
    i, j, _ = match_people(np.concatenate([left, right]), person, threshold=threshold)
    pairs = np.column_stack([i, j - len(left)])
    return pairs[np.argsort(pairs[:, 0], kind="stable")]


def match_people(
    boxes: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    *,
    canvas: npt.ArrayLike | None = None,
    threshold: float = 0.5,
) -> tuple[Ints, Ints, Floats]:
    """The matching of `match_pairs` for every two people on every canvas at once.

    With `label` only boxes of the same label match. Returns the matched rows `i (k,)`, `j (k,)`, the person
    of `i` before that of `j` in sorted order, and their `iou (k,)`.
    """
    check_threshold(threshold)
    rows = as_boxes(boxes)
    n = len(rows)
    people, places = as_codes(person, n, "person"), as_codes(canvas, n, "canvas")
    labels = None if label is None else as_codes(label, n, "label")
    return best_pairs(overlapping_pairs(rows, places, people, threshold, labels), people, rows)


def best_pairs(pairs: tuple[Ints, Ints, Floats], people: Ints, keys: Floats) -> tuple[Ints, Ints, Floats]:
    """Of `pairs` (rows i and j of different people, and how alike they are, 0–1) those of the best matching for every
    two people on every canvas.

    `keys (n, k)` describe the shapes: they settle ties. The person of `i` comes before that of `j`.
    """
    i, j, overlap = pairs
    swap = people[i] > people[j]
    i, j = np.where(swap, j, i), np.where(swap, i, j)
    if not len(i):
        return i, j, overlap
    crowd = int(people.max()) + 1
    # Within one meeting of two people on one canvas a shape has one partner at most.
    left = np.unique(i * crowd + people[j], return_inverse=True)[1]
    right = np.unique(j * crowd + people[i], return_inverse=True)[1]
    chosen = (np.bincount(left)[left] == 1) & (np.bincount(right)[right] == 1)
    rivals = np.flatnonzero(~chosen)
    if len(rivals):
        chosen[_settle(rivals, left, right, overlap, keys, (i, j))] = True
    return i[chosen], j[chosen], overlap[chosen]


def _settle(
    rivals: Ints, left: Ints, right: Ints, overlap: Floats, rows: Floats, ends: tuple[Ints, Ints]
) -> list[int]:
    """The edges that an optimal assignment keeps of those that compete for a box."""
    offset = int(left.max()) + 1
    part = components(offset + int(right.max()) + 1, left[rivals], right[rivals] + offset)[left[rivals]]
    kept: list[int] = []
    for edges in np.split(
        rivals[np.argsort(part, kind="stable")], np.cumsum(np.unique(part, return_counts=True)[1])
    ):
        if not len(edges):
            continue
        row, column = (
            _by_geometry(left[edges], rows[ends[0][edges]]),
            _by_geometry(right[edges], rows[ends[1][edges]]),
        )
        worth = np.zeros((int(row.max()) + 1, int(column.max()) + 1))
        # One more pair outweighs any gain of overlap, of which there is at most min(n, m).
        worth[row, column] = min(worth.shape) + 1.0 + overlap[edges]
        at = {(r, c): e for r, c, e in zip(row.tolist(), column.tolist(), edges.tolist(), strict=True)}
        kept.extend(at[pair] for pair in assign(worth))
    return kept


def _by_geometry(node: Ints, boxes: Floats) -> Ints:
    """Node numbers → 0, 1, … in the order of their boxes: a tie falls the same way in every order of rows."""
    _, first, back = np.unique(node, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.lexsort(boxes[first].T)] = np.arange(len(first))
    return place[back]
