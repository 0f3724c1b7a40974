"""Dawid and Skene on a tree with full confusion: at every fork people have habits of what they take for what.

Every answer is a way down from above the roots; at each concept v on it with n_v > 1 children a person takes one. With
π_v(t) the share of truths below v that are at or below its child t,

    P(truth z | answers) ∝ Π_{v above z}  π_v(t)  Π_{turns v → s}  e_jv(t, s)     t the child of v towards z
                           Π_{other v}            Π_{turns v → s}  h_v(s)         who went astray goes on by habit

summed exactly over the whole tree by belief propagation (`passes`). Where a person stops says nothing about the truth:
a coarse answer is no contradiction, and takes no turn below. Habits are estimated by EM with Dirichlet priors, each
drawn to what is known one floor up (empirical Bayes):

    e_jv(t, s) = (n_jv(t, s) + f p_jv(t, s)) / (n_jv(t) + f)    a person here ← the crowd here, the person elsewhere
    p_jv(t, t) = c ρ_j / (1 − c + c ρ_j),  c = c_v(t, t);   p_jv(t, s) ∝ c_v(t, s) for s ≠ t
    ρ_j = odds of r_j over odds of r,  r_j, r: how often j, and everybody, take the right turn, as in `tree_coin`
    c_v(t, s)  = (Σ_j n_jv(t, s) + d b_v(t, s)) / (Σ_j n_jv(t) + d)   the crowd here ← a coin: r if s = t, else even

with f = `fork` and d = `trust` pseudo-turns for each true concept; n are expected turns. Few answers make it the coin
on the tree, many the model of 1979 at every fork. h_v is drawn to even by d turns, and π_v by `even` items: habits and
frequencies explain each other (is it rare, or never named?), and both learnt from few items run away together.

What may be true of an item at a fork is what somebody said of it, what is known of it, and what known answers show to
be said for it (`turns`); the rest is one sum, to which every turn is an even error. Known answers are never doubted.

This is our own model, after Dawid & Skene (1979) and, for drawing habits to each other floor by floor, Kim & Ghahramani
(2012), Bayesian Classifier Combination, AISTATS, and Venanzi et al. (2014), Community-Based Bayesian Aggregation, WWW.
Linear in answers × depth × different answers an item.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints, Names
from campaigns.quality.labels.branches import TOP
from campaigns.quality.labels.forks import Forks, Learning, TreeHabits, drawn_to
from campaigns.quality.labels.on_tree import known_nodes, lowest_sure
from taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class TreeDawidSkene:
    """Probabilities that the truth is at or below a concept, as rows `(m,)` sorted by item and preorder.

    `accuracy (people,)`: how often a turn is right, with `steps (people,)` expected turns behind it, `mean` of all.
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
    mean: float
    prior: TreeHabits
    forks: Forks
    log_likelihood: float
    iterations: int
    converged: bool

    def decide(self, threshold: float = 0.5) -> tuple[list[Any], Floats]:
        """The lowest concept of probability > `threshold` (≥ 1/2) of each item, None if none, and it."""
        return lowest_sure(self, threshold)

    def confusion(self, person: int, tree: Tree[Any], concept: Any = None) -> Floats:
        """Probabilities true × said among the children of `concept` (None: the roots), of the person with this code.

        Rows and columns in the order of the tree; each row sums to 1.
        """
        place, f = tree.preorder(), self.forks
        nodes = [place[child] + 1 for child in (tree.roots if concept is None else tree.children(concept))]
        k, at = len(nodes), np.full(len(self.concepts) + 1, -1)
        at[nodes] = np.arange(k)
        crowd, counts = np.full((k, k), np.nan), np.zeros((k, k))
        here = np.flatnonzero(at[f.crowd_true] >= 0)
        crowd[at[f.crowd_true[here]], at[f.crowd_said[here]]] = f.crowd[here]
        np.fill_diagonal(crowd, f.right[nodes])
        # What the crowd never said there is equally likely.
        left, gaps = 1 - np.nansum(crowd, axis=1), np.isnan(crowd).sum(axis=1)
        crowd = np.where(np.isnan(crowd), (left / np.maximum(gaps, 1))[:, None], crowd)
        mine = np.flatnonzero((f.person == person) & (at[f.true] >= 0))
        counts[at[f.true[mine]], at[f.said[mine]]] = f.counts[mine]
        right = crowd.diagonal()[:, None]
        drawn = drawn_to(right, crowd, np.eye(k) > 0, self.accuracy[person], self.mean)
        shares: Floats = counts + self.prior.fork * drawn
        shares /= shares.sum(axis=1, keepdims=True)
        return shares


def tree_dawid_skene(
    answers: Answers,
    tree: Tree[Any],
    *,
    prior: TreeHabits | None = None,
    gold: Mapping[Any, Any] | None = None,
    iterations: int = 200,
    tolerance: float = 1e-5,
) -> TreeDawidSkene:
    """The model on answers whose labels stand in `tree`. `gold` are known concepts, at any depth.

    Raises ValueError for a label outside the tree or a prior that counts no answers.
    """
    prior = prior or TreeHabits()
    state = Learning(answers, tree, known_nodes(answers, tree, gold), prior)
    likelihood, done, converged = -np.inf, 0, not len(answers)
    probability = np.zeros(len(state.branches.item))
    while done < iterations and not converged:
        probability, reached = state.expect()
        state.maximise(probability)
        done += 1
        converged = abs(reached - likelihood) <= tolerance * len(answers.items)
        likelihood = reached
    branches = state.branches
    below = branches.node != TOP
    return TreeDawidSkene(
        items=answers.items,
        people=answers.people,
        concepts=tuple(tree),
        item=branches.item[below],
        node=branches.node[below] - 1,
        depth=branches.depth[below] - 1,
        probability=probability[below],
        accuracy=state.accuracy,
        steps=state.steps,
        mean=state.mean,
        prior=prior,
        forks=state.forks(),
        log_likelihood=float(likelihood),
        iterations=done,
        converged=converged,
    )
