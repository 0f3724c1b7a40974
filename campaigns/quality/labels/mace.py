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

from campaigns.quality.answers import Answers, Floats, Names, factorise, sums
from campaigns.quality.labels.posterior import LabelConsensus, candidates_of, log_of_rest, marginals_of

EXPECTED = 0.9  # what the crowd is held to look before it has answered


@dataclass(frozen=True, slots=True)
class Mace:
    """The consensus, and everybody's competence θ `(people,)`: the share of answers given by looking."""

    consensus: LabelConsensus
    people: Names
    competence: Floats


def mace(
    answers: Answers,
    *,
    strength: float = 30.0,
    trust: float = 100.0,
    gold: Mapping[Any, Any] | None = None,
    iterations: int = 200,
    tolerance: float = 1e-6,
) -> Mace:
    """MACE; `strength` > 0 and `trust` ≥ 0 count pseudo-answers, `gold` are known labels.

    Stops when the mean log-likelihood of an item gains less than `tolerance`, or after `iterations`.
    """
    if not (0 < strength < np.inf and 0 <= trust < np.inf):
        raise ValueError("The prior counts answers: a strength above 0, a trust of at least 0, both finite.")
    pairs, n, people = candidates_of(answers, gold), len(answers.items), len(answers.people)
    k = max(len(answers.labels), 2)
    keys, row = factorise(answers.person * k + answers.label)
    owner, said = keys // k, keys % k
    answered = answers.answered.astype(np.float64)
    marginals = np.full(len(answers.labels), 1.0 / k)
    probability, elsewhere = pairs.start(answers), np.zeros(n)
    looked = probability[pairs.pair]
    likelihood, done, converged = -np.inf, 0, not len(answers)
    competence = np.zeros(people)
    while done < iterations and not converged:
        seen = sums(answers.person, looked, people)
        mean = (seen.sum() + trust * EXPECTED) / (answered.sum() + trust)
        competence = (seen + strength * mean) / (answered + strength)
        blind = sums(row, 1 - looked, len(keys))
        crowd = sums(said, blind, k) + 1.0
        habit = (blind + strength * (crowd / crowd.sum())[said]) / (answered - seen + strength)[owner]
        spam = ((1 - competence[owner]) * habit)[row]
        copy = competence[answers.person]
        marginals = marginals_of(pairs, probability, elsewhere, marginals)
        outside = log_of_rest(pairs, marginals, n)
        gain = np.log1p(copy / spam)
        score = sums(pairs.pair, gain, len(pairs.item)) + np.log(marginals[pairs.label])
        probability, elsewhere, evidence = pairs.settle(score, outside)
        looked = probability[pairs.pair] * copy / (copy + spam)
        reached = float(evidence.sum() + np.log(spam).sum())
        done += 1
        converged = abs(reached - likelihood) <= tolerance * n
        likelihood = reached
    consensus = LabelConsensus(
        method="MACE",
        parameters={
            "strength": strength, "trust": trust, "iterations": iterations, "tolerance": tolerance,
            "gold": len(gold or {}),
        },
        items=answers.items,
        labels=answers.labels,
        item=pairs.item,
        label=pairs.label,
        probability=probability,
        elsewhere=elsewhere,
        marginals=marginals,
        voices=answers.voices,
        log_likelihood=likelihood if done else None,
        iterations=done,
        converged=converged,
    )  # fmt: skip
    return Mace(consensus, answers.people, competence)
