"""Any model that answers over HTTP: we send the address of an image, it sends back boxes or labels.

The request is `POST` of
    {"image": url, "width": pixels, "height": pixels, "canvas": uri, "labels": [the labels we hope for]}

and these answers are understood, coordinates in pixels of that image:
    {"predictions": [{"box": [x, y, w, h] | null, "label" | "concept", "confidence"}], "model", "version"}
                               with "points": [[x, y], …] in the place of a box: the corners of an outline, or one point
    our own {"predictions": [{"x", "y", "width", "height", "class", "confidence"}], "image": {"width",
    "height"}}       Roboflow [{"x_min", "y_min", "x_max", "y_max", "class_name", "confidence", "model"}]
                               Supervision

In Roboflow's shape x, y is the centre or the top left corner, depending on who wrote the file: the setting
`anchor` says which. An answer may name the size of the image it saw (`image`); boxes are scaled from that to
the canvas. A box that leaves the canvas is kept apart with its reason, never clipped.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from annotation.geometry import Box, GeometryError, Polygon
from campaigns.predictors.values import (
    Config,
    Predicted,
    Predictions,
    PredictorError,
    Quarantined,
    Size,
    fault_of,
    fits,
)

KIND = "http"
LABEL = "Model behind a web address"
NEEDS_PIXELS = False

ANCHORS = ("centre", "top-left")
DEFAULTS: Config = {
    "url": "",
    "anchor": "centre",
    "least_confidence": 0.0,  # what is less sure is passed over
    "longest_side": 2048,  # pixels of the image that the model is pointed to
    "labels": [],
}
MOST_PREDICTIONS = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """The canvas and its image as the model is to see it: sizes in pixels and in canvas units."""

    canvas: str
    canvas_size: Size
    image_url: str
    image_size: Size


@dataclass(frozen=True, slots=True)
class Request:
    """What to send; the caller adds credentials, caps and time limits."""

    url: str
    json: Mapping[str, Any]
    method: str = "POST"


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings, completed with defaults. Raises PredictorError."""
    unknown = sorted(set(config) - set(DEFAULTS))
    if unknown:
        raise PredictorError(f"A model behind a web address has no setting “{unknown[0]}”.")
    settings = {**DEFAULTS, **config}
    if not isinstance(settings["url"], str) or not _is_address(settings["url"]):
        raise PredictorError("“url” must be the address of the model, beginning with https:// or http://.")
    if settings["anchor"] not in ANCHORS:
        raise PredictorError("“anchor” says what x and y mean: “centre” or “top-left”.")
    least, longest = settings["least_confidence"], settings["longest_side"]
    if isinstance(least, bool) or not isinstance(least, (int, float)) or not 0 <= least <= 1:
        raise PredictorError("“least_confidence” must be a number between 0 and 1.")
    if type(longest) is not int or not 64 <= longest <= 20_000:
        raise PredictorError("“longest_side” must be a whole number of pixels between 64 and 20000.")
    if not isinstance(settings["labels"], list) or not all(
        isinstance(word, str) for word in settings["labels"]
    ):
        raise PredictorError("“labels” must be a list of texts.")
    return settings


def build_request(target: Target, config: Mapping[str, Any]) -> Request:
    """The request for one canvas."""
    width, height = target.image_size
    return Request(
        url=config["url"],
        json={
            "image": target.image_url,
            "width": width,
            "height": height,
            "canvas": target.canvas,
            "labels": list(config.get("labels", [])),
        },
    )


def predict(target: Target, config: Mapping[str, Any], send: Callable[[Request], bytes]) -> Predictions:
    """Asks the model about one canvas through `send`. Raises PredictorError, and whatever `send` raises."""
    return read_answer(send(build_request(target, config)), target, config)


def read_answer(content: bytes | str, target: Target, config: Mapping[str, Any]) -> Predictions:
    """The answer in any of the shapes above. Raises PredictorError when it is none of them."""
    document = _parse(content)
    head: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    entries = head.get("predictions") if head else document
    if not isinstance(entries, list):
        raise PredictorError("The model's answer has no list of predictions.")
    if len(entries) > MOST_PREDICTIONS:
        raise PredictorError(
            f"The model's answer has {len(entries)} predictions; {MOST_PREDICTIONS} is the most."
        )
    reader = _Reader(target, _seen_size(head, target), {**DEFAULTS, **config})
    said = [reader.read(entry) for entry in entries]
    return Predictions(
        found=tuple(one for one in said if isinstance(one, Predicted) and reader.sure(one)),
        quarantined=tuple(one for one in said if isinstance(one, Quarantined)),
        model=_name(head, entries, "model"),
        version=_name(head, entries, "version"),
    )


