"""The other coefficients of agreement that reviewers ask for: Cohen's, Scott's, Fleiss' and Gwet's.

Each is (p_o − p_e) / (1 − p_e), observed against chance. With δ a difference of labels scaled to at most 1
(nominal unless given), r_uk answers k on unit u, r_u of them, and π_k the mean over units of r_uk / r_u:

    p_o = 1 − mean over units of two answers or more of Σ_kl r_uk r_ul δ(k, l) / (r_u (r_u − 1))

    Scott's π, Fleiss' κ    p_e = 1 − Σ_kl π_k π_l δ(k, l)
    Gwet's AC1, AC2         p_e = Σ_kl (1 − δ(k, l)) / (q (q − 1)) · Σ_k π_k (1 − π_k),   q labels may be given
    Cohen's κ (two people)  p_e = 1 − Σ_kl a_k b_l δ(k, l), a and b the shares of each person's labels

J. Cohen (1960), Educ. Psychol. Meas. 20, 37–46, and (1968), Psychol. Bull. 70, 213–220 (weights). W. A. Scott
(1955), Public Opin. Q. 19, 321–325. J. L. Fleiss (1971), Psychol. Bull. 76, 378–382. K. L. Gwet (2008), Br. J.
Math. Stat. Psychol. 61, 29–48; missing answers and weights as in Gwet (2014), Handbook of Inter-Rater
Reliability, 4th ed., ch. 2–5. Krippendorff's α, in `agreement`, stays the figure to report for many people with
gaps; κ answers for two people; AC1 where one label is so frequent that κ and α fall though nearly all agree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.agreement import by_canvas, expected_difference, observed_difference
from campaigns.quality.answers import Answers, Floats, Ints, Names, sums
from campaigns.quality.bootstrap import Interval, interval_by_canvas
from campaigns.quality.difference import Difference, nominal
from campaigns.quality.tally import Counts, tally

Makes = Callable[[Names], Difference]  # labels in code order → their difference
_WIDEST = 5000  # labels of which all pairs are looked at once


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its two parts; None where the answers cannot tell (no pair, or no room for chance)."""

    name: str
    value: float | None
    observed: float | None
    expected: float | None
    interval: Interval | None
    units: int
    people: int
    answers: int


def fleiss_kappa(
    answers: Answers,
    *,
    difference: Makes | None = None,
    canvas: Ints | None = None,
    seed: int | None = None,
    samples: int = 1000,
) -> Coefficient:
    """Fleiss' κ for any number of people and missing answers, weighted by a `difference`.

    `canvas (items,)` of each item and a `seed` give the interval by canvas.
    """
    counts, delta = tally(answers), _scaled(difference, answers.labels)
    return _coefficient("Fleiss’ kappa", counts, delta, _fleiss_chance, canvas, seed, samples)


def scott_pi(
    answers: Answers,
    *,
    difference: Makes | None = None,
    canvas: Ints | None = None,
    seed: int | None = None,
    samples: int = 1000,
) -> Coefficient:
    """Scott's π of two people, on the units both answered. Raises ValueError for another number of people."""
    counts, delta = tally(_both(answers), least=2), _scaled(difference, answers.labels)
    if canvas is not None:
        canvas = canvas[counts_of_both(answers)]
    return _coefficient("Scott’s pi", counts, delta, _fleiss_chance, canvas, seed, samples)


def gwet_ac(
    answers: Answers,
    *,
    difference: Makes | None = None,
    canvas: Ints | None = None,
    seed: int | None = None,
    samples: int = 1000,
) -> Coefficient:
    """Gwet's AC1, or AC2 with a `difference`; the labels that may be given are those of `answers.labels`."""
    counts, delta = tally(answers), _scaled(difference, answers.labels)
    name = "Gwet’s AC1" if difference is None else "Gwet’s AC2"
    return _coefficient(name, counts, delta, _gwet_chance, canvas, seed, samples)


def cohen_kappa(
    answers: Answers,
    *,
    difference: Makes | None = None,
    canvas: Ints | None = None,
    seed: int | None = None,
    samples: int = 1000,
) -> Coefficient:
    """Cohen's κ of two people on the units both answered; `absolute` or `interval` differences weight it.

    Raises ValueError for another number of people.
    """
    both = _both(answers)
    one, other = both.label[0::2], both.label[1::2]
    delta, k, units = _scaled(difference, answers.labels), max(len(answers.labels), 1), len(both.items)
    apart = delta(one, other)

    def parts(weights: Floats) -> tuple[Floats, Floats]:
        total = weights.sum(axis=1)
        a, b = (np.stack([sums(side, row, k) for row in weights]) for side in (one, other))
        with np.errstate(divide="ignore", invalid="ignore"):
            return _weighed(weights, apart) / total, _crossed(a, b, delta) / np.square(total)

    if canvas is not None:
        canvas = canvas[counts_of_both(answers)]
    size = (units, 2 if units else 0, 2 * units)
    return _result("Cohen’s kappa", parts, units, size, canvas, seed, samples)


