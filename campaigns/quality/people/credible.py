"""Intervals of shares and means: what is said of a person is said with how sure it is."""

import numpy as np

from campaigns.quality.answers import Floats
from campaigns.quality.bootstrap import Interval

_GRID = 8192
_Z = 1.959963984540054  # the middle 95 % of a normal distribution


def beta_interval(a: float, b: float, level: float = 0.95) -> Interval:
    """The middle `level` of Beta(a, b), a and b > 0: a share after a right and b wrong answers, prior included.

    By summing the density over θ with share = sin² θ, where it is smooth even for a, b of 1/2; good to 1e-4.
    """
    theta = (np.arange(_GRID) + 0.5) / _GRID * (np.pi / 2)
    log_density = (2 * a - 1) * np.log(np.sin(theta)) + (2 * b - 1) * np.log(np.cos(theta))
    mass = np.cumsum(np.exp(log_density - log_density.max()))
    edges = np.concatenate([[0.0], mass / mass[-1]])
    ends = np.interp([(1 - level) / 2, (1 + level) / 2], edges, np.linspace(0, np.pi / 2, _GRID + 1))
    low, high = np.square(np.sin(ends)).tolist()
    return Interval(low, high, level)


def mean_interval(values: Floats) -> tuple[float, Interval | None]:
    """The mean of independent `values (n,)` and its 95 % interval, mean ± 1.96 s / √n; None for fewer than two."""
    mean = float(values.mean())
    if len(values) < 2:
        return mean, None
    half = _Z * float(values.std(ddof=1)) / len(values) ** 0.5
    return mean, Interval(mean - half, mean + half, 0.95)


def slope_interval(x: Floats, y: Floats) -> tuple[float, Interval] | None:
    """The slope of y on x by least squares with its 95 % interval; None for fewer than three points or one x.

    The interval is White's (1980), which holds also where the noise is uneven, as that of right and wrong is.
    """
    if len(x) < 3 or not np.ptp(x) > 0:
        return None
    centred = x - x.mean()
    square = float(centred @ centred)
    slope = float(centred @ y) / square
    rest = y - y.mean() - slope * centred
    # HC1: the small-sample form of White's estimate.
    variance = float(np.square(centred * rest).sum()) / square**2 * len(x) / (len(x) - 2)
    half = _Z * variance**0.5
    return slope, Interval(slope - half, slope + half, 0.95)
