"""What every kind of model service is asked and answers, whatever its own way of saying it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from annotation.geometry import Box, Polygon, first_crossing

Config = dict[str, Any]
Size = tuple[float, float]

# As in answers by people: what is rounded to hundredths may overshoot by one.
EDGE_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Predicted:
    """One thing that a model says: `box` in canvas space, None for a tag; `confidence` 0–1.

    `points`: the corners of an outline within the box, or one point, which has no box.
    """

    box: Box | None
    label: str
    confidence: float | None
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What a model said and we do not use, as it came, and why: a sentence."""

    raw: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Predictions:
    """All that was said about one canvas; `model` and `version` as the service names itself, or “”."""

    found: tuple[Predicted, ...]
    quarantined: tuple[Quarantined, ...] = ()
    model: str = ""
    version: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


class PredictorError(ValueError):
    """A predictor cannot be set up like this, or gave no readable answer. The message is a sentence."""


class Stopped(Exception):
    """The run was stopped between two steps; what was found on this page so far is dropped."""


class PredictorKind(Protocol):
    """One kind of predictor: a module with these names satisfies it.

    What it is asked with differs (`pixels`: it gets the page as an array; otherwise its image's URL).
    """

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of the module
        """Stable name in the database and the API."""

    @property
    def LABEL(self) -> str:  # noqa: N802 - a constant of the module
        """What a curator chooses in a list; English, the key of its translation."""

    @property
    def NEEDS_PIXELS(self) -> bool:  # noqa: N802 - a constant of the module
        """Whether the page is handed in as pixels."""

    def validate_config(self, config: Mapping[str, Any]) -> Config:
        """The settings, completed with defaults. Raises PredictorError."""


def fits(box: Box, size: Size) -> bool:
    """Whether a box stays on a canvas of this size."""
    left, top, right, bottom = box.xyxy
    slack = EDGE_TOLERANCE
    return left >= -slack and top >= -slack and right <= size[0] + slack and bottom <= size[1] + slack


# As in answers by people.
MOST_CORNERS = 1000


def fault_of(points: tuple[tuple[float, float], ...], size: Size) -> str:
    """Why an outline, or a point, cannot be used on a canvas of this size: a sentence; “” if it can."""
    slack, (width, height) = EDGE_TOLERANCE, size
    if not all(math.isfinite(value) for point in points for value in point):
        return "A corner is not a pair of finite numbers."
    if not all(-slack <= x <= width + slack and -slack <= y <= height + slack for x, y in points):
        return f"The outline leaves its canvas, which is {width:g} × {height:g}."
    if len(points) == 1:
        return ""
    if not 3 <= len(set(points)) == len(points) <= MOST_CORNERS:
        return f"An outline has from 3 to {MOST_CORNERS} corners, each on a place of its own."
    if first_crossing(points) is not None:
        return "The outline crosses itself."
    return "" if Polygon(points).area > 0 else "The outline has no area."
