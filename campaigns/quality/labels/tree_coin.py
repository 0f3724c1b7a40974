"""Dawid and Skene on a tree: a coarse answer is a true answer, and near misses tell more than far ones.

Every answer is a way down from above the roots. At each concept v on the way, with n_v children, a person who
goes on takes the right child with probability r_j if the truth lies below v, else one of the n_v − 1 others
evenly; below a wrong turn every child is as likely as the next. Where a person stops says nothing about the
truth. The truth is a leaf, its prior even at each step. So

    P(truth z | answers) ∝ Π_{steps v → c of all answers, z below v}  r_j n_v            where z is at or below c
                                                                    (1 − r_j) n_v / (n_v − 1)     elsewhere below v

which factorises over the tree: upward sums and a downward pass give the probability that the truth is at or
below each concept that somebody touched (belief propagation; Pearl 1988, Probabilistic Reasoning in Intelligent
Systems, ch. 4). EM estimates r_j with the Beta priors of `one_coin`:

    r_j = (Σ P(at or below c) + s m) / (Σ P(at or below v) + s)      over the steps of j where n_v > 1

This is our own model, in the spirit of Dawid & Skene (1979); on a tree of one level it is their one-coin form with
even marginals. The answer is the lowest concept whose probability exceeds the threshold: rabbit and hare at one
half each are a sure leporid. Linear in answers × depth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints, Names, answers_of, sums
from campaigns.quality.labels.branches import TOP, Branches, branches_of
from campaigns.quality.labels.on_tree import known_nodes, lowest_sure
from campaigns.quality.labels.one_coin import EXPECTED
from campaigns.quality.labels.passes import passes_of
from campaigns.quality.labels.posterior import check_prior
from taxonomy.tree import Tree

_KNOWN = 40.0  # log odds of a known answer: beyond what any crowd reaches, within what a float holds


@dataclass(frozen=True, slots=True)
class TreeCoin:
    """Probabilities that the truth is at or below a concept, as rows `(m,)` sorted by item and preorder.

    `accuracy (people,)`: how often a step down is right, with `steps (people,)` expected steps behind it.
    """

    items: Names
    people: Names
    concepts: tuple[Any, ...]  # of the tree in preorder; `node` counts in it
    item: Ints
    node: Ints
    depth: Ints
    probability: Floats
    accuracy: Floats
    steps: Floats
    log_likelihood: float
    iterations: int
    converged: bool

    def decide(self, threshold: float = 0.5) -> tuple[list[Any], Floats]:
        """The lowest concept of probability > `threshold` (≥ 1/2) of each item, None if none, and it."""
        return lowest_sure(self, threshold)


def tree_coin(
    answers: Answers,
    tree: Tree[Any],
    *,
    strength: float = 10.0,
    trust: float = 100.0,
    gold: Mapping[Any, Any] | None = None,
    iterations: int = 200,
    tolerance: float = 1e-5,
) -> TreeCoin:
    """The model on answers whose labels stand in `tree`. `gold` are known concepts, at any depth.

    Raises ValueError for a label outside the tree or a prior that counts no answers.
    """
    check_prior(strength, trust)
    known = known_nodes(answers, tree, gold)
    state = _Passes(answers, branches_of(answers, tree, known), known)
    accuracy = np.full(len(answers.people), EXPECTED)
    likelihood, done, converged = -np.inf, 0, not len(answers)
    probability, steps = np.zeros(len(state.branches.item)), np.zeros(len(answers.people))
    while done < iterations and not converged:
        probability, reached = state.expect(accuracy)
        right, steps = state.count(probability)
        mean = (right.sum() + trust * EXPECTED) / (steps.sum() + trust)
        accuracy = np.clip((right + strength * mean) / (steps + strength), 1e-9, 1 - 1e-9)
        done += 1
        converged = abs(reached - likelihood) <= tolerance * len(answers.items)
        likelihood = reached
    below = state.branches.node != TOP
    return TreeCoin(
        items=answers.items,
        people=answers.people,
        concepts=tuple(tree),
        item=state.branches.item[below],
        node=state.branches.node[below] - 1,
        depth=state.branches.depth[below] - 1,
        probability=probability[below],
        accuracy=accuracy,
        steps=steps,
        log_likelihood=float(likelihood),
        iterations=done,
        converged=converged,
    )


def at_or_below(
    given: Sequence[tuple[Any, Any]], tree: Tree[Any], accuracy: Mapping[Any, float], mean: float
) -> dict[Any, float]:
    """P(the truth of one item is at or below) of each concept that (person, concept) of its answers touch.

    One E step with what is known of people; `mean` is that of who has not been met.
    """
    known = [(person, concept) for person, concept in given if concept in tree]
    if not known:
        return {}
    answers = answers_of(
        np.zeros(len(known), dtype=np.int64),
        [str(who) for who, _said in known],
        [said for _who, said in known],
    )
    nothing = np.zeros(0, dtype=np.int64)
    state = _Passes(answers, branches_of(answers, tree), (nothing, nothing))
    right = [accuracy.get(str(who), mean) for who in answers.people.tolist()]
    probability, _evidence = state.expect(np.clip(np.array(right), 1e-9, 1 - 1e-9))
    names, nodes = tuple(tree), state.branches.node
    return {
        names[node - 1]: float(value)
        for node, value in zip(nodes.tolist(), probability.tolist(), strict=True)
        if node != TOP
    }


class _Passes:
    """The passes over one set of branches."""

    def __init__(self, answers: Answers, branches: Branches, known: tuple[Ints, Ints]) -> None:
        self.answers, self.branches = answers, branches
        ways = branches.siblings[branches.step]
        told = ways > 1  # an only child is no choice
        self.step, self.ways = branches.step[told], ways[told].astype(np.float64)
        self.person = answers.person[branches.answer[told]]
        self.from_pair = branches.above[self.step]
        self.bonus = np.zeros(len(branches.item))
        self.bonus[self._ways_to(known)] = _KNOWN
        size = len(branches.item)
        self.prior = -np.log(np.maximum(branches.siblings, 1).astype(np.float64))
        touched = np.bincount(branches.above[branches.above >= 0], minlength=size)
        children = np.zeros(size)
        lower = branches.above >= 0
        children[branches.above[lower]] = branches.siblings[lower]
        with np.errstate(divide="ignore"):
            # The prior mass of the children that nobody touched; all of it where none was.
            self.rest = np.log(np.where(children > 0, 1 - touched / np.maximum(children, 1), 1.0))
        self.passes = passes_of(branches)

    def expect(self, accuracy: Floats) -> tuple[Floats, float]:
        """Probability that the truth is at or below each pair `(m,)`, and the log-likelihood."""
        size = len(self.branches.item)
        chance = accuracy[self.person]
        wrong = np.log((1 - chance) * self.ways / (self.ways - 1))
        into = sums(self.step, np.log(chance * self.ways) - wrong, size) + self.bonus + self.prior
        onward = sums(self.from_pair, wrong, size)
        probability, bracket = self.passes.settle(into, onward, self.rest)
        tops = np.flatnonzero(self.branches.node == TOP)
        return probability, float((onward[tops] + bracket[tops]).sum() - np.log(self.ways).sum())

    def count(self, probability: Floats) -> tuple[Floats, Floats]:
        """Expected right steps and steps that could be right, per person."""
        people = len(self.answers.people)
        return (
            sums(self.person, probability[self.step], people),
            sums(self.person, probability[self.from_pair], people),
        )

    def _ways_to(self, known: tuple[Ints, Ints]) -> Ints:
        """The pairs from the top down to each known concept."""
        place = (
            {
                pair: row
                for row, pair in enumerate(
                    zip(self.branches.item.tolist(), self.branches.node.tolist(), strict=True)
                )
            }
            if len(known[0])
            else {}
        )
        rows: list[int] = []
        for pair in zip(known[0].tolist(), known[1].tolist(), strict=True):
            row = place[pair]
            while self.branches.node[row] != TOP:
                rows.append(row)
                row = int(self.branches.above[row])
        return np.array(rows, dtype=np.int64)
