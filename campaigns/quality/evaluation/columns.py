"""What is true and what was predicted, as columns: ids, canvases, labels and boxes, checked once at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints, Names, factorise

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TrueBoxes:
    """`n` true boxes. `crowd`: regions of many things, that are never missed and may be met by many predictions.

    `area`: in square canvas units, by default that of the box; COCO counts the area of the outline.
    """

    id: Names
    canvas: Names
    label: Names
    boxes: Floats
    area: Floats
    crowd: Flags

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True)
class PredictedBoxes:
    """`n` predicted boxes with a `score` each: the surer, the higher; any scale."""

    id: Names
    canvas: Names
    label: Names
    boxes: Floats
    score: Floats

    def __len__(self) -> int:
        return len(self.id)

    def at_least(self, score: float) -> "PredictedBoxes":
        """Those of at least this score."""
        kept = self.score >= score
        return PredictedBoxes(
            self.id[kept], self.canvas[kept], self.label[kept], self.boxes[kept], self.score[kept]
        )


def true_boxes(
    ids: npt.ArrayLike,
    canvas: npt.ArrayLike,
    label: npt.ArrayLike,
    boxes: npt.ArrayLike,
    *,
    area: npt.ArrayLike | None = None,
    crowd: npt.ArrayLike | None = None,
) -> TrueBoxes:
    """`boxes (n, 4)`: x, y, w, h in canvas units. Raises ValueError for columns of other lengths or bad numbers."""
    rows = _boxes(boxes)
    n = len(rows)
    columns = [
        _column(values, n, what) for values, what in ((ids, "id"), (canvas, "canvas"), (label, "label"))
    ]
    areas = rows[:, 2] * rows[:, 3] if area is None else np.asarray(area, dtype=np.float64)
    flags = np.zeros(n, dtype=bool) if crowd is None else np.asarray(crowd, dtype=bool)
    if areas.shape != (n,) or flags.shape != (n,) or not np.isfinite(areas).all():
        raise ValueError("Every true box needs one finite area and one mark for crowds.")
    return TrueBoxes(columns[0], columns[1], columns[2], rows, areas, flags)


def predicted_boxes(
    ids: npt.ArrayLike,
    canvas: npt.ArrayLike,
    label: npt.ArrayLike,
    boxes: npt.ArrayLike,
    score: npt.ArrayLike,
) -> PredictedBoxes:
    """`boxes (n, 4)`: x, y, w, h in canvas units. Raises ValueError for columns of other lengths or bad numbers."""
    rows = _boxes(boxes)
    n = len(rows)
    columns = [
        _column(values, n, what) for values, what in ((ids, "id"), (canvas, "canvas"), (label, "label"))
    ]
    scores = np.asarray(score, dtype=np.float64)
    if scores.shape != (n,) or not np.isfinite(scores).all():
        raise ValueError("Every prediction needs one finite score.")
    return PredictedBoxes(columns[0], columns[1], columns[2], rows, scores)


@dataclass(frozen=True, slots=True)
class Shared:
    """Both sides in the same codes; `canvases` and `labels` are all that occur, sorted."""

    canvases: Names
    labels: Names
    true_canvas: Ints
    true_label: Ints
    canvas: Ints
    label: Ints


def shared_codes(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    canvases: Sequence[Any] | None = None,
    labels: Sequence[Any] | None = None,
) -> Shared:
    """Codes of the canvases and labels of both. `canvases`: all that were looked at, also the empty ones.

    Raises ValueError when a box stands on a canvas, or has a label, that is not among those given.
    """
    n = len(truth)
    places, place = _together(truth.canvas, predictions.canvas, canvases, "canvas")
    names, name = _together(truth.label, predictions.label, labels, "label")
    return Shared(places, names, place[:n], name[:n], place[n:], name[n:])


def _together(one: Names, other: Names, known: Sequence[Any] | None, what: str) -> tuple[Names, Ints]:
    values = [column for column in (one, other) if len(column)]
    both = np.concatenate(values) if values else np.zeros(0, dtype=np.int64)
    if known is None:
        return factorise(both)
    names = np.unique(np.asarray(known))
    if not len(both):
        return names, np.zeros(0, dtype=np.int64)
    place = np.searchsorted(names, both)
    if not len(names) or (names[np.minimum(place, len(names) - 1)] != both).any():
        raise ValueError(f"A box has a {what} that is not among those given.")
    return names, place.astype(np.int64)


def _boxes(boxes: npt.ArrayLike) -> Floats:
    rows = np.asarray(boxes, dtype=np.float64)
    if rows.size == 0:
        return rows.reshape(0, 4)
    if rows.ndim != 2 or rows.shape[1] != 4:
        raise ValueError(f"Boxes come as an array of shape (n, 4), not {rows.shape}.")
    # A predictor may give a box without area; it meets nothing, and that is its own mistake.
    if not np.isfinite(rows).all() or (rows[:, 2:] < 0).any():
        raise ValueError("Every box needs finite numbers and no negative width or height.")
    return rows


def _column(values: npt.ArrayLike, n: int, what: str) -> Names:
    column = np.asarray(values)
    if column.shape != (n,):
        raise ValueError(f"There are {n} boxes, so there must be {n} of {what}, not {column.shape}.")
    return column
