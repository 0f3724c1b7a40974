"""Reads of sources and layers that more than one page or endpoint needs."""

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.roles import Person
from annotation import iiif
from annotation.addresses import annotation_uri
from annotation.geometry import Box
from annotation.iiif import CanvasValue, ImageService, ImageValue
from annotation.models import Annotation, AnnotationConcept, Canvas, Layer, Manifest
from annotation.permissions import visible_layers


def annotations_on(layer: Layer, canvas: Canvas) -> QuerySet[Annotation]:
    """The annotations of a layer that stand on a canvas, oldest first."""
    return Annotation.objects.filter(layer=layer, canvas=canvas, deleted_at=None).order_by("created_at", "id")


def with_concepts(annotations: QuerySet[Annotation]) -> QuerySet[Annotation]:
    """The same annotations with their concepts, in one query more."""
    links = AnnotationConcept.objects.select_related("concept").order_by("position")
    return annotations.prefetch_related(Prefetch("concept_links", queryset=links))


def with_counts(layers: QuerySet[Layer]) -> QuerySet[Layer]:
    """Layers with their makers, and how many annotations stand in each as `count`; one query."""
    standing = Count("annotations", filter=Q(annotations__deleted_at=None))
    return layers.select_related("created_by").annotate(count=standing)


def layers_on(manifest: Manifest, *, reader: Person) -> QuerySet[Layer]:
    """The layers with annotations on the canvases of a manifest, as far as the reader may see them; one query.

    Their `count` is that of the annotations on this manifest.
    """
    here = visible_layers(reader).filter(annotations__canvas__manifest=manifest, annotations__deleted_at=None)
    return here.select_related("created_by").annotate(count=Count("annotations")).order_by("created_at", "pk")


def as_document(annotation: Annotation) -> dict[str, Any]:
    """The W3C document of an annotation with the id under which we publish it."""
    return {**annotation.document, "id": annotation_uri(annotation)}


def canvas_value(canvas: Canvas) -> CanvasValue:
    """A canvas with its first image as the value that `annotation.iiif` computes with and writes."""
    service = (
        ImageService(
            url=canvas.image_service,
            version=canvas.image_service_version or 2,
            profile=canvas.extra.get("profile"),
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
        placed=_box(canvas, "placed"),
        taken=_box(canvas, "taken"),
    )
    return CanvasValue(
        uri=canvas.uri,
        position=canvas.position,
        label=canvas.label,
        width=canvas.width,
        height=canvas.height,
        image=image if service or image.url else None,
    )


def _box(canvas: Canvas, name: str) -> Box | None:
    numbers = canvas.extra.get(name)
    return Box(*numbers) if numbers else None


def crop_url(canvas: Canvas, box: Box | None, *, longest: int = 400) -> str:
    """The address of the image of a region (or of the whole canvas), at most `longest` pixels a side.

    What has no image service that cuts and scales gives its whole image, and "" when it has none.
    """
    value = canvas_value(canvas)
    if box is None or "level0" in (canvas.extra.get("profile") or ""):
        return iiif.thumbnail_url(value, longest=longest) or ""
    return iiif.crop_url(value, box, longest=longest) or canvas.image_url
