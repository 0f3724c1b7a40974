"""Two reviewers of the same task: whether they say the same, and how far reviewers agree beyond chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotation.geometry import Box, iou
from campaigns.quality.coefficients import kappa_of_table
from campaigns.quality.matching import match_pairs
from campaigns.quality.overlapping import as_boxes
from campaigns.quality.shape_matching import outline_pairs

# Below this a box was drawn anew: the rest is the width of a pen.
SAME_AT_IOU = 0.75


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reviewer says is true: a box (x, y, w, h), None for the whole place, its labels, sorted, or its text."""

    box: tuple[float, float, float, float] | None
    concepts: tuple[str, ...]
    points: tuple[tuple[float, float], ...] = ()
    text: str = ""


def say_the_same(one: Sequence[Finding], other: Sequence[Finding]) -> bool:
    """Whether each finding of one has its like among the other's: the same labels, boxes of IoU ≥ 0.75."""
    if len(one) != len(other):
        return False
    if not all(finding.box for finding in [*one, *other]):
        return sorted((f.box or (), f.concepts, f.text) for f in one) == sorted(
            (f.box or (), f.concepts, f.text) for f in other
        )
    labels = {(finding.concepts, finding.text) for finding in [*one, *other]}
    return all(
        _match(
            [f for f in one if (f.concepts, f.text) == said],
            [f for f in other if (f.concepts, f.text) == said],
        )
        for said in labels
    )


def _match(one: Sequence[Finding], other: Sequence[Finding]) -> bool:
    if len(one) != len(other):
        return False
    if all(len(finding.points) > 2 for finding in [*one, *other]):
        left, right = ([np.array(finding.points) for finding in side] for side in (one, other))
        return len(outline_pairs(left, right, SAME_AT_IOU)) == len(one)
    mine, theirs = (as_boxes([finding.box for finding in side if finding.box]) for side in (one, other))
    return len(match_pairs(mine, theirs, SAME_AT_IOU)) == len(one)


def category(verdict: str, finding: Finding | None, source: Sequence[float] | None) -> str:
    """What a reviewer made of one merged item, as a label: rejected, a part of another, or what is true instead.

    A box counts as the same while it overlaps that of the item by IoU ≥ 0.75.
    """
    if finding is None:
        return verdict
    moved = bool(finding.box and source) and iou(Box(*finding.box), Box(*source)) < SAME_AT_IOU  # type: ignore[misc]
    return " ".join(
        [*finding.concepts, *([finding.text] if finding.text else ()), *(("moved",) if moved else ())]
    )


@dataclass(frozen=True, slots=True)
class BetweenReviewers:
    """Over the `items` that two reviewers judged each: the share on which they agree, and Cohen's κ."""

    items: int
    tasks: int
    percent: float | None
    kappa: float | None


def between_reviewers(pairs: Sequence[tuple[Mapping[str, str], Mapping[str, str]]]) -> BetweenReviewers:
    """From the categories by item of the first and of the second reviewer of each task.

    Who comes first changes from task to task: rows and columns of κ's table are the first and the second look, not
    two persons.
    """
    both = [(first[item], second[item]) for first, second in pairs for item in first.keys() & second.keys()]
    if not both:
        return BetweenReviewers(0, len(pairs), None, None)
    labels = sorted({label for pair in both for label in pair})
    place = {label: index for index, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    for first, second in both:
        table[place[first], place[second]] += 1
    percent = float(np.trace(table) / table.sum())
    return BetweenReviewers(len(both), len(pairs), percent, kappa_of_table(table))
