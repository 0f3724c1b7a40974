"""Finds what a content state points at among the manifests, canvases and annotations that a reader may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve

import fetch
from accounts.models import User
from accounts.roles import Person
from annotation.geometry import Box, GeometryError
from annotation.iiif.contentstate import Place, places_of
from annotation.models import Annotation, Canvas, Manifest
from annotation.permissions import get_annotation_for, visible_manifests
from annotation.queries import around, shown_box
from problems import Missing

# A content state or a manifest whose id is all that is wanted; the import itself may read more.
MOST_BYTES = 20_000_000
PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Opened:
    """Where to go: a manifest, perhaps one canvas of it, perhaps a region and an annotation there."""

    manifest: Manifest
    canvas: Canvas | None = None
    box: Box | None = None
    annotation: Annotation | None = None


def look_for(places: Sequence[Place], reader: Person) -> Opened | None:
    """The first of the places that is here and that the reader may see; a constant number of queries each."""
    for place in places:
        opened = _annotated(place, reader) or _on_canvas(place, reader) or _in_manifest(place, reader)
        if opened:
            return opened
    return None


def manifest_to_import(places: Sequence[Place]) -> str:
    """The address under which the first place could be brought in; "" when no manifest is named."""
    for place in places:
        if place.manifest or place.kind in ("", "Manifest", "Collection"):
            return place.manifest or place.uri
    return ""


def fetched(place: Place) -> tuple[Place, ...]:
    """What stands at the address of a place that says too little of itself (Content State 1.0 §4).

    Raises `FetchError` and `ContentStateError`.
    """
    return places_of(fetch.fetch(place.uri, max_bytes=MOST_BYTES, timeout_s=PATIENCE_S).json())


def says_too_little(place: Place) -> bool:
    """Whether its address must be looked up to know which manifest to open."""
    return not place.kind or (place.kind in ("Annotation", "Canvas", "Range") and not place.manifest)


def _annotated(place: Place, reader: Person) -> Opened | None:
    """An annotation of ours by its URI."""
    named = _ours(place.uri)
    if named is None or named.url_name != "w3c-annotation":
        return None
    try:
        annotation = get_annotation_for(
            reader, named.kwargs["layer_id"], named.kwargs["annotation_id"], "view"
        )
    except Missing:
        return None
    canvas = annotation.canvas
    if canvas is None:
        return None
    manifest = visible_manifests(reader).defer("document").filter(pk=canvas.manifest_id).first()
    return Opened(manifest, canvas, shown_box(annotation, canvas), annotation) if manifest else None


def _on_canvas(place: Place, reader: Person) -> Opened | None:
    """A canvas by its URI, in the manifest that is named if it is there, else in the reader's own copy."""
    if place.kind not in ("", "Canvas"):
        return None
    rows = (
        Canvas.objects.filter(uri=place.uri, manifest__in=visible_manifests(reader).values("pk"))
        .select_related("manifest")
        .defer("manifest__document")
    )
    mine, own = _own_id(place.manifest), reader.pk if isinstance(reader, User) else None
    found = sorted(
        rows[:100],
        key=lambda canvas: (
            canvas.manifest_id != mine,
            canvas.manifest.uri != place.manifest,
            canvas.manifest.created_by_id != own,
            canvas.manifest.created_at,
        ),
    )
    return Opened(found[0].manifest, found[0], region_on(found[0], place)) if found else None


def region_on(canvas: Canvas, place: Place) -> Box | None:
    """The region of a place on its canvas; a point as a small square around it, nothing if it is no region."""
    if place.point:
        return around(place.point, canvas)
    try:
        return place.box(canvas.width, canvas.height)
    except GeometryError:
        return None


def _in_manifest(place: Place, reader: Person) -> Opened | None:
    """A manifest by its own address or by ours; of a range its first canvas."""
    address = place.manifest or place.uri
    wanted = Q(pk=_own_id(address)) if _own_id(address) else Q(uri=address)
    manifests = list(visible_manifests(reader).defer("document").filter(wanted).order_by("created_at")[:20])
    own = reader.pk if isinstance(reader, User) else None
    manifest = min(manifests, key=lambda row: row.created_by_id != own, default=None)
    if manifest is None:
        return None
    if place.kind != "Range":
        return Opened(manifest)
    uri = first_canvas(manifest.document, place.uri)
    return Opened(manifest, manifest.canvases.filter(uri=uri).first() if uri else None)


def _own_id(address: str) -> UUID | None:
    """The id in the address under which we publish a manifest."""
    named = _ours(address)
    return named.kwargs["manifest_id"] if named and named.url_name == "iiif-manifest" else None


def _ours(address: str) -> Any:
    """The route of an address of this site; None for any other."""
    if not address.startswith(f"{settings.SITE_URL}/"):
        return None
    try:
        return resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return None


def first_canvas(document: Any, range_uri: str) -> str | None:
    """The URI of the first canvas of a range, in Presentation 3 (`items`) and 2 (`canvases`, `ranges`)."""
    ranges = {
        node["id" if "id" in node else "@id"]: node
        for node in _ranges(document)
        if "id" in node or "@id" in node
    }
    waiting, seen = [range_uri], set[str]()
    while waiting:
        uri = waiting.pop(0)
        if uri in seen or uri not in ranges:
            continue
        seen.add(uri)
        node = ranges[uri]
        for member in [*_listed(node, "items"), *_listed(node, "canvases"), *_listed(node, "members")]:
            canvas = _canvas_of(member)
            if canvas:
                return canvas
            named = member.get("id", member.get("@id")) if isinstance(member, dict) else None
            waiting += [named] if isinstance(named, str) else []
        waiting += [one for one in _listed(node, "ranges") if isinstance(one, str)]
    return None


def _canvas_of(member: Any) -> str | None:
    """The canvas that a member of a range is, without the part of it that is meant."""
    if isinstance(member, dict) and member.get("type") == "SpecificResource":
        member = member.get("source")
    if isinstance(member, dict):
        if str(member.get("type", member.get("@type", ""))).rsplit(":", 1)[-1] != "Canvas":
            return None
        member = member.get("id", member.get("@id"))
    return member.partition("#")[0] if isinstance(member, str) else None


def _ranges(document: Any) -> Iterator[dict[str, Any]]:
    """Every range of a manifest, those inside others too."""
    waiting = [node for node in _listed(document, "structures") if isinstance(node, dict)]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [
            one for one in _listed(node, "items") if isinstance(one, dict) and one.get("type") == "Range"
        ]


def _listed(node: Any, key: str) -> list[Any]:
    value = node.get(key) if isinstance(node, dict) else None
    return value if isinstance(value, list) else []
