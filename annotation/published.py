"""Our own Presentation 3 documents: what was imported or uploaded, with the readable layers linked."""

import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from redis import RedisError

from accounts.roles import Person
from annotation.addresses import (
    annotation_page_uri,
    collection_uri,
    completion_uri,
    context_uri,
    layer_uri,
    manifest_uri,
    search_uri,
)
from annotation.iiif import (
    AnnotationPageReference,
    CanvasValue,
    CollectionValue,
    LabelledValue,
    LanguageMap,
    LinkValue,
    ManifestReading,
    ManifestValue,
    MemberValue,
    read,
    write,
)
from annotation.iiif.searchresults import services
from annotation.models import Annotation, Canvas, Layer, Manifest, StoredImage
from annotation.permissions import visible_layers, visible_manifests
from annotation.protection import protecting
from annotation.queries import canvas_value, documents_on
from annotation.webanno import PREFIX, from_oa
from problems import Missing, Problem

# Members of a collection before it is nested: what a viewer lists without trouble.
COLLECTION_PART = 500
SOURCES: LanguageMap = {"en": ["All sources"], "fr": ["Toutes les sources"]}

KEPT_S = 3600
# A manifest of 100 MB is read again rather than kept.
MOST_KEPT_BYTES = 20 * 2**20


def published_manifest(manifest: Manifest, *, reader: Person) -> dict[str, Any]:
    """The manifest in Presentation 3 under our address; three queries, however many canvases and layers.

    Ten thousand canvases take seconds to read, check and write, so what is the same for every reader is kept
    for an hour, or until the manifest is read again.
    """
    document = _kept(manifest)
    pages = _pages(manifest, reader)
    for canvas in document["items"]:
        if canvas["id"] in pages:
            canvas["annotations"] = pages[canvas["id"]] + canvas.get("annotations", [])
    return document


def search_services(manifest_id: UUID) -> list[dict[str, Any]]:
    """Both versions of Content Search within a manifest, with their autocomplete services."""
    return services(
        search_uri(manifest_id),
        completion_uri(manifest_id),
        search_uri(manifest_id, version=1),
        completion_uri(manifest_id, version=1),
    )


def published_page(layer: Layer, canvas: Canvas) -> bytes:
    """The annotations of a layer on a canvas as the JSON of a Presentation 3 AnnotationPage; one query."""
    documents = documents_on(layer, canvas)
    ours = any(f'"{PREFIX}:' in document for document in documents)
    collection = {"id": layer_uri(layer.pk), "type": "AnnotationCollection", "label": texts(layer.label)}
    page = write.annotation_page(
        annotation_page_uri(layer, canvas),
        (),
        part_of=collection,
        extra_contexts=[context_uri()] if ours else [],
    )
    # The items stand last, and are still empty.
    beginning = orjson.dumps(page).removesuffix(b"]}")
    return b"".join((beginning, ",\n".join(documents).encode(), b"]}"))


