"""A fitted model of reliability, kept to merge one more task at a time: what is learnt once from all answers.

The E step of each model for a single item, from what it learnt: with the last answers it gives the very probabilities
of the fit. GLAD's item has an ease of its own, found from its answers alone. Whoever the model has not met is held for
the mean of the crowd.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from campaigns.quality.answers import Answers
from campaigns.quality.labels.dawid_skene import dawid_skene
from campaigns.quality.labels.glad import glad
from campaigns.quality.labels.mace import mace
from campaigns.quality.labels.one_coin import EXPECTED, one_coin
from campaigns.quality.labels.one_item import Crowd, Learnt, at_or_below_forks, learnt_of
from campaigns.quality.labels.tree_coin import at_or_below, tree_coin
from campaigns.quality.labels.tree_dawid_skene import tree_dawid_skene
from taxonomy.tree import Tree

ELSEWHERE = None  # the mass of all labels that nobody gave
# Full confusion keeps labels × labels numbers a person: of more labels than this most pairs are never met.
MOST_LABELS = 60
BLIND = "without looking"
SPREAD = 0.3  # of abilities and of log ease a priori, as `glad` has it
_LEAST = 1e-12
_MOST_STEPS, _STILL = 200, 1e-10


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a model knows: how often labels are true, and of each person how often they are right, or what for what.

    `marginals`: label → share. `accuracy`: person → share of right answers, `mean` that of the crowd. `habits`: person
    → true label → said label → expected number, with `crowd` the same as shares and `strength` prior answers; of MACE
    under the one key `BLIND` what each says without looking; empty for the other models. `ability`: GLAD's α, MACE's θ.
    `tree`: what full confusion on a tree keeps of concepts (`one_item.Learnt`).
    """

    method: str
    marginals: Mapping[str, float]
    accuracy: Mapping[str, float]
    mean: float
    habits: Mapping[str, Mapping[str, Mapping[str, float]]]
    crowd: Mapping[str, Mapping[str, float]]
    strength: float
    answers: int
    ability: Mapping[str, float] = field(default_factory=dict)
    mean_ability: float = 1.0
    spread: float = 0.0
    tree: Mapping[str, Any] = field(default_factory=dict)

    def posterior(self, given: Sequence[tuple[str, str]]) -> dict[str | None, float]:
        """P(true label) from (person, label) of everybody who answered one item; `ELSEWHERE` is what nobody said."""
        ways = {"glad": self._with_ease, "mace": self._looking, "dawid-skene": self._confused}
        score = ways.get(self.method, self._evenly)(given)
        return _shares(score)

    def _evenly(self, given: Sequence[tuple[str, str]]) -> dict[str | None, float]:
        others = max(len(self.marginals), 2) - 1
        names: dict[str, float] = {label: _log(self.marginals.get(label, 0.0)) for _who, label in given}
        wrong = sum(_log((1 - self._right(who)) / others) for who, _label in given)
        score: dict[str | None, float] = {label: prior + wrong for label, prior in names.items()}
        for who, label in given:
            score[label] += _log(self._right(who)) - _log((1 - self._right(who)) / others)
        rest = 1 - sum(self.marginals.get(label, 0.0) for label in names)
        if rest > _LEAST:
            score[ELSEWHERE] = math.log(rest) + wrong
        return score

    def below(self, given: Sequence[tuple[str, str]], tree: Tree[str]) -> dict[str, float]:
        """P(the truth is at or below) of every concept that the answers of one item touch, by a model of the tree."""
        if self.tree:
            crowd = Crowd(self.habits, self.crowd, self.accuracy, self.mean, self.strength)
            return at_or_below_forks(given, tree, Learnt(**self.tree), crowd)
        return at_or_below(given, tree, self.accuracy, self.mean)

    def _with_ease(self, given: Sequence[tuple[str, str]]) -> dict[str | None, float]:
        """Its ease and its label by turns, from the ease of an ordinary item on, until the ease stays."""
        others = math.log(max(len(self.marginals), 2) - 1)
        ability = [self.ability.get(who, self.mean_ability) for who, _label in given]
        score, log_ease = self._by_ease(given, ability, 1.0, others), 1.0
        for _step in range(_MOST_STEPS):
            mass = _shares(score)
            right = [mass[label] for _who, label in given]
            moved = _ease(ability, right, log_ease, self.spread)
            score = self._by_ease(given, ability, moved, others)
            if abs(moved - log_ease) < _STILL:
                break
            log_ease = moved
        return score

    def _by_ease(
        self, given: Sequence[tuple[str, str]], ability: Sequence[float], log_ease: float, others: float
    ) -> dict[str | None, float]:
        score = self._prior(given)
        for (_who, label), one in zip(given, ability, strict=True):
            score[label] += one * math.exp(log_ease) + others
        return score

    def _looking(self, given: Sequence[tuple[str, str]]) -> dict[str | None, float]:
        score = self._prior(given)
        everybody = self.crowd.get(BLIND, {})
        for who, label in given:
            looks, said = self.ability.get(who, self.mean_ability), self.habits.get(who, {}).get(BLIND, {})
            habit = said.get(label, 0.0) + self.strength * everybody.get(label, 1 / (len(everybody) + 1))
            spam = max((1 - looks) * habit / (sum(said.values()) + self.strength), 1e-12)
            score[label] += math.log1p(looks / spam)
        return score

    def _prior(self, given: Sequence[tuple[str, str]]) -> dict[str | None, float]:
        """How often each label that was given is true, and the rest as one."""
        names = dict.fromkeys(label for _who, label in given)
        score: dict[str | None, float] = {label: _log(self.marginals.get(label, 0.0)) for label in names}
        rest = 1 - sum(self.marginals.get(label, 0.0) for label in names)
        if rest > _LEAST:
            score[ELSEWHERE] = math.log(rest)
        return score

    def _right(self, person: str) -> float:
        return min(max(self.accuracy.get(person, self.mean), 1e-9), 1 - 1e-9)

    def _confused(self, given: Sequence[tuple[str, str]]) -> dict[str | None, float]:
        labels = dict.fromkeys([*self.marginals, *(label for _who, label in given)])
        return {
            true: _log(self.marginals.get(true, 0.0))
            + sum(_log(self._says(who, true, said)) for who, said in given)
            for true in labels
        }

    def _says(self, person: str, true: str, said: str) -> float:
        """e_j(k, l) as `dawid_skene` has it."""
        row = self.habits.get(person, {}).get(true, {})
        above = row.get(said, 0.0) + self.strength * self.crowd.get(true, {}).get(said, 0.0)
        return above / (sum(row.values()) + self.strength)

    def as_json(self) -> dict[str, Any]:
        """Plain values, from which `fitted_from` makes it again."""
        return {
            "method": self.method, "marginals": dict(self.marginals), "accuracy": dict(self.accuracy),
            "mean": self.mean, "habits": {who: dict(rows) for who, rows in self.habits.items()},
            "crowd": {true: dict(row) for true, row in self.crowd.items()}, "strength": self.strength,
            "answers": self.answers, "ability": dict(self.ability), "mean_ability": self.mean_ability,
            "spread": self.spread, "tree": dict(self.tree),
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


def _shares(score: Mapping[str | None, float]) -> dict[str | None, float]:
    top = max(score.values())
    mass = {label: math.exp(value - top) for label, value in score.items()}
    total = sum(mass.values())
    return {label: value / total for label, value in mass.items()}


def _ease(ability: Sequence[float], right: Sequence[float], log_ease: float, spread: float) -> float:
    """The log ease of one item for which Σ q log σ(x) + (1 − q) log(1 − σ(x)) − (b − 1)² / 2 s² is greatest."""
    for _step in range(2):
        x = [one * math.exp(log_ease) for one in ability]
        chance = [0.5 * (1 + math.tanh(0.5 * one)) for one in x]
        slope = sum((q - c) * one for q, c, one in zip(right, chance, x, strict=True))
        slope -= (log_ease - 1) / spread**2
        bend = sum(c * (1 - c) * one * one for c, one in zip(chance, x, strict=True)) + spread**-2
        log_ease += min(max(slope / bend, -1.0), 1.0)
    return log_ease


def _log(value: float) -> float:
    return math.log(max(value, 1e-300))


def fit_one_coin(answers: Answers, gold: Mapping[str, str] | None = None) -> Fitted:
    """How often everybody is right."""
    found = one_coin(answers, gold=gold)
    people = [str(name) for name in found.people.tolist()]
    total = float(found.answered.sum())
    return Fitted(
        method="one-coin",
        marginals=_marginals(answers, found.consensus.marginals.tolist()),
        accuracy=dict(zip(people, found.accuracy.tolist(), strict=True)),
        mean=(float(found.right.sum()) + 100 * EXPECTED) / (total + 100),
        habits={},
        crowd={},
        strength=0.0,
        answers=len(answers),
    )


def fit_dawid_skene(answers: Answers, gold: Mapping[str, str] | None = None) -> Fitted:
    """What everybody takes for what. Raises ValueError for more than `MOST_LABELS` labels."""
    labels = [str(name) for name in answers.labels.tolist()]
    if len(labels) > MOST_LABELS:
        raise ValueError(f"There are {len(labels)} labels; confusion is learnt of {MOST_LABELS} at most.")
    found = dawid_skene(answers, gold=gold)
    habits, accuracy = {}, {}
    for code, name in enumerate(found.people.tolist()):
        counts = found.counts(code)
        habits[str(name)] = {
            labels[k]: {labels[m]: float(counts[k, m]) for m in counts[k].nonzero()[0].tolist()}
            for k in counts.sum(axis=1).nonzero()[0].tolist()
        }
        total = float(counts.sum())
        accuracy[str(name)] = float(counts.trace()) / total if total else EXPECTED
    crowd = {
        labels[k]: {labels[m]: float(found.crowd[k, m]) for m in found.crowd[k].nonzero()[0].tolist()}
        for k in range(len(labels))
    }
    return Fitted(
        method="dawid-skene",
        marginals=_marginals(answers, found.consensus.marginals.tolist()),
        accuracy=accuracy,
        mean=sum(accuracy.values()) / max(len(accuracy), 1),
        habits=habits,
        crowd=crowd,
        strength=found.prior.strength,
        answers=len(answers),
    )


def _marginals(answers: Answers, shares: Sequence[float]) -> dict[str, float]:
    return {str(name): share for name, share in zip(answers.labels.tolist(), shares, strict=True)}


def fit_glad(answers: Answers, gold: Mapping[str, str] | None = None) -> Fitted:
    """How able everybody is, where things differ in how easy they are."""
    found = glad(answers, spread=SPREAD, gold=gold, iterations=500, tolerance=1e-7)
    ability = dict(zip(map(str, found.people.tolist()), found.ability.tolist(), strict=True))
    right = {who: 0.5 * (1 + math.tanh(0.5 * value * math.e)) for who, value in ability.items()}
    return Fitted(
        method="glad",
        marginals=_marginals(answers, found.consensus.marginals.tolist()),
        accuracy=right,
        mean=sum(right.values()) / max(len(right), 1),
        habits={},
        crowd={},
        strength=0.0,
        answers=len(answers),
        ability=ability,
        mean_ability=sum(ability.values()) / max(len(ability), 1),
        spread=SPREAD,
    )


def fit_mace(answers: Answers, gold: Mapping[str, str] | None = None) -> Fitted:
    """Who looks, and what everybody says who does not."""
    found = mace(answers, gold=gold)
    people = [str(name) for name in found.people.tolist()]
    labels = [str(name) for name in answers.labels.tolist()]
    marginals = _marginals(answers, found.consensus.marginals.tolist())
    habits: dict[str, dict[str, dict[str, float]]] = {who: {BLIND: {}} for who in people}
    blind = zip(found.owner.tolist(), found.said.tolist(), found.blind.tolist(), strict=True)
    for owner, said, count in blind:
        habits[people[owner]][BLIND][labels[said]] = count
    ability = dict(zip(people, found.competence.tolist(), strict=True))
    # The crowd has a place for another label where all gave the same.
    crowd = dict(zip(labels, found.crowd.tolist(), strict=False))
    # Who does not look is right by luck as often as the habit meets the truth.
    luck = sum(share * marginals.get(label, 0.0) for label, share in crowd.items())
    return Fitted(
        method="mace",
        marginals=marginals,
        accuracy={who: value + (1 - value) * luck for who, value in ability.items()},
        mean=found.mean + (1 - found.mean) * luck,
        habits=habits,
        crowd={BLIND: crowd},
        strength=found.strength,
        answers=len(answers),
        ability=ability,
        mean_ability=found.mean,
    )


def fit_tree_coin(answers: Answers, tree: Tree[str], gold: Mapping[str, str] | None = None) -> Fitted:
    """How often everybody takes the right turn on the way down. Raises ValueError for a label outside the tree."""
    found = tree_coin(answers, tree, gold=gold)
    steps = found.steps
    right = float((found.accuracy * steps).sum())
    return Fitted(
        method="tree-coin",
        marginals={},
        accuracy=dict(zip(map(str, found.people.tolist()), found.accuracy.tolist(), strict=True)),
        mean=(right + 100 * EXPECTED) / (float(steps.sum()) + 100),
        habits={},
        crowd={},
        strength=0.0,
        answers=len(answers),
    )


def fit_tree_dawid_skene(answers: Answers, tree: Tree[str], gold: Mapping[str, str] | None = None) -> Fitted:
    """What everybody takes for what at each fork of the tree. Raises ValueError for a label outside the tree."""
    found = tree_dawid_skene(answers, tree, gold=gold)
    learnt, habits, crowd = learnt_of(found)
    return Fitted(
        method="tree-dawid-skene",
        marginals={},
        accuracy=dict(zip(map(str, found.people.tolist()), found.accuracy.tolist(), strict=True)),
        mean=found.mean,
        habits=habits,
        crowd=crowd,
        strength=found.prior.fork,
        answers=len(answers),
        tree=asdict(learnt),
    )


TREE_MODELS = {"tree-coin": fit_tree_coin, "tree-dawid-skene": fit_tree_dawid_skene}
MODELS = {"one-coin": fit_one_coin, "dawid-skene": fit_dawid_skene, "glad": fit_glad, "mace": fit_mace}
