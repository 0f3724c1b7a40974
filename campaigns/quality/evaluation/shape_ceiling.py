"""The human ceiling for outlines and points: each person against what more than half of the others drew.

The rest of the people are merged anew for each person, by the rule of campaigns: majority outlines, median points.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.consensus import Consensus, Rule, merge_boxes
from campaigns.quality.evaluation.ceiling import BoxCeiling
from campaigns.quality.outline_consensus import merge_outlines, merge_points
from campaigns.quality.shape_matching import match_outlines, match_points


@dataclass(frozen=True, slots=True)
class DrawnShape:
    """One shape of one person: `corners (k, 2)`, one for a point; `label` "" where labels are left out of account."""

    canvas: str
    person: str
    label: str
    corners: npt.ArrayLike


Looks = Sequence[tuple[str, str]]  # (canvas, person) of everybody who saw it
Merge = Callable[[list[DrawnShape], int, str], list[Consensus]]
Match = Callable[[list[npt.ArrayLike], list[int], list[str], str], int]


def ceiling_of_outlines(
    drawn: Sequence[DrawnShape], looks: Looks, *, threshold: float = 0.5
) -> list[BoxCeiling]:
    """Every person in sorted order; outlines of the same label meet from IoU `threshold` on."""

    def match(corners: list[npt.ArrayLike], side: list[int], label: list[str], _canvas: str) -> int:
        return len(match_outlines(corners, side, label, threshold=threshold)[0])

    return _ceiling(drawn, looks, merging_outlines(threshold), match)


def ceiling_of_points(
    drawn: Sequence[DrawnShape], looks: Looks, *, reach: Callable[[str], float]
) -> list[BoxCeiling]:
    """The same of points no farther apart than `reach` of their canvas, in its units."""

    def match(corners: list[npt.ArrayLike], side: list[int], label: list[str], canvas: str) -> int:
        points = np.array([np.asarray(one)[0] for one in corners])
        return len(match_points(points, side, label, reach=reach(canvas))[0])

    return _ceiling(drawn, looks, merging_points(reach), match)


def merging_boxes(threshold: float) -> Merge:
    """Of shapes whose corners are `x, y, w, h`."""
    rule = Rule(threshold=threshold, class_aware=True)
    return lambda rest, seen, _canvas: merge_boxes(
        np.array([one.corners for one in rest], dtype=np.float64).reshape(-1, 4),
        [one.person for one in rest], [{one.label} for one in rest], seen=seen, rule=rule,
    )  # fmt: skip


def merging_outlines(threshold: float) -> Merge:
    """Of outlines of one canvas; those of different labels are different things."""
    rule = Rule(threshold=threshold, class_aware=True)
    return lambda rest, seen, _canvas: merge_outlines(
        [one.corners for one in rest], [one.person for one in rest], [{one.label} for one in rest],
        seen=seen, rule=rule,
    )  # fmt: skip


def merging_points(reach: Callable[[str], float]) -> Merge:
    """Of points, no farther apart than the `reach` of their canvas."""
    rule = Rule(class_aware=True)
    return lambda rest, seen, canvas: merge_points(
        [np.asarray(one.corners)[0] for one in rest], [one.person for one in rest],
        [{one.label} for one in rest], reach=reach(canvas), seen=seen, rule=rule,
    )  # fmt: skip


def _ceiling(drawn: Sequence[DrawnShape], looks: Looks, merge: Merge, match: Match) -> list[BoxCeiling]:
    seen: dict[str, set[str]] = defaultdict(set)
    for canvas, person in looks:
        seen[canvas].add(person)
    on: dict[str, list[DrawnShape]] = defaultdict(list)
    for one in drawn:
        on[one.canvas].append(one)
    tallies: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for canvas in sorted(seen):
        if len(seen[canvas]) > 1:
            for person in sorted(seen[canvas]):
                counts = _on_one(on[canvas], person, len(seen[canvas]) - 1, canvas, merge, match)
                tallies[person] = [a + b for a, b in zip(tallies[person], counts, strict=True)]
    people = sorted({person for _canvas, person in looks})
    return [BoxCeiling(person, *tallies[person]) for person in people]


def _on_one(
    shapes: list[DrawnShape], person: str, others: int, canvas: str, merge: Merge, match: Match
) -> tuple[int, int, int]:
    """Matched, drawn and wanted of one person on one canvas."""
    mine = [one for one in shapes if one.person == person]
    rest = [one for one in shapes if one.person != person]
    wanted = [one for one in merge(rest, others, canvas) if 2 * one.voters > others] if rest else []
    if not mine or not wanted:
        return 0, len(mine), len(wanted)
    corners: list[Any] = [*(one.corners for one in mine), *(one.points for one in wanted)]
    labels = [*(one.label for one in mine), *(one.concepts[0] if one.concepts else "" for one in wanted)]
    side = [0] * len(mine) + [1] * len(wanted)
    return match(corners, side, labels, canvas), len(mine), len(wanted)
