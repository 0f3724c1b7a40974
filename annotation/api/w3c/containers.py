"""A layer as LDP BasicContainer and AnnotationCollection: what is in it, its pages, a new annotation."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request

from accounts.permissions import require_user
from annotation.actions.protocol import post_annotation
from annotation.addresses import annotation_uri
from annotation.api.w3c.pages import collection, last_page, page
from annotation.api.w3c.preferences import preferred
from annotation.api.w3c.protocol import ACCEPT_POST, ProtocolView, caching
from annotation.api.w3c.representations import chosen
from annotation.api.w3c.single import facts, shown
from annotation.permissions import get_layer_for
from annotation.queries import count_of
from problems.api import whole_number

_TYPES = ("http://www.w3.org/ns/ldp#BasicContainer", "http://www.w3.org/ns/oa#AnnotationCollection")
_CONSTRAINED = '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'


class LayerView(ProtocolView):
    links = (*(f'<{kind}>; rel="type"' for kind in _TYPES), _CONSTRAINED)

    @extend_schema(
        operation_id="w3c_layer",
        parameters=[
            OpenApiParameter("page", int, description="Counted from 0; none for the container itself."),
            OpenApiParameter("iris", int, description="1: annotations by their addresses only."),
            OpenApiParameter("Prefer", str, OpenApiParameter.HEADER),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, layer_id: UUID) -> HttpResponse:
        """The layer as a container with its first page, or one of its pages."""
        layer = get_layer_for(request.user, layer_id, "view")
        form = chosen(request.headers.get("Accept"))
        wanted = preferred(request.headers.get("Prefer", ""), request.query_params)
        total = count_of(layer)
        if "page" in request.query_params:
            most = last_page(total)
            number = whole_number(request.query_params, "page", default=0, least=0, most=most)
            document = page(layer, number, total, iris=wanted.iris)
        else:
            document = collection(layer, total, wanted)
        headers = {"Content-Location": str(document["id"]), "Cache-Control": caching(layer)}
        if wanted.applied:
            headers["Preference-Applied"] = "return=representation"
        return self.represent(document, form, headers=headers)

    @extend_schema(
        operation_id="w3c_annotation_create",
        request={"application/ld+json": OpenApiTypes.OBJECT},
        parameters=[OpenApiParameter("Slug", str, OpenApiParameter.HEADER)],
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, layer_id: UUID) -> HttpResponse:
        """Put an annotation into the layer; the same request again changes nothing."""
        layer = get_layer_for(request.user, layer_id, "contribute")
        if "page" in request.query_params:
            raise MethodNotAllowed("POST", "Annotations are sent to the container, not to one of its pages.")
        form = chosen(request.headers.get("Accept"))
        slug = request.headers.get("Slug", "").strip().strip('"')
        annotation = post_annotation(layer, self.sent(request), by=require_user(request.user), slug=slug)
        location = annotation_uri(annotation)
        headers = {**facts(annotation), "Location": location, "Content-Location": location}
        return self.represent(
            shown(annotation), form, version=str(annotation.revision), status=201, headers=headers
        )

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Accept-Post"] = ACCEPT_POST
        return response
