"""IIIF Presentation 3: our manifests and the collection of them, and a page of annotations for every layer
that stands on a canvas.
"""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from annotation.api.negotiation import OpenView
from annotation.permissions import get_canvas_for, get_layer_for, get_manifest_for
from annotation.published import published_collection, published_manifest, published_page
from annotation.queries import version_of_page


class ManifestDocumentView(OpenView):
    @extend_schema(operation_id="iiif_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, manifest_id: UUID) -> HttpResponse:
        """The manifest in Presentation 3, linked to the annotation pages that the caller may read."""
        manifest = get_manifest_for(request.user, manifest_id, "view")
        return self.answer(published_manifest(manifest, reader=request.user))


class CollectionView(OpenView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, part: int | None = None) -> HttpResponse:
        """Every manifest that the caller may read, oldest first; more than 500 are nested in parts."""
        return self.answer(published_collection(reader=request.user, part=part))


class AnnotationPageView(OpenView):
    @extend_schema(operation_id="iiif_annotation_page", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, layer_id: UUID, canvas_id: UUID) -> HttpResponse:
        """The annotations of one layer on one canvas."""
        layer = get_layer_for(request.user, layer_id, "view")
        canvas = get_canvas_for(request.user, layer, canvas_id)
        etag = version_of_page(layer, canvas)
        return self.unchanged(etag) or self.answer(published_page(layer, canvas), etag=etag)
