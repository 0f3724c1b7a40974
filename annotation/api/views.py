"""Sources and layers over REST."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import require_curator
from annotation.actions.annotation_sources import import_annotations_from_file, import_annotations_from_url
from annotation.actions.manifests import set_visibility
from annotation.actions.sources import import_from_file, import_from_url, import_images
from annotation.api import serializers
from annotation.import_folder import Choices, ImportFolder
from annotation.models import Canvas, Manifest, SourceImport
from annotation.permissions import get_manifest_for, visible_manifests
from problems import Invalid, Missing
from problems.api import JSONParser


class ManifestListView(ListAPIView[Manifest]):
    serializer_class = serializers.ManifestSerializer

    def get_queryset(self) -> Any:
        manifests = visible_manifests(self.request.user).defer("document", "metadata")
        return manifests.annotate(canvas_count=Count("canvases"))


class ManifestView(APIView):
    @extend_schema(operation_id="manifest_retrieve", responses=serializers.ManifestSerializer)
    def get(self, request: Request, manifest_id: UUID) -> Response:
        """One manifest as we know it; `/iiif/presentation/…` publishes it."""
        manifest: Any = get_manifest_for(request.user, manifest_id, "view")
        return _shown(manifest)

    @extend_schema(
        operation_id="manifest_update",
        request=serializers.ManifestUpdate,
        responses=serializers.ManifestSerializer,
    )
    def patch(self, request: Request, manifest_id: UUID) -> Response:
        """Say who may see the manifest and, if they are ours, its images."""
        get_manifest_for(request.user, manifest_id, "own")
        form = serializers.ManifestUpdate(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        return _shown(set_visibility(manifest_id, is_public=data["is_public"], by=request.user))


def _shown(manifest: Any) -> Response:
    manifest.canvas_count = manifest.canvases.count()
    return Response(serializers.ManifestSerializer(manifest).data)


class CanvasListView(ListAPIView[Canvas]):
    serializer_class = serializers.CanvasSerializer
    queryset = Canvas.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        manifest = get_manifest_for(self.request.user, self.kwargs["manifest_id"], "view")
        return manifest.canvases.order_by("position")


class ImportsView(APIView):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(
        operation_id="import_create",
        request=serializers.ImportRequest,
        responses={202: serializers.SourceImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Bring in a manifest or annotations (by address or as a file), or images; the job tells how it goes."""
        by = require_curator(request.user)
        form = serializers.ImportRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        given = [name for name in SOURCES if data.get(name)]
        if len(given) != 1:
            raise Invalid(
                "Send exactly one of `url`, `file`, `images`, `annotations` and `annotations_url`.",
                code="one-source",
            )
        source = SOURCES[given[0]](data, by)
        return Response(serializers.SourceImportSerializer(source).data, status=202)


class ImportView(APIView):
    @extend_schema(operation_id="import_retrieve", responses=serializers.SourceImportSerializer)
    def get(self, request: Request, import_id: UUID) -> Response:
        """How one's own import goes, with its report."""
        return Response(serializers.SourceImportSerializer(_own_import(request, import_id)).data)


class LeftAsideView(APIView):
    @extend_schema(operation_id="import_left_aside", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, import_id: UUID) -> FileResponse:
        """What an import of annotations could not keep, each document with its place and the reason."""
        file = ImportFolder(_own_import(request, import_id)).open_aside()
        if file is None:
            raise Missing("This import has left nothing aside.")
        name = f"left-aside-{import_id}.json"
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/json")


def _own_import(request: Request, import_id: UUID) -> SourceImport:
    by = require_curator(request.user)
    source = SourceImport.objects.select_related("job").filter(pk=import_id, created_by=by).first()
    if source is None:
        raise Missing("You have started no such import.")
    return source


def _choices(data: Any) -> Choices:
    keeps = data["addresses"] == "keep"
    return Choices(label=data["label"], keeps_addresses=keeps, is_public=data["is_public"])


# What may be brought in, by the name under which it is sent.
SOURCES: dict[str, Callable[[Any, User], SourceImport]] = {
    "url": lambda data, by: import_from_url(data["url"], by=by),
    "file": lambda data, by: import_from_file(data["file"], by=by),
    "images": lambda data, by: import_images(
        data["images"], title=data["title"], rights=data["rights"], by=by
    ),
    "annotations": lambda data, by: import_annotations_from_file(
        data["annotations"], by=by, choices=_choices(data)
    ),
    "annotations_url": lambda data, by: import_annotations_from_url(
        data["annotations_url"], by=by, choices=_choices(data)
    ),
}
