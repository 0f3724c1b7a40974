"""What the models on a tree share: known answers as nodes, and how far down a decision goes."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints, Names
from campaigns.quality.labels.branches import nodes_of
from taxonomy.tree import Tree


class OnTree(Protocol):
    """Probabilities that the truth is at or below a concept, as rows `(m,)` sorted by item and preorder."""

    @property
    def items(self) -> Names: ...
    @property
    def concepts(self) -> tuple[Any, ...]: ...
    @property
    def item(self) -> Ints: ...
    @property
    def node(self) -> Ints: ...
    @property
    def depth(self) -> Ints: ...
    @property
    def probability(self) -> Floats: ...


def lowest_sure(found: OnTree, threshold: float) -> tuple[list[Any], Floats]:
    """The lowest concept of probability > `threshold` (≥ 1/2) of each item, None if none, and its probability."""
    if not 0.5 <= threshold < 1:
        raise ValueError("The threshold must be at least 0.5 and below 1.")
    fit = np.flatnonzero(found.probability > threshold * (1 + 1e-9))
    fit = fit[np.argsort(found.depth[fit], kind="stable")]
    best = np.full(len(found.items), -1, dtype=np.int64)
    best[found.item[fit]] = fit
    chosen = [found.concepts[int(found.node[row])] if row >= 0 else None for row in best.tolist()]
    if not len(fit):
        return chosen, np.zeros(len(best))
    return chosen, np.where(best >= 0, found.probability[np.maximum(best, 0)], 0.0)


def known_nodes(answers: Answers, tree: Tree[Any], gold: Mapping[Any, Any] | None) -> tuple[Ints, Ints]:
    """Items and nodes of known answers; items that nobody answered are left out."""
    places = {item: place for place, item in enumerate(answers.items.tolist())}
    kept = [(places[item], concept) for item, concept in (gold or {}).items() if item in places]
    nodes = nodes_of([concept for _, concept in kept], tree)
    return np.array([place for place, _ in kept], dtype=np.int64), nodes
