"""COCO object detection JSON: what detectors are trained on, written as a stream and read with tolerance.

Written: `bbox` in canvas space, `width` and `height` of an image those of its canvas, ids counted from 1 in
the order of the release. Categories are the vocabulary's concepts, `supercategory` the label of the broader
one (“” at the top). COCO allows one category a box: a box with several concepts becomes one annotation per
concept with the same `annotation` id, a box without any has the category “(unlabelled)”. Tags of whole
canvases stand at their image. An outline is the one polygon of `segmentation`, and `area` is its own. A point is the
one keypoint, “point”, with a `bbox` of no extent at its place; then every category has that keypoint.

Keys beyond COCO (https://cocodataset.org/#format-data), which readers ignore:
    info         campaign, release, uri, provenance; a note where people wrote texts, which are not in this file
    categories   concept (our id), uri, notation, labels, parent (the category id of the broader concept)
    images       canvas (URI), canvas_id, manifest, label, iiif_service, tags (category ids)
    annotations  annotation (our id), uri, support, seen, status, decided_by

With a grouping the categories are its classes, “(no class)” takes in what none does, `info` names the grouping,
and each annotation has its original `concepts` (concept, uri, name). Several concepts of one class make one row.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotation.geometry import Box, GeometryError, Polygon
from campaigns.formats.categories import OUTSIDE, Categories, Category
from campaigns.formats.values import GroundTruth, ReleasedCanvas, ReleasedConcept, ReleasedItem
from campaigns.formats.writing import dump, encoded, joined, number

NAME = "coco"
LABEL = "COCO object detection"
MEDIA_TYPE = "application/json"
SUFFIX = ".coco.json"

UNLABELLED = "(unlabelled)"
EDGE_TOLERANCE = 0.5
VISIBLE = 2  # as COCO says of a keypoint that is labelled and to be seen
NO_TEXTS = "COCO has no place for texts: what people wrote stands in the W3C and CSV files of this release."
KEYPOINT = {"keypoints": ["point"], "skeleton": []}


def write(release: GroundTruth) -> Iterator[bytes]:
    """The document in pieces of UTF-8. Raises ValueError for an item of an unreleased canvas or concept."""
    return encoded(_document(release))


def _document(release: GroundTruth) -> Iterator[str]:
    categories = Categories(release)
    ids = {concept.id: index for index, concept in enumerate(categories.concepts, start=1)}
    places = {canvas.id: index for index, canvas in enumerate(release.canvases, start=1)}
    for name, is_there in ((UNLABELLED, _some_bare), (OUTSIDE, _some_outside)):
        if is_there(release, categories):
            ids[name] = len(ids) + 1
    tags: dict[str, list[int]] = {}
    yield '{"info":' + dump(_info(release))
    yield ',\n"licenses":' + dump([{"id": 1, "name": release.rights, "url": release.rights}])
    yield ',\n"categories":['
    more = KEYPOINT if any(len(item.points) == 1 for item in release.items) else {}
    yield from joined({**row, **more} for row in _categories(categories, ids))
    yield '],\n"annotations":['
    yield from joined(_annotations(release.items, categories, ids, places, tags))
    yield '],\n"images":['
    yield from joined(
        _image(canvas, places[canvas.id], tags.get(canvas.id, [])) for canvas in release.canvases
    )
    yield "]}\n"


def _some_bare(release: GroundTruth, _categories: Categories) -> bool:
    return any(item.is_placed and not item.concepts for item in release.items)


def _some_outside(release: GroundTruth, categories: Categories) -> bool:
    if not categories.grouping:
        return False
    return any(categories.class_of(concept) is None for item in release.items for concept in item.concepts)


def _info(release: GroundTruth) -> dict[str, Any]:
    return {
        "description": release.heading(),
        "version": str(release.number),
        "year": release.created_at.year,
        "contributor": release.campaign,
        "url": release.uri,
        "date_created": release.created_at.isoformat(),
        "campaign": release.campaign,
        "release": release.number,
        "uri": release.uri,
        "provenance": dict(release.provenance),
        **({"note": NO_TEXTS} if release.writes else {}),
        **({"grouping": _named(release.grouping)} if release.grouping else {}),
    }


def _named(grouping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: grouping[name] for name in ("id", "title", "rule", "vocabulary_version")}


def _categories(categories: Categories, ids: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    names = _unique_names(categories.concepts)
    for concept in categories.concepts:
        above = categories.parent_of(concept)
        parent = above.id if above else None
        yield {
            "id": ids[concept.id],
            "name": names[concept.id],
            "supercategory": names[parent] if parent else "",
            "concept": concept.id,
            "uri": concept.uri,
            "notation": concept.notation,
            "labels": dict(concept.labels),
            "parent": ids[parent] if parent else None,
        }
    for name in (UNLABELLED, OUTSIDE):
        if name in ids:
            yield {"id": ids[name], "name": name, "supercategory": ""}


def _unique_names(concepts: list[ReleasedConcept]) -> dict[str, str]:
    """Concepts of one label are told apart by notation, else by URI: a category needs a name of its own."""
    count: dict[str, int] = {}
    for concept in concepts:
        count[concept.name()] = count.get(concept.name(), 0) + 1
    return {
        concept.id: concept.name()
        if count[concept.name()] == 1
        else f"{concept.name()} ({concept.notation or concept.uri})"
        for concept in concepts
    }


def _annotations(
    items: Iterable[ReleasedItem],
    categories: Categories,
    ids: Mapping[str, int],
    places: Mapping[str, int],
    tags: dict[str, list[int]],
) -> Iterator[dict[str, Any]]:
    written = 0
    for item in items:
        if item.canvas not in places:
            raise ValueError(
                f"Annotation {item.annotation} names '{item.canvas}', which is not part of the release."
            )
        given: list[tuple[int, Category | None]] = [
            (ids[category.concept.id if category.concept else OUTSIDE], category)
            for category in categories.of(item)
        ]
        if not item.is_placed:
            tags.setdefault(item.canvas, []).extend(number_ for number_, _category in given)
            continue
        for number_, category in given or [(ids[UNLABELLED], None)]:
            written += 1
            yield {
                "id": written,
                "image_id": places[item.canvas],
                "category_id": number_,
                **_place(item),
                "iscrowd": 0,
                "annotation": item.annotation,
                "uri": item.document.get("id", ""),
                "support": item.support,
                "seen": item.seen,
                "status": item.status,
                "decided_by": item.decided_by,
                **(_original(category) if categories.grouping and category else {}),
            }


def _place(item: ReleasedItem) -> dict[str, Any]:
    """The keys that say where an item is."""
    if len(item.points) == 1:
        x, y = map(number, item.points[0])
        return {
            "bbox": [x, y, 0, 0],
            "area": 0,
            "segmentation": [],
            "keypoints": [x, y, VISIBLE],
            "num_keypoints": 1,
        }
    assert item.box is not None  # what is placed and no point has a box
    return {
        "bbox": [number(value) for value in item.box.xywh],
        "area": number(Polygon(item.points).area if item.points else item.box.area),
        "segmentation": [[number(value) for point in item.points for value in point]] if item.points else [],
    }


def _original(category: Category) -> dict[str, Any]:
    """What was said before it was grouped."""
    return {"concepts": [{"concept": one.id, "uri": one.uri, "name": one.name()} for one in category.said]}


def _image(canvas: ReleasedCanvas, place: int, tags: list[int]) -> dict[str, Any]:
    image = {
        "id": place,
        "width": number(canvas.width),
        "height": number(canvas.height),
        "file_name": f"{canvas.id}.jpg",
        "license": 1,
        "coco_url": canvas.crop_url(None),
        "canvas": canvas.uri,
        "canvas_id": canvas.id,
        "manifest": canvas.manifest,
        "label": canvas.name(),
        "iiif_service": canvas.image_service,
    }
    return {**image, "tags": sorted(set(tags))} if tags else image


@dataclass(frozen=True, slots=True)
class CocoProblem:
    """What is wrong, where (a JSON pointer), and whether it cost something (an error) or not (a warning)."""

    pointer: str
    sentence: str
    severity: str


@dataclass(frozen=True, slots=True)
class CocoCategory:
    """A category; `parent` is its supercategory's name, None at the top."""

    id: int
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class CocoImage:
    """An image; `name` is the original one where the file tells it; `extra` all keys that are not COCO's."""

    id: int
    name: str
    file_name: str
    width: float
    height: float
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CocoBox:
    """A box on an image, in its pixels; `score` where it is a detection."""

    id: int
    image: int
    category: int
    box: Box
    score: float | None
    is_crowd: bool


