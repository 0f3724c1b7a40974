"""W3C Web Annotation: layers as AnnotationCollections, their pages, and single annotations."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.addresses import layer_uri
from annotation.api.negotiation import ANNOTATION_PROFILE, OpenView
from annotation.models import Layer
from annotation.permissions import get_annotation_for, get_layer_for
from annotation.queries import as_document
from problems import Malformed

PAGE_SIZE = 100
CONTEXT = "http://www.w3.org/ns/anno.jsonld"


class LayerView(OpenView):
    media_type = ANNOTATION_PROFILE

    @extend_schema(
        operation_id="w3c_layer",
        parameters=[
            OpenApiParameter("page", int, description="Counted from 0; none for the collection itself.")
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, layer_id: UUID) -> Response:
        """The layer as an AnnotationCollection, or one of its pages."""
        layer = get_layer_for(request.user, layer_id, "view")
        total = layer.annotations.filter(deleted_at=None).count()
        last = max(0, (total - 1) // PAGE_SIZE)
        number = request.query_params.get("page")
        if number is None:
            return self.answer(_collection(layer, total, last))
        if not number.isascii() or not number.isdigit() or int(number[:9]) > last:
            raise Malformed(
                f"`page` must be a whole number from 0 to {last}.", pointer="/page", code="bad-page"
            )
        return self.answer(_page(layer, int(number), last))


def _collection(layer: Layer, total: int, last: int) -> dict[str, object]:
    uri = layer_uri(layer.pk)
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "AnnotationCollection",
        "label": layer.label,
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
    def get(self, request: Request, layer_id: UUID, annotation_id: UUID) -> Response:
        """One annotation; its ETag names the revision."""
        annotation = get_annotation_for(request.user, layer_id, annotation_id, "view")
        return self.answer(
            as_document(annotation),
            ETag=f'"{annotation.revision}"',
            Link='<http://www.w3.org/ns/ldp#Resource>; rel="type"',
            Allow="GET, HEAD, OPTIONS",
        )
