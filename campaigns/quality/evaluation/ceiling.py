"""The human ceiling: how well people do by the same measure, so that a model's figure has something to stand beside.

Each person is measured against what the others say together, without their own vote. A model at 95 % where
people reach 94 % has nothing left to learn from these labels; at 95 % where they reach 99 % it has.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Answers, Ints, factorise, sums
from campaigns.quality.bootstrap import Interval, interval_by_canvas
from campaigns.quality.evaluation.calibration import wilson
from campaigns.quality.left_out import others_vote
from campaigns.quality.matching import match_people
from campaigns.quality.merged_table import merge_table
from campaigns.quality.overlapping import as_boxes


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


@dataclass(frozen=True, slots=True)
class BoxCeiling:
    """One person's boxes against those that more than half of the others drew, on canvases others saw too."""

    person: Any
    matched: int
    drawn: int
    wanted: int

    @property
    def f1(self) -> float | None:
        """2 × matched / (drawn + wanted); None where neither drew anything."""
        total = self.drawn + self.wanted
        return 2 * self.matched / total if total else None


def ceiling_of_boxes(
    boxes: npt.ArrayLike,
    canvas: npt.ArrayLike,
    person: npt.ArrayLike,
    *,
    seen_canvas: npt.ArrayLike,
    seen_person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    threshold: float = 0.5,
    share: float = 0.5,
) -> list[BoxCeiling]:
    """Every person in sorted order. A box of the rest counts when more than `share` of the rest who saw drew it.

    With `label` only boxes of the same label meet. Merges once for each person: work grows with people × boxes.
    """
    rows, places, names = as_boxes(boxes), np.asarray(canvas), np.asarray(person)
    words = None if label is None else np.asarray(label)
    looks_at, looker = np.asarray(seen_canvas), np.asarray(seen_person)
    found = []
    for who in np.unique(looker).tolist():
        seen = np.intersect1d(looks_at[looker == who], looks_at[looker != who])
        rest = (names != who) & np.isin(places, seen)
        mine = (names == who) & np.isin(places, seen)
        look = (looker != who) & np.isin(looks_at, seen)
        table = merge_table(
            rows[rest], places[rest], names[rest], seen_canvas=looks_at[look], seen_person=looker[look],
            label=None if words is None else words[rest], threshold=threshold, class_aware=words is not None,
        )  # fmt: skip
        wanted = np.flatnonzero(table.support > share * (1 + 1e-9))
        side = np.repeat([0, 1], [int(mine.sum()), len(wanted)])
        at = np.concatenate([places[mine], table.canvases[table.canvas[wanted]]])
        said = None
        if words is not None:
            said = np.concatenate([words[mine], table.labels[np.maximum(table.label[wanted], 0)]])
        i, _, _ = match_people(
            np.concatenate([rows[mine], table.boxes[wanted]]), side, said, canvas=at, threshold=threshold
        )
        found.append(BoxCeiling(who, len(i), int(mine.sum()), len(wanted)))
    return found
