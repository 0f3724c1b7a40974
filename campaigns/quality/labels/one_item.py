"""The expectation of `tree_dawid_skene` for a single item, from what was learnt of all: one task at a time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.quality.labels.tree_dawid_skene import TreeDawidSkene
from taxonomy.tree import Tree

_LEAST = 1e-9
Rows = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Learnt:
    """Of each concept: its `share` below its parent, how often who went `astray` says it, what it is `said_for`.

    What is not in them was never met: it has what is left, evenly.
    """

    share: Mapping[str, float]
    astray: Mapping[str, float]
    said_for: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody's habits: `habits` person → true → said → expected number, `crowd` true → said → share, `fork` the
    pseudo-turns of a person at a fork; `accuracy` of people, `mean` of who was not met."""

    habits: Mapping[str, Rows]
    crowd: Rows
    accuracy: Mapping[str, float]
    mean: float
    fork: float

    def right(self, person: str) -> float:
        return min(max(self.accuracy.get(person, self.mean), _LEAST), 1 - _LEAST)

    def says(self, person: str, true: str, said: str, ways: int) -> float:
        """e_jv(t, s)."""
        usual = self.crowd.get(true, {true: self.mean})
        unheard = (1 - sum(usual.values())) / max(ways - len(usual), 1)
        share = usual.get(said, unheard)
        own, at_large = self.right(person), min(max(self.mean, _LEAST), 1 - _LEAST)
        ratio = own * (1 - at_large) / ((1 - own) * at_large)
        right = usual[true]
        drawn = right * ratio / (1 - right + right * ratio)
        if said != true:
            drawn = (1 - drawn) * share / (1 - right)
        counts = self.habits.get(person, {}).get(true, {})
        return (counts.get(said, 0.0) + self.fork * drawn) / (sum(counts.values()) + self.fork)


def learnt_of(found: TreeDawidSkene) -> tuple[Learnt, dict[str, dict[str, dict[str, float]]], Rows]:
    """What is kept of a fit: the concepts, people's habits, and the crowd's."""
    names, forks = ("", *map(str, found.concepts)), found.forks
    named = [node for node in forks.named.nonzero()[0].tolist() if node]
    learnt = Learnt(
        share={names[node]: float(forks.share[node]) for node in named},
        astray={names[node]: float(forks.astray[node]) for node in named},
        said_for={names[s]: [names[t] for t in others] for s, others in forks.behind.items()},
    )
    people = [str(person) for person in found.people.tolist()]
    habits: dict[str, dict[str, dict[str, float]]] = {}
    rows = (forks.person.tolist(), forks.true.tolist(), forks.said.tolist(), forks.counts.tolist())
    for person, true, said, count in zip(*rows, strict=True):
        if count > _LEAST:
            habits.setdefault(people[person], {}).setdefault(names[true], {})[names[said]] = count
    crowd: dict[str, dict[str, float]] = {}
    pooled = (forks.crowd_true.tolist(), forks.crowd_said.tolist(), forks.crowd.tolist())
    for true, said, share in zip(*pooled, strict=True):
        usual = crowd.setdefault(names[true], {names[true]: float(forks.right[true])})
        if said != true:
            usual[names[said]] = share
    return learnt, habits, crowd


def at_or_below_forks(
    given: Sequence[tuple[str, str]], tree: Tree[str], learnt: Learnt, crowd: Crowd
) -> dict[str, float]:
    """P(the truth of one item is at or below) of each concept that (person, concept) of its answers bring in."""
    turns: dict[str | None, list[tuple[str, str]]] = {}
    children: dict[str | None, dict[str, None]] = {None: {}}
    for person, concept in given:
        above: str | None = None
        for step in tree.path(concept) if concept in tree else ():
            turns.setdefault(above, []).append((person, step))
            for one in (step, *learnt.said_for.get(step, ())):
                if one in tree and tree.parent(one) == above:
                    children.setdefault(above, {})[one] = None
            above = step
    if not children[None]:
        return {}
    item = _Item(tree, learnt, crowd, turns, children)
    item.evidence(None)
    found: dict[str, float] = {}
    waiting: list[tuple[str | None, float]] = [(None, 1.0)]
    while waiting:
        above, chance = waiting.pop()
        for child, share in item.shares.get(above, {}).items():
            found[child] = chance * share
            waiting.append((child, found[child]))
    return found


@dataclass(slots=True)
class _Item:
    tree: Tree[str]
    learnt: Learnt
    crowd: Crowd
    turns: Mapping[str | None, Sequence[tuple[str, str]]]
    children: Mapping[str | None, Mapping[str, None]]
    shares: Any = None

    def evidence(self, above: str | None) -> float:
        """Log of what is said at and below a concept if the truth is there, against it being elsewhere."""
        if self.shares is None:
            self.shares = {}
        if above not in self.children:
            return 0.0
        siblings = self.tree.roots if above is None else self.tree.children(above)
        ways, turns = len(siblings), self.turns.get(above, ()) if len(siblings) > 1 else ()
        scores = {
            child: math.log(self._share(child, siblings))
            + sum(math.log(self.crowd.says(who, child, said, ways)) for who, said in turns)
            + self.evidence(child)
            for child in self.children[above]
        }
        rest = -math.inf
        left = 1 - sum(self._share(child, siblings) for child in scores)
        if len(scores) < ways:
            rest = math.log(max(left, 1e-300))
            rest += sum(math.log((1 - self.crowd.right(who)) / (ways - 1)) for who, _said in turns)
        top = max([rest, *scores.values()])
        total = sum(math.exp(one - top) for one in scores.values()) + math.exp(rest - top)
        self.shares[above] = {child: math.exp(score - top) / total for child, score in scores.items()}
        habit = 0.0 if above is None else sum(math.log(self._astray(said, ways)) for _who, said in turns)
        return top + math.log(total) - habit

    def _share(self, concept: str, siblings: Sequence[str]) -> float:
        return _or_left(self.learnt.share, concept, siblings)

    def _astray(self, concept: str, ways: int) -> float:
        above = self.tree.parent(concept)
        siblings = self.tree.roots if above is None else self.tree.children(above)
        return _or_left(self.learnt.astray, concept, siblings) if ways > 1 else 1.0


def _or_left(shares: Mapping[str, float], concept: str, siblings: Sequence[str]) -> float:
    """The share of a concept, or of what its siblings leave one of those that have none."""
    if concept in shares:
        return shares[concept]
    known = [shares[one] for one in siblings if one in shares]
    return max((1 - sum(known)) / max(len(siblings) - len(known), 1), 1e-300)
