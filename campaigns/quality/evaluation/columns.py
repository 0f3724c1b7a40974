"""What is true and what was predicted, as columns: ids, canvases, labels and boxes, checked once at the door."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints, Names, factorise
from campaigns.quality.evaluation.outlines import Outlines

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TrueBoxes:
    """`n` true boxes. `crowd`: regions of many things, that are never missed and may be met by many predictions.

    `area`: in square canvas units, by default that of the box; COCO counts the area of the outline.
    `outline (n,)`: the numbers of their outlines in the table `outlines`; `diagonal (n,)`: that of their canvas, when
    they are points, whose boxes have no extent.
    """

    id: Names
    canvas: Names
    label: Names
    boxes: Floats
    area: Floats
    crowd: Flags
    outline: Ints | None = None
    outlines: Outlines | None = None
    diagonal: Floats | None = None

    def __len__(self) -> int:
        return len(self.id)

    def rows(self, kept: Flags) -> "TrueBoxes":
        """Only those that are kept `(n,)`."""
        return replace(
            self,
            **_cut(self, kept, ("id", "canvas", "label", "boxes", "area", "crowd", "outline", "diagonal")),
        )


@dataclass(frozen=True, slots=True)
class PredictedBoxes:
    """`n` predicted boxes with a `score` each: the surer, the higher; any scale."""

    id: Names
    canvas: Names
    label: Names
    boxes: Floats
    score: Floats
    outline: Ints | None = None
    outlines: Outlines | None = None

    def __len__(self) -> int:
        return len(self.id)

    @property
    def area(self) -> Floats:
        """Of each, in square canvas units: of the outline where there is one, else of the box."""
        if self.outline is not None and self.outlines is not None:
            return np.asarray(self.outlines.area[self.outline], dtype=np.float64)
        return np.asarray(self.boxes[:, 2] * self.boxes[:, 3], dtype=np.float64)

    def rows(self, kept: Flags) -> "PredictedBoxes":
        """Only those that are kept `(n,)`."""
        return replace(self, **_cut(self, kept, ("id", "canvas", "label", "boxes", "score", "outline")))

    def at_least(self, score: float) -> "PredictedBoxes":
        """Those of at least this score."""
        return self.rows(self.score >= score)


def _cut(table: object, kept: Flags, columns: Sequence[str]) -> dict[str, Any]:
    """The columns that the table has, with the rows that are kept."""
    values = ((name, getattr(table, name)) for name in columns)
    return {name: value[kept] for name, value in values if value is not None}


def with_outlines(
    truth: TrueBoxes,
    predictions: PredictedBoxes,
    true: Sequence[npt.ArrayLike],
    said: Sequence[npt.ArrayLike],
) -> tuple[TrueBoxes, PredictedBoxes]:
    """Both sides with an outline `(corners, 2)` for each row, by which they are compared instead of by their boxes.

    Boxes become the smallest around them, areas those of the outlines unless they were given otherwise.
    Raises ValueError for what is no outline, or another number of them.
    """
    if len(true) != len(truth) or len(said) != len(predictions):
        raise ValueError("Every row needs an outline.")
    table, n = Outlines([*true, *said]), len(true)
    boxes = table.boxes
    given = not np.array_equal(truth.area, truth.boxes[:, 2] * truth.boxes[:, 3])
    return (
        replace(
            truth, boxes=boxes[:n], area=truth.area if given else table.area[:n],
            outline=np.arange(n), outlines=table,
        ),
        replace(predictions, boxes=boxes[n:], outline=np.arange(n, len(table)), outlines=table),
    )  # fmt: skip


def as_points(truth: TrueBoxes, diagonal: npt.ArrayLike) -> TrueBoxes:
    """Things that are points, at the left top of their boxes; `diagonal (n,)`: that of each one's canvas.

    Raises ValueError unless every diagonal is a finite number above zero.
    """
    far = np.asarray(diagonal, dtype=np.float64)
    if far.shape != (len(truth),) or not np.isfinite(far).all() or (far <= 0).any():
        raise ValueError("Every point needs the diagonal of its canvas, a number above zero.")
    return replace(truth, diagonal=far)


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
