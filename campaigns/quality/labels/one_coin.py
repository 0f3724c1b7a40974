"""One number a person: how often somebody is right. The model to trust when answers are few or labels many.

The one-coin form of Dawid and Skene (1979): person j is right with probability p_j, and errs evenly over the
K − 1 other labels. With q_n the probability that answer n is right,

    P(truth of i is k) ∝ π_k Π_{answers j = k} p_j Π_{others} (1 − p_j) / (K − 1)
    p_j = (Σ_{answers of j} q_n + s m) / (n_j + s),   m = (Σ q_n + t a) / (n + t)

so that a person of few answers is drawn to the mean m of the crowd by s = `strength` answers, and the crowd by
t = `trust` answers to a = 0.9 (Beta priors, their mean estimated along). `habit` is the log odds that a vote of
this person brings: the best weight for a weighted vote.

Linear in the answers, whatever the number of labels: labels that nobody gave an item are kept as one sum.
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
    check_prior,
    learn,
    log_of_rest,
    marginals_of,
)

EXPECTED = 0.9  # what the crowd is held to be worth before it has answered


@dataclass(frozen=True, slots=True)
class OneCoin:
    """The consensus, and per person how often they are right, with the answers behind it."""

    consensus: LabelConsensus
    people: Names
    accuracy: Floats  # (people,)
    right: Floats  # (people,) expected number of right answers
    answered: Floats  # (people,)


def one_coin(
    answers: Answers,
    *,
    strength: float = 10.0,
    trust: float = 100.0,
    gold: Mapping[Any, Any] | None = None,
    iterations: int = 200,
    tolerance: float = 1e-5,
) -> OneCoin:
    """The one-coin model; `strength` > 0 and `trust` ≥ 0 count pseudo-answers, `gold` are known labels."""
    check_prior(strength, trust)
    pairs = candidates_of(answers, gold)
    coin = _Coin(answers, pairs, strength, trust)
    consensus = learn(
        answers, pairs, coin.step, method="one-coin Dawid–Skene",
        parameters={"strength": strength, "trust": trust, "gold": len(gold or {})},
        iterations=iterations, tolerance=tolerance,
    )  # fmt: skip
    return OneCoin(consensus, answers.people, coin.accuracy, coin.right, coin.answered)


class _Coin:
    """What is known of everybody, from step to step."""

    def __init__(self, answers: Answers, pairs: Candidates, strength: float, trust: float) -> None:
        self.answers, self.pairs, self.strength, self.trust = answers, pairs, strength, trust
        self.answered = answers.answered.astype(np.float64)
        self.right, self.accuracy = np.zeros(len(self.answered)), np.zeros(len(self.answered))

    def step(self, belief: Belief) -> tuple[Belief, float]:
        answers, pairs = self.answers, self.pairs
        self.right = sums(answers.person, belief.probability[pairs.pair], len(answers.people))
        mean = (self.right.sum() + self.trust * EXPECTED) / (self.answered.sum() + self.trust)
        drawn = (self.right + self.strength * mean) / (self.answered + self.strength)
        self.accuracy = np.clip(drawn, 1e-9, 1 - 1e-9)
        marginals = marginals_of(pairs, belief)
        wrong = np.log((1 - self.accuracy) / (max(len(answers.labels), 2) - 1))
        gain = np.log(self.accuracy) - wrong
        score = sums(pairs.pair, gain[answers.person], len(pairs.item)) + np.log(marginals[pairs.label])
        outside = log_of_rest(pairs, marginals, len(answers.items))
        probability, elsewhere, evidence = pairs.settle(score, outside)
        likelihood = float(evidence.sum() + wrong[answers.person].sum())
        return Belief(probability, elsewhere, marginals), likelihood
