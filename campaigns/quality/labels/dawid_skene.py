"""Dawid and Skene's model: everybody has habits of error, and the answers reveal both habits and truth.

A. P. Dawid, A. M. Skene (1979), Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm,
JRSS C 28(1), 20–28. With π_k the share of items whose truth is k and e_j(k, l) the probability that person j
says l where k is true:

    P(truth of i is k) ∝ π_k Π_{answers (j, l) on i} e_j(k, l)          (E step, eq. 2.5)
    π_k = Σ_i P_ik / I,   e_j(k, l) = n_j(k, l) / Σ_l n_j(k, l)           (M step, eq. 2.3–2.4)
    n_j(k, l) = Σ_{answers (j, l) on i} P_ik

starting from the shares of the vote (eq. 3.1).

With few answers a person, maximum likelihood believes any habit that fits, and is far worse than the vote.
So by default a person's habits are drawn to those of the whole crowd, and the crowd's to being right:

    e_j(k, l) = (n_j(k, l) + s c(k, l)) / (Σ_l n_j(k, l) + s)
    c(k, l)   = (Σ_j n_j(k, l) + d [k = l] + 1 / K) / (Σ_jl n_j(k, l) + d + 1)

a Dirichlet prior worth s = `strength` answers for each true label, its mean c estimated along (empirical
Bayes), where d = `trust` pseudo-answers say that people are right. `MAXIMUM_LIKELIHOOD` is the method of 1979.

Memory: (items + distinct (person, said) pairs) × labels numbers, beside the answers.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Floats, Ints, Names, factorise, sums
from campaigns.quality.labels.posterior import LabelConsensus, pseudo_items
from campaigns.quality.labels.rounds import rounds_of


@dataclass(frozen=True, slots=True)
class Habits:
    """The prior on habits: `strength` ≥ 0 answers of each person, `trust` ≥ 0 answers of the crowd per label."""

    strength: float = 10.0
    trust: float = 100.0

    def __post_init__(self) -> None:
        if not (0 <= self.strength < np.inf and 0 <= self.trust < np.inf):
            raise ValueError("The prior on habits counts answers: finite numbers of at least 0.")


MAXIMUM_LIKELIHOOD = Habits(strength=0.0, trust=0.0)


@dataclass(frozen=True, slots=True)
class DawidSkene:
    """The consensus, and everybody's habits with the number of answers behind them."""

    consensus: LabelConsensus
    people: Names
    crowd: Floats  # (labels, labels) true × said
    prior: Habits
    _person: Ints  # (rows,) sorted
    _said: Ints
    _counts: Floats  # (labels, rows): expected answers `said` by `person` where the label is true

    def counts(self, person: int) -> Floats:
        """Expected answers `(labels, labels)` true × said of the person with this code."""
        k = len(self.crowd)
        table = np.zeros((k, k))
        mine = slice(*np.searchsorted(self._person, [person, person + 1]).tolist())
        table[:, self._said[mine]] = self._counts[:, mine]
        return table

    def confusion(self, person: int) -> Floats:
        """Probabilities `(labels, labels)` true × said of the person with this code; rows sum to 1.

        By maximum likelihood a row of a label that the person never met is NaN.
        """
        table = self.counts(person) + self.prior.strength * self.crowd
        total = table.sum(axis=1, keepdims=True)
        shares: Floats = np.divide(table, total, out=np.full_like(table, np.nan), where=total > 0)
        return shares


def dawid_skene(
    answers: Answers,
    *,
    prior: Habits | None = None,
    gold: Mapping[Any, Any] | None = None,
    iterations: int = 200,
    tolerance: float = 1e-5,
) -> DawidSkene:
    """The model of full confusion. `gold` anchors: items whose label is known, never doubted.

    Stops when the mean log-likelihood of an item gains less than `tolerance`, or after `iterations`.
    """
    prior = prior or Habits()
    state = _State(answers, prior, answers.gold_codes(gold))
    truth, likelihood, done, converged = state.start(), -np.inf, 0, not len(answers)
    crowd = counts = None
    while done < iterations and not converged:
        marginals, rows, crowd, counts = state.maximise(truth)
        reached = state.expect(marginals, rows, truth)
        done += 1
        converged = abs(reached - likelihood) <= tolerance * max(len(answers.items), 1)
        likelihood = reached
    marginals, _, crowd, counts = state.maximise(truth)
    k, n = truth.shape
    consensus = LabelConsensus(
        method="Dawid–Skene",
        parameters={
            **asdict(prior),
            "iterations": iterations,
            "tolerance": tolerance,
            "gold": len(gold or {}),
        },
        items=answers.items,
        labels=answers.labels,
        item=np.repeat(np.arange(n), k),
        label=np.tile(np.arange(k), n),
        probability=state.rounds.in_order_of_items(truth).ravel(),
        elsewhere=np.zeros(n),
        marginals=marginals,
        voices=answers.voices,
        log_likelihood=float(likelihood) if done else None,
        iterations=done,
        converged=converged,
    )
    return DawidSkene(consensus, answers.people, crowd, prior, state.row_person, state.row_said, counts)


