"""What a merge of labels says: probabilities of the labels that were given, and the honesty to decide nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Answers, Floats, Ints, Names, factorise, sums

# Two probabilities nearer than this are a tie: it is far above rounding and far below what answers can tell.
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class LabelConsensus:
    """Probabilities of labels per item, as rows `(m,)` sorted by item and label: linear in the answers.

    `item`, `label`: codes into `items`, `labels`; `probability` of each. `elsewhere (items,)` is the mass of
    the labels without a row, shared among them in proportion to `marginals (labels,)`. `voices (items,)`: the
    answers behind each. `log_likelihood` of the answers under the model, None for a vote.
    """

    method: str
    parameters: Mapping[str, Any]
    items: Names
    labels: Names
    item: Ints
    label: Ints
    probability: Floats
    elsewhere: Floats
    marginals: Floats
    voices: Ints
    log_likelihood: float | None = None
    iterations: int = 0
    converged: bool = True

    def table(self) -> Floats:
        """All probabilities `(items, labels)`; each row sums to 1."""
        dense = np.full((len(self.items), len(self.labels)), np.nan)
        dense[self.item, self.label] = self.probability
        missing = np.isnan(dense)
        weight = np.where(missing, self.marginals, 0.0)
        total = weight.sum(axis=1, keepdims=True)
        # Labels that the model holds impossible share evenly what is left to them, which is nothing.
        weight = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        return np.where(missing, weight * self.elsewhere[:, None], dense)

    def best(self) -> tuple[Ints, Floats]:
        """The most probable label of each item, −1 for a tie, and its probability."""
        code, top = np.full(len(self.items), -1, dtype=np.int64), np.zeros(len(self.items))
        if not len(self.item):
            return code, top
        starts = np.flatnonzero(np.diff(self.item, prepend=-1))
        here = self.item[starts]
        top[here] = np.maximum.reduceat(self.probability, starts)
        best = self.probability >= top[self.item] - TIE
        alone = np.add.reduceat(best.astype(np.int64), starts) == 1
        label = np.maximum.reduceat(np.where(best, self.label, -1), starts)
        code[here[alone]] = label[alone]
        return code, top

    def decide(self, threshold: float = 0.5, voices: int = 1) -> list[Any]:
        """A label for each item whose probability exceeds `threshold` on at least `voices` answers, else None."""
        code, top = self.best()
        sure = (code >= 0) & (top > threshold * (1 + TIE)) & (self.voices >= voices)
        names = self.labels.tolist()
        return [names[c] if good else None for c, good in zip(code.tolist(), sure.tolist(), strict=True)]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The (item, label) pairs that anybody gave or that are known, and which pair each answer speaks for."""

    item: Ints
    label: Ints
    pair: Ints  # (n,) per answer
    first: Ints  # (items,) first pair of each item
    fixed: Floats  # (m,) 1 or 0 where the item is known, NaN elsewhere

    def start(self, answers: Answers) -> Floats:
        """Shares of the plain vote `(m,)`, known answers as known."""
        votes = np.bincount(self.pair, minlength=len(self.item)).astype(np.float64)
        return self.with_gold(votes / answers.voices[self.item])

    def with_gold(self, probability: Floats) -> Floats:
        return np.where(np.isnan(self.fixed), probability, self.fixed)

    def settle(self, score: Floats, outside: Floats) -> tuple[Floats, Floats, Floats]:
        """Log scores of pairs `(m,)` and of all other labels together `(items,)`, normalised per item.

        Returns probabilities `(m,)`, the mass elsewhere `(items,)` and the log of the normalisers `(items,)`.
        """
        if not len(score):
            return score, outside, outside
        top = np.maximum(np.maximum.reduceat(score, self.first), outside)
        mass, other = np.exp(score - top[self.item]), np.exp(outside - top)
        total = np.add.reduceat(mass, self.first) + other
        known = np.zeros(len(top), dtype=bool)
        known[self.item[~np.isnan(self.fixed)]] = True
        elsewhere = np.where(known, 0.0, other / total)
        return self.with_gold(mass / total[self.item]), elsewhere, top + np.log(total)


