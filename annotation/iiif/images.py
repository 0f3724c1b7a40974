"""Reads the images that a painting annotation puts on a canvas: plain, with a service, cut out, or to choose
from.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from annotation.geometry import Box, GeometryError
from annotation.iiif.authorization import read_auth
from annotation.iiif.findings import Findings
from annotation.iiif.physical import scale_of
from annotation.iiif.services import image_service, service_behind
from annotation.iiif.shapes import as_list, identifier, kind_of, placed_items
from annotation.iiif.texts import language_map
from annotation.iiif.values import ImageService, ImageValue, LanguageMap

_NO_IMAGE = frozenset({"Audio", "Sound", "Video", "Text", "TextualBody", "Model", "Dataset", "ContentAsText"})
MAX_CHOICES = 100


def images_of(
    annotation: dict[str, Any], placed: Box | None, findings: Findings, pointer: str
) -> tuple[ImageValue, ...]:
    """The image of a painting annotation, or all it offers to choose from (the default one first)."""
    if "motivation" not in annotation:
        findings.warn(pointer, "The annotation has no motivation; painting is assumed.")
    elif not any(str(value).rsplit(":", 1)[-1] == "painting" for value in as_list(annotation["motivation"])):
        findings.warn(f"{pointer}/motivation", "The motivation is not painting; it is assumed.")
    key = "body" if "body" in annotation else "resource"
    if annotation.get(key) is None:
        findings.fail(pointer, "The painting annotation has no body; there is no image.")
        return ()
    bodies = _bodies(annotation[key], f"{pointer}/{key}")
    images = (_image(body, placed, findings, at) for body, at in bodies)
    return tuple(image for image in images if image)[:MAX_CHOICES]


def shows_other_media(annotation: dict[str, Any]) -> bool:
    """Whether a painting annotation of version 3 shows video, sound, text or the like."""
    bodies = [body for body, _pointer in _bodies(annotation.get("body"), "")]
    kinds = [kind_of(body.get("source")) or kind_of(body) for body in bodies if isinstance(body, dict)]
    return any(kind in _NO_IMAGE or kind == "Canvas" for kind in kinds)


def pictures(value: Any, findings: Findings, pointer: str) -> tuple[ImageValue, ...]:
    """The pictures of a `thumbnail` or `logo`; what has no HTTP(S) address is reported and left out."""
    found = []
    for item, at in placed_items(value, pointer):
        url = findings.link(identifier(item), at)
        if url is None:
            continue
        if not isinstance(item, dict):
            found.append(ImageValue(url))
            continue
        if kind_of(item) in _NO_IMAGE:
            findings.warn(at, f"A picture is expected here, not “{kind_of(item)}”; it is left out.")
            continue
        media_type = item.get("format")
        found.append(
            ImageValue(
                url=url,
                service=image_service(item.get("service"), findings, f"{at}/service"),
                width=_pixels(item.get("width")),
                height=_pixels(item.get("height")),
                label=language_map(item.get("label"), findings, f"{at}/label"),
                media_type=media_type if isinstance(media_type, str) else None,
            )
        )
    return tuple(found)


def _bodies(body: Any, pointer: str) -> Iterator[tuple[Any, str]]:
    """A body, the bodies of a list, or the options of a choice, one level deep."""
    for item, at in placed_items(body, pointer):
        if kind_of(item) != "Choice":
            yield item, at
            continue
        for key in ("default", "items", "item"):
            for option, where in placed_items(item.get(key), f"{at}/{key}"):
                if option != "rdf:nil":
                    yield option, where


def _image(body: Any, placed: Box | None, findings: Findings, pointer: str) -> ImageValue | None:
    if isinstance(body, str):
        url = findings.address(body, pointer)
        return ImageValue(url, service_behind(url), placed=placed) if url else None
    if not isinstance(body, dict):
        findings.fail(pointer, "The body is neither an object nor an address; there is no image.")
        return None
    if kind_of(body) == "SpecificResource":
        return _cut_out(body, placed, findings, pointer)
    if kind_of(body) in _NO_IMAGE:
        findings.warn(pointer, f"The body is {kind_of(body)}, not a still image; it is not shown.")
        return None
    if not kind_of(body):
        findings.warn(pointer, "The body has no type; an image is assumed.")
    return _whole(body, placed, None, findings, pointer)


def _cut_out(body: dict[str, Any], placed: Box | None, findings: Findings, pointer: str) -> ImageValue | None:
    """A SpecificResource: an image of which a region is used."""
    key = "source" if "source" in body else "full"
    source = body.get(key)
    if isinstance(source, str):
        source = {"id": source, "type": "Image"}
    if not isinstance(source, dict):
        findings.fail(f"{pointer}/{key}", "The specific resource names no image.")
        return None
    if kind_of(source) in _NO_IMAGE:
        findings.warn(pointer, f"The body is {kind_of(source)}, not a still image; it is not shown.")
        return None
    if kind_of(source) == "Canvas":
        findings.warn(pointer, "The body is another canvas; it is not shown.")
        return None
    image = _whole(source, placed, _taken(body, source), findings, f"{pointer}/{key}")
    turned = _rotation(body, findings, pointer)
    return replace(image, rotation=turned) if image and turned else image


def _rotation(body: dict[str, Any], findings: Findings, pointer: str) -> float | None:
    """Degrees clockwise by which an ImageApiSelector turns the image."""
    for selector in as_list(body.get("selector")):
        text = selector.get("rotation") if isinstance(selector, dict) else None
        if text in (None, "0", 0):
            continue
        try:
            degrees = float(text)
        except (TypeError, ValueError):
            degrees = -1
        if 0 < degrees <= 360:
            findings.warn(pointer, "The image is turned on its canvas; cuttings are made as if it were not.")
            return degrees
        findings.warn(pointer, "The rotation of the image cannot be read; it is shown upright.")
    return None


def _taken(body: dict[str, Any], source: dict[str, Any]) -> Box | None:
    for selector in as_list(body.get("selector")):
        if not isinstance(selector, dict):
            continue
        text = selector.get("region") or selector.get("value")
        if not isinstance(text, str) or text == "full":
            continue
        unit = "xywh=" if "xywh=" not in text else ""
        width, height = (_pixels(source.get(side)) for side in ("width", "height"))
        try:
            return Box.from_fragment(unit + text, width=width, height=height)
        except GeometryError:
            continue
    return None


def _whole(
    body: dict[str, Any], placed: Box | None, taken: Box | None, findings: Findings, pointer: str
) -> ImageValue | None:
    if kind_of(body) not in ("Image", ""):
        findings.warn(f"{pointer}/type", f"An image is expected here, not “{kind_of(body)[:60]}”.")
    service = image_service(body.get("service"), findings, f"{pointer}/service")
    url = identifier(body)
    if url or service is None:
        url = findings.address(url, pointer)
    if url and service is None:
        service = service_behind(url)
        if service:
            findings.warn(pointer, "The image names no service, but its address is that of one; it is used.")
    if url is None and service is None:
        findings.fail(pointer, "The image has neither an address nor a service.")
        return None
    width, height = _own_size(body, service, findings, pointer)
    media_type = body.get("format")
    label: LanguageMap = language_map(body.get("label"), findings, f"{pointer}/label")
    return ImageValue(
        url=url,
        service=service,
        width=width,
        height=height,
        label=label,
        media_type=media_type if isinstance(media_type, str) else None,
        placed=placed,
        taken=taken,
        auth=read_auth(body.get("service"), findings, f"{pointer}/service"),
        scale=scale_of(body.get("service"), findings, f"{pointer}/service"),
    )


def _own_size(
    body: dict[str, Any], service: ImageService | None, findings: Findings, pointer: str
) -> tuple[int | None, int | None]:
    # The service knows the full image; a body often describes a reduced copy of it.
    if service and service.width and service.height:
        return service.width, service.height
    sides: list[int | None] = []
    for key in ("width", "height"):
        value = _pixels(body.get(key))
        if value is None and body.get(key) is not None:
            findings.warn(f"{pointer}/{key}", f"The image's {key} is not a whole number above zero.")
        sides.append(value)
    return sides[0], sides[1]


def _pixels(value: Any) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1_000_000_000:
        return None
    return value