class _State:
    """The fixed side of the iteration; tables are (labels, …), items in rounds: every pass reads memory in order."""

    def __init__(self, answers: Answers, prior: Habits, known: Ints) -> None:
        self.answers, self.prior = answers, prior
        self.k, self.people = len(answers.labels), len(answers.people)
        keys, row = factorise(answers.person * max(self.k, 1) + answers.label)
        self.row_person, self.row_said = keys // max(self.k, 1), keys % max(self.k, 1)
        self.rounds = rounds_of(answers)
        self.row, self.known = row[self.rounds.answer], known[self.rounds.order]
        self.pseudo = pseudo_items(np.bincount(answers.label, minlength=self.k) > 0)

    def start(self) -> Floats:
        """Shares of the vote `(labels, items)`."""
        items = len(self.answers.items)
        cells = self.answers.label * items + self.answers.item
        votes = np.bincount(cells, minlength=self.k * items).reshape(self.k, items)
        return self._anchored(np.take(votes / self.answers.voices, self.rounds.order, axis=1))

    def maximise(self, truth: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Marginals, log e_j(k, l) per row `(labels, rows)`, the crowd's habits and the expected counts."""
        counts = np.zeros((self.k, len(self.row_person)))
        for line, said in zip(truth, counts, strict=True):
            self.rounds.per_value(line, self.row, said)
        crowd = self._crowd(_per_label(self.row_said, counts, self.k))
        met = _per_label(self.row_person, counts, self.people)
        strength = self.prior.strength
        # `take` and not an index, which would lay the lines of the table across memory.
        shares = counts + strength * np.take(crowd, self.row_said, axis=1)
        below = np.take(met, self.row_person, axis=1) + strength
        with np.errstate(divide="ignore", invalid="ignore"):
            # A label that somebody never met by maximum likelihood: nothing is known, and nothing comes of it.
            np.divide(shares, below, out=shares, where=below > 0)
            logs = np.log(shares, out=shares)
        return self._marginals(truth), logs, crowd, counts

    def expect(self, marginals: Floats, logs: Floats, truth: Floats) -> float:
        """Writes the probabilities to `truth (labels, items)`; the log-likelihood."""
        with np.errstate(divide="ignore"):
            prior = np.log(marginals)[:, None]
        for line, told in zip(truth, logs, strict=True):
            self.rounds.per_item(told, self.row, line)
        evidence = np.empty(truth.shape[1])
        for block in self.rounds.blocks():
            score = truth[:, block]
            score += prior
            top = score.max(axis=0)
            score -= top
            np.exp(score, out=score)
            total = score.sum(axis=0)
            score /= total
            evidence[block] = np.log(total) + top
        at = np.flatnonzero(self.known >= 0)
        with np.errstate(divide="ignore"):
            evidence[at] += np.log(truth[self.known[at], at])
        self._anchored(truth)
        return float(evidence.sum())

    def _crowd(self, pooled: Floats) -> Floats:
        if not self.prior.strength:
            total = pooled.sum(axis=1, keepdims=True)
            shares: Floats = np.divide(pooled, total, out=np.zeros_like(pooled), where=total > 0)
            return shares
        drawn = pooled + self.prior.trust * np.eye(self.k) + 1.0 / max(self.k, 1)
        return np.asarray(drawn / drawn.sum(axis=1, keepdims=True), dtype=np.float64)

    def _marginals(self, truth: Floats) -> Floats:
        counts = truth.sum(axis=1)
        if self.prior.strength:
            counts = counts + self.pseudo
        return np.asarray(counts / max(counts.sum(), 1e-300), dtype=np.float64)

    def _anchored(self, truth: Floats) -> Floats:
        at = np.flatnonzero(self.known >= 0)
        truth[:, at] = 0.0
        truth[self.known[at], at] = 1.0
        return truth


def _per_label(index: Ints, counts: Floats, size: int) -> Floats:
    """The columns of `counts (labels, rows)` added up per index → `(labels, size)`."""
    return np.array([sums(index, line, size) for line in counts], dtype=np.float64).reshape(len(counts), size)