@dataclass(frozen=True, slots=True)
class CocoFile:
    """What could be read. Boxes that leave their image are in `problems`, never clipped."""

    images: tuple[CocoImage, ...]
    categories: tuple[CocoCategory, ...]
    boxes: tuple[CocoBox, ...]
    problems: tuple[CocoProblem, ...]


class CocoError(ValueError):
    """The document is no COCO at all."""


_IMAGE_KEYS = {"id", "file_name", "width", "height", "license", "flickr_url", "coco_url", "date_captured"}
_NO_PARENT = {"", "none", "null"}


def read(content: bytes | str | Mapping[str, Any]) -> CocoFile:
    """Images, categories and boxes. Raises CocoError when it is not JSON or lacks their lists."""
    document = _parse(content)
    problems: list[CocoProblem] = []
    images = {
        image.id: image
        for index, raw in enumerate(document["images"])
        if (image := _read_image(raw, f"/images/{index}", problems))
    }
    categories = {
        category.id: category
        for index, raw in enumerate(document["categories"])
        if (category := _read_category(raw, f"/categories/{index}", problems))
    }
    boxes = tuple(
        box
        for index, raw in enumerate(document["annotations"])
        if (box := _read_box(raw, f"/annotations/{index}", images, categories, problems))
    )
    kept = _without_empty_root(categories, boxes)
    return CocoFile(tuple(images.values()), kept, boxes, tuple(problems))


