"""Agreement taken apart: which concept, which person, which two people, which page it comes from.

With m_u answers on unit u, n_uc of them c, n answers on units of two or more, and N_c of them c:

    per concept   alpha of “c or not c” (Krippendorff 2011), and the specific agreement
                  Σ_u n_uc (n_uc − 1) / (m_u − 1)  /  N_c: given that one says c, how often another does
                  (Spitzer & Fleiss 1974; for many people Uebersax 1982)
    per person    the share of equal answers among all meetings of the person with somebody on a unit, and what
                  chance leaves of it: 1 − (1 − share) / D_e, D_e the expected difference of alpha
    per pair      the same share, and Cohen's κ of the two
    per unit      the share of equal pairs

Strata of any kind (a month, an arm of a trial, a group of concepts by `Tree.roll_up`) are measured by giving
`label_agreement` the rows or the regrouped labels: `by_stratum` does so for a column.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.agreement import (
    Agreement,
    expected_difference,
    label_agreement,
    observed_difference,
)
from campaigns.quality.answers import Answers, Floats, Ints, factorise, sums
from campaigns.quality.bootstrap import Interval, interval_by_canvas
from campaigns.quality.difference import nominal
from campaigns.quality.pairing import pairs_within
from campaigns.quality.tally import Counts, tally


@dataclass(frozen=True, slots=True)
class ConceptAgreement:
    """How one concept fares; `answers`: how often it was given on units of two answers or more."""

    concept: Any
    alpha: float | None
    specific: float | None
    answers: int
    units: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class PersonAgreement:
    """How far one person's answers are those of others; `meetings`: answers of others on the same units."""

    person: Any
    percent: float | None
    corrected: float | None
    meetings: int
    units: int


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """Two people on the units both answered, the first by name before the second."""

    a: Any
    b: Any
    percent: float
    kappa: float | None
    units: int


def concept_agreement(
    answers: Answers, *, canvas: Ints | None = None, seed: int | None = None, samples: int = 500
) -> list[ConceptAgreement]:
    """Every concept that was given on a unit of two answers or more, in sorted order.

    With a `seed` the interval of alpha by `canvas (items,)`, by default by unit.
    """
    counts = tally(answers, least=2)
    if not counts.units:
        return []
    parts = _concept_parts(counts)
    whole = np.ones((1, counts.units))
    apart, same, given = (parts.total(column, whole)[0] for column in (parts.apart, parts.same, counts.count))
    n = float(counts.size.sum())
    alphas = _binary_alpha(apart, given, n)
    units = np.bincount(counts.code, minlength=counts.codes)
    spreads = _spreads(parts, counts, canvas, seed, samples)
    names = answers.labels.tolist()
    return [
        ConceptAgreement(
            concept=names[code],
            alpha=_or_none(alphas[code]),
            specific=float(same[code] / given[code]),
            answers=int(given[code]),
            units=int(units[code]),
            interval=spreads.get(code),
        )
        for code in np.flatnonzero(given).tolist()
    ]


def person_agreement(answers: Answers) -> list[PersonAgreement]:
    """Every person in sorted order; nominal."""
    counts = tally(answers, least=2)
    size = answers.voices[answers.item]
    k = max(len(answers.labels), 1)
    keys = answers.item * k + answers.label
    _, code = factorise(keys)
    same = np.bincount(code)[code] - 1 if len(answers) else np.zeros(0)
    people = len(answers.people)
    equal = sums(answers.person, same.astype(np.float64), people)
    meetings = sums(answers.person, (size - 1).astype(np.float64), people)
    units = np.bincount(answers.person[size > 1], minlength=people)
    chance = _expected_share(counts)
    figures = []
    for row, name in enumerate(answers.people.tolist()):
        share = float(equal[row] / meetings[row]) if meetings[row] else None
        corrected = None if share is None or not chance else 1 - (1 - share) / chance
        figures.append(PersonAgreement(name, share, corrected, int(meetings[row]), int(units[row])))
    return figures