class _Reader:
    def __init__(self, target: Target, seen: Size, settings: Mapping[str, Any]) -> None:
        self.target = target
        self.scale = (target.canvas_size[0] / seen[0], target.canvas_size[1] / seen[1])
        self.settings = settings

    def sure(self, one: Predicted) -> bool:
        return one.confidence is None or one.confidence >= self.settings["least_confidence"]

    def read(self, entry: Any) -> Predicted | Quarantined:
        try:
            return self._read(entry)
        except GeometryError as error:
            return Quarantined(entry, str(error))
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            return Quarantined(entry, "This is not a prediction in any shape we know.")

    def _read(self, entry: Any) -> Predicted | Quarantined:
        label = next(
            (entry[key] for key in _LABEL_KEYS if isinstance(entry.get(key), str) and entry[key]), None
        )
        if label is None:
            return Quarantined(entry, "The prediction names no class.")
        confidence = entry.get("confidence", entry.get("score"))
        if confidence is not None:
            confidence = float(confidence)
            if isinstance(entry.get("confidence"), bool) or not 0 <= confidence <= 1:
                return Quarantined(entry, "The confidence is not between 0 and 1.")
        if entry.get("points") is not None:
            return self._pointed(entry, label, confidence)
        corners = self._corners(entry)
        if corners is None:
            return Predicted(None, label, confidence)
        box = Box(*corners).scaled(*self.scale)
        if not fits(box, self.target.canvas_size):
            width, height = self.target.canvas_size
            return Quarantined(entry, f"The box leaves its canvas, which is {width:g} × {height:g}.")
        return Predicted(box, label, confidence)

    def _pointed(
        self, entry: Mapping[str, Any], label: str, confidence: float | None
    ) -> Predicted | Quarantined:
        """An outline, or a point."""
        sx, sy = self.scale
        pairs = [_floats(pair) for pair in entry["points"]]
        points = tuple((x * sx, y * sy) for x, y in pairs)
        if len(points) > 1 and points[0] == points[-1]:
            points = points[:-1]
        fault = fault_of(points, self.target.canvas_size)
        if fault:
            return Quarantined(entry, fault)
        box = Polygon(points).box if len(points) > 1 else None
        return Predicted(box, label, confidence, points)

    def _corners(self, entry: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
        """x, y, w, h in pixels; None for a label of the whole image."""
        if "box" in entry or "bbox" in entry:
            given = entry.get("box", entry.get("bbox"))
            if given is None:
                return None
            x, y, w, h = _floats(given)
            return (x, y, w, h)
        if "x_min" in entry:
            left, top, right, bottom = _floats([entry[key] for key in ("x_min", "y_min", "x_max", "y_max")])
            return (left, top, right - left, bottom - top)
        if "width" in entry or "x" in entry:
            x, y, w, h = _floats([entry[key] for key in ("x", "y", "width", "height")])
            return (x - w / 2, y - h / 2, w, h) if self.settings["anchor"] == "centre" else (x, y, w, h)
        return None


_LABEL_KEYS = ("concept", "label", "class", "class_name")


def _floats(values: Sequence[Any]) -> list[float]:
    if isinstance(values, str) or any(isinstance(value, bool) for value in values):
        raise TypeError
    return [float(value) for value in values]


def _parse(content: bytes | str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        beginning = content[:200].decode(errors="replace") if isinstance(content, bytes) else content[:200]
        if beginning.lstrip().startswith("<"):
            raise PredictorError(
                "The model answered with a web page, not with JSON. Is the address right?"
            ) from None
        raise PredictorError("The model's answer is not JSON.") from None


def _seen_size(head: Mapping[str, Any], target: Target) -> Size:
    """The size of the image that the model says it saw, else of the one it was pointed to."""
    image = head.get("image")
    if isinstance(image, Mapping):
        try:
            width, height = float(image["width"]), float(image["height"])
        except (KeyError, TypeError, ValueError, OverflowError):
            return target.image_size
        if 0 < width < math.inf and 0 < height < math.inf:
            return (width, height)
    return target.image_size


def _name(head: Mapping[str, Any], entries: Sequence[Any], key: str) -> str:
    """What the answer as a whole says, else what all its entries say alike."""
    if isinstance(head.get(key), (str, int, float)):
        return str(head[key])
    said = {entry[key] for entry in entries if isinstance(entry, Mapping) and isinstance(entry.get(key), str)}
    return said.pop() if len(said) == 1 else ""


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
