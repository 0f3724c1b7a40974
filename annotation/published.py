"""Our own Presentation 3 manifests: what was imported or uploaded, with the readable layers linked."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from accounts.roles import Person
from annotation.addresses import annotation_page_uri, manifest_uri
from annotation.iiif import (
    CanvasValue,
    ImageService,
    ImageValue,
    LabelledValue,
    ManifestReading,
    ManifestValue,
    read,
    write,
)
from annotation.models import Annotation, Canvas, Layer, Manifest
from annotation.permissions import visible_layers


def published_manifest(manifest: Manifest, *, reader: Person) -> dict[str, Any]:
    """The manifest in Presentation 3 under our address; four queries, however many canvases and layers."""
    canvases = list(manifest.canvases.order_by("position"))
    value = _value(manifest, canvases)
    return write.manifest(
        value, uri=manifest_uri(manifest.pk), annotation_page_urls=_pages(manifest, canvases, reader)
    )


def _pages(manifest: Manifest, canvases: Iterable[Canvas], reader: Person) -> dict[str, list[str]]:
    """Canvas URI → addresses of the pages of every layer that the reader may see and that has one there."""
    by_id = {canvas.pk: canvas for canvas in canvases}
    layers: dict[object, Layer] = {layer.pk: layer for layer in visible_layers(reader).filter(
        annotations__canvas__manifest=manifest, annotations__deleted_at=None
    ).distinct()}  # fmt: skip
    pairs = (
        Annotation.objects.filter(layer__in=layers, canvas__manifest=manifest, deleted_at=None)
        .order_by("layer__created_at", "layer_id", "canvas_id")
        .values_list("layer_id", "canvas_id")
        .distinct()
    )
    pages: dict[str, list[str]] = defaultdict(list)
    for layer_id, canvas_id in pairs:
        if canvas_id in by_id:
            canvas = by_id[canvas_id]
            pages[canvas.uri].append(annotation_page_uri(layers[layer_id], canvas))
    return dict(pages)


def _value(manifest: Manifest, canvases: list[Canvas]) -> ManifestValue:
    """An imported manifest is read again from its own document; one of ours is made from its rows."""
    if manifest.document:
        reading = read(manifest.document)
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
        canvases=tuple(_canvas_value(canvas) for canvas in canvases),
    )


def _canvas_value(canvas: Canvas) -> CanvasValue:
    service = (
        ImageService(
            url=canvas.image_service,
            version=canvas.image_service_version or 3,
            profile="level2",
            width=canvas.image_width,
            height=canvas.image_height,
        )
        if canvas.image_service
        else None
    )
    image = ImageValue(
        url=canvas.image_url or None,
        service=service,
        width=canvas.image_width,
        height=canvas.image_height,
        media_type="image/jpeg",
    )
    return CanvasValue(
        uri=canvas.uri,
        position=canvas.position,
        label=canvas.label,
        width=canvas.width,
        height=canvas.height,
        image=image,
    )
