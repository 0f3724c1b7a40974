"""How well scores rank the true labels of an image above the others: for models that give every label a score.

For each image with scores f and true labels Y (Tsoumakas, Katakis, Vlahavas 2010, Mining Multi-label Data;
Järvelin & Kekäläinen 2002, ACM TOIS 20, 422–446), means over images:

    label ranking average precision   mean over y ∈ Y of |{y' ∈ Y: f(y') ≥ f(y)}| / |{l: f(l) ≥ f(y)}|, best 1
    ranking loss                      share of pairs (true, other) with f(true) ≤ f(other), best 0
    coverage                          how far down the list to go for all true labels, best: mean |Y|
    NDCG                              Σ gain / log2(rank + 1) over that of the ideal order, best 1; ties averaged

Images without any true label, or with all, say nothing of a ranking: they count as 1, 0, 0 and 0 as in
scikit-learn, whose definitions these are; `told` says how many do say something.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats
from campaigns.quality.bootstrap import Interval, interval_by_canvas

_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class RankingFigures:
    """Per image `(n,)`, in the order given; the means are properties."""

    average_precision: Floats
    loss: Floats
    coverage: Floats
    ndcg: Floats
    told: int

    def mean(self, name: str) -> float | None:
        """The mean of one of the columns over all images; None without any."""
        values: Floats = getattr(self, name)
        return float(values.mean()) if len(values) else None

    def interval(self, name: str, *, seed: int, samples: int = 1000) -> Interval | None:
        """The bootstrap interval of that mean, by image."""
        values: Floats = getattr(self, name)
        return interval_by_canvas(
            lambda weights: weights @ values / weights.sum(axis=1), len(values), seed=seed, samples=samples
        )


def rank_labels(truth: npt.ArrayLike, score: npt.ArrayLike, *, top: int | None = None) -> RankingFigures:
    """`truth (n, k)` of 0 and 1, `score (n, k)`; NDCG reads the first `top` ranks (default all).

    Raises ValueError for arrays of other shapes or scores that are not finite.
    """
    y, f = np.asarray(truth).astype(bool), np.asarray(score, dtype=np.float64)
    if y.shape != f.shape or y.ndim != 2 or not np.isfinite(f).all():
        raise ValueError("Truth and finite scores come as two arrays of the same shape, images × labels.")
    n, k = y.shape
    step = max(1, _CELLS // max(k * k, 1))
    parts = [_block(y[start : start + step], f[start : start + step]) for start in range(0, n, step)]
    precision, loss, coverage = (
        (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else (np.zeros(0),) * 3
    )
    some = y.any(axis=1) & ~y.all(axis=1)
    return RankingFigures(precision, loss, coverage, ndcg(y.astype(np.float64), f, top=top), int(some.sum()))


def ndcg(gain: npt.ArrayLike, score: npt.ArrayLike, *, top: int | None = None) -> Floats:
    """NDCG of each row of `gain (n, k)` ≥ 0 ranked by `score (n, k)` → `(n,)`; 0 where there is nothing to gain."""
    g, f = np.asarray(gain, dtype=np.float64), np.asarray(score, dtype=np.float64)
    n, k = g.shape
    discount = 1.0 / np.log2(np.arange(k) + 2)
    discount[k if top is None else top :] = 0.0
    ideal = np.sort(g, axis=1)[:, ::-1] @ discount
    order = np.argsort(-f, axis=1, kind="stable")
    ranked, scores = np.take_along_axis(g, order, axis=1), np.take_along_axis(f, order, axis=1)
    new = np.ones((n, k), dtype=bool)
    new[:, 1:] = scores[:, 1:] != scores[:, :-1]
    run = np.cumsum(new.ravel()) - 1
    size = np.bincount(run)
    mean = (np.bincount(run, ranked.ravel()) / size)[run].reshape(n, k) if n * k else ranked
    reached = mean @ discount
    shares: Floats = np.divide(reached, ideal, out=np.zeros(n), where=ideal > 0)
    return shares


def _block(y: npt.NDArray[np.bool_], f: Floats) -> tuple[Floats, Floats, Floats]:
    """The first three figures of some images, by looking at all pairs of their labels."""
    at_or_above = f[:, None, :] >= f[:, :, None]  # image, label, other
    true, count = y.sum(axis=1), y.shape[1]
    above = at_or_above.sum(axis=2)
    right = (at_or_above & y[:, None, :]).sum(axis=2)
    told = (true > 0) & (true < count)
    share = np.where(y, right / np.maximum(above, 1), 0.0).sum(axis=1)
    precision = np.where(told, share / np.maximum(true, 1), 1.0)
    wrong = (at_or_above & ~y[:, None, :] & y[:, :, None]).sum(axis=(1, 2))
    loss = np.where(told, wrong / np.maximum(true * (count - true), 1), 0.0)
    coverage = np.where(y, above, 0).max(axis=1, initial=0).astype(np.float64)
    return precision, loss, coverage
