"""Reads one canvas of any Presentation version: its size, its images, its annotation pages."""

from collections.abc import Iterator
from typing import Any

from annotation.geometry import Box, GeometryError
from annotation.iiif.findings import Findings
from annotation.iiif.images import images_of
from annotation.iiif.shapes import as_list, first_address, identifier, kind_of
from annotation.iiif.texts import labelled_values, language_map
from annotation.iiif.values import AnnotationPageReference, CanvasValue, ImageValue

Pair = tuple[dict[str, Any], str]


def read_canvas(node: Any, position: int, findings: Findings, pointer: str) -> CanvasValue | None:
    """The canvas, or None when it cannot be named; whatever else is wrong is reported and lived with."""
    if not isinstance(node, dict):
        findings.fail(pointer, "The canvas is not an object; it is left out.")
        return None
    uri = findings.identity(identifier(node), f"{pointer}/id" if "id" in node else f"{pointer}/@id")
    if uri is None:
        findings.fail(pointer, "The canvas has no identifier, so nothing can point to it; it is left out.")
        return None
    findings.canvas = uri
    try:
        return _named_canvas(node, uri, position, findings, pointer)
    finally:
        findings.canvas = None


def _named_canvas(
    node: dict[str, Any], uri: str, position: int, findings: Findings, pointer: str
) -> CanvasValue:
    if kind_of(node) not in ("Canvas", ""):
        findings.warn(
            f"{pointer}/type", f"A canvas is expected here, not “{kind_of(node)[:60]}”; read as a canvas."
        )
    label = language_map(node.get("label"), findings, f"{pointer}/label")
    if not label and ("images" in node or "@id" in node):
        findings.warn(pointer, "The canvas has no label.")
    width, height = _side(node, "width", findings, pointer), _side(node, "height", findings, pointer)
    painted = list(_painted(node, (width, height), findings, pointer))
    image, choices, together = _arrange(painted, findings, pointer)
    width, height = _size(node, (width, height), image, findings, pointer)
    return CanvasValue(
        uri=uri,
        position=position,
        label=label,
        width=width,
        height=height,
        image=image,
        choices=choices,
        images=together,
        annotations=page_references(node, findings, pointer),
        thumbnail=first_address(node.get("thumbnail")),
        metadata=labelled_values(node.get("metadata"), findings, f"{pointer}/metadata"),
        rights=first_address(node.get("rights") or node.get("license")),
    )


def page_references(
    node: dict[str, Any], findings: Findings, pointer: str
) -> tuple[AnnotationPageReference, ...]:
    """`annotations` (P3) and `otherContent` (P1, P2) of a canvas or manifest."""
    pages = []
    for key in ("annotations", "otherContent"):
        for index, item in enumerate(as_list(node.get(key))):
            at = f"{pointer}/{key}/{index}"
            uri = identifier(item)
            embedded = isinstance(item, dict) and ("items" in item or "resources" in item)
            if uri is None and not embedded:
                findings.warn(
                    at, "The annotation page has neither an identifier nor content; it is left out."
                )
                continue
            label = language_map(item.get("label"), findings, f"{at}/label") if isinstance(item, dict) else {}
            pages.append(AnnotationPageReference(uri, label, item if embedded else None))
    return tuple(pages)


def _painted(
    node: dict[str, Any], size: tuple[float | None, float | None], findings: Findings, pointer: str
) -> Iterator[tuple[ImageValue, ...]]:
    """For each painting annotation its images: one, or several to choose from."""
    for annotation, at in _paintings(node, findings, pointer):
        placed = _placed(annotation, size, findings, at)
        images = images_of(annotation, placed, findings, at)
        if images:
            yield images


