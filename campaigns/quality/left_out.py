"""What everybody else said: the consensus without one's own vote, against which a person may fairly be measured."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Ints
from campaigns.quality.labels.posterior import candidates_of


@dataclass(frozen=True, slots=True)
class Others:
    """Per answer `(n,)`: the label that most others gave the item, −1 for a tie or nobody else."""

    answers: Answers
    label: Ints

    def of(self, person: Any) -> tuple[Ints, Ints]:
        """What a person said and what the others said, on items where the others agree, as codes."""
        code = self.answers.people.tolist().index(person)
        mine = (self.answers.person == code) & (self.label >= 0)
        return self.answers.label[mine], self.label[mine]


def others_vote(answers: Answers) -> Others:
    """The plain vote of all others on each answer's item. Work: Σ over answers of the labels given to the item."""
    if not len(answers):
        return Others(answers, np.zeros(0, dtype=np.int64))
    pairs = candidates_of(answers)
    votes = np.bincount(pairs.pair, minlength=len(pairs.item))
    named = np.bincount(pairs.item, minlength=len(answers.items))[answers.item]
    starts = np.cumsum(named) - named
    row = np.repeat(np.arange(len(answers)), named)
    pair = pairs.first[answers.item[row]] + np.arange(len(row)) - starts[row]
    left = votes[pair] - (pair == pairs.pair[row])
    top = np.maximum.reduceat(left, starts)
    best = left == top[row]
    many = np.add.reduceat(best.astype(np.int64), starts)
    label = np.maximum.reduceat(np.where(best, pairs.label[pair], -1), starts)
    return Others(answers, np.where((many == 1) & (top > 0), label, -1).astype(np.int64))
