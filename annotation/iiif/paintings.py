"""Reads what is painted on a canvas: the annotations of every version, and where on the canvas each stands."""

import re
from collections.abc import Iterator
from typing import Any

from annotation.geometry import Box, GeometryError
from annotation.iiif.findings import Findings
from annotation.iiif.images import images_of, shows_other_media
from annotation.iiif.shapes import as_list, identifier, placed_items
from annotation.iiif.values import ImageValue, PaintingValue

Pair = tuple[dict[str, Any], str]
Size = tuple[float | None, float | None]
_RECTANGLE = re.compile(r"[^#]*(?:#xywh=[^&]*)?")


def paintings_of(
    node: dict[str, Any], size: Size, findings: Findings, pointer: str
) -> Iterator[PaintingValue]:
    """Everything painted on a canvas, in order; `size` is the canvas's, for places in percent."""
    for annotation, at in _annotations(node, findings, pointer):
        placed = _placed(annotation, size, findings, at)
        images = images_of(annotation, placed, findings, at)
        if images:
            yield PaintingValue(images, target=_more_than_a_rectangle(annotation))
        elif shows_other_media(annotation):
            yield PaintingValue(document=annotation)


def arrange(
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


def objects(value: Any, findings: Findings, pointer: str, what: str) -> Iterator[Pair]:
    """The objects of what ought to be a list of them."""
    if not isinstance(value, list):
        findings.warn(pointer, f"A list is expected here ({what}).")
    for item, at in placed_items(value, pointer):
        if isinstance(item, dict):
            yield item, at
        else:
            findings.fail(at, f"The {what} is not an object; it is left out.")


def _annotations(node: dict[str, Any], findings: Findings, pointer: str) -> Iterator[Pair]:
    for key in ("images", "resources"):
        if key in node:
            # The drafts before version 1 called them resources.
            yield from objects(node[key], findings, f"{pointer}/{key}", "painting annotation")
            return
    if "sequences" in node or "items" not in node:
        return
    for page, at in objects(node["items"], findings, f"{pointer}/items", "annotation page"):
        for annotation, where in objects(
            page.get("items", []), findings, f"{at}/items", "painting annotation"
        ):
            motivations = as_list(annotation.get("motivation"))
            if "painting" in [str(value).rsplit(":", 1)[-1] for value in motivations]:
                yield annotation, where
            else:
                findings.warn(where, "Only painting annotations belong here; this one is passed over.")


def _placed(annotation: dict[str, Any], size: Size, findings: Findings, pointer: str) -> Box | None:
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


def _more_than_a_rectangle(annotation: dict[str, Any]) -> Any:
    """The target as received when a rectangle does not say it all: a time, a point, a path."""
    target = annotation.get("target")
    if isinstance(target, str):
        return None if _RECTANGLE.fullmatch(target) else target
    if not isinstance(target, dict) or "selector" not in target:
        return None
    return None if _RECTANGLE.fullmatch("#" + _fragment_of(target).rsplit("#", 1)[-1]) else target


def _fragment_of(target: dict[str, Any]) -> str:
    for selector in as_list(target.get("selector")):
        if isinstance(selector, dict) and isinstance(selector.get("value"), str):
            return str(selector["value"])
    return identifier(target.get("source") or target.get("full")) or identifier(target) or ""


def _covered(image: ImageValue) -> float:
    return float("inf") if image.placed is None else image.placed.area
