"""Our own Presentation 3 documents: what was imported or uploaded, with the readable layers linked."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from accounts.roles import Person
from annotation.addresses import annotation_page_uri, context_uri, layer_uri, manifest_uri
from annotation.iiif import LabelledValue, ManifestReading, ManifestValue, read, write
from annotation.models import Annotation, Canvas, Layer, Manifest
from annotation.permissions import visible_layers
from annotation.queries import annotations_on, as_document, canvas_value
from annotation.webanno import PREFIX
from problems import Problem


def published_manifest(manifest: Manifest, *, reader: Person) -> dict[str, Any]:
    """The manifest in Presentation 3 under our address; three queries, however many canvases and layers."""
    canvases = list(manifest.canvases.order_by("position"))
    pages = _pages(manifest, canvases, reader)
    uri = manifest_uri(manifest.pk)
    try:
        return write.manifest(_value(manifest, canvases), uri=uri, annotation_page_urls=pages)
    except write.NotPublishable as error:
        raise _not_publishable(error) from error


def published_page(layer: Layer, canvas: Canvas) -> dict[str, Any]:
    """The annotations of a layer on a canvas as a Presentation 3 AnnotationPage; one query."""
    documents = [_for_viewers(as_document(annotation)) for annotation in annotations_on(layer, canvas)]
    ours = any(key.startswith(f"{PREFIX}:") for document in documents for key in document)
    collection = {"id": layer_uri(layer.pk), "type": "AnnotationCollection", "label": texts(layer.label)}
    return write.annotation_page(
        annotation_page_uri(layer, canvas),
        documents,
        part_of=collection,
        extra_contexts=[context_uri()] if ours else [],
    )


def _for_viewers(document: dict[str, Any]) -> dict[str, Any]:
    """A rectangle as the fragment of its canvas: the form of the IIIF cookbook, and all that Tify can place.

    The W3C address of the annotation has the selector as it was written.
    """
    target = document.get("target")
    if not isinstance(target, dict) or not set(target) <= {"type", "source", "selector"}:
        return document
    selector, source = target.get("selector"), target.get("source")
    region = selector.get("value") if isinstance(selector, dict) else None
    uri = source.get("id") if isinstance(source, dict) else source
    if not isinstance(uri, str) or "#" in uri or not str(region).startswith("xywh="):
        return document
    return {**document, "target": f"{uri}#{region}"}


def texts(titles: dict[str, str]) -> dict[str, list[str]]:
    """Titles as we keep them (language → text) as a IIIF language map."""
    return {language: [title] for language, title in titles.items() if title} or {"none": ["–"]}


def _not_publishable(error: Exception) -> Problem:
    problem = Problem(str(error), code="not-publishable")
    problem.status, problem.title = 409, "The source cannot be written as Presentation 3"
    return problem


def _pages(manifest: Manifest, canvases: Iterable[Canvas], reader: Person) -> dict[str, list[str]]:
    """Canvas URI → addresses of the pages of every layer that the reader may see and that has one there."""
    by_id = {canvas.pk: canvas for canvas in canvases}
    pairs = (
        Annotation.objects.filter(canvas__manifest=manifest, deleted_at=None)
        .filter(layer__in=visible_layers(reader).values("pk"))
        .order_by("layer__created_at", "layer_id", "canvas_id")
        .values_list("layer_id", "canvas_id")
        .distinct()
    )
    pages: dict[str, list[str]] = defaultdict(list)
    for layer_id, canvas_id in pairs:
        if canvas_id in by_id:
            canvas = by_id[canvas_id]
            pages[canvas.uri].append(annotation_page_uri(Layer(pk=layer_id), canvas))
    return dict(pages)


def _value(manifest: Manifest, canvases: list[Canvas]) -> ManifestValue:
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
        canvases=tuple(canvas_value(canvas) for canvas in canvases),
    )
