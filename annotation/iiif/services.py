"""Finds the image service behind an image, and its version, in all the ways manifests say it."""

import re
from collections.abc import Iterator
from typing import Any

from annotation.iiif.authorization import read_auth
from annotation.iiif.findings import Findings
from annotation.iiif.shapes import as_list, identifier, kind_of
from annotation.iiif.values import ImageService

_VERSION = re.compile(r"iiif\.io/api/image/([1-4])|image-api/(?:([1-4])\.\d/)?(?:compliance|context)")
_REQUEST = re.compile(
    r"(?P<base>https?://.+)/(?:full|square|pct:[\d.,]+|[\d.]+,[\d.]+,[\d.]+,[\d.]+)/"
    r"(?:full|max|\^?!?\d*,\d*|pct:[\d.]+)/!?\d+(?:\.\d+)?/"
    r"(?P<quality>default|native|color|gray|bitonal)\.\w{3,4}"
)


def image_service(value: Any, findings: Findings, pointer: str) -> ImageService | None:
    """The image service of the highest version in a `service` property; authentication and others passed
    over.
    """
    found = [service for item in _candidates(value) if (service := _service(item, findings, pointer))]
    return max(found, key=lambda service: service.version, default=None)


def service_behind(url: str) -> ImageService | None:
    """The service that a whole-image URL like `…/full/full/0/default.jpg` gives away."""
    match = _REQUEST.fullmatch(url)
    if match is None:
        return None
    return ImageService(match["base"], 1 if match["quality"] == "native" else 2)


def _candidates(value: Any) -> Iterator[Any]:
    for item in as_list(value):
        yield item
        if isinstance(item, dict):
            # Some publishers nest the image service in the authentication service instead of beside it.
            inside = (inner for inner in as_list(item.get("service")) if isinstance(inner, dict))
            yield from ({**inner, "service": [*as_list(inner.get("service")), item]} for inner in inside)


def _service(item: Any, findings: Findings, pointer: str) -> ImageService | None:
    if isinstance(item, str):
        item = {"@id": item, "profile": "http://iiif.io/api/image/2/level0.json"}
        findings.warn(pointer, "The image service is only an address; version 2 is assumed.")
    if not isinstance(item, dict):
        findings.warn(pointer, "The service is not an object; it is left out.")
        return None
    version = _version(item)
    if version is None:
        return None
    address = findings.address(identifier(item), pointer)
    if address is None:
        return None
    base = address.removesuffix("/info.json").rstrip("/")
    return ImageService(
        base,
        version,
        _profile(item),
        _pixels(item.get("width")),
        _pixels(item.get("height")),
        read_auth(item.get("service"), findings, f"{pointer}/service"),
    )


def _version(item: dict[str, Any]) -> int | None:
    """1–3, or None when this is no image service."""
    kind = kind_of(item)
    if kind.startswith("ImageService") and kind[-1] in "123":
        return int(kind[-1])
    if kind.startswith(("Auth", "Search", "AutoComplete", "Sound", "Video")):
        return None
    for said in (
        *as_list(item.get("@context")),
        _profile(item) or "",
        str(item.get("dcterms:conformsTo", "")),
    ):
        match = _VERSION.search(said) if isinstance(said, str) else None
        if match:
            return min(int(match[1] or match[2] or 1), 3)
    if item.get("protocol") == "http://iiif.io/api/image" or kind == "ImageService":
        return 3 if item.get("id") else 2
    if re.fullmatch(r"level[012]", _profile(item) or ""):
        return 3 if item.get("id") else 2
    return None


def _profile(item: dict[str, Any]) -> str | None:
    return next((value for value in as_list(item.get("profile")) if isinstance(value, str)), None)


def _pixels(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
