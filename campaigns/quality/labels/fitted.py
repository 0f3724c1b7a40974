"""A fitted model of reliability, kept to merge one more task at a time: what is learnt once from all answers.

The E step of `one_coin` and of `dawid_skene` for a single item, from what they learnt: with the last answers it gives
the very probabilities of the fit. Whoever the model has not met is held for the mean of the crowd.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from campaigns.quality.answers import Answers
from campaigns.quality.labels.dawid_skene import dawid_skene
from campaigns.quality.labels.one_coin import EXPECTED, one_coin

ELSEWHERE = None  # the mass of all labels that nobody gave
# Full confusion keeps labels × labels numbers a person: of more labels than this most pairs are never met.
MOST_LABELS = 60
_LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a model knows: how often labels are true, and of each person how often they are right, or what for what.

    `marginals`: label → share. `accuracy`: person → share of right answers, `mean` that of the crowd. `habits`: person
    → true label → said label → expected number, with `crowd` the same as shares and `strength` prior answers; empty
    for the one-coin model.
    """

    method: str
    marginals: Mapping[str, float]
    accuracy: Mapping[str, float]
    mean: float
    habits: Mapping[str, Mapping[str, Mapping[str, float]]]
    crowd: Mapping[str, Mapping[str, float]]
    strength: float
    answers: int

    def posterior(self, given: Sequence[tuple[str, str]]) -> dict[str | None, float]:
        """P(true label) from (person, label) of everybody who answered one item; `ELSEWHERE` is what nobody said."""
        score = self._confused(given) if self.crowd else self._evenly(given)
        top = max(score.values())
        mass = {label: math.exp(value - top) for label, value in score.items()}
        total = sum(mass.values())
        return {label: value / total for label, value in mass.items()}

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
            "answers": self.answers,
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**value)


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


MODELS = {"one-coin": fit_one_coin, "dawid-skene": fit_dawid_skene}
