"""The turns that people took on a tree, beside the turns that may have been the right ones there.

Where somebody went on from a concept, the right turn may be any that somebody took there for the same item, the known
one, or one that known answers have shown to be taken for the one that was given; all others are kept as one sum. So
pairs of a turn and a candidate grow with the answers, however wide the tree.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Answers, Ints, factorise
from campaigns.quality.labels.branches import Branches

_MOST_BEHIND = 3  # concepts that one concept may have been said for although nobody named them
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Turns:
    """`step (t,)`: the (item, node) pair that each turn led to, `person (t,)` of it, sorted by the pair it left.

    `candidate (p,)`: pairs that may be right, each beside every turn of its family, whose row `(p,)` is that of the
    person, the candidate's node and the node that was said: `row_person`, `row_true`, `row_said` `(r,)`, sorted.
    Choices of an only child are none.
    """

    step: Ints
    person: Ints
    candidate: Ints
    row: Ints
    row_person: Ints
    row_true: Ints
    row_said: Ints


def turns_of(answers: Answers, branches: Branches, nodes: int) -> Turns:
    """The turns of these answers; `nodes` of the tree, the top among them."""
    told = branches.siblings[branches.step] > 1
    step = branches.step[told]
    person = answers.person[branches.answer[told]]
    order = np.argsort(branches.above[step], kind="stable")
    step, person = step[order], person[order]
    taken = np.bincount(branches.above[step], minlength=len(branches.item))
    first = np.cumsum(taken) - taken
    may = np.flatnonzero((branches.above >= 0) & (branches.siblings > 1))
    count = taken[branches.above[may]]
    candidate = np.repeat(may, count)
    turn = np.arange(len(candidate)) - np.repeat(np.cumsum(count) - count - first[branches.above[may]], count)
    keys = person[turn] * nodes
    keys += branches.node[candidate]
    keys *= nodes
    keys += branches.node[step[turn]]
    rows, row = factorise(keys)
    return Turns(
        step=step,
        person=person,
        candidate=candidate.astype(np.int64),
        row=row,
        row_person=rows // (nodes * nodes),
        row_true=rows // nodes % nodes,
        row_said=rows % nodes,
    )


def said_for(branches: Branches, known: Mask, nodes: int) -> dict[int, list[int]]:
    """Which nodes each node was said for where the answer was known, the most frequent first; at most three.

    `known (m,)`: whether a pair is on the way to a known answer.
    """
    right = np.full(len(branches.item), -1, dtype=np.int64)
    ways = np.flatnonzero(known & (branches.above >= 0))
    right[branches.above[ways]] = branches.node[ways]
    true, said = right[branches.above[branches.step]], branches.node[branches.step]
    wrong = (true >= 0) & (true != said)
    keys, times = np.unique(said[wrong] * nodes + true[wrong], return_counts=True)
    found: dict[int, list[int]] = {}
    for at in np.lexsort((keys, -times)).tolist():
        mine = found.setdefault(int(keys[at]) // nodes, [])
        if len(mine) < _MOST_BEHIND:
            mine.append(int(keys[at]) % nodes)
    return found


def behind(branches: Branches, partners: dict[int, list[int]]) -> tuple[Ints, Ints]:
    """Items and nodes that come in beside what was said: the `partners` of each touched node."""
    items, nodes = [], []
    for said, others in partners.items():
        here = branches.item[branches.node == said]
        for other in others:
            items.append(here)
            nodes.append(np.full(len(here), other))
    if not items:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(items), np.concatenate(nodes).astype(np.int64)
