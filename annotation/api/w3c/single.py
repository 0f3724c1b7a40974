"""One annotation: read it, put another in its place, delete it, never blindly."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from accounts.permissions import require_user
from annotation.actions.documents import delete_annotation
from annotation.actions.protocol import put_annotation
from annotation.addresses import annotation_uri
from annotation.api.w3c.conditions import seen_revision
from annotation.api.w3c.protocol import ProtocolView, caching
from annotation.api.w3c.representations import chosen
from annotation.models import Annotation
from annotation.permissions import get_annotation_for
from annotation.queries import as_document
from annotation.webanno import CONTEXT

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)


class AnnotationView(ProtocolView):
    links = (
        '<http://www.w3.org/ns/ldp#Resource>; rel="type"',
        '<http://www.w3.org/ns/oa#Annotation>; rel="type"',
    )

    @extend_schema(operation_id="w3c_annotation", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, layer_id: UUID, annotation_id: UUID) -> HttpResponse:
        """One annotation; its ETag names the revision and the form."""
        annotation = get_annotation_for(request.user, layer_id, annotation_id, "view")
        return self._answer(request, annotation)

    @extend_schema(
        operation_id="w3c_annotation_replace",
        parameters=[IF_MATCH],
        request={"application/ld+json": OpenApiTypes.OBJECT},
        responses=OpenApiTypes.OBJECT,
    )
    def put(self, request: Request, layer_id: UUID, annotation_id: UUID) -> HttpResponse:
        """Put a new state in the place of the one that `If-Match` names."""
        annotation = get_annotation_for(request.user, layer_id, annotation_id, "contribute")
        chosen(request.headers.get("Accept"))
        revision = seen_revision(request, annotation)
        by = require_user(request.user)
        changed = put_annotation(annotation, self.sent(request), by=by, revision=revision)
        return self._answer(request, changed)

    @extend_schema(operation_id="w3c_annotation_delete", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, layer_id: UUID, annotation_id: UUID) -> HttpResponse:
        """Take the annotation that `If-Match` names out of the layer; its history stays."""
        annotation = get_annotation_for(request.user, layer_id, annotation_id, "contribute")
        revision = seen_revision(request, annotation)
        delete_annotation(annotation, by=require_user(request.user), revision=revision)
        return HttpResponse(status=204)

    def _answer(self, request: Request, annotation: Annotation) -> HttpResponse:
        form = chosen(request.headers.get("Accept"))
        headers = {**facts(annotation), "Content-Location": annotation_uri(annotation)}
        return self.represent(shown(annotation), form, version=str(annotation.revision), headers=headers)


def shown(annotation: Annotation) -> dict[str, Any]:
    """The document under our id. What came inside a page without a context of its own gets W3C's."""
    return {"@context": CONTEXT, **as_document(annotation)}


def facts(annotation: Annotation) -> dict[str, str]:
    """What we know of the row, as headers: nothing is written into what somebody else has said."""
    return {
        "Last-Modified": http_date(annotation.modified_at.timestamp()),
        "Cache-Control": caching(annotation.layer),
    }
