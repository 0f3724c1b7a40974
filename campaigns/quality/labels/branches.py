"""Answers on a tree as arrays: every answer speaks for its concept and for all that stand above it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Ints
from taxonomy.tree import Tree

TOP = 0  # the place above all roots


@dataclass(frozen=True, slots=True)
class Branches:
    """The (item, node) pairs that answers touch, sorted by item, then preorder.

    Nodes count from 1 in preorder; node 0 stands above all roots and is in every item. `above`: the pair of a
    node's parent in the same item, −1 for node 0. `answer`, `step`: for each answer every pair on its way down
    from (and without) node 0; the last of an answer is its own concept. `own`: the pair of each answer's concept.
    """

    item: Ints
    node: Ints
    depth: Ints
    above: Ints
    answer: Ints
    step: Ints
    own: Ints
    siblings: Ints  # per pair: how many children its parent has, itself among them

    def levels(self) -> list[Ints]:
        """Pairs by depth, shallow first."""
        order = np.argsort(self.depth, kind="stable")
        cuts = np.cumsum(np.bincount(self.depth))[:-1]
        return [np.asarray(level, dtype=np.int64) for level in np.split(order, cuts)]


def branches_of(answers: Answers, tree: Tree[Any], more: tuple[Ints, Ints] | None = None) -> Branches:
    """The pairs of these answers; `more`: items and nodes that must be there too (known answers).

    Raises ValueError for a label that is not in the tree.
    """
    parent, depth = _numbered(tree)
    said = nodes_of(answers.labels.tolist(), tree)[answers.label]
    answer, node = _ways_up(parent, said)
    item = answers.item[answer]
    extra_item, extra_node = np.zeros(0, np.int64), np.zeros(0, np.int64)
    if more is not None:
        which, extra_node = _ways_up(parent, more[1])
        extra_item = more[0][which]
    n, size = len(answers.items), len(parent)
    tops = np.arange(n) * size
    keys, back = np.unique(
        np.concatenate([item * size + node, extra_item * size + extra_node, tops]), return_inverse=True
    )
    pair_item, pair_node = keys // size, keys % size
    upper = np.where(pair_node == TOP, -1, np.searchsorted(keys, pair_item * size + parent[pair_node]))
    children = np.bincount(parent[1:], minlength=size)
    step = back[: len(answer)].astype(np.int64)
    own = np.empty(len(answers), dtype=np.int64)
    own[answer[::-1]] = step[::-1]  # the first entry of each answer is its own concept
    return Branches(
        item=pair_item,
        node=pair_node,
        depth=depth[pair_node],
        above=upper.astype(np.int64),
        answer=answer,
        step=step,
        own=own,
        siblings=np.where(pair_node == TOP, 1, children[parent[pair_node]]).astype(np.int64),
    )


def nodes_of(concepts: list[Any], tree: Tree[Any]) -> Ints:
    """Node numbers of concepts. Raises ValueError for one that is not in the tree."""
    place = tree.preorder()
    if missing := [concept for concept in concepts if concept not in place]:
        raise ValueError(f"{missing[0]} is not in the tree.")
    return np.array([place[concept] + 1 for concept in concepts], dtype=np.int64)


def _numbered(tree: Tree[Any]) -> tuple[Ints, Ints]:
    """Parent and depth of each node, node 0 above the roots."""
    parent = np.concatenate([[-1], tree.parent_numbers + 1]).astype(np.int64)
    depth = np.zeros(len(parent), dtype=np.int64)
    for node, above in enumerate(parent[1:].tolist(), start=1):
        depth[node] = depth[above] + 1
    return parent, depth


def _ways_up(parent: Ints, nodes: Ints) -> tuple[Ints, Ints]:
    """(row, node) for each of `nodes` and everything above it below node 0; all own nodes first."""
    rows, found = [], []
    row, here = np.arange(len(nodes)), nodes
    while len(row):
        rows.append(row)
        found.append(here)
        here = parent[here]
        inside = here != TOP
        row, here = row[inside], here[inside]
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(rows).astype(np.int64), np.concatenate(found).astype(np.int64)
