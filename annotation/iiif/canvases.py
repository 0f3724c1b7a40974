"""Reads one canvas of any Presentation version: its size, its images, its annotation pages."""

from typing import Any

from annotation.iiif.descriptions import describe
from annotation.iiif.findings import Findings
from annotation.iiif.paintings import arrange, paintings_of
from annotation.iiif.physical import on_canvas, scale_of
from annotation.iiif.shapes import identifier, kind_of, placed_items
from annotation.iiif.texts import language_map
from annotation.iiif.values import AnnotationPageReference, CanvasValue, ImageValue

_ATTACHED = frozenset(("placeholderCanvas", "accompanyingCanvas"))


def read_canvas(node: Any, position: int, findings: Findings, pointer: str) -> CanvasValue | None:
    """The canvas, or None when it cannot be named; whatever else is wrong is reported and lived with."""
    if not isinstance(node, dict):
        findings.fail(pointer, "The canvas is not an object; it is left out.")
        return None
    uri = findings.identity(identifier(node), f"{pointer}/id" if "id" in node else f"{pointer}/@id")
    if uri is None:
        findings.fail(pointer, "The canvas has no identifier, so nothing can point to it; it is left out.")
        return None
    outer, findings.canvas = findings.canvas, uri
    try:
        return _named_canvas(node, uri, position, findings, pointer)
    finally:
        findings.canvas = outer


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
    paintings = tuple(paintings_of(node, (width, height), findings, pointer))
    image, choices, together = arrange(
        [painting.options for painting in paintings if painting.options], findings, pointer
    )
    duration = _duration(node, findings, pointer)
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
        paintings=paintings,
        duration=duration,
        placeholder=attached_canvas(node, "placeholderCanvas", findings, pointer),
        accompanying=attached_canvas(node, "accompanyingCanvas", findings, pointer),
        scale=scale_of(node.get("service"), findings, f"{pointer}/service") or on_canvas(image, width),
        **describe(node, findings, pointer),
    )


def attached_canvas(node: dict[str, Any], key: str, findings: Findings, pointer: str) -> CanvasValue | None:
    """The placeholder or accompanying canvas of a resource; such a canvas has none itself (Presentation 3.0
    §3.3).
    """
    inner = node.get(key)
    if inner is None:
        return None
    if isinstance(inner, dict):
        inner = {name: value for name, value in inner.items() if name not in _ATTACHED}
    return read_canvas(inner, 0, findings, f"{pointer}/{key}")


def page_references(
    node: dict[str, Any], findings: Findings, pointer: str
) -> tuple[AnnotationPageReference, ...]:
    """`annotations` (P3) and `otherContent` (P1, P2) of a canvas or manifest."""
    pages = []
    for key in ("annotations", "otherContent"):
        for item, at in placed_items(node.get(key), f"{pointer}/{key}"):
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


def _duration(node: dict[str, Any], findings: Findings, pointer: str) -> float | None:
    value = node.get("duration")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        findings.warn(f"{pointer}/duration", "The duration is not a number of seconds above zero.")
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
