"""What is true and what was predicted as the tables that are measured: boxes, outlines or points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from annotation.geometry import Box
from campaigns.answered import Answered, answered
from campaigns.classes import ClassOf, class_of, said_in, truth_in
from campaigns.models import Evaluation, Release
from campaigns.predicted import PredictedThing, PredictedThings, predictions_in
from campaigns.quality.evaluation import (
    PredictedBoxes,
    TrueBoxes,
    as_points,
    predicted_boxes,
    true_boxes,
    with_outlines,
)
from campaigns.questions.places import corners_of
from campaigns.questions.shapes import box, point, polygon, shape_kind
from campaigns.released import ReleasedTruth, TrueThing, truth_of


class Codes:
    """Classes as numbers, in the order in which they come."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def code(self, name: str) -> int:
        return self._codes.setdefault(name, len(self._codes))

    @property
    def names(self) -> list[str]:
        return list(self._codes)


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides of an evaluation, their classes counted as asked."""

    truth: ReleasedTruth
    predictions: PredictedThings
    class_of: ClassOf
    answered: Answered | None = None


def shape_of(release: Release) -> str:
    """What the places in a release are: boxes, outlines or points."""
    return shape_kind(release.campaign.question).NAME


def sides_of(evaluation: Evaluation) -> Sides:
    """What the release says, and what the run or the person says now; of a person only images that they answered.

    An evaluation from before outlines counted has no `shape`.
    """
    parameters, release = evaluation.parameters, evaluation.release
    to = class_of(parameters, release)
    truth = truth_in(truth_of(release), to)
    if evaluation.participant is not None:
        many = has_several(release, truth)
        found = answered(evaluation.participant, release, truth, parameters, to, many=many)
        return Sides(found.truth, said_in(found.said, to), to, found)
    if evaluation.run is None:
        raise ValueError("An evaluation is of a run or of a person.")
    shape = parameters.get("shape", box.NAME)
    said = predictions_in(evaluation.run, truth.canvases, outlines=shape == polygon.NAME)
    return Sides(truth, said_in(said, to), to)


def has_several(release: Release, truth: ReleasedTruth) -> bool:
    """Whether an image may have several labels, or has them."""
    return bool(release.campaign.question.get("many")) or any(len(one) > 1 for one in truth.tags)


def is_place(thing: PredictedThing, shape: str) -> bool:
    """Whether a prediction is of the kind of place that is measured. A box is an outline too."""
    return len(thing.points) == 1 if shape == point.NAME else thing.box is not None


def tables_of(
    sides: Sides, shape: str, codes: Codes
) -> tuple[TrueBoxes, PredictedBoxes, list[PredictedThing]]:
    """Both sides as tables, rows as ids; and the predictions in the order of theirs."""
    things = sides.truth.boxes
    found = [one for one in sides.predictions.things if is_place(one, shape)]
    truth = true_boxes(
        np.arange(len(things)),
        _ints(one.canvas for one in things),
        _ints(codes.code(one.concept) for one in things),
        np.array([one.box for one in things], dtype=np.float64).reshape(-1, 4),
        area=np.array([one.area for one in things], dtype=np.float64),
        crowd=np.array([one.is_crowd for one in things], dtype=bool),
    )
    said = predicted_boxes(
        np.arange(len(found)),
        _ints(one.canvas for one in found),
        _ints(codes.code(one.concept) for one in found),
        np.array([_box(one) for one in found], dtype=np.float64).reshape(-1, 4),
        np.array([one.score for one in found], dtype=np.float64),
    )
    if shape == point.NAME:
        truth = as_points(truth, [sides.truth.diagonals[one.canvas] for one in things])
    elif shape == polygon.NAME:
        truth, said = with_outlines(truth, said, _corners(things), _corners(found))
    return truth, said, found


def _box(thing: PredictedThing) -> Sequence[float]:
    return thing.box if thing.box is not None else (*thing.points[0], 0.0, 0.0)


def _corners(things: Sequence[TrueThing] | Sequence[PredictedThing]) -> list[Any]:
    """The outline of each; what has only a box is the rectangle that this is."""
    return [
        one.points if len(one.points) > 2 or one.box is None else corners_of(Box(*one.box)) for one in things
    ]


def _ints(values: Any) -> Any:
    return np.array(list(values), dtype=np.int64)