def candidates_of(answers: Answers, gold: Mapping[Any, Any] | None = None) -> Candidates:
    """The pairs of these answers and known labels, sorted by item and label."""
    k = max(len(answers.labels), 1)
    known = answers.gold_codes(gold)
    certain = np.flatnonzero(known >= 0)
    keys, back = factorise(np.concatenate([answers.item * k + answers.label, certain * k + known[certain]]))
    item = keys // k
    label = keys - item * k
    fixed = np.where(known[item] < 0, np.nan, (known[item] == label).astype(np.float64))
    first = np.flatnonzero(np.diff(item, prepend=-1)).astype(np.int64)
    return Candidates(item, label, back[: len(answers)], first, fixed)


def log_of_rest(candidates: Candidates, marginals: Floats, items: int) -> Floats:
    """Log of the prior mass of the labels of each item that are no candidates `(items,)`."""
    named = sums(candidates.item, marginals[candidates.label], items)
    rest = np.where(1.0 - named > 1e-12, 1.0 - named, 0.0)
    with np.errstate(divide="ignore"):
        return np.log(rest)


@dataclass(frozen=True, slots=True)
class Belief:
    """What a model holds while it learns: probabilities `(m,)`, mass elsewhere `(items,)`, marginals `(labels,)`."""

    probability: Floats
    elsewhere: Floats
    marginals: Floats


def marginals_of(candidates: Candidates, belief: Belief) -> Floats:
    """How often each label is true `(labels,)`, with the pseudo-items of `pseudo_items`.

    What lies elsewhere is shared as before, over all labels: exact where nothing lies there.
    """
    k = len(belief.marginals)
    named = np.bincount(candidates.label, minlength=k) > 0
    counts = sums(candidates.label, belief.probability, k) + belief.elsewhere.sum() * belief.marginals
    counts += pseudo_items(named)
    return np.asarray(counts / max(counts.sum(), 1e-300), dtype=np.float64)


def pseudo_items(named: npt.NDArray[np.bool_]) -> Floats:
    """One for each label that anybody gave (Laplace), and one for all others together `(labels,)`.

    Less would let a frequent label overrule a single voice for a rare one on small sets; one for each of
    thousands of labels that nobody gave would believe in them.
    """
    return np.where(named, 1.0, 1.0 / max(int((~named).sum()), 1))


def learn(
    answers: Answers,
    pairs: Candidates,
    step: Callable[[Belief], tuple[Belief, float]],
    *,
    method: str,
    parameters: Mapping[str, Any],
    iterations: int,
    tolerance: float,
) -> LabelConsensus:
    """EM from the shares of the vote; `step` learns from a belief, and gives the next and the log-likelihood.

    Stops when the mean log-likelihood of an item gains less than `tolerance`, or after `iterations`.
    """
    k = max(len(answers.labels), 1)
    even = np.full(len(answers.labels), 1.0 / k)
    belief = Belief(pairs.start(answers), np.zeros(len(answers.items)), even)
    likelihood, done, converged = -np.inf, 0, not len(answers)
    while done < iterations and not converged:
        belief, reached = step(belief)
        done += 1
        converged = abs(reached - likelihood) <= tolerance * len(answers.items)
        likelihood = reached
    return LabelConsensus(
        method=method,
        parameters={**parameters, "iterations": iterations, "tolerance": tolerance},
        items=answers.items,
        labels=answers.labels,
        item=pairs.item,
        label=pairs.label,
        probability=belief.probability,
        elsewhere=belief.elsewhere,
        marginals=belief.marginals,
        voices=answers.voices,
        log_likelihood=likelihood if done else None,
        iterations=done,
        converged=converged,
    )


def check_prior(strength: float, trust: float) -> None:
    """Raises ValueError for a prior that counts no answers, or less than none."""
    if not (0 < strength < np.inf and 0 <= trust < np.inf):
        raise ValueError("The prior counts answers: a strength above 0, a trust of at least 0, both finite.")
