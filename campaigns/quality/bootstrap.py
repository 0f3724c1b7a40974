"""Confidence intervals by drawing whole canvases again: what varies is canvases, not single answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Weights of canvases (b, canvases) → (b,) values, NaN where a sample says nothing.
Statistic = Callable[[Floats], Floats]
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle `level` share of the bootstrap distribution."""

    low: float
    high: float
    level: float


def interval_by_canvas(
    statistic: Statistic,
    canvases: int,
    *,
    seed: int,
    samples: int = 1000,
    level: float = 0.95,
) -> Interval | None:
    """Percentile bootstrap (Efron 1979) of a statistic of weighted canvases.

    `statistic` takes `(b, canvases)`, how often each canvas was drawn in each of b samples, and gives `(b,)`;
    NaN where a sample says nothing. The same `seed` gives the same interval. None for fewer than two canvases
    or when most samples say nothing.
    """
    if canvases < 2:
        return None
    values = np.concatenate([statistic(weights) for weights in _draws(canvases, samples, seed)])
    told = values[np.isfinite(values)]
    if 2 * len(told) < samples:
        return None
    low, high = np.quantile(told, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level)


def _draws(canvases: int, samples: int, seed: int) -> Iterator[Floats]:
    random = np.random.default_rng(seed)
    step = max(1, _CELLS // canvases)
    for start in range(0, samples, step):
        size = min(step, samples - start)
        drawn = random.integers(0, canvases, (size, canvases)) + canvases * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * canvases).reshape(size, canvases).astype(np.float64)