def kappa_of_table(table: npt.ArrayLike, difference: Difference = nominal) -> float | None:
    """Cohen's κ from counts `(k, k)`, rows one person, columns the other; None without room for chance."""
    cells = np.asarray(table, dtype=np.float64)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1]:
        raise ValueError("The table needs as many rows as columns.")
    codes, total = np.arange(len(cells)), cells.sum()
    delta = difference(codes[:, None], codes[None])
    expected = float((np.outer(cells.sum(axis=1), cells.sum(axis=0)) * delta).sum())
    return 1.0 - float((cells * delta).sum()) * float(total) / expected if expected > 0 else None


def counts_of_both(answers: Answers) -> Ints:
    """Which items both of two people answered, as places in `answers.items`."""
    return np.flatnonzero(answers.voices == 2).astype(np.int64)


def _both(answers: Answers) -> Answers:
    """Only the items that both people answered: rows one, other, one, other …"""
    if len(answers.people) > 2:
        raise ValueError(f"This coefficient is for two people, not {len(answers.people)}.")
    two = answers.voices == 2
    if two.all():
        return answers
    kept, items = two[answers.item], np.flatnonzero(two)
    return Answers(
        np.repeat(np.arange(len(items)), 2),
        answers.person[kept],
        answers.label[kept],
        answers.items[items],
        answers.people,
        answers.labels,
    )


def _scaled(difference: Makes | None, labels: Names) -> Difference:
    """A difference whose greatest value between two of the labels is 1."""
    if difference is None:
        return nominal
    if len(labels) > _WIDEST:
        raise ValueError(f"Weights are for at most {_WIDEST} labels, not {len(labels)}.")
    raw, codes = difference(labels), np.arange(len(labels))
    greatest = float(raw(codes[:, None], codes[None]).max(initial=0.0))
    return (lambda a, b: raw(a, b) / greatest) if greatest > 0 else raw


def _fleiss_chance(shares: Floats, delta: Difference) -> Floats:
    """Expected difference for each row of shares `(b, codes)`."""
    return expected_difference(shares, delta)


def _gwet_chance(shares: Floats, delta: Difference) -> Floats:
    q = shares.shape[1]
    if q < 2:
        return np.full(len(shares), np.nan)
    alike = q * q - expected_difference(np.ones((1, q)), delta)[0]
    return np.asarray(1.0 - alike / (q * (q - 1)) * (shares * (1 - shares)).sum(axis=1), dtype=np.float64)


def _coefficient(
    name: str,
    counts: Counts,
    delta: Difference,
    chance: Callable[[Floats, Difference], Floats],
    canvas: Ints | None,
    seed: int | None,
    samples: int,
) -> Coefficient:
    paired = counts.size >= 2
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.where(paired, observed_difference(counts, delta) / counts.size, 0.0)
    shares = Counts(
        counts.unit, counts.code, counts.count / counts.size[counts.unit], np.ones(counts.units), counts.codes,
        counts.people, counts.item,
    )  # fmt: skip

    def parts(weights: Floats) -> tuple[Floats, Floats]:
        with np.errstate(divide="ignore", invalid="ignore"):
            observed = _weighed(weights, apart) / _weighed(weights, paired)
            return observed, chance(shares.marginals(weights) / weights.sum(axis=1, keepdims=True), delta)

    size = (int(paired.sum()), counts.people, int(counts.size.sum()))
    return _result(name, parts, counts.units, size, canvas, seed, samples)


def _result(
    name: str,
    parts: Callable[[Floats], tuple[Floats, Floats]],
    units: int,
    size: tuple[int, int, int],
    canvas: Ints | None,
    seed: int | None,
    samples: int,
) -> Coefficient:
    """From observed and expected difference of reweighted units to the coefficient with its interval."""

    def values(weights: Floats) -> Floats:
        return beyond(*parts(weights))

    def beyond(observed: Floats, expected: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(expected > 0, 1 - observed / expected, np.nan)

    if not size[0]:
        return Coefficient(name, None, None, None, None, *size)
    both = parts(np.ones((1, units)))
    observed, expected = (float(part[0]) for part in both)
    value = float(beyond(*both)[0])
    spread = None
    if seed is not None and np.isfinite(value):
        statistic, canvases = by_canvas(values, units, canvas)
        spread = interval_by_canvas(statistic, canvases, seed=seed, samples=samples)
    return Coefficient(
        name,
        value if np.isfinite(value) else None,
        1 - observed,
        1 - expected if np.isfinite(expected) else None,
        spread,
        *size,
    )


def _weighed(weights: Floats, values: npt.NDArray[Any]) -> Floats:
    """Σ of `values (units,)` for each row of weights; of a single row without a product, whose threads cost more."""
    if len(weights) == 1:
        return np.array([(weights[0] * values).sum()])
    return np.asarray(weights @ values, dtype=np.float64)


def _crossed(a: Floats, b: Floats, delta: Difference) -> Floats:
    """Σ_kl a_k b_l δ(k, l) for each row of `a`, `b` `(m, codes)`."""
    if delta is nominal:
        return np.asarray(a.sum(axis=1) * b.sum(axis=1) - (a * b).sum(axis=1), dtype=np.float64)
    codes = np.arange(a.shape[1])
    return np.asarray(((a @ delta(codes[:, None], codes[None])) * b).sum(axis=1), dtype=np.float64)
