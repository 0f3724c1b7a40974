"""Reads what a resource points to: other forms of it, data about it, its pages, the wholes it is part of, its
services, its place on the map.
"""

from itertools import islice
from typing import Any

from annotation.iiif.findings import Findings
from annotation.iiif.shapes import as_list, identifier, kind_of, placed_items
from annotation.iiif.texts import language_map
from annotation.iiif.values import LinkValue

# What version 2 leaves open and version 3 must say: the type of what a link leads to, by its media type.
_KINDS = (
    (("text/html", "application/xhtml", "application/pdf", "application/epub", "text/plain"), "Text"),
    (("image/",), "Image"),
    (("video/",), "Video"),
    (("audio/",), "Sound"),
    (("application/", "text/"), "Dataset"),
)
_RESOURCES = frozenset(
    ("Manifest", "Collection", "Canvas", "Range", "AnnotationPage", "AnnotationCollection", "Dataset", "Image",
     "Text", "Video", "Sound", "Model", "Agent")
)  # fmt: skip
_RENAMED = {"Layer": "AnnotationCollection", "AnnotationList": "AnnotationPage"}
MAX_LINKS = 1_000


def links(value: Any, findings: Findings, pointer: str, *, kind: str) -> tuple[LinkValue, ...]:
    """Every link of a property; `kind` is its type when neither its own type nor its format tells.

    A link without an HTTP(S) address is reported and left out.
    """
    found = []
    if len(as_list(value)) > MAX_LINKS:
        findings.warn(pointer, f"Of {len(value)} links the first {MAX_LINKS} are kept.")
    for item, at in islice(placed_items(value, pointer), MAX_LINKS):
        uri = findings.link(identifier(item), at)
        if uri:
            found.append(_link(uri, item, kind, findings, at))
    return tuple(found)


def services(value: Any, findings: Findings, pointer: str) -> tuple[dict[str, Any], ...]:
    """The services of a manifest or canvas (search, authentication…), as received."""
    found = []
    for item, at in placed_items(value, pointer):
        if not isinstance(item, dict):
            findings.warn(at, "The service is not an object; it is left out.")
        elif findings.link(identifier(item), at):
            found.append(item)
    return tuple(found)


def nav_place(value: Any, findings: Findings, pointer: str) -> dict[str, Any] | None:
    """The GeoJSON of the navPlace extension (§3), or None and a warning when it is none."""
    if isinstance(value, dict) and value.get("type") == "FeatureCollection" and _is_named_well(value):
        features = value.get("features", [])
        if isinstance(features, list) and all(map(_is_feature, features)):
            return value
    findings.warn(pointer, "The place on the map is no GeoJSON FeatureCollection; it is left out.")
    return None


def _is_feature(feature: Any) -> bool:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    return (
        isinstance(geometry, dict)
        and feature.get("type") == "Feature"
        and _is_named_well(feature)
        and isinstance(feature.get("properties", {}), dict)
        and isinstance(geometry.get("type"), str)
        and isinstance(geometry.get("coordinates"), list)
    )


def _is_named_well(node: dict[str, Any]) -> bool:
    return "id" not in node or str(node["id"]).startswith("http")


def _link(uri: str, item: Any, kind: str, findings: Findings, pointer: str) -> LinkValue:
    if not isinstance(item, dict):
        return LinkValue(uri, kind)
    media_type, profile = (_text(item.get(key)) for key in ("format", "profile"))
    return LinkValue(
        uri,
        _kind(item, media_type, kind),
        language_map(item.get("label"), findings, f"{pointer}/label"),
        media_type,
        profile,
        tuple(word for word in as_list(item.get("language")) if isinstance(word, str)),
    )


def _kind(item: dict[str, Any], media_type: str | None, otherwise: str) -> str:
    said = kind_of(item)
    said = _RENAMED.get(said, said)
    if said in _RESOURCES or (said and "type" in item):
        return said
    for beginnings, kind in _KINDS:
        if media_type and media_type.startswith(beginnings):
            return kind
    return otherwise


def _text(value: Any) -> str | None:
    return next((item for item in as_list(value) if isinstance(item, str) and item), None)
