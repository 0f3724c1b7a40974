"""The merged boxes of thousands of canvases at once, as columns: what `merge_boxes` says of one, without its words."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints, Names, answers_of, sums
from campaigns.quality.edges import from_edges, grouped_median, to_edges
from campaigns.quality.matching import group_boxes
from campaigns.quality.overlapping import as_boxes, paired_iou


@dataclass(frozen=True, slots=True)
class MergedTable:
    """One row a thing, in the order of canvas, then reading (top, left of its first member).

    `voters` of the `seen` people who were shown the canvas drew it. `spread (m, 4)`: standard deviation (n − 1) of
    the left, top, right, bottom edge, NaN for a single voice. `mean_iou`: of the members with the merged box.
    `label`: code in `labels` of the label of more than half of the voters, −1 for none. `group (n,)`: the row that
    each drawn box went into.
    """

    canvases: Names
    labels: Names
    canvas: Ints
    boxes: Floats
    voters: Ints
    seen: Ints
    spread: Floats
    mean_iou: Floats
    label: Ints
    group: Ints

    @property
    def support(self) -> Floats:
        """Share of those who saw the canvas that drew it `(m,)`."""
        return np.asarray(self.voters / self.seen, dtype=np.float64)


def merge_table(
    boxes: npt.ArrayLike,
    canvas: npt.ArrayLike,
    person: npt.ArrayLike,
    *,
    seen_canvas: npt.ArrayLike,
    seen_person: npt.ArrayLike,
    label: npt.ArrayLike | None = None,
    threshold: float = 0.5,
    class_aware: bool = False,
) -> MergedTable:
    """Median boxes of complete-link groups of `boxes (n, 4)`; arguments as `box_agreement` and `group_boxes`.

    Raises ValueError when a box stands on a canvas that its person did not see.
    """
    rows = as_boxes(boxes)
    n = len(rows)
    places, people = np.asarray(canvas), np.asarray(person)
    looks = answers_of(seen_canvas, seen_person, np.zeros(len(np.asarray(seen_canvas)), dtype=np.int64))
    place = _look_up(looks.items, places)
    who = _look_up(looks.people, people)
    crowd = max(len(looks.people), 1)
    if not np.isin(place * crowd + who, looks.item * crowd + looks.person).all():
        raise ValueError("A box stands on a canvas that its person is not said to have seen.")
    names, code = np.unique(np.zeros(n) if label is None else np.asarray(label), return_inverse=True)
    group = group_boxes(rows, who, code, canvas=place, threshold=threshold, class_aware=class_aware)
    groups = int(group.max(initial=-1)) + 1
    edges = to_edges(rows)
    merged = from_edges(grouped_median(edges, group, groups)) if groups else np.zeros((0, 4))
    voters = np.bincount(group, minlength=groups)
    home = np.zeros(groups, dtype=np.int64)
    home[group] = place
    return MergedTable(
        canvases=looks.items,
        labels=names,
        canvas=home,
        boxes=merged,
        voters=voters.astype(np.int64),
        seen=looks.voices[home],
        spread=_spread(edges, group, voters),
        mean_iou=sums(group, paired_iou(rows, merged[group]), groups) / np.maximum(voters, 1),
        label=_majority(code, group, voters, len(names)),
        group=group,
    )


def _look_up(known: Names, values: Names) -> Ints:
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    place = np.searchsorted(known, values)
    if not len(known) or (known[np.minimum(place, len(known) - 1)] != values).any():
        raise ValueError("A box stands on a canvas that its person is not said to have seen.")
    return place.astype(np.int64)


def _spread(edges: Floats, group: Ints, voters: npt.NDArray[np.int64]) -> Floats:
    """Two passes, so that a large offset costs no digits."""
    size = np.maximum(voters, 1).astype(np.float64)
    found = np.full((len(voters), 4), np.nan)
    for column in range(4):
        mean = sums(group, edges[:, column], len(voters)) / size
        squares = sums(group, np.square(edges[:, column] - mean[group]), len(voters))
        found[:, column] = np.where(voters > 1, np.sqrt(squares / np.maximum(size - 1, 1)), np.nan)
    return found


def _majority(code: npt.NDArray[np.int64], group: Ints, voters: npt.NDArray[np.int64], k: int) -> Ints:
    chosen = np.full(len(voters), -1, dtype=np.int64)
    keys, counts = np.unique(group * max(k, 1) + code, return_counts=True)
    won = 2 * counts > voters[keys // max(k, 1)]
    chosen[keys[won] // max(k, 1)] = keys[won] % max(k, 1)
    return chosen
