"""Meets predictions with true boxes as COCO's protocol does, for all canvases, thresholds and sizes at once.

On each canvas and label, predictions choose in the order of their scores. Each takes, among the true boxes
that are left and overlap by IoU ≥ t, the one of greatest IoU (the later of equals); true boxes that count come
before those to be ignored (crowds, and sizes outside the range); a crowd may be taken again and again, and its
IoU is the share of the prediction within it (T.-Y. Lin et al. 2014, Microsoft COCO; the cocoapi's `evaluateImg`).

Instead of a loop over canvases there is one over ranks: the r-th predictions of all canvases and labels choose
together, since they do not compete. Memory: the pairs of IoU ≥ the lowest threshold, × thresholds × sizes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints

Flags = npt.NDArray[np.bool_]
_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True)
class Meeting:
    """What each prediction met: `(sizes, thresholds, predictions)`, a row of the truth or −1."""

    met: npt.NDArray[np.int32]
    ignored: Flags  # (sizes, thresholds, predictions): neither right nor wrong


def rank_in_group(group: Ints, score: Floats) -> tuple[Ints, Ints]:
    """An order by group, then falling score (stable), and the rank of each row within its group."""
    order = np.lexsort((-score, group)).astype(np.int64)
    ordered = group[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    sizes = np.diff(np.append(starts, len(ordered)))
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, sizes)
    return order, rank


def overlaps(a: Floats, b: Floats, crowd: Flags) -> Floats:
    """IoU of rows `a (m, 4)` with `b (m, 4)`; with a crowd, the share of `a` inside it. In the cocoapi's order."""
    width = np.minimum(a[:, 0] + a[:, 2], b[:, 0] + b[:, 2]) - np.maximum(a[:, 0], b[:, 0])
    height = np.minimum(a[:, 1] + a[:, 3], b[:, 1] + b[:, 3]) - np.maximum(a[:, 1], b[:, 1])
    common = np.where((width > 0) & (height > 0), width * height, 0.0)
    area = a[:, 2] * a[:, 3]
    whole = np.where(crowd, area, area + b[:, 2] * b[:, 3] - common)
    return np.divide(common, whole, out=np.zeros(len(a)), where=whole > 0)


def pairs_of_groups(group: Ints, true_group: Ints) -> list[tuple[Ints, Ints]]:
    """Blocks of (prediction, truth) rows of the same group; true rows in their given order."""
    order = np.argsort(true_group, kind="stable").astype(np.int64)
    ordered = true_group[order]
    first = np.searchsorted(ordered, group, side="left")
    counts = np.searchsorted(ordered, group, side="right") - first
    total, blocks, start = np.cumsum(counts), [], 0
    while start < len(group):
        done = int(total[start - 1]) if start else 0
        stop = max(int(np.searchsorted(total, done + _BLOCK, side="right")), start + 1)
        share = counts[start:stop]
        rows = np.repeat(np.arange(start, stop), share)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(share) - share, share)
        blocks.append((rows.astype(np.int64), order[first[rows] + within]))
        start = stop
    return blocks


def meet(
    alike: Callable[[Ints, Ints], Floats],
    group: Ints,
    rank: Ints,
    true_group: Ints,
    crowd: Flags,
    aside: Flags,
    thresholds: Floats,
) -> Meeting:
    """Meets all at once. `aside (sizes, truth)`: which true boxes are ignored for each range of sizes.

    `alike`: rows of predictions and rows of truth → how alike they are, 0–1; IoU of boxes unless said otherwise.

    What a prediction that met nothing counts for is left to the caller: `ignored` here is having met one aside.
    """
    bars = np.minimum(thresholds, 1 - 1e-10)
    one, other, share = _candidates(alike, group, true_group, float(bars.min(initial=1.0)))
    met = np.full((len(aside), len(bars), len(group)), -1, dtype=np.int32)
    ignored = np.zeros(met.shape, dtype=bool)
    used = np.zeros((len(aside), len(bars), len(true_group)), dtype=bool)
    for rows in _rounds(one, group, rank):
        _choose(one[rows], other[rows], share[rows], (met, ignored, used), crowd, aside, bars)
    return Meeting(met, ignored)


def _candidates(
    alike: Callable[[Ints, Ints], Floats], group: Ints, true_group: Ints, bar: float
) -> tuple[Ints, Ints, Floats]:
    found: list[tuple[Ints, Ints, Floats]] = []
    for one, other in pairs_of_groups(group, true_group):
        share = alike(one, other)
        close = share >= bar
        found.append((one[close], other[close], share[close]))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    one, other, share = (np.concatenate(part) for part in zip(*found, strict=True))
    return one, other, share


def _rounds(one: Ints, group: Ints, rank: Ints) -> list[Ints]:
    """Pairs by the rank of their prediction among those of its group that have any pair at all."""
    if not len(one):
        return []
    some = np.unique(one)
    order = some[np.lexsort((rank[some], group[some]))]
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    turn = np.zeros(len(group), dtype=np.int64)
    turn[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    by_turn = np.lexsort((one, turn[one]))
    cuts = np.cumsum(np.bincount(turn[one]))[:-1]
    return [np.asarray(rows, dtype=np.int64) for rows in np.split(by_turn, cuts)]


def _choose(
    one: Ints,
    other: Ints,
    share: Floats,
    state: tuple[npt.NDArray[np.int32], Flags, Flags],
    crowd: Flags,
    aside: Flags,
    bars: Floats,
) -> None:
    """One round: pairs sorted by prediction; writes into the state what each of these predictions takes."""
    met, ignored, used = state
    starts = np.flatnonzero(np.diff(one, prepend=-1))
    who = one[starts]
    free = (share >= bars[:, None]) & (~used[:, :, other] | crowd[other])
    counts = ~aside[:, None, other]
    best = _last_best(share, free & counts, starts)
    second = _last_best(share, free & ~counts, starts)
    row = np.where(best >= 0, best, second)
    taken = np.where(row >= 0, other[np.maximum(row, 0)], -1)
    met[:, :, who] = taken
    ignored[:, :, who] = (best < 0) & (second >= 0)
    size, threshold, place = np.nonzero(row >= 0)
    used[size, threshold, taken[size, threshold, place]] = True


def _last_best(share: Floats, allowed: Flags, starts: Ints) -> Ints:
    """The row of the greatest allowed share in each run, the last of equals; −1 for none. `(…, rows)` → `(…, runs)`."""
    if len(starts) == allowed.shape[-1]:
        return np.where(allowed, np.arange(len(starts)), -1)
    value = np.where(allowed, share, -1.0)
    top = np.maximum.reduceat(value, starts, axis=-1)
    sizes = np.diff(np.append(starts, allowed.shape[-1]))
    equal = allowed & (value == np.repeat(top, sizes, axis=-1))
    rows = np.where(equal, np.arange(allowed.shape[-1]), -1)
    return np.asarray(np.maximum.reduceat(rows, starts, axis=-1), dtype=np.int64)
