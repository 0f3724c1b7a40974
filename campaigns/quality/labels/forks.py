"""What is learnt at the forks of a tree, step by step: the expectation and maximisation of `tree_dawid_skene`."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints, sums
from campaigns.quality.labels.branches import TOP, Branches, branches_of
from campaigns.quality.labels.one_coin import EXPECTED
from campaigns.quality.labels.passes import passes_of
from campaigns.quality.labels.posterior import check_prior
from campaigns.quality.labels.turns import Mask, behind, said_for, turns_of
from taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class TreeHabits:
    """The priors, as pseudo-answers: `strength` of a person's coin, `fork` of a person at a fork for each true concept,
    `trust` of the crowd there, and `even` items of how frequent the concepts of a fork are."""

    strength: float = 10.0
    fork: float = 30.0
    trust: float = 50.0
    even: float = 100.0

    def __post_init__(self) -> None:
        for worth in astuple(self):
            check_prior(worth, worth)


@dataclass(frozen=True, slots=True)
class Forks:
    """What was learnt, by node of the tree (0 is the top, then preorder) and by row (person, true, said) that occurs.

    `share`: π of each node, `named` whether it occurs; `astray`: h of each node; `right`: how often the crowd names a
    node that is true; `crowd`: rows (true, said) with the crowd's habit. `behind`: what else each node was said for, by
    known answers.
    """

    share: Floats
    astray: Floats
    named: Mask
    right: Floats
    crowd_true: Ints
    crowd_said: Ints
    crowd: Floats
    person: Ints
    true: Ints
    said: Ints
    counts: Floats
    behind: Mapping[int, list[int]]


def drawn_to(right: Any, crowd: Any, same: Any, accuracy: Any, mean: float) -> Floats:
    """p_jv(t, s): the crowd's habits with the odds of being right as much better as the person's are elsewhere."""
    ratio = accuracy * (1 - mean) / ((1 - accuracy) * mean)
    own = right * ratio / (1 - right + right * ratio)
    return np.asarray(np.where(same, own, (1 - own) * crowd / (1 - right)), dtype=np.float64)


class Learning:
    """What is fixed, and what is known of everybody from step to step."""

    def __init__(
        self, answers: Answers, tree: Tree[Any], known: tuple[Ints, Ints], prior: TreeHabits
    ) -> None:
        self.prior = prior
        self.above_node = np.concatenate([[-1], tree.parent_numbers + 1]).astype(np.int64)
        self.nodes, self.people = len(self.above_node), len(answers.people)
        self.children = np.bincount(self.above_node[1:], minlength=self.nodes)
        self.ways = np.where(self.above_node >= 0, self.children[self.above_node], 1).astype(np.float64)
        self._place(answers, tree, known)
        b, turns = self.branches, self.turns
        self.passes = passes_of(b)
        self.left, self.said = b.above[turns.step], b.node[turns.step]
        size = len(b.item)
        self.low = np.flatnonzero(b.node[self.left] != TOP)  # turns that somebody may take who went astray
        self.lower = np.flatnonzero(b.above >= 0)
        self.touched = np.bincount(b.above[self.lower], minlength=size)
        self.closed = self.settled | (self.touched >= np.maximum(self.children[b.node], 1))
        self.choices = sums(self.left, np.log(np.maximum(self.ways[self.said] - 1, 1)), size)
        self.same = turns.row_true == turns.row_said
        self._pool()
        self._begin()

    def _place(self, answers: Answers, tree: Tree[Any], known: tuple[Ints, Ints]) -> None:
        """Branches with what known answers bring in, and which of them cannot be."""
        branches = branches_of(answers, tree, known)
        self.partners: dict[int, list[int]] = {}
        if len(known[0]):
            self.partners = said_for(branches, self._way(branches, known), self.nodes)
            more = behind(branches, self.partners)
            branches = branches_of(
                answers, tree, (np.concatenate([known[0], more[0]]), np.concatenate([known[1], more[1]]))
            )
        way = self._way(branches, known)
        settled = np.zeros(len(branches.item), dtype=bool)
        settled[branches.above[way & (branches.above >= 0)]] = True
        self.branches, self.settled = branches, settled
        self.impossible = (branches.above >= 0) & settled[branches.above] & ~way
        self.turns = turns_of(answers, branches, self.nodes)

    def _way(self, branches: Branches, known: tuple[Ints, Ints]) -> Any:
        """Which pairs are on the way to a known answer."""
        way = np.zeros(len(branches.item), dtype=bool)
        keys, (item, node) = branches.item * self.nodes + branches.node, known
        while len(item):
            way[np.searchsorted(keys, item * self.nodes + node)] = True
            inside = node != TOP
            item, node = item[inside], self.above_node[node[inside]]
        return way

    def _pool(self) -> None:
        """Where rows of people belong in the crowd's: a person at a true node, and (true, said)."""
        turns = self.turns
        new = np.diff(turns.row_person * self.nodes + turns.row_true, prepend=-1) != 0
        self.of_person = np.cumsum(new) - 1
        keys, back = np.unique(turns.row_true * self.nodes + turns.row_said, return_inverse=True)
        self.pooled = back.astype(np.int64)
        self.crowd_true, self.crowd_said = keys // self.nodes, keys % self.nodes
        self.crowd_same = self.crowd_true == self.crowd_said

    def _begin(self) -> None:
        """Everybody right as often as is expected, and everything else even."""
        self.mean, self.accuracy = EXPECTED, np.full(self.people, EXPECTED)
        self.steps, turns = np.zeros(self.people), self.turns
        others = np.maximum(self.ways - 1, 1)
        self.habit = np.where(self.same, EXPECTED, (1 - EXPECTED) / others[turns.row_true])
        self.crowd = np.where(self.crowd_same, EXPECTED, (1 - EXPECTED) / others[self.crowd_true])
        self.counts = np.zeros(len(turns.row_true))
        self.share, self.astray = 1 / self.ways, 1 / self.ways  # of the top 1, for good
        self.right = np.full(self.nodes, EXPECTED)

    def expect(self) -> tuple[Floats, float]:
        """Probability that the truth is at or below each pair `(m,)`, and the log-likelihood."""
        b, turns, size = self.branches, self.turns, len(self.branches.item)
        told = np.log(self.habit)
        into = sums(turns.candidate, told[turns.row], size)
        into += np.log(self.share)[b.node]
        into[self.impossible] = -np.inf
        astray = np.log(self.astray)[self.said[self.low]]
        onward = -sums(self.left[self.low], astray, size)
        probability, bracket = self.passes.settle(into, onward, self._rest())
        return probability, float(bracket[b.node == TOP].sum() + astray.sum())

    def _rest(self) -> Floats:
        """Log mass of what nobody touched below each pair; all of it where nothing below was touched."""
        b, size = self.branches, len(self.branches.item)
        mass = 1 - sums(b.above[self.lower], self.share[b.node[self.lower]], size)
        wrong = np.log(1 - self.accuracy)[self.turns.person]
        rest = np.log(np.maximum(mass, 1e-300)) + sums(self.left, wrong, size) - self.choices
        rest[self.closed] = -np.inf
        rest[self.touched == 0] = 0.0
        return rest

    def maximise(self, probability: Floats) -> None:
        """Everybody's habits, the crowd's, and how frequent things are."""
        turns, trust = self.turns, self.prior.trust
        right = sums(turns.person, probability[turns.step], self.people)
        self.steps = sums(turns.person, probability[self.left], self.people)
        self.mean = float((right.sum() + trust * EXPECTED) / (self.steps.sum() + trust))
        drawn = (right + self.prior.strength * self.mean) / (self.steps + self.prior.strength)
        self.accuracy = np.clip(drawn, 1e-9, 1 - 1e-9)
        self.counts = sums(turns.row, probability[turns.candidate], len(turns.row_true))
        self._crowd()
        met = sums(self.of_person, self.counts, int(self.of_person[-1]) + 1 if len(self.of_person) else 0)
        drawn = drawn_to(
            self.right[turns.row_true], self.crowd[self.pooled], self.same, self.accuracy[turns.row_person], self.mean
        )  # fmt: skip
        self.habit = (self.counts + self.prior.fork * drawn) / (met[self.of_person] + self.prior.fork)
        self._shares(probability)
        lost = sums(self.said, 1 - probability[self.left], self.nodes)
        together = sums(self.above_node[1:], lost[1:], self.nodes)
        self.astray[1:] = (lost[1:] + trust / self.ways[1:]) / (together[self.above_node[1:]] + trust)

    def _crowd(self) -> None:
        pooled = sums(self.pooled, self.counts, len(self.crowd_true))
        met = sums(self.crowd_true, pooled, self.nodes)
        others = np.maximum(self.ways - 1, 1)
        base = np.where(self.crowd_same, self.mean, (1 - self.mean) / others[self.crowd_true])
        trust = self.prior.trust
        drawn = (pooled + trust * base) / (met[self.crowd_true] + trust)
        self.crowd = np.clip(drawn, 1e-12, 1 - 1e-9)
        named = sums(self.crowd_true[self.crowd_same], pooled[self.crowd_same], self.nodes)
        self.right = np.clip((named + trust * self.mean) / (met + trust), 1e-12, 1 - 1e-9)

    def _shares(self, probability: Floats) -> None:
        """π of every node; what nobody touched is shared as before."""
        b, nodes = self.branches, self.nodes
        left = probability - sums(b.above[self.lower], probability[self.lower], len(b.item))
        left[self.touched == 0] = 0.0
        above = self.above_node[1:]
        counts = sums(b.node, probability, nodes)[1:] + self.prior.even / self.ways[1:]
        counts += sums(b.node, np.maximum(left, 0.0), nodes)[above] * self.share[1:]
        self.share[1:] = counts / sums(above, counts, nodes)[above]

    def forks(self) -> Forks:
        turns = self.turns
        return Forks(
            share=self.share,
            astray=self.astray,
            named=np.bincount(self.branches.node, minlength=self.nodes) > 0,
            right=self.right,
            crowd_true=self.crowd_true,
            crowd_said=self.crowd_said,
            crowd=self.crowd,
            person=turns.row_person,
            true=turns.row_true,
            said=turns.row_said,
            counts=self.counts,
            behind=self.partners,
        )
