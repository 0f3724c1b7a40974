"""IIIF Presentation 3: our manifests, with a page of annotations for every layer that stands on a canvas."""

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.addresses import annotation_page_uri, layer_uri
from annotation.api.negotiation import OpenView
from annotation.iiif import write
from annotation.models import Canvas
from annotation.permissions import get_layer_for, get_manifest_for
from annotation.published import published_manifest
from annotation.queries import annotations_on, as_document
from problems import Missing


class ManifestDocumentView(OpenView):
    @extend_schema(operation_id="iiif_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, manifest_id: UUID) -> Response:
        """The manifest in Presentation 3, linked to the annotation pages that the caller may read."""
        manifest = get_manifest_for(request.user, manifest_id, "view")
        return self.answer(published_manifest(manifest, reader=request.user))


class AnnotationPageView(OpenView):
    @extend_schema(operation_id="iiif_annotation_page", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, layer_id: UUID, canvas_id: UUID) -> Response:
        """The annotations of one layer on one canvas."""
        layer = get_layer_for(request.user, layer_id, "view")
        canvas = Canvas.objects.filter(pk=canvas_id).first()
        if canvas is None:
            raise Missing("There is no such canvas.")
        documents = [as_document(annotation) for annotation in annotations_on(layer, canvas)]
        page = write.annotation_page(
            annotation_page_uri(layer, canvas), documents, part_of=layer_uri(layer.pk), label=layer.label
        )
        return self.answer(page)
