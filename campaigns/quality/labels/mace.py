"""MACE: who looks, and who only clicks.

D. Hovy, T. Berg-Kirkpatrick, A. Vaswani, E. Hovy (2013), Learning Whom to Trust with MACE, NAACL-HLT. Person j
gives the truth with probability θ_j (competence), else, without looking, the label a with probability ξ_j(a):

    P(answer a | truth k) = θ_j [a = k] + (1 − θ_j) ξ_j(a)

EM: c_n, the probability that answer n was looked at, is P(truth = a) θ / (θ + (1 − θ) ξ(a)), and

    θ_j = (Σ c_n + s m) / (n_j + s),   ξ_j(a) = (Σ_{n: a} (1 − c_n) + s x(a)) / (Σ (1 − c_n) + s)

The authors smooth evenly (m = 1/2, x = 1/K), which on few answers loses to the vote. Here m and x are what the
whole crowd does, estimated along, with t = `trust` answers that say m = 0.9; and the shares of the labels among
the truths are estimated too. Begun from the shares of the vote instead of random restarts, so that the same
answers give the same result. Linear in the answers: only strategies for labels that a person gave are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints, Names, factorise, sums
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

EXPECTED = 0.9  # what the crowd is held to look before it has answered


@dataclass(frozen=True, slots=True)
class Mace:
    """The consensus, and everybody's competence θ `(people,)`: the share of answers given by looking.

    `owner`, `said`, `blind (m,)`: how many of a person's answers gave a label without looking, as codes of both;
    `crowd (labels,)`: what the crowd says without looking, `strength` how many answers it counts for.
    """

    consensus: LabelConsensus
    people: Names
    competence: Floats
    owner: Ints
    said: Ints
    blind: Floats
    crowd: Floats
    mean: float
    strength: float


def mace(
    answers: Answers,
    *,
    strength: float = 30.0,
    trust: float = 100.0,
    gold: Mapping[Any, Any] | None = None,
    iterations: int = 200,
    tolerance: float = 1e-5,
) -> Mace:
    """MACE; `strength` > 0 and `trust` ≥ 0 count pseudo-answers, `gold` are known labels."""
    check_prior(strength, trust)
    pairs = candidates_of(answers, gold)
    eyes = _Eyes(answers, pairs, strength, trust)
    consensus = learn(
        answers, pairs, eyes.step, method="MACE",
        parameters={"strength": strength, "trust": trust, "gold": len(gold or {})},
        iterations=iterations, tolerance=tolerance,
    )  # fmt: skip
    return Mace(
        consensus, answers.people, eyes.competence, eyes.owner, eyes.said, eyes.blind, eyes.crowd, eyes.mean,
        strength,
    )  # fmt: skip


class _Eyes:
    """Who looks, and what they say when they do not, from step to step."""

    def __init__(self, answers: Answers, pairs: Candidates, strength: float, trust: float) -> None:
        self.answers, self.pairs, self.strength, self.trust = answers, pairs, strength, trust
        self.k = max(len(answers.labels), 2)
        keys, self.row = factorise(answers.person * self.k + answers.label)
        self.owner, self.said = keys // self.k, keys % self.k
        self.answered = answers.answered.astype(np.float64)
        self.competence = np.zeros(len(answers.people))
        self.looked: Floats | None = None
        self.blind, self.crowd = np.zeros(len(self.said)), np.full(self.k, 1 / self.k)
        self.mean = EXPECTED

    def step(self, belief: Belief) -> tuple[Belief, float]:
        answers, pairs = self.answers, self.pairs
        looked = belief.probability[pairs.pair] if self.looked is None else self.looked
        copy, spam = self._learn(looked)
        marginals = marginals_of(pairs, belief)
        gain = np.log1p(copy / spam)
        score = sums(pairs.pair, gain, len(pairs.item)) + np.log(marginals[pairs.label])
        outside = log_of_rest(pairs, marginals, len(answers.items))
        probability, elsewhere, evidence = pairs.settle(score, outside)
        self.looked = probability[pairs.pair] * copy / (copy + spam)
        return Belief(probability, elsewhere, marginals), float(evidence.sum() + np.log(spam).sum())

    def _learn(self, looked: Floats) -> tuple[Floats, Floats]:
        """Per answer the probability of θ, and that of giving this label without looking, (1 − θ) ξ."""
        seen = sums(self.answers.person, looked, len(self.answered))
        self.mean = mean = float((seen.sum() + self.trust * EXPECTED) / (self.answered.sum() + self.trust))
        self.competence = (seen + self.strength * mean) / (self.answered + self.strength)
        self.blind = blind = sums(self.row, 1 - looked, len(self.said))
        crowd = sums(self.said, blind, self.k) + 1.0
        self.crowd = crowd / crowd.sum()
        drawn = blind + self.strength * self.crowd[self.said]
        habit = drawn / (self.answered - seen + self.strength)[self.owner]
        return self.competence[self.answers.person], ((1 - self.competence[self.owner]) * habit)[self.row]
