"""Reads of sources and layers that more than one page or endpoint needs."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from annotation.addresses import annotation_uri
from annotation.geometry import Box
from annotation.iiif import image_url
from annotation.models import Annotation, AnnotationConcept, Canvas, Layer


def annotations_on(layer: Layer, canvas: Canvas) -> QuerySet[Annotation]:
    """The annotations of a layer that stand on a canvas, oldest first."""
    return Annotation.objects.filter(layer=layer, canvas=canvas, deleted_at=None).order_by("created_at", "id")


def with_concepts(annotations: QuerySet[Annotation]) -> QuerySet[Annotation]:
    """The same annotations with their concepts, in one query more."""
    links = AnnotationConcept.objects.select_related("concept").order_by("position")
    return annotations.prefetch_related(Prefetch("concept_links", queryset=links))


def as_document(annotation: Annotation) -> dict[str, Any]:
    """The W3C document of an annotation with the id under which we publish it."""
    return {**annotation.document, "id": annotation_uri(annotation)}


def crop_url(canvas: Canvas, box: Box | None, *, longest: int = 400) -> str:
    """The address of the image of a region (or of the whole canvas), fitted into a square of `longest` pixels.

    A canvas without an image service gives its whole image, and "" when it has none.
    """
    if not canvas.image_service:
        return canvas.image_url
    known = (canvas.image_width, canvas.image_height) if canvas.image_width and canvas.image_height else None
    return image_url(
        canvas.image_service,
        canvas.image_service_version or 2,
        region=box,
        size=f"!{longest},{longest}",
        canvas_size=(canvas.width, canvas.height),
        image_size=known,
    )


def canvas_for_uri(uri: str, canvases: QuerySet[Canvas]) -> UUID | None:
    """The id of the first canvas with this URI among those given."""
    return canvases.filter(uri=uri).values_list("pk", flat=True).first()
