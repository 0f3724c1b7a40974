"""Precision and recall on a tree: a hare for a rabbit is half right, a crane for a rabbit hardly.

With  the concepts at or above a label, P̂ of the predictions and T̂ of the truth (Kiritchenko, Matwin, Nock,
Famili 2006, Learning and Evaluation in the Presence of Class Hierarchies; Silla & Freitas 2011, DMKD 22, 31–72):

    hP = Σ |P̂ ∩ T̂| / Σ |P̂|,   hR = Σ |P̂ ∩ T̂| / Σ |T̂|,   hF = 2 hP hR / (hP + hR)

A single root holds everything and would be a gift, so it is left out; of several roots each counts. A coarse
but true prediction has hP 1 and a lower hR; a prediction too fine has it the other way round.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Floats
from campaigns.quality.bootstrap import Interval, Statistic, interval_by_canvas
from taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class TreeFigures:
    """Per row: concepts in common, of the prediction, of the truth; and, for pairs of single labels, links apart.

    `links`: −1 where either side has not exactly one label, or no way leads from one to the other.
    """

    ids: tuple[Any, ...]
    common: Floats
    predicted: Floats
    true: Floats
    links: Floats

    @property
    def precision(self) -> float | None:
        return _share(self.common.sum(), self.predicted.sum())

    @property
    def recall(self) -> float | None:
        return _share(self.common.sum(), self.true.sum())

    @property
    def f1(self) -> float | None:
        return _share(2 * self.common.sum(), self.predicted.sum() + self.true.sum())

    @property
    def mean_links(self) -> float | None:
        """Mean links between predicted and true concept, where both are one."""
        told = self.links[self.links >= 0]
        return float(told.mean()) if len(told) else None

    def by_links(self) -> list[tuple[int, int]]:
        """(links, how many rows are wrong by so many), nearest first; 0 is right."""
        told = self.links[self.links >= 0].astype(int)
        links, counts = np.unique(told, return_counts=True)
        return list(zip(links.tolist(), counts.tolist(), strict=True))

    @property
    def likeness(self) -> Floats:
        """2 × concepts in common / concepts at or above both, of each row; NaN where neither names any."""
        whole = self.predicted + self.true
        shares: Floats = np.divide(2 * self.common, whole, out=np.full(len(whole), np.nan), where=whole > 0)
        return shares

    def at(self, links: int) -> tuple[Any, ...]:
        """The ids of what is wrong by so many links."""
        return tuple(name for name, far in zip(self.ids, self.links.tolist(), strict=True) if far == links)

    def statistic(self) -> Statistic:
        """hF of reweighted rows."""
        whole = self.predicted + self.true

        def values(weights: Floats) -> Floats:
            below = weights @ whole
            shares: Floats = np.divide(
                2 * (weights @ self.common), below, out=np.full(len(below), np.nan), where=below > 0
            )
            return shares

        return values

    def interval(self, *, seed: int, samples: int = 1000) -> Interval | None:
        """The bootstrap interval of hF, by row."""
        return interval_by_canvas(self.statistic(), len(self.ids), seed=seed, samples=samples)


def figures_on_tree(
    ids: Sequence[Any],
    truth: Sequence[Collection[Any]],
    predicted: Sequence[Collection[Any]],
    tree: Tree[Any],
) -> TreeFigures:
    """One row an image or region, with its true and predicted concepts, any number, at any depth.

    Raises ValueError for columns of other lengths, KeyError for a concept outside the tree.
    """
    if not len(ids) == len(truth) == len(predicted):
        raise ValueError("Every row needs an id, its true concepts and its predicted concepts.")
    gift = set(tree.roots) if len(tree.roots) == 1 else set()
    known: dict[Any, frozenset[Any]] = {}

    def upward(concepts: Collection[Any]) -> frozenset[Any]:
        for concept in concepts:
            if concept not in known:
                known[concept] = frozenset(tree.path(concept)) - gift
        return frozenset().union(*(known[concept] for concept in concepts))

    said, meant = [upward(row) for row in predicted], [upward(row) for row in truth]
    single = [len(set(a)) == len(set(b)) == 1 for a, b in zip(truth, predicted, strict=True)]
    links = np.full(len(ids), -1.0)
    rows = np.flatnonzero(single)
    links[rows] = tree.path_distances(
        [next(iter(truth[row])) for row in rows.tolist()],
        [next(iter(predicted[row])) for row in rows.tolist()],
    )
    return TreeFigures(
        tuple(ids),
        np.array([len(a & b) for a, b in zip(said, meant, strict=True)], dtype=np.float64),
        np.array([len(a) for a in said], dtype=np.float64),
        np.array([len(b) for b in meant], dtype=np.float64),
        links,
    )


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None