def pair_agreement(answers: Answers) -> list[TwoPeople]:
    """Every two people who met, in sorted order. Memory grows with the meetings: Σ m_u (m_u − 1) / 2."""
    i, j = pairs_within(answers.item)
    if not len(i):
        return []
    people, k = len(answers.people), max(len(answers.labels), 1)
    pairs, pair = factorise(answers.person[i] * people + answers.person[j])
    met = np.bincount(pair).astype(np.float64)
    equal = sums(pair, (answers.label[i] == answers.label[j]).astype(np.float64), len(pairs))
    # Σ_k a_k b_k per pair, by meeting the labels that both ever gave.
    one, one_count = np.unique(pair * k + answers.label[i], return_counts=True)
    two, two_count = np.unique(pair * k + answers.label[j], return_counts=True)
    both, at, to = np.intersect1d(one, two, assume_unique=True, return_indices=True)
    product = (one_count[at] * two_count[to]).astype(np.float64)
    chance = sums(both // k, product, len(pairs)) / np.square(met)
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = (equal / met - chance) / (1 - chance)
    names = answers.people.tolist()
    return [
        TwoPeople(names[key // people], names[key % people], float(e / m), _or_none(kp), int(m))
        for key, e, m, kp in zip(pairs.tolist(), equal.tolist(), met.tolist(), kappa.tolist(), strict=True)
    ]


def unit_agreement(answers: Answers) -> Floats:
    """The share of equal pairs of answers on each item `(items,)`, NaN where there is no pair."""
    counts = tally(answers, least=2)
    share = np.full(len(answers.items), np.nan)
    if counts.units:
        share[counts.item] = 1 - observed_difference(counts, nominal) / counts.size
    return share


def by_stratum(
    unit: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike,
    stratum: npt.ArrayLike,
    **options: Any,
) -> dict[Any, Agreement]:
    """`label_agreement` for each value of `stratum (n,)`: a month, an arm, a collection. Options as there."""
    columns = [np.asarray(column) for column in (unit, person, label)]
    names, code = factorise(np.asarray(stratum))
    return {
        name: label_agreement(*(column[code == place] for column in columns), **options)
        for place, name in enumerate(names.tolist())
    }


@dataclass(frozen=True, slots=True)
class _ConceptParts:
    """Per entry of the counts what it adds to the observed difference, and to the equal pairs."""

    counts: Counts
    apart: Floats
    same: Floats

    def total(self, column: Floats, weights: Floats) -> Floats:
        """Per concept, for each reweighting of the units `(b, codes)`."""
        c = self.counts
        return np.stack([sums(c.code, row[c.unit] * column, c.codes) for row in weights])


def _concept_parts(counts: Counts) -> _ConceptParts:
    size = counts.size[counts.unit]
    apart = 2 * counts.count * (size - counts.count) / (size - 1)
    return _ConceptParts(counts, apart, counts.count * (counts.count - 1) / (size - 1))


def _binary_alpha(apart: Floats, given: Floats, n: float | Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = 2 * given * (n - given) / (n * (n - 1))
        return np.asarray(np.where(expected > 0, 1 - apart / n / expected, np.nan), dtype=np.float64)


def _spreads(
    parts: _ConceptParts, counts: Counts, canvas: Ints | None, seed: int | None, samples: int
) -> dict[int, Interval]:
    """The interval of every concept's alpha, all from the same draws."""
    if seed is None:
        return {}
    _, place = factorise(np.arange(counts.units) if canvas is None else canvas[counts.item])
    drawn: list[Floats] = []

    def collect(weights: Floats) -> Floats:
        units = weights[:, place]
        n = (units @ counts.size)[:, None]
        drawn.append(_binary_alpha(parts.total(parts.apart, units), parts.total(counts.count, units), n))
        return np.zeros(len(weights))

    if interval_by_canvas(collect, int(place.max()) + 1, seed=seed, samples=samples) is None:
        return {}
    values, found = np.concatenate(drawn), {}
    for code in range(counts.codes):
        told = values[np.isfinite(values[:, code]), code]
        if 2 * len(told) >= samples:
            low, high = np.quantile(told, [0.025, 0.975])
            found[code] = Interval(float(low), float(high), 0.95)
    return found


def _expected_share(counts: Counts) -> float:
    n = float(counts.size.sum())
    if n < 2:
        return 0.0
    return float(
        expected_difference(counts.marginals(np.ones((1, counts.units))), nominal)[0] / (n * (n - 1))
    )


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
