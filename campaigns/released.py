"""The ground truth of a release as its own files tell it: what was released counts, not what stands today."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from campaigns.formats import categories, coco
from campaigns.grouped import OUTSIDE
from campaigns.models import Release, ReleaseFile
from campaigns.questions.kind import Points
from problems import Conflict, Problem

UNLABELLED = "unlabelled"
_UNNAMED = {categories.OUTSIDE: OUTSIDE}


@dataclass(frozen=True, slots=True)
class TrueThing:
    """A true thing; `canvas` is its place among the release's.

    `points`: the corners of its outline, or the one point that it is; `concept`: the id of a concept, `UNLABELLED`,
    or `OUTSIDE` of the classes that were released.
    """

    annotation: str
    canvas: int
    concept: str
    box: tuple[float, float, float, float]
    area: float
    is_crowd: bool
    points: Points = ()


@dataclass(frozen=True, slots=True)
class ReleasedTruth:
    """`canvases`: ids in the order of the release; `tags`: concepts of each; `labels`: concept → language → label.

    `diagonals`: of each canvas, in its own units; 0 where its size was not released.
    """

    canvases: tuple[str, ...]
    boxes: tuple[TrueThing, ...]
    tags: tuple[frozenset[str], ...]
    diagonals: tuple[float, ...]
    labels: Mapping[str, Mapping[str, str]]
    file: str
    sha256: str


def coco_file_of(release: Release) -> ReleaseFile:
    """The file that ground truth is read from. Raises `Conflict` while the release has none."""
    file = next((row for row in release.files.all() if row.format == coco.NAME), None)
    if release.finished_at is None or file is None:
        raise Conflict(
            _("This release is not finished, or has no COCO file; evaluate against one that has."),
            code="not-finished",
        )
    return file


def truth_of(release: Release) -> ReleasedTruth:
    """Everything true in a release. Raises `Problem` when its file is no longer what was released."""
    file = coco_file_of(release)
    with default_storage.open(str(file.content.name), "rb") as stored:
        content = stored.read()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Problem(
            _("The file %s is no longer what was released; restore it from a copy.") % file.name,
            code="release-damaged",
        )
    document: dict[str, Any] = json.loads(content)
    rows = document["categories"]
    place = {image["id"]: index for index, image in enumerate(document["images"])}
    concept = {row["id"]: row.get("concept") or _UNNAMED.get(row["name"], UNLABELLED) for row in rows}
    return ReleasedTruth(
        canvases=tuple(image["canvas_id"] for image in document["images"]),
        boxes=tuple(_thing(row, place, concept) for row in document["annotations"]),
        tags=tuple(frozenset(concept[tag] for tag in image.get("tags", ())) for image in document["images"]),
        diagonals=tuple(
            hypot(image.get("width") or 0, image.get("height") or 0) for image in document["images"]
        ),
        labels={row["concept"]: row.get("labels", {}) for row in rows if row.get("concept")},
        file=file.name,
        sha256=file.sha256,
    )


def _thing(row: Mapping[str, Any], place: Mapping[int, int], concept: Mapping[int, str]) -> TrueThing:
    x, y, w, h = row["bbox"]
    return TrueThing(
        annotation=row["annotation"],
        canvas=place[row["image_id"]],
        concept=concept[row["category_id"]],
        box=(float(x), float(y), float(w), float(h)),
        area=float(row.get("area", w * h)),
        is_crowd=bool(row.get("iscrowd")),
        points=_points(row),
    )


def _points(row: Mapping[str, Any]) -> Points:
    """The one polygon, or the one keypoint, of an annotation as releases write it; () for a box."""
    if row.get("num_keypoints") == 1:
        x, y, *_visible = row["keypoints"]
        return ((float(x), float(y)),)
    rings = row.get("segmentation")
    if isinstance(rings, list) and len(rings) == 1 and len(rings[0]) >= 6:
        return tuple((float(x), float(y)) for x, y in zip(rings[0][::2], rings[0][1::2], strict=True))
    return ()
