"""The human ceiling: how well people do by the same measure, so that a model's figure has something to stand beside.

Each person is measured against what the others say together, without their own vote. A model at 95 % where
people reach 94 % has nothing left to learn from these labels; at 95 % where they reach 99 % it has.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from campaigns.quality.answers import Answers, Ints, factorise, sums
from campaigns.quality.bootstrap import Interval, interval_by_canvas
from campaigns.quality.evaluation.calibration import wilson
from campaigns.quality.left_out import others_vote


@dataclass(frozen=True, slots=True)
class PersonCeiling:
    """One person against the rest: share of right answers of `judged`, the items where the rest agree."""

    person: Any
    accuracy: float
    interval: Interval
    judged: int


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The share of right answers of all people, its interval by canvas, and each person's; None if none."""

    accuracy: float | None
    interval: Interval | None
    people: tuple[PersonCeiling, ...]


def ceiling_of_labels(
    answers: Answers, *, canvas: Ints | None = None, seed: int | None = None, samples: int = 1000
) -> Ceiling:
    """Accuracy of people against the vote of the rest; `canvas (items,)` of each item for the interval."""
    others = others_vote(answers)
    told = others.label >= 0
    if not told.any():
        return Ceiling(None, None, ())
    right = (others.label == answers.label) & told
    spread = None
    if seed is not None:
        _, place = factorise(np.arange(len(answers.items)) if canvas is None else np.asarray(canvas))
        at, canvases = place[answers.item], int(place.max()) + 1
        hits, judged = sums(at, right.astype(float), canvases), sums(at, told.astype(float), canvases)
        spread = interval_by_canvas(
            lambda w: (w @ hits) / np.where(w @ judged > 0, w @ judged, np.nan),
            canvases,
            seed=seed,
            samples=samples,
        )
    people = []
    for code, name in enumerate(answers.people.tolist()):
        mine = told & (answers.person == code)
        if n := int(mine.sum()):
            share = float(right[mine].mean())
            people.append(PersonCeiling(name, share, wilson(share, n), n))
    return Ceiling(float(right.sum() / told.sum()), spread, tuple(people))
