"""When the work will be done, from how much was done on each of the recent days."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

WINDOW_DAYS = 28  # four whole weeks: every weekday weighs the same
FEWEST_DAYS = 5
MOST_DAYS = 3650
_BLOCK = 64  # days drawn at once


class Outlook(StrEnum):
    """What can be said: a day, or why none."""

    DUE = "due"
    DONE = "done"
    TOO_EARLY = "too-early"
    STALLED = "stalled"
    TOO_FAR = "too-far"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days from now until the work is done, where `outlook` is due; `high` is None beyond `MOST_DAYS`.

    `low` to `high` is the middle `level` share of the samples; `pace` is the mean of the recent days.
    """

    outlook: Outlook
    pace: float = 0.0
    median: int | None = None
    low: int | None = None
    high: int | None = None
    level: float = 0.8


def forecast(
    counts: Sequence[int], left: float, *, seed: int, samples: int = 1000, level: float = 0.8
) -> Forecast:
    """How many more days it takes to do `left`, from the `counts` of past whole days, oldest first.

    Days without work are zeros; the last `WINDOW_DAYS` are used. A bootstrap (Efron 1979) in two steps: each sample
    first draws the window again, since the pace is known from few days only, then draws day after day from that
    until `left` is reached. Days are drawn one by one: what is special about weekdays evens out, a trend is not
    carried on. The same `seed` gives the same forecast, and the same draws whatever the counts: more left is never
    earlier, twice the pace never later. Too early below `FEWEST_DAYS`; stalled when the window is empty; too far
    when half of the samples need more than `MOST_DAYS`.
    """
    recent = np.asarray(counts[-WINDOW_DAYS:], dtype=np.int64)
    pace = float(recent.mean()) if len(recent) else 0.0
    if left <= 0:
        return Forecast(Outlook.DONE, pace)
    if len(recent) < FEWEST_DAYS:
        return Forecast(Outlook.TOO_EARLY, pace)
    if not recent.any():
        return Forecast(Outlook.STALLED, pace)
    days = _days_until(recent, left, seed, samples)
    spread = [(1 - level) / 2, 0.5, (1 + level) / 2]
    low, median, high = (int(value) for value in np.quantile(days, spread, method="inverted_cdf"))
    if median > MOST_DAYS:
        return Forecast(Outlook.TOO_FAR, pace)
    return Forecast(Outlook.DUE, pace, median, low, high if high <= MOST_DAYS else None, level)


def _days_until(recent: npt.NDArray[np.int64], left: float, seed: int, samples: int) -> npt.NDArray[np.int64]:
    """`(samples,)`: the day on which each sample is done; `MOST_DAYS` + 1 or more where it is not."""
    random = np.random.default_rng(seed)
    windows = recent[random.integers(0, len(recent), (len(recent), samples))]
    done = np.zeros(samples, dtype=np.int64)
    days = np.ones(samples, dtype=np.int64)
    for _start in range(0, MOST_DAYS, _BLOCK):
        drawn = random.integers(0, len(recent), (_BLOCK, samples))
        reached = done + np.cumsum(np.take_along_axis(windows, drawn, axis=0), axis=0)
        days += (reached < left).sum(axis=0)
        done = reached[-1]
        if (done >= left).all():
            break
    return days
