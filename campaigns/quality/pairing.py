"""All pairs within groups of a sorted column: who meets whom on a unit or canvas."""

import numpy as np

from campaigns.quality.answers import Ints


def pairs_within(group: Ints) -> tuple[Ints, Ints]:
    """All i < j of the same value in a sorted column, as two columns."""
    ends = np.searchsorted(group, group, side="right")
    counts = ends - np.arange(1, len(group) + 1)
    first = np.repeat(np.arange(len(group)), counts)
    step = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first.astype(np.int64), (first + 1 + step).astype(np.int64)
