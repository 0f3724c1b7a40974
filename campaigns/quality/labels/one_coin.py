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
    Candidates,
    LabelConsensus,
    candidates_of,
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
    tolerance: float = 1e-6,
) -> OneCoin:
    """The one-coin model; `strength` > 0 and `trust` ≥ 0 count pseudo-answers, `gold` are known labels.

    Stops when the mean log-likelihood of an item gains less than `tolerance`, or after `iterations`.
    """
    if not (0 < strength < np.inf and 0 <= trust < np.inf):
        raise ValueError("The prior counts answers: a strength above 0, a trust of at least 0, both finite.")
    pairs, n = candidates_of(answers, gold), len(answers.items)
    k = max(len(answers.labels), 2)
    answered = answers.answered.astype(np.float64)
    probability, elsewhere = pairs.start(answers), np.zeros(n)
    marginals = np.full(len(answers.labels), 1.0 / max(len(answers.labels), 1))
    likelihood, done, converged = -np.inf, 0, not len(answers)
    right, accuracy = np.zeros(len(answers.people)), np.zeros(len(answers.people))
    while done < iterations and not converged:
        right = sums(answers.person, probability[pairs.pair], len(answers.people))
        mean = (right.sum() + trust * EXPECTED) / (answered.sum() + trust)
        accuracy = np.clip((right + strength * mean) / (answered + strength), 1e-9, 1 - 1e-9)
        marginals = marginals_of(pairs, probability, elsewhere, marginals)
        probability, elsewhere, reached = _expect(answers, pairs, accuracy, marginals, k)
        done += 1
        converged = abs(reached - likelihood) <= tolerance * n
        likelihood = reached
    consensus = LabelConsensus(
        method="one-coin Dawid–Skene",
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
    return OneCoin(consensus, answers.people, accuracy, right, answered)


def _expect(
    answers: Answers, pairs: Candidates, accuracy: Floats, marginals: Floats, k: int
) -> tuple[Floats, Floats, float]:
    wrong = np.log((1 - accuracy) / (k - 1))
    gain = np.log(accuracy) - wrong
    score = sums(pairs.pair, gain[answers.person], len(pairs.item)) + np.log(marginals[pairs.label])
    outside = log_of_rest(pairs, marginals, len(answers.items))
    probability, elsewhere, evidence = pairs.settle(score, outside)
    return probability, elsewhere, float(evidence.sum() + wrong[answers.person].sum())