def published_collection(*, reader: Person, part: int | None = None) -> dict[str, Any]:
    """Every manifest the reader may see, oldest first; beyond 500 the collection lists parts of 500 each.

    Two queries. Raises Missing for a part that is not there.
    """
    manifests = visible_manifests(reader).order_by("created_at", "pk").only("pk", "label", "thumbnail_url")
    total = manifests.count()
    parts = -(-total // COLLECTION_PART)
    if part is not None and not 1 <= part <= max(parts, 1):
        raise Missing("The collection has no such part.")
    if part is None and parts > 1:
        members = tuple(_part(number, total) for number in range(1, parts + 1))
    else:
        start = ((part or 1) - 1) * COLLECTION_PART
        members = tuple(_member(manifest) for manifest in manifests[start : start + COLLECTION_PART])
    whole = () if part is None else (LinkValue(collection_uri(), "Collection", SOURCES),)
    value = CollectionValue(
        uri=collection_uri(part), version=3, label=SOURCES, members=members, part_of=whole
    )  # fmt: skip
    return write.collection(value)


def texts(titles: dict[str, str]) -> dict[str, list[str]]:
    """Titles as we keep them (language → text) as a IIIF language map."""
    return {language: [title] for language, title in titles.items() if title} or {"none": ["–"]}


def _member(manifest: Manifest) -> MemberValue:
    label = manifest.label or {"none": [str(manifest.pk)]}
    return MemberValue(manifest_uri(manifest.pk), "manifest", label, manifest.thumbnail_url or None)


def _part(number: int, total: int) -> MemberValue:
    first, last = (number - 1) * COLLECTION_PART + 1, min(number * COLLECTION_PART, total)
    return MemberValue(collection_uri(number), "collection", {"none": [f"{first}–{last}"]})


def _kept(manifest: Manifest) -> dict[str, Any]:
    """The document without our layers, from the cache or written anew; without a cache it is only slower."""
    key = f"published-manifest:{settings.VERSION}:{manifest.pk}:{manifest.modified_at.timestamp()}"
    with suppress(RedisError):
        kept = cache.get(key)
        if kept is not None:
            found: dict[str, Any] = orjson.loads(zlib.decompress(kept))
            return found
    document = _written(manifest)
    content = zlib.compress(orjson.dumps(document), 1)
    if len(content) <= MOST_KEPT_BYTES:
        with suppress(RedisError):
            cache.set(key, content, KEPT_S)
    return document


def _written(manifest: Manifest) -> dict[str, Any]:
    value = _value(manifest)
    value = replace(value, canvases=tuple(_with_modern_pages(canvas) for canvas in value.canvases))
    whole = LinkValue(collection_uri(), "Collection", SOURCES)
    value = replace(
        value, part_of=(*value.part_of, whole), see_also=(*value.see_also, *_origin(manifest, value))
    )
    try:
        return write.manifest(value, uri=manifest_uri(manifest.pk), own_services=search_services(manifest.pk))
    except write.NotPublishable as error:
        problem = Problem(str(error), code="not-publishable")
        problem.status, problem.title = 409, "The source cannot be written as Presentation 3"
        raise problem from error


def _with_modern_pages(canvas: CanvasValue) -> CanvasValue:
    """The canvas with the sc:AnnotationLists that stand in it as pages of W3C annotations."""
    if not any(page.document and "resources" in page.document for page in canvas.annotations):
        return canvas
    return replace(canvas, annotations=tuple(_modern(page, canvas.uri) for page in canvas.annotations))


def _modern(page: AnnotationPageReference, canvas: str) -> AnnotationPageReference:
    listed = (page.document or {}).get("resources")
    if not isinstance(listed, list):
        return page
    uri = page.uri or f"{canvas}#annotations"
    items = [
        {"id": f"{uri}#{number}", "target": canvas, **_without_context(from_oa(node))}
        for number, node in enumerate(listed, 1)
        if isinstance(node, dict)
    ]
    return replace(page, uri=uri, document={"id": uri, "type": "AnnotationPage", "items": items})


def _without_context(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "@context"}


def _origin(manifest: Manifest, value: ManifestValue) -> list[LinkValue]:
    """The manifest that ours was made from, where it is one that can be fetched."""
    if manifest.uri == manifest_uri(manifest.pk) or not manifest.uri.startswith(("http://", "https://")):
        return []
    context = f"http://iiif.io/api/presentation/{value.version}/context.json"
    label: LanguageMap = {"en": ["The manifest as it was read"], "fr": ["Le manifeste tel qu’il a été lu"]}
    return [LinkValue(manifest.uri, "Manifest", label, "application/ld+json", context)]


def _pages(manifest: Manifest, reader: Person) -> dict[str, list[dict[str, Any]]]:
    """Canvas URI → links to the pages of every layer that the reader may see and that has one there."""
    rows = (
        Annotation.objects.filter(canvas__manifest=manifest, deleted_at=None)
        .filter(layer__in=visible_layers(reader).values("pk"))
        .order_by("layer__created_at", "layer_id", "canvas_id")
        .values_list("layer_id", "layer__label", "canvas_id", "canvas__uri")
        .distinct()
    )
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for layer_id, label, canvas_id, uri in rows:
        address = annotation_page_uri(Layer(pk=layer_id), Canvas(pk=canvas_id))
        pages[uri].append(write.page_link(address, texts(label)))
    return dict(pages)


def _value(manifest: Manifest) -> ManifestValue:
    """An imported manifest is read again from its own document; one of ours is made from its rows."""
    if manifest.document:
        reading = read(manifest.document, url=manifest.uri)
        if isinstance(reading, ManifestReading):
            return reading.manifest
    statement = manifest.required_statement
    return ManifestValue(
        uri=manifest.uri,
        version=3,
        label=manifest.label,
        summary=manifest.summary,
        metadata=tuple(LabelledValue(**entry) for entry in manifest.metadata),
        rights=manifest.rights or None,
        required_statement=LabelledValue(**statement) if statement else None,
        canvases=tuple(_own_canvases(manifest)),
    )


def _own_canvases(manifest: Manifest) -> Iterator[CanvasValue]:
    """With the services by which a viewer lets somebody in, where the images are not for everybody."""
    images = {} if manifest.is_public else dict(_images(manifest))
    for canvas in manifest.canvases.order_by("position"):
        value = canvas_value(canvas)
        image, service = value.image, value.image_service
        if canvas.pk in images and image and service:
            guarded = replace(service, auth=protecting(images[canvas.pk], version=service.version))
            value = replace(value, image=replace(image, service=guarded))
        yield value


def _images(manifest: Manifest) -> QuerySet[StoredImage, tuple[UUID, UUID]]:
    return StoredImage.objects.filter(canvas__manifest=manifest).values_list("canvas_id", "pk")
