"""W3C Web Annotation: layers as AnnotationCollections, their pages, single annotations, our terms."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from annotation.addresses import layer_uri
from annotation.api.negotiation import ANNOTATION_PROFILE, OpenView
from annotation.models import Layer
from annotation.permissions import get_annotation_for, get_layer_for
from annotation.queries import as_document
from annotation.webanno import CONTEXT, OUR_CONTEXT
from problems.api import whole_number

PAGE_SIZE = 100


class LayerView(OpenView):
    media_type = ANNOTATION_PROFILE

    @extend_schema(
        operation_id="w3c_layer",
        parameters=[
            OpenApiParameter("page", int, description="Counted from 0; none for the collection itself.")
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, layer_id: UUID) -> HttpResponse:
        """The layer as an AnnotationCollection, or one of its pages."""
        layer = get_layer_for(request.user, layer_id, "view")
        total = layer.annotations.filter(deleted_at=None).count()
        last = max(0, (total - 1) // PAGE_SIZE)
        if "page" not in request.query_params:
            return self.answer(_collection(layer, total, last))
        number = whole_number(request.query_params, "page", default=0, least=0, most=last)
        return self.answer(_page(layer, number, last))


def _collection(layer: Layer, total: int, last: int) -> dict[str, object]:
    uri = layer_uri(layer.pk)
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "AnnotationCollection",
        "label": [title for title in layer.label.values() if title],
        "total": total,
        "first": f"{uri}?page=0",
        "last": f"{uri}?page={last}",
    }


def _page(layer: Layer, number: int, last: int) -> dict[str, object]:
    uri = layer_uri(layer.pk)
    start = number * PAGE_SIZE
    rows = layer.annotations.filter(deleted_at=None).order_by("created_at", "id")[start : start + PAGE_SIZE]
    page: dict[str, object] = {
        "@context": CONTEXT,
        "id": f"{uri}?page={number}",
        "type": "AnnotationPage",
        "partOf": uri,
        "startIndex": start,
        "items": [as_document(annotation) for annotation in rows],
    }
    if number:
        page["prev"] = f"{uri}?page={number - 1}"
    if number < last:
        page["next"] = f"{uri}?page={number + 1}"
    return page


class AnnotationView(OpenView):
    media_type = ANNOTATION_PROFILE

    @extend_schema(operation_id="w3c_annotation", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, layer_id: UUID, annotation_id: UUID) -> HttpResponse:
        """One annotation; its ETag names the revision."""
        annotation = get_annotation_for(request.user, layer_id, annotation_id, "view")
        return self.answer(
            as_document(annotation),
            etag=f'"{annotation.revision}"',
            Link='<http://www.w3.org/ns/ldp#Resource>; rel="type"',
        )


class ContextView(OpenView):
    media_type = "application/ld+json"

    @extend_schema(operation_id="w3c_context", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> HttpResponse:
        """The JSON-LD context of the properties that we add to annotations."""
        return self.answer({"@context": OUR_CONTEXT})