def _paintings(node: dict[str, Any], findings: Findings, pointer: str) -> Iterator[Pair]:
    if "images" in node:
        yield from _objects(node["images"], findings, f"{pointer}/images", "painting annotation")
        return
    if "sequences" in node or "items" not in node:
        return
    for page, at in _objects(node["items"], findings, f"{pointer}/items", "annotation page"):
        for annotation, where in _objects(
            page.get("items", []), findings, f"{at}/items", "painting annotation"
        ):
            if "painting" in [
                str(value).rsplit(":", 1)[-1] for value in as_list(annotation.get("motivation"))
            ]:
                yield annotation, where
            else:
                findings.warn(where, "Only painting annotations belong here; this one is passed over.")


def _objects(value: Any, findings: Findings, pointer: str, what: str) -> Iterator[Pair]:
    """The objects of what ought to be a list of them."""
    if not isinstance(value, list):
        findings.warn(pointer, f"A list is expected here ({what}).")
    for index, item in enumerate(as_list(value)):
        if isinstance(item, dict):
            yield item, f"{pointer}/{index}" if isinstance(value, list) else pointer
        else:
            findings.fail(f"{pointer}/{index}", f"The {what} is not an object; it is left out.")


def _placed(
    annotation: dict[str, Any], size: tuple[float | None, float | None], findings: Findings, pointer: str
) -> Box | None:
    """The part of the canvas that the image covers; None: all of it."""
    key = "target" if "target" in annotation else "on"
    target = annotation.get(key)
    if isinstance(target, list):
        target = target[0] if target else None
    if not isinstance(target, str | dict):
        findings.warn(
            f"{pointer}/{key}", "The painting annotation does not say what it targets; its canvas is taken."
        )
        return None
    text = target if isinstance(target, str) else _fragment_of(target)
    if not text or "xywh=" not in text:
        return None
    try:
        box = Box.from_fragment(text, width=size[0], height=size[1])
    except GeometryError as error:
        findings.warn(f"{pointer}/{key}", f"The image's place on the canvas cannot be read: {error}")
        return None
    whole = size[0] and size[1] and box == Box(0, 0, size[0], size[1])
    return None if whole else box


def _fragment_of(target: dict[str, Any]) -> str:
    for selector in as_list(target.get("selector")):
        if isinstance(selector, dict) and isinstance(selector.get("value"), str):
            return str(selector["value"])
    return identifier(target.get("source") or target.get("full")) or identifier(target) or ""


def _arrange(
    painted: list[tuple[ImageValue, ...]], findings: Findings, pointer: str
) -> tuple[ImageValue | None, tuple[ImageValue, ...], tuple[ImageValue, ...]]:
    """The image to show first, its alternatives, and all of them when several are painted together."""
    if not painted:
        findings.warn(pointer, "The canvas shows no still image.")
        return None, (), ()
    largest = max(painted, key=lambda images: _covered(images[0]))
    if len(painted) > 1:
        findings.warn(pointer, f"The canvas is composed of {len(painted)} images; the largest stands for it.")
    if largest[0].placed is not None:
        findings.warn(pointer, "The image covers only a part of its canvas.")
    choices = largest if len(largest) > 1 else ()
    return largest[0], choices, tuple(images[0] for images in painted) if len(painted) > 1 else ()


def _covered(image: ImageValue) -> float:
    return float("inf") if image.placed is None else image.placed.area


def _side(node: dict[str, Any], key: str, findings: Findings, pointer: str) -> float | None:
    value = node.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        findings.warn(f"{pointer}/{key}", f"The {key} is written as a text, not as a number.")
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value < 1e9:
        findings.warn(f"{pointer}/{key}", f"The {key} is not a number from one to a thousand million.")
        return None
    return float(value)


def _size(
    node: dict[str, Any],
    size: tuple[float | None, float | None],
    image: ImageValue | None,
    findings: Findings,
    pointer: str,
) -> tuple[float | None, float | None]:
    if all(size):
        return size
    if image and image.width and image.height:
        findings.warn(pointer, "The canvas does not tell its width and height; those of its image are taken.")
        return float(image.width), float(image.height)
    if "duration" in node:
        findings.warn(pointer, "The canvas has a duration and no size: it is sound, not a page.")
    else:
        findings.fail(pointer, "The canvas does not tell its width and height, and neither does its image.")
    return None, None
