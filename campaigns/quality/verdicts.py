"""What became of one person's answer once it was decided: what stood, what was changed, what was missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from annotation.geometry import Box, iou
from campaigns.quality.matching import match_pairs
from campaigns.quality.overlapping import Floats, as_boxes
from campaigns.quality.overlay import overlay
from campaigns.quality.shape_matching import outline_pairs, point_pairs
from campaigns.quality.texts import Text

Kind = Literal["stood", "renamed", "moved", "refused", "missed"]
SAME_AT_IOU = 0.5
# Below this a box was drawn anew: the rest is the width of a pen.
KEPT_AT_IOU = 0.75


@dataclass(frozen=True, slots=True)
class Said:
    """A box (x, y, w, h), None for the whole picture, with its labels; `id` is that of its annotation.

    `points`: the corners of an outline within the box, or the one point in its middle.
    `text`: what was written. `step`: of a sequence the question that it answers.
    """

    box: tuple[float, float, float, float] | None
    concepts: tuple[str, ...]
    id: str = ""
    points: tuple[tuple[float, float], ...] = ()
    text: Text | None = None
    step: str = ""


@dataclass(frozen=True, slots=True)
class Ruled:
    """One decision: what is true (None: nothing is there), why, and the ids of the annotations it is about."""

    truth: Said | None
    reason: str = ""
    members: frozenset[str] = frozenset()
    step: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing that was said, or (`missed`) what is true and was not said."""

    kind: Kind
    mine: Said | None
    truth: Said | None
    reason: str = ""


def judge_boxes(mine: Sequence[Said], rulings: Sequence[Ruled]) -> list[Outcome]:
    """An outcome for each box in its order, then one for each true box that was missed.

    A box belongs to the decision on what it was merged into, else to the true box it overlaps by IoU ≥ 0.5; outlines
    likewise, and points to the true point within reach.
    """
    owner = {pk: place for place, ruled in enumerate(rulings) for pk in ruled.members}
    ruled = [owner.get(said.id) for said in mine]
    loose = [place for place, found in enumerate(ruled) if found is None]
    free = [place for place, one in enumerate(rulings) if one.truth and place not in ruled]
    if loose and free:
        pairs = _pairs([mine[place] for place in loose], [rulings[place].truth for place in free])
        for left, right in pairs:
            ruled[loose[left]] = free[right]
    outcomes = [
        _outcome(said, rulings[place]) if place is not None else Outcome("refused", said, None)
        for said, place in zip(mine, ruled, strict=True)
    ]
    missed = [one for place, one in enumerate(rulings) if one.truth and place not in ruled]
    return [*outcomes, *(Outcome("missed", None, one.truth, one.reason) for one in missed)]


def judge_labels(mine: Said, rulings: Sequence[Ruled]) -> list[Outcome]:
    """The outcome of the labels of a whole picture; all decisions together say which are true."""
    true = tuple(dict.fromkeys(pk for one in rulings if one.truth for pk in one.truth.concepts))
    reason = next((one.reason for one in rulings if one.reason), "")
    truth = Said(mine.box, true) if true else None
    if set(true) == set(mine.concepts):
        return [Outcome("stood", mine, truth, reason)]
    if not mine.concepts:
        return [Outcome("missed", None, truth, reason)]
    return [Outcome("renamed" if true else "refused", mine, truth, reason)]


def judge_texts(mine: Said, rulings: Sequence[Ruled]) -> list[Outcome]:
    """The outcome of what was written about a picture; texts that are compared as the same are."""
    truth = next((one.truth for one in rulings if one.truth and one.truth.text), None)
    reason = next((one.reason for one in rulings if one.reason), "")
    written, true = mine.text, truth.text if truth else None
    if (written and written.compared) == (true and true.compared):
        return [Outcome("stood", mine, truth, reason)]
    if written is None:
        return [Outcome("missed", None, truth, reason)]
    return [Outcome("renamed" if true else "refused", mine, truth, reason)]


def _outcome(said: Said, ruled: Ruled) -> Outcome:
    truth = ruled.truth
    if truth is None:
        return Outcome("refused", said, None, ruled.reason)
    if set(truth.concepts) != set(said.concepts):
        return Outcome("renamed", said, truth, ruled.reason)
    kept = not said.box or not truth.box or _likeness(said, truth) >= KEPT_AT_IOU
    return Outcome("stood" if kept else "moved", said, truth, ruled.reason)


def _pairs(mine: Sequence[Said], truths: Sequence[Said | None]) -> list[tuple[int, int]]:
    true = [one for one in truths if one]
    both = [*mine, *true]
    if all(len(one.points) > 2 for one in both):
        return outline_pairs([one.points for one in mine], [one.points for one in true], SAME_AT_IOU)
    if all(len(one.points) == 1 for one in both):
        reach = min(one.box[2] for one in both if one.box) / 2
        return point_pairs([one.points[0] for one in mine], [one.points[0] for one in true], reach)
    return [(i, j) for i, j in match_pairs(_boxes(mine), _boxes(true), SAME_AT_IOU).tolist()]


def _likeness(said: Said, truth: Said) -> float:
    """IoU of boxes or outlines. Points are the squares around them: a quarter of the way they reach is the pen."""
    if len(said.points) > 2 and len(truth.points) > 2:
        return float(overlay([said.points, truth.points]).iou()[0, 1])
    assert said.box is not None
    assert truth.box is not None
    return iou(Box(*said.box), Box(*truth.box))


def _boxes(said: Sequence[Said]) -> Floats:
    return as_boxes(np.array([one.box for one in said], dtype=np.float64).reshape(len(said), 4))