def _parse(content: bytes | str | Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        document = json.loads(content) if isinstance(content, (bytes, str)) else content
    except (ValueError, RecursionError) as error:
        raise CocoError(f"This is not JSON: {error}.") from None
    if not isinstance(document, Mapping):
        raise CocoError("A COCO file is an object with images, annotations and categories.")
    for name in ("images", "annotations", "categories"):
        if not isinstance(document.get(name), list):
            raise CocoError(f"A COCO file needs a list “{name}”.")
    return document


def _read_image(raw: Any, where: str, problems: list[CocoProblem]) -> CocoImage | None:
    try:
        name = str(raw["file_name"])
        extra = {key: value for key, value in raw.items() if key not in _IMAGE_KEYS}
        given = extra.get("extra")
        original = given.get("name") if isinstance(given, Mapping) else None
        width, height = float(raw["width"]), float(raw["height"])
        if not (0 < width < float("inf") and 0 < height < float("inf")):
            problems.append(CocoProblem(where, f"The image “{name}” has no size.", "error"))
            return None
        return CocoImage(int(raw["id"]), str(original or name), name, width, height, extra)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        problems.append(CocoProblem(where, "An image needs id, file_name, width and height.", "error"))
        return None


def _read_category(raw: Any, where: str, problems: list[CocoProblem]) -> CocoCategory | None:
    try:
        name, parent = str(raw["name"]), raw.get("supercategory")
        top = parent is None or str(parent).strip().lower() in _NO_PARENT or str(parent) == name
        return CocoCategory(int(raw["id"]), name, None if top else str(parent))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        problems.append(CocoProblem(where, "A category needs an id and a name.", "error"))
        return None


def _read_box(
    raw: Any,
    where: str,
    images: Mapping[int, CocoImage],
    categories: Mapping[int, CocoCategory],
    problems: list[CocoProblem],
) -> CocoBox | None:
    try:
        image, category = images[int(raw["image_id"])], categories[int(raw["category_id"])]
        x, y, w, h = (float(value) for value in raw["bbox"])
        box = Box(x, y, w, h)
        score = None if raw.get("score") is None else float(raw["score"])
        number_ = int(raw.get("id", 0))
    except KeyError as missing:
        problems.append(
            CocoProblem(where, f"The annotation names {missing}, which the file does not have.", "error")
        )
        return None
    except GeometryError as error:
        problems.append(CocoProblem(f"{where}/bbox", str(error), "error"))
        return None
    except (TypeError, ValueError, AttributeError, OverflowError):
        problems.append(
            CocoProblem(
                where, "An annotation needs image_id, category_id and a bbox of four numbers.", "error"
            )
        )
        return None
    slack = EDGE_TOLERANCE
    if x < -slack or y < -slack or x + w > image.width + slack or y + h > image.height + slack:
        problems.append(
            CocoProblem(
                f"{where}/bbox", f"The box leaves its image, {image.width:g} × {image.height:g}.", "error"
            )
        )
        return None
    return CocoBox(number_, image.id, category.id, box, score, bool(raw.get("iscrowd", 0)))


def _without_empty_root(
    categories: Mapping[int, CocoCategory], boxes: tuple[CocoBox, ...]
) -> tuple[CocoCategory, ...]:
    """Roboflow puts all categories under an empty category 0 named after the project: it says nothing."""
    root = categories.get(0)
    others = [category for category in categories.values() if category.id != 0]
    used = any(box.category == 0 for box in boxes)
    if root is None or used or not others or any(category.parent != root.name for category in others):
        return tuple(categories.values())
    return tuple(CocoCategory(category.id, category.name, None) for category in others)
