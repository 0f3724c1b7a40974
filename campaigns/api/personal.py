"""One's own data over REST: asked for, put together in the background, fetched by oneself alone."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.personal_exports import request_export
from campaigns.models import PersonalExport
from campaigns.permissions import get_export_for
from problems import Gone


class PersonalExportSerializer(serializers.ModelSerializer[PersonalExport]):
    state = serializers.CharField(source="job.state", default="done", read_only=True)
    job = serializers.UUIDField(source="job_id", allow_null=True, read_only=True)

    class Meta:
        model = PersonalExport
        fields = ["id", "state", "job", "size", "sha256", "created_at", "finished_at", "expires_at"]


class PersonalExportsView(APIView):
    @extend_schema(operation_id="personal_export_list", responses=PersonalExportSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The exports of one's own data that are there or being written, newest first."""
        mine = PersonalExport.objects.filter(user=require_user(request.user)).select_related("job")
        return Response(PersonalExportSerializer(mine, many=True).data)

    @extend_schema(
        operation_id="personal_export_create",
        request=None,
        responses={202: PersonalExportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask for everything that is kept about oneself; again while it is being written changes nothing.

        An earlier export goes when a new one is asked for.
        """
        export = request_export(require_user(request.user))
        return Response(PersonalExportSerializer(export).data, status=202)


class PersonalExportFileView(APIView):
    @extend_schema(
        operation_id="personal_export_file",
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: Request, export_id: UUID) -> FileResponse:
        """The ZIP, for a week; 409 while it is being written, 410 when its time is over."""
        require_user(request.user)
        return archive_response(get_export_for(request.user, export_id))


def archive_response(export: PersonalExport) -> FileResponse:
    """The file of an export, which no cache on the way may keep."""
    try:
        content = default_storage.open(str(export.content.name), "rb")
    except FileNotFoundError as error:
        raise Gone("The file of this export is no longer there. Ask for a new one.") from error
    day = export.created_at.date().isoformat()
    response = FileResponse(
        content, as_attachment=True, filename=f"my-data-{day}.zip", content_type="application/zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response
