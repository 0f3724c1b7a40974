"""Belief propagation on the branches of every item at once: upward sums, then a downward pass (Pearl 1988, ch. 4)."""

from dataclasses import dataclass

import numpy as np

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.labels.branches import Branches


@dataclass(frozen=True, slots=True)
class Passes:
    """The (item, node) pairs below the top by depth; of each depth an order that brings siblings together."""

    above: Ints
    plan: tuple[
        tuple[Ints, Ints, Ints], ...
    ]  # pairs of a depth, siblings side by side; where each family starts

    def settle(self, into: Floats, onward: Floats, rest: Floats) -> tuple[Floats, Floats]:
        """Probability that the truth is at or below each pair `(m,)`, and the log of what is summed below each.

        Logs, all `(m,)`: `into` of going from the parent to the pair, `onward` of what is said at the pair against the
        truth being elsewhere, `rest` of going from the pair to what nobody touched.
        """
        above, bracket = self.above, rest.copy()
        for _level, rows, starts in reversed(self.plan):
            value = into[rows] + onward[rows] + bracket[rows]
            parents = above[rows[starts]]
            bracket[parents] = np.logaddexp(bracket[parents], _log_sums(value, starts))
        probability = np.ones(len(above))
        for level, _rows, _starts in self.plan:
            upper = above[level]
            share = into[level] + onward[level] + bracket[level] - bracket[upper]
            probability[level] = probability[upper] * np.exp(np.minimum(share, 0.0))
        return probability, bracket


def passes_of(branches: Branches) -> Passes:
    """The passes over these branches."""
    plan = []
    for level in branches.levels()[1:]:
        order = np.argsort(branches.above[level], kind="stable")
        rows = level[order]
        starts = np.flatnonzero(np.diff(branches.above[rows], prepend=-1)).astype(np.int64)
        plan.append((level, rows, starts))
    return Passes(branches.above, tuple(plan))


def _log_sums(values: Floats, starts: Ints) -> Floats:
    top = np.maximum.reduceat(values, starts)
    sizes = np.diff(np.append(starts, len(values)))
    return np.asarray(top + np.log(np.add.reduceat(np.exp(values - np.repeat(top, sizes)), starts)))
