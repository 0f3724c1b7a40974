"""The plain and the weighted vote: the baseline that every cleverer merge has to beat, and the one to explain.

Majority: share(i, l) = Σ_j w_j [a_ij = l] / Σ_j w_j over the people j who answered item i. A label is decided
when its share exceeds the bar (1/2: absolute majority), so that a tie is no decision. With w_j = 1 this is the
plain vote; the best weight of independent people who are right with probability p_j among K labels is
log(p_j (K − 1) / (1 − p_j)) (Nitzan & Paroush 1982, Optimal decision rules in uncertain dichotomous choice
situations; `one_coin` estimates it).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, sums
from campaigns.quality.labels.posterior import LabelConsensus, candidates_of


def vote(answers: Answers, *, weight: Mapping[Any, float] | None = None) -> LabelConsensus:
    """Shares of the votes; `weight` per person, 1 for people not named. An item of zero weight has no shares.

    Raises ValueError for a weight that is negative or not finite.
    """
    weights = np.ones(len(answers.people))
    for index, person in enumerate(answers.people.tolist()):
        weights[index] = 1.0 if weight is None else weight.get(person, 1.0)
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise ValueError("Every weight must be a finite number of at least 0.")
    pairs = candidates_of(answers)
    given = weights[answers.person]
    votes = sums(pairs.pair, given, len(pairs.item))
    total = sums(answers.item, given, len(answers.items))[pairs.item]
    k = max(len(answers.labels), 1)
    return LabelConsensus(
        method="vote" if weight is None else "weighted vote",
        parameters={},
        items=answers.items,
        labels=answers.labels,
        item=pairs.item,
        label=pairs.label,
        probability=np.divide(votes, total, out=np.zeros(len(votes)), where=total > 0),
        elsewhere=np.zeros(len(answers.items)),
        marginals=np.full(len(answers.labels), 1.0 / k),
        voices=answers.voices,
    )
