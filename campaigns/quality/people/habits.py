"""How somebody works: how boxes are drawn, whether answers get better or worse, how long they take.

boxes   of a person's boxes and those they are measured against (known ones, or what the others drew), matched
        one to one: shift = (centre − true centre) / true side, across and down; size = log(side / true side).
        0 is no bias; size 0.1 is a tenth too large. The spread is the standard deviation (n − 1) of each
drift   slope of right (1) and wrong (0) on the number of answers given before, per hundred answers
speed   median seconds, and mean of log(seconds / median seconds of everybody on the same task): 0.7 is double
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, factorise
from campaigns.quality.bootstrap import Interval
from campaigns.quality.edges import grouped_median
from campaigns.quality.matching import match_people
from campaigns.quality.overlapping import as_boxes
from campaigns.quality.people.credible import mean_interval, slope_interval


@dataclass(frozen=True, slots=True)
class Tendency:
    """A mean with its 95 % interval (None for fewer than two cases) and the spread of single cases."""

    mean: float
    interval: Interval | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class BoxHabits:
    """How somebody's boxes differ from those they mean; None where none were matched."""

    across: Tendency | None
    down: Tendency | None
    width: Tendency | None
    height: Tendency | None
    mean_iou: float | None
    matched: int


@dataclass(frozen=True, slots=True)
class Drift:
    """Change of the share of right answers per hundred answers, with its interval, from `answers` answers."""

    per_hundred: float
    interval: Interval
    answers: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds a task; `relative`: log of the time against everybody's median on the same tasks."""

    person: Any
    median_s: float
    relative: Tendency
    tasks: int


def box_habits(
    boxes: npt.ArrayLike,
    canvas: npt.ArrayLike,
    true: npt.ArrayLike,
    true_canvas: npt.ArrayLike,
    *,
    threshold: float = 0.5,
) -> BoxHabits:
    """One person's `boxes (n, 4)` against `true (m, 4)`, matched on each canvas at IoU ≥ `threshold`."""
    mine, theirs = as_boxes(boxes), as_boxes(true)
    at = np.concatenate([np.asarray(canvas).reshape(len(mine)), np.asarray(true_canvas).reshape(len(theirs))])
    side = np.repeat([0, 1], [len(mine), len(theirs)])
    i, j, overlap = match_people(np.concatenate([mine, theirs]), side, canvas=at, threshold=threshold)
    if not len(i):
        return BoxHabits(None, None, None, None, None, 0)
    drawn, meant = mine[i], theirs[j - len(mine)]
    shift = (drawn[:, :2] + drawn[:, 2:] / 2 - meant[:, :2] - meant[:, 2:] / 2) / meant[:, 2:]
    size = np.log(drawn[:, 2:] / meant[:, 2:])
    across, down, width, height = (tendency(column) for column in (*shift.T, *size.T))
    return BoxHabits(across, down, width, height, float(overlap.mean()), len(i))


def drift(order: npt.ArrayLike, right: npt.ArrayLike) -> Drift | None:
    """One person's answers `(n,)`: anything that sorts them by time, and whether each is right. None for too few."""
    place = np.argsort(np.argsort(np.asarray(order), kind="stable"), kind="stable").astype(np.float64)
    found = slope_interval(place / 100, np.asarray(right).astype(np.float64))
    return None if found is None else Drift(found[0], found[1], len(place))


def speeds(person: npt.ArrayLike, task: npt.ArrayLike, seconds: npt.ArrayLike) -> list[Speed]:
    """Everybody, in sorted order, from columns `(n,)`. Raises ValueError for times that are not above zero."""
    spent = np.asarray(seconds, dtype=np.float64)
    if not np.isfinite(spent).all() or (spent <= 0).any():
        raise ValueError("Times must be finite numbers of seconds above zero.")
    names, who = factorise(np.asarray(person))
    tasks, what = factorise(np.asarray(task))
    if not who.shape == what.shape == spent.shape:
        raise ValueError("People, tasks and seconds come as three columns of the same length.")
    usual = grouped_median(spent[:, None], what, len(tasks))[what, 0]
    relative = np.log(spent / usual)
    return [
        Speed(
            name,
            float(np.median(spent[who == code])),
            tendency(relative[who == code]),
            int((who == code).sum()),
        )
        for code, name in enumerate(names.tolist())
    ]


def tendency(values: Floats) -> Tendency:
    """Mean, interval and spread of at least one value."""
    mean, interval = mean_interval(values)
    return Tendency(mean, interval, float(values.std(ddof=1)) if len(values) > 1 else None)
