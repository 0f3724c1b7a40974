"""The lowest concept of a tree that enough people support, where a coarser answer is no contradiction.

iNaturalist's rule for the taxon of a community (help.inaturalist.org, “What is the community taxon?”): for
each concept c above or at an answer

    support(c) = people who said c or something below it
    against(c) = people who said something that is neither c, nor below, nor above it

and the lowest c with support(c) ≥ 2 and support(c) / (support(c) + against(c)) > 2/3 is the answer. At most one
branch can qualify, since two that exclude each other cannot both have two thirds. Whoever says only “leporid”
does not contradict “rabbit”; and where rabbit and hare are disputed, “leporid” is what both say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints, Names, sums
from campaigns.quality.labels.branches import TOP, Branches, branches_of
from taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class Lowest:
    """Per item the concept (None: undecided) with the weights for and against it, and how many voices it has."""

    items: Names
    concepts: tuple[Any, ...]
    support: Floats
    against: Floats
    voices: Ints


def lowest_supported(
    answers: Answers,
    tree: Tree[Any],
    *,
    share: float = 2 / 3,
    voices: int = 2,
    weight: Mapping[Any, float] | None = None,
) -> Lowest:
    """The rule on every item; `share` must be exceeded, by at least `voices` people. `weight` per person (1).

    Raises ValueError for a label outside the tree, or a share below 1/2, which two branches could reach.
    """
    if not 0.5 <= share < 1:
        raise ValueError("The share to exceed must be at least 0.5 and below 1.")
    branches = branches_of(answers, tree)
    given = np.array([1.0 if weight is None else weight.get(p, 1.0) for p in answers.people.tolist()])
    if (given < 0).any() or not np.isfinite(given).all():
        raise ValueError("Every weight must be a finite number of at least 0.")
    size = len(branches.item)
    weights = given[answers.person] if len(answers) else np.zeros(0)
    support = sums(branches.step, weights[branches.answer], size)
    people = np.bincount(branches.step, minlength=size)
    against = _against(branches, sums(branches.own, weights, size), support, answers)
    bar = share * (support + against) * (1 + 1e-9)
    fit = (branches.node != TOP) & (people >= voices) & (support > bar)
    best = np.full(len(answers.items), -1, dtype=np.int64)
    for level in branches.levels():
        hit = level[fit[level]]
        best[branches.item[hit]] = hit
    names = list(tree)
    pick = np.maximum(best, 0)
    return Lowest(
        items=answers.items,
        concepts=tuple(
            names[node - 1] if found >= 0 else None
            for node, found in zip(branches.node[pick].tolist(), best.tolist(), strict=True)
        )
        if size
        else (),
        support=np.where(best >= 0, support[pick], 0.0) if size else np.zeros(0),
        against=np.where(best >= 0, against[pick], 0.0) if size else np.zeros(0),
        voices=np.where(best >= 0, people[pick], 0).astype(np.int64) if size else np.zeros(0, np.int64),
    )


def _against(branches: Branches, exactly: Floats, support: Floats, answers: Answers) -> Floats:
    """All that is said on the item, less what is at, below or above the concept."""
    above = np.zeros(len(branches.item))
    for level in branches.levels()[1:]:
        upper = branches.above[level]
        above[level] = above[upper] + exactly[upper]
    total = sums(branches.item, exactly, len(answers.items))
    return np.asarray(np.maximum(total[branches.item] - support - above, 0.0), dtype=np.float64)


def explain(said: Mapping[Any, int], concept: Any, names: Mapping[Any, str]) -> str:
    """How the rule came to `concept`, in English, from how many said what: 3 of 4 said “rabbit”, 1 said “hare”."""
    total = sum(said.values())
    ranked = sorted(said.items(), key=lambda pair: (-pair[1], names.get(pair[0], str(pair[0]))))
    parts = [
        f"{count}{f' of {total}' if place == 0 else ''} said “{names.get(label, label)}”"
        for place, (label, count) in enumerate(ranked)
    ]
    if concept is None:
        return ", ".join(parts) + "; undecided."
    return ", ".join(parts) + f"; together: “{names.get(concept, concept)}”."
