"""What people drew, of whatever shape, and how two drawings are found to mean the same: for reports of agreement."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints
from campaigns.quality.box_agreement import Match
from campaigns.quality.matching import best_pairs, group_boxes, match_people
from campaigns.quality.overlapping import IOU_DECIMALS, as_boxes
from campaigns.quality.shape_matching import match_points, outline_likeness
from campaigns.quality.shapes import group_points, group_polygons

Names = npt.NDArray[Any]
Pairs = tuple[Ints, Ints, Floats]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Shapes with their boxes `(n, 4)`, canvas, person and label `(n,)`, and who saw which canvas when `(m,)`.

    `outlines`: the corners of each, where these are what was drawn; `points (n, 2)` and their `reach (n,)` in canvas
    units, where points were set.
    """

    box: npt.NDArray[np.float64]
    canvas: Names
    person: Names
    label: Names
    seen_canvas: Names
    seen_person: Names
    seen_period: Names
    outlines: Sequence[Floats] | None = None
    points: Floats | None = None
    reach: Floats | None = None

    def grouped(self, threshold: float) -> Ints:
        """Which shapes are one thing `(n,)`; points within their reach, whatever the `threshold`."""
        if self.points is not None and self.reach is not None:
            return group_points(
                self.points, self.person, self.label, size=self.reach, canvas=self.canvas, reach=1.0
            )
        if self.outlines is not None:
            return group_polygons(
                self.outlines, self.person, self.label, canvas=self.canvas, threshold=threshold
            )
        return group_boxes(self.box, self.person, self.label, canvas=self.canvas, threshold=threshold)


@dataclass(slots=True)
class Matching:
    """Pairs of two people's shapes, one to one; with `label` only shapes of the same label.

    The overlap of outlines is measured once, and asked about at every threshold.
    """

    drawn: Drawn
    label: Names | None
    _alike: Pairs | None = field(default=None, init=False)

    def at(self, threshold: float) -> Match:
        """As `shape_agreement` takes it; of points within their reach, whatever the `threshold`."""
        points, reach = self.drawn.points, self.drawn.reach
        if points is not None and reach is not None:
            return lambda who, where: match_points(points, who, self.label, reach=reach, canvas=where)
        if self.drawn.outlines is not None:
            return lambda who, where: self._outlines(who, where, threshold)
        rows = as_boxes(self.drawn.box)
        return lambda who, where: match_people(rows, who, self.label, canvas=where, threshold=threshold)

    def _outlines(self, who: Ints, where: Ints, threshold: float) -> Pairs:
        if self._alike is None:
            self._alike = outline_likeness(self.drawn.outlines or (), who, where, self.label)
        i, j, likeness = self._alike
        close = likeness >= round(threshold, IOU_DECIMALS)
        return best_pairs((i[close], j[close], likeness[close]), who, as_boxes(self.drawn.box))
