"""GLAD: people differ in ability, and items in difficulty.

J. Whitehill, P. Ruvolo, T. Wu, J. Bergsma, J. Movellan (2009), Whose Vote Should Count More: Optimal Integration
of Labels from Labelers of Unknown Expertise, NIPS 22. Person j answers item i rightly with probability

    σ(α_j β_i),   σ(x) = 1 / (1 + e^−x),   β_i = e^b_i > 0 (easy items have a large β)

and errs evenly over the other K − 1 labels. α ~ N(1, s²) and b ~ N(1, s²); the authors' program has s = 1, which
on few answers loses to the vote, here s = `spread` = 0.3 unless said otherwise; and the shares of the labels among
the truths are estimated along. With q_n the probability that answer n is right (E step), the M step climbs

    Q = Σ_n q_n log σ(x_n) + (1 − q_n) log(1 − σ(x_n)) − Σ (α_j − 1)² / 2 s² − Σ (b_i − 1)² / 2 s²,   x_n = α_j e^b_i

by damped Newton steps for all people at once, then for all items at once, since given the one the others are
independent of each other. α near 0 is a person who guesses, α < 0 one who knows and says the opposite.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Floats, Names, sums
from campaigns.quality.labels.posterior import (
    Belief,
    Candidates,
    LabelConsensus,
    candidates_of,
    learn,
    log_of_rest,
    marginals_of,
)

_STEPS = 2  # Newton steps on either side for each E step: enough, as the next E step moves the target
_FURTHEST = 1.0  # no step longer than this: the curve is followed, not jumped over


@dataclass(frozen=True, slots=True)
class Glad:
    """The consensus, everybody's ability α `(people,)`, every item's ease β `(items,)`."""

    consensus: LabelConsensus
    people: Names
    ability: Floats
    ease: Floats


def glad(
    answers: Answers,
    *,
    spread: float = 0.3,
    gold: Mapping[Any, Any] | None = None,
    iterations: int = 200,
    tolerance: float = 1e-5,
) -> Glad:
    """GLAD; `spread` > 0 of abilities and of log ease a priori, `gold` are known labels."""
    if not 0 < spread < np.inf:
        raise ValueError("The spread must be a finite number above 0.")
    pairs = candidates_of(answers, gold)
    minds = _Minds(answers, pairs, spread)
    consensus = learn(
        answers, pairs, minds.step, method="GLAD", parameters={"spread": spread, "gold": len(gold or {})},
        iterations=iterations, tolerance=tolerance,
    )  # fmt: skip
    return Glad(consensus, answers.people, minds.ability, np.exp(minds.log_ease))


class _Minds:
    """Abilities of people and ease of items, from step to step."""

    def __init__(self, answers: Answers, pairs: Candidates, spread: float) -> None:
        self.answers, self.pairs, self.spread = answers, pairs, spread
        self.ability, self.log_ease = np.ones(len(answers.people)), np.ones(len(answers.items))
        self.begun = False

    def step(self, belief: Belief) -> tuple[Belief, float]:
        answers, pairs, marginals = self.answers, self.pairs, belief.marginals
        if self.begun:  # before the first step everybody is alike, and the vote is what there is
            right = belief.probability[pairs.pair]
            self.ability, self.log_ease = _maximise(answers, right, self.ability, self.log_ease, self.spread)
            marginals = marginals_of(pairs, belief)
        self.begun = True
        others = np.log(max(len(answers.labels), 2) - 1)
        x = self.ability[answers.person] * np.exp(self.log_ease)[answers.item]
        # log σ(x) − log((1 − σ(x)) / (K − 1)) = x + log(K − 1)
        score = sums(pairs.pair, x + others, len(pairs.item)) + np.log(marginals[pairs.label])
        outside = log_of_rest(pairs, marginals, len(answers.items))
        probability, elsewhere, evidence = pairs.settle(score, outside)
        wrong = float(np.logaddexp(0.0, x).sum()) + others * len(answers)
        prior = float(np.square(self.ability - 1).sum() + np.square(self.log_ease - 1).sum()) / (
            2 * self.spread**2
        )
        return Belief(probability, elsewhere, marginals), float(evidence.sum()) - wrong - prior


def _maximise(
    answers: Answers, right: Floats, ability: Floats, log_ease: Floats, spread: float
) -> tuple[Floats, Floats]:
    """Newton steps on Q; the curvature of b is Gauss and Newton's, which is never negative."""
    person, item = answers.person, answers.item
    for _ in range(_STEPS):
        ease = np.exp(log_ease)[item]
        chance = _sigmoid(ability[person] * ease)
        slope = sums(person, (right - chance) * ease, len(ability)) - (ability - 1) / spread**2
        bend = sums(person, chance * (1 - chance) * ease * ease, len(ability)) + spread**-2
        ability = ability + np.clip(slope / bend, -_FURTHEST, _FURTHEST)
    for _ in range(_STEPS):
        x = ability[person] * np.exp(log_ease)[item]
        chance = _sigmoid(x)
        slope = sums(item, (right - chance) * x, len(log_ease)) - (log_ease - 1) / spread**2
        bend = sums(item, chance * (1 - chance) * x * x, len(log_ease)) + spread**-2
        log_ease = log_ease + np.clip(slope / bend, -_FURTHEST, _FURTHEST)
    return ability, log_ease


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), dtype=np.float64)
