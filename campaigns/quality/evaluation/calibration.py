"""Whether a probability means what it says: of all things said to be 80 % sure, 80 % should be right.

Expected calibration error (Naeini et al. 2015, AAAI; Guo et al. 2017, On Calibration of Modern Neural Networks,
ICML): Σ_b n_b / n · |mean confidence − share right| over bins of confidence, of equal width or equal size; its
greatest term; and Brier's (1950) score, the mean squared distance of probability and outcome. The curve is the
bins themselves, each with Wilson's (1927) interval of the share right, and the ids in it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats
from campaigns.quality.bootstrap import Interval

_Z = 1.959963984540054  # the middle 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of about the same confidence; `low` < confidence ≤ `high` (the first bin holds 0 too)."""

    low: float
    high: float
    confidence: float
    right: float
    interval: Interval
    ids: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curve, only bins that hold something, and what it comes to; None without predictions."""

    bins: tuple[Bin, ...]
    expected_error: float | None
    greatest_error: float | None
    brier: float | None


def calibrate(
    ids: npt.ArrayLike,
    probability: npt.ArrayLike,
    right: npt.ArrayLike,
    *,
    bins: int = 10,
    equal_size: bool = False,
) -> Calibration:
    """Columns `(n,)`: the probability given to the prediction, 0–1, and whether it was right.

    Raises ValueError for columns of other lengths or probabilities outside 0–1.
    """
    names, p, hit = np.asarray(ids), np.asarray(probability, dtype=np.float64), np.asarray(right).astype(bool)
    if not names.shape == p.shape == hit.shape or p.ndim != 1 or bins < 1:
        raise ValueError("Ids, probabilities and outcomes come as three columns of the same length.")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(
            "A probability is a number from 0 to 1; turn scores of another scale into one first."
        )
    if not len(p):
        return Calibration((), None, None, None)
    edges = np.linspace(0.0, 1.0, bins + 1)
    if equal_size:
        edges = np.unique(np.concatenate([[0.0], np.quantile(p, np.arange(1, bins) / bins), [1.0]]))
    place = np.clip(np.searchsorted(edges, p, side="left") - 1, 0, len(edges) - 2)
    found, gaps = [], []
    for code in np.unique(place).tolist():
        rows = place == code
        share, mean, n = float(hit[rows].mean()), float(p[rows].mean()), int(rows.sum())
        found.append(
            Bin(
                float(edges[code]),
                float(edges[code + 1]),
                mean,
                share,
                wilson(share, n),
                tuple(names[rows].tolist()),
            )
        )
        gaps.append((n, abs(mean - share)))
    return Calibration(
        tuple(found),
        sum(n * gap for n, gap in gaps) / len(p),
        max(gap for _, gap in gaps),
        float(np.square(p - hit).mean()),
    )


def wilson(share: float, n: int) -> Interval:
    """Wilson's 95 % interval of a share seen on `n` > 0 independent cases."""
    square = _Z * _Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z * np.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return Interval(max(0.0, float(middle - half)), min(1.0, float(middle + half)), 0.95)


def temperature(score: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """The T that makes σ(score / T) most likely given what was right (Guo et al. 2017); scores are log odds.

    Golden-section search on log T, as the likelihood has one peak. Raises ValueError without both outcomes.
    """
    s, hit = np.asarray(score, dtype=np.float64), np.asarray(right).astype(bool)
    if s.shape != hit.shape or hit.all() or not hit.any():
        raise ValueError("To scale scores, some predictions must be right and some wrong.")

    def cost(log_t: float) -> float:
        x = s / np.exp(log_t)
        return float(np.logaddexp(0.0, np.where(hit, -x, x)).mean())

    low, high, golden = -7.0, 7.0, (np.sqrt(5.0) - 1) / 2
    for _ in range(80):
        a, b = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, b) if cost(a) <= cost(b) else (a, high)
    return float(np.exp((low + high) / 2))


def curve(calibration: Calibration) -> Floats:
    """Confidence, share right and number of each bin, for a plot `(bins, 3)`."""
    rows = [(one.confidence, one.right, len(one.ids)) for one in calibration.bins]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 3)
