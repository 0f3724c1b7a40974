"""Whether one run is better than another, or only luckier on these canvases.

Paired: both runs saw the same canvases, so what varies is their difference on each.

    bootstrap     the interval of the difference over redrawn canvases (Efron & Tibshirani 1993), for any statistic
    randomisation the share of random exchanges of the two runs, canvas by canvas, that give a difference as great
                  (Noreen 1989; Yeh 2000, More accurate tests for the statistical significance of result differences)
    McNemar       for rightly or wrongly labelled images: exact binomial test on those where one run alone is right
                  (McNemar 1947; exact form: Edwards 1948)
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats
from campaigns.quality.bootstrap import Interval, Statistic, interval_by_canvas

_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference`: the first run less the second; `p_value` two-sided, None where only an interval is drawn."""

    difference: float
    interval: Interval | None
    p_value: float | None
    canvases: int


def compare_statistics(
    first: Statistic, second: Statistic, canvases: int, *, seed: int, samples: int = 1000
) -> Comparison:
    """Any two statistics of reweighted canvases, in the same order; the same draws for both."""
    whole = np.ones((1, canvases))
    difference = float(first(whole)[0] - second(whole)[0])
    spread = interval_by_canvas(lambda w: first(w) - second(w), canvases, seed=seed, samples=samples)
    return Comparison(difference, spread, None, canvases)


def compare_counts(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    figure: Callable[..., Floats],
    *,
    seed: int,
    samples: int = 2000,
) -> Comparison:
    """A figure of summed counts, `first` and `second (parts, canvases)`; `figure` takes the sums, each `(b,)`.

    Adds to the interval the p-value of the randomisation test, (1 + as great) / (1 + samples).
    Raises ValueError when the two have not the same shape.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 2:
        raise ValueError("Both runs need the same counts on the same canvases.")
    n = a.shape[1]
    found = compare_statistics(
        lambda w: figure(*(w @ part for part in a)), lambda w: figure(*(w @ part for part in b)), n,
        seed=seed, samples=samples,
    )  # fmt: skip
    random, gap, as_great, told = np.random.default_rng(seed), b - a, 0, 0
    step = max(1, _CELLS // max(n, 1))
    for start in range(0, samples, step):
        exchanged = random.integers(0, 2, (min(step, samples - start), n)).astype(np.float64)
        one = figure(*(part.sum() + exchanged @ g for part, g in zip(a, gap, strict=True)))
        other = figure(*(part.sum() - exchanged @ g for part, g in zip(b, gap, strict=True)))
        finite = np.isfinite(one - other)
        told += int(finite.sum())
        # A hair below, so that equal differences count as equal.
        as_great += int((np.abs(one - other)[finite] >= abs(found.difference) * (1 - 1e-9)).sum())
    p_value = (1 + as_great) / (1 + told) if np.isfinite(found.difference) else None
    return Comparison(found.difference, found.interval, p_value, n)


def mcnemar(first_right: npt.ArrayLike, second_right: npt.ArrayLike) -> float:
    """Two-sided exact p-value that two runs are right equally often, on the same images `(n,)`."""
    a, b = np.asarray(first_right).astype(bool), np.asarray(second_right).astype(bool)
    if a.shape != b.shape:
        raise ValueError("Both runs need an outcome on the same images.")
    only_first, only_second = int((a & ~b).sum()), int((~a & b).sum())
    n, least = only_first + only_second, min(only_first, only_second)
    tail = sum(comb(n, k) for k in range(least + 1))
    # Whole numbers up to here: 2^n is far beyond a float for large n.
    return min(1.0, 2 * tail / 2**n) if n else 1.0
