"""Answers in rounds, the first of every item, then the second, …: long sums with no look-up of the item.

Items stand in the order of falling numbers of answers, so that each round speaks for the first so many of them: what
is known of items is read, and what is learnt of them is added, in the order in which it lies in memory. Rounds of few
items are not worth a pass: they are kept together as the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints

_FEW = 512  # a round of fewer items belongs to the rest
_BLOCK = 16_384  # items at a time: what is added up stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Rounds:
    """`order (items,)`: places in `Answers.items`, most answers first; `answer (n,)`: its rows, round by round.

    `sizes`: items of each round; `rest (m,)`: answers that each of the first m items has beyond these rounds.
    """

    order: Ints
    answer: Ints
    sizes: tuple[int, ...]
    rest: Ints

    def per_item(self, values: Floats, at: Ints, out: Floats) -> None:
        """Writes Σ `values[at]` of the answers of each item to `out (items,)`; `at (n,)` is in the order of rounds."""
        starts = self._starts()
        spare = np.empty(min(_BLOCK, len(out)))
        for low in range(0, len(out), _BLOCK):
            part = out[low : low + _BLOCK]
            part[:] = 0.0
            for start, size in zip(starts, self.sizes, strict=True):
                here = min(size - low, len(part))
                if here <= 0:
                    break
                told = np.take(values, at[start + low : start + low + here], out=spare[:here], mode="clip")
                part[:here] += told
        if len(self.rest):
            firsts = np.cumsum(self.rest) - self.rest
            out[: len(self.rest)] += np.add.reduceat(values[at[sum(self.sizes) :]], firsts)

    def per_value(self, of_item: Floats, at: Ints, out: Floats) -> None:
        """Adds `of_item (items,)` of each answer to `out[at]`."""
        for start, size in zip(self._starts(), self.sizes, strict=True):
            np.add.at(out, at[start : start + size], of_item[:size])
        if len(self.rest):
            np.add.at(out, at[sum(self.sizes) :], np.repeat(of_item[: len(self.rest)], self.rest))

    def blocks(self) -> Iterator[slice]:
        """The items in parts that fit into the cache."""
        for low in range(0, len(self.order), _BLOCK):
            yield slice(low, min(low + _BLOCK, len(self.order)))

    def in_order_of_items(self, table: Floats) -> Floats:
        """The columns of `table (k, items)` as rows `(items, k)` in the order of `Answers.items`."""
        rows = np.empty(table.shape[::-1])
        rows[self.order] = table.T
        return rows

    def _starts(self) -> list[int]:
        return [0, *np.cumsum(self.sizes).tolist()][: len(self.sizes)]


def rounds_of(answers: Answers) -> Rounds:
    """The rounds of these answers."""
    voices = answers.voices
    most = int(voices.max(initial=0))
    order = np.argsort((most - voices).astype(np.min_scalar_type(most)), kind="stable").astype(np.int64)
    voices, firsts = voices[order], answers.starts[order]
    # Items with more than s answers: the size of round s.
    above = len(voices) - np.cumsum(np.bincount(voices, minlength=1))
    sizes = tuple(size for size in above.tolist() if size >= _FEW)
    rest = voices[: above[len(sizes)] if len(sizes) < len(above) else 0] - len(sizes)
    within = np.arange(int(rest.sum())) - np.repeat(np.cumsum(rest) - rest, rest)
    rows = [firsts[:size] + number for number, size in enumerate(sizes)]
    last = np.repeat(firsts[: len(rest)] + len(sizes), rest) + within
    return Rounds(order, np.concatenate([*rows, last]), sizes, rest)
