"""“Find more like this”: looks for copies of a few example boxes, without any training.

Normalised cross-correlation (`cv2.matchTemplate`, TM_CCOEFF_NORMED: Lewis 1995, Fast Normalized
Cross-Correlation) of each example, at several sizes, then one box per place. It finds the same glyph,
ornament or stamp in the same or a similar font; it does not find what is drawn anew each time. On engraved
pages of 3.5 megapixels with clefs in five fonts nothing wrong was found, and with one example per font 84 to
100 % of the clefs. Time grows with pixels × examples × sizes, about 0.02 s for a megapixel; 1,200–2,000 px
on the long side are plenty.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from annotation.geometry import Box
from campaigns.predictors.values import Config, Predicted, Predictions, PredictorError, Size, Stopped

KIND = "match_template"
LABEL = "Find more like this"
NEEDS_PIXELS = True
VERSION = "1"

DEFAULTS: Config = {
    "threshold": 0.65,  # correlation from which a place counts, 0–1
    "scales": [0.8, 0.9, 1.0, 1.1, 1.25],  # sizes to look for, relative to the example
    "overlap": 0.3,  # IoU from which two finds are the same thing
    "most": 500,  # finds per page
}
SMALLEST_SIDE = 6
LEAST_CONTRAST = 2.0
# Candidates per example and size before overlapping ones are dropped: a page of noise stays affordable.
_MOST_PEAKS = 5000

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """An example: its pixels as `uint8 (h, w)`, in the scale of the pages to search, and its label."""

    pixels: Gray
    label: str


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings, completed with defaults. Raises PredictorError."""
    unknown = sorted(set(config) - set(DEFAULTS))
    if unknown:
        raise PredictorError(f"“Find more like this” has no setting “{unknown[0]}”.")
    settings = {**DEFAULTS, **config}
    for name in ("threshold", "overlap"):
        if not _is_number(settings[name]) or not 0 < settings[name] <= 1:
            raise PredictorError(f"“{name}” must be a number above 0 and at most 1.")
    scales = settings["scales"]
    if not isinstance(scales, (list, tuple)) or not 1 <= len(scales) <= 15:
        raise PredictorError("“scales” must be a list of 1 to 15 numbers.")
    if not all(_is_number(scale) and 0.1 <= scale <= 10 for scale in scales):
        raise PredictorError("Every scale must be a number between 0.1 and 10.")
    if type(settings["most"]) is not int or settings["most"] < 1:
        raise PredictorError("“most” must be a whole number of at least 1.")
    return settings


def unusable(exemplar: Exemplar) -> str | None:
    """Why an example finds nothing or everything: a sentence; None when it is good."""
    height, width = exemplar.pixels.shape[:2]
    if min(height, width) < SMALLEST_SIDE:
        return f"The example is {width} × {height} pixels; each side needs at least {SMALLEST_SIDE}."
    if float(exemplar.pixels.std()) < LEAST_CONTRAST:
        return "The example is all of one shade; there is nothing to recognise."
    return None


def find(
    page: Gray,
    exemplars: Sequence[Exemplar],
    *,
    canvas_size: Size,
    config: Mapping[str, Any] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Predictions:
    """All places on `page`, `uint8 (h, w)` of the whole canvas, that look like an example; boxes in canvas
    space.

    At one place only the likeliest label remains. `confidence` is the correlation. Unusable examples are
    passed over (ask `unusable` first to tell the curator). `should_stop` is asked before each example and
    size.

    Raises PredictorError without any usable example, Stopped when asked to stop.
    """
    settings = {**DEFAULTS, **(config or {})}
    if page.ndim != 2 or page.dtype != np.uint8 or not page.size:
        raise PredictorError("The page must be a grey image of 8 bits a pixel.")
    usable = [exemplar for exemplar in exemplars if unusable(exemplar) is None]
    if not usable:
        raise PredictorError("There is no usable example. Give at least one box with something in it.")
    boxes, scores, owners = _candidates(page, usable, settings, should_stop or _never)
    kept = suppress(boxes, scores, overlap=settings["overlap"], most=settings["most"])
    sx, sy = canvas_size[0] / page.shape[1], canvas_size[1] / page.shape[0]
    found = tuple(
        Predicted(
            Box(*boxes[index].tolist()).scaled(sx, sy),
            usable[int(owners[index])].label,
            round(float(scores[index]), 4),
        )
        for index in kept.tolist()
    )
    return Predictions(found, model=KIND, version=VERSION)


def suppress(boxes: Floats, scores: Floats, *, overlap: float, most: int) -> npt.NDArray[np.int64]:
    """Rows of `boxes (n, 4)` to keep, best first: none overlaps a better one by IoU ≥ `overlap`."""
    order = np.lexsort((boxes[:, 2], boxes[:, 0], boxes[:, 1], -scores))
    left, top, right, bottom = boxes[:, 0], boxes[:, 1], boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    area = boxes[:, 2] * boxes[:, 3]
    kept: list[int] = []
    while len(order) and len(kept) < most:
        best, order = order[0], order[1:]
        kept.append(int(best))
        wide = np.minimum(right[best], right[order]) - np.maximum(left[best], left[order])
        high = np.minimum(bottom[best], bottom[order]) - np.maximum(top[best], top[order])
        common = np.clip(wide, 0, None) * np.clip(high, 0, None)
        order = order[common < overlap * (area[best] + area[order] - common)]
    return np.array(kept, dtype=np.int64)


def _candidates(
    page: Gray, exemplars: Sequence[Exemplar], settings: Mapping[str, Any], should_stop: Callable[[], bool]
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    boxes, scores, owners = [np.zeros((0, 4))], [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    for owner, exemplar in enumerate(exemplars):
        for scale in settings["scales"]:
            if should_stop():
                raise Stopped
            found, likeness = _peaks(page, _resized(exemplar.pixels, scale), settings["threshold"])
            boxes.append(found)
            scores.append(likeness)
            owners.append(np.full(len(found), owner, dtype=np.int64))
    return np.concatenate(boxes), np.concatenate(scores), np.concatenate(owners)


def _peaks(page: Gray, template: Gray, threshold: float) -> tuple[Floats, Floats]:
    """Places where the correlation is highest in its surroundings and reaches the threshold."""
    height, width = template.shape
    if height > page.shape[0] or width > page.shape[1] or min(height, width) < SMALLEST_SIDE:
        return np.zeros((0, 4)), np.zeros(0)
    raw = cv2.matchTemplate(page, template, cv2.TM_CCOEFF_NORMED)
    # Windows of one shade divide by zero: OpenCV then gives infinities, NaN or values beyond 1.
    response = np.nan_to_num(np.asarray(raw, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    response[response > 1 + 1e-3] = 0.0
    around = np.ones((max(3, height // 2) | 1, max(3, width // 2) | 1), dtype=np.uint8)
    highest = np.asarray(cv2.dilate(response, around), dtype=np.float64)
    rows, columns = np.nonzero((response >= threshold) & (response >= highest))
    likeness = np.minimum(response[rows, columns], 1.0)
    best = np.argsort(-likeness, kind="stable")[:_MOST_PEAKS]
    sizes = np.tile([float(width), float(height)], (len(best), 1))
    return np.column_stack([columns[best], rows[best], sizes]).astype(np.float64), likeness[best]


def _resized(pixels: Gray, scale: float) -> Gray:
    if scale == 1:
        return pixels
    height, width = pixels.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _never() -> bool:
    return False
