"""Layers for programs of the age of Presentation 2: lists of a canvas, and whole layers as one file."""

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from annotation.api.negotiation import OpenView
from annotation.exports import FORMATS, annotation_list
from annotation.permissions import get_canvas_for, get_layer_for
from problems import Malformed


class AnnotationListView(OpenView):
    media_type = 'application/ld+json;profile="http://iiif.io/api/presentation/2/context.json"'

    @extend_schema(operation_id="iiif_annotation_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, layer_id: UUID, canvas_id: UUID) -> HttpResponse:
        """The annotations of one layer on one canvas as Open Annotation, for Mirador 2 and its contemporaries."""
        layer = get_layer_for(request.user, layer_id, "view")
        canvas = get_canvas_for(request.user, layer, canvas_id)
        return self.answer(annotation_list(layer, canvas))


class LayerExportView(OpenView):
    @extend_schema(
        operation_id="layer_export",
        parameters=[OpenApiParameter("format", str, enum=list(FORMATS), description="w3c unless said.")],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, layer_id: UUID) -> StreamingHttpResponse:
        """The whole layer as one file, written as it is read from the database."""
        layer = get_layer_for(request.user, layer_id, "view")
        name = request.query_params.get("format", "w3c")
        if name not in FORMATS:
            known = ", ".join(FORMATS)
            raise Malformed(f"There is no such format; a layer can be had as {known}.", pointer="/format")
        response = StreamingHttpResponse(FORMATS[name](layer), content_type="application/ld+json")
        response["Content-Disposition"] = f'attachment; filename="layer-{layer.pk}-{name}.json"'
        return response
