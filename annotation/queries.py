"""Reads of sources and layers that more than one page or endpoint needs."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, Max, Prefetch, QuerySet, Sum, TextField

from annotation import iiif
from annotation.addresses import annotation_uri
from annotation.geometry import Box
from annotation.iiif import AccessService, AuthValue, CanvasValue, ImageService, ImageValue
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


def documents_on(layer: Layer, canvas: Canvas) -> list[str]:
    """The W3C documents of a layer on a canvas as JSON texts, each with its id and without a context of its
    own.

    PostgreSQL's text of the stored JSON is taken as it stands: to parse thousands of documents only to write
    them again costs ten times as much (`benchmarks/annotation_page.py`).
    """
    text = Func(
        F("document"), template="(%(expressions)s - '{id,@context}'::text[])::text", output_field=TextField()
    )
    rows = annotations_on(layer, canvas).values_list("pk", text)
    before = annotation_uri(Annotation(pk=UUID(int=0), layer_id=layer.pk)).removesuffix(str(UUID(int=0)))
    return [f'{{"id": "{before}{pk}"{_rest(document)}' for pk, document in rows]


def version_of_page(layer: Layer, canvas: Canvas) -> str:
    """An ETag that changes with every annotation added, changed or deleted, and with the layer; one query."""
    facts = annotations_on(layer, canvas).aggregate(Count("pk"), Sum("revision"), Max("modified_at"))
    said = f"{layer.pk} {layer.modified_at} {canvas.pk} {facts}"
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def _rest(document: str) -> str:
    """What follows the first property in the text of an object."""
    return "}" if document == "{}" else f", {document[1:]}"


def canvas_value(canvas: Canvas) -> CanvasValue:
    """A canvas with its first image as the value that `annotation.iiif` computes with and writes."""
    service = (
        ImageService(
            url=canvas.image_service,
            version=canvas.image_service_version or 2,
            profile=canvas.extra.get("profile"),
            width=canvas.image_width,
            height=canvas.image_height,
            auth=auth_value(canvas),
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


def auth_value(canvas: Canvas) -> AuthValue | None:
    """The login that the institution of an imported canvas asks for, as `write_manifest` kept it."""
    kept = canvas.extra.get("auth")
    if not kept:
        return None
    access = tuple(AccessService(**service) for service in kept["access"])
    return AuthValue(**{**kept, "access": access})


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
