"""Bringing vocabularies in over REST: a dry run first, then apply or discard."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import require_curator, require_user
from problems import Invalid, Missing
from problems.api import whole_number
from taxonomy.actions import (
    apply_import,
    bring_up_to_date,
    discard_import,
    start_remote_import,
    start_vocabulary_import,
)
from taxonomy.models import ImportFinding, VocabularyImport
from taxonomy.permissions import get_vocabulary_for
from work.api.serializers import JobSerializer


class VocabularyImportSerializer(serializers.ModelSerializer[VocabularyImport]):
    vocabulary = serializers.CharField(source="vocabulary.slug", default=None, read_only=True)
    job = JobSerializer(read_only=True, allow_null=True)

    class Meta:
        model = VocabularyImport
        fields = [
            "id", "slug", "title", "format", "url", "state", "counts", "seen_version", "vocabulary", "job",
            "created_at",
        ]  # fmt: skip


class ImportFindingSerializer(serializers.ModelSerializer[ImportFinding]):
    changes = serializers.JSONField(
        source="fields", read_only=True, help_text="Field → what only stands here, what only the file says."
    )

    class Meta:
        model = ImportFinding
        fields = ["kind", "code", "line", "uri", "label", "sentence", "changes"]


class ImportFindingsSerializer(serializers.Serializer[object]):
    items = ImportFindingSerializer(many=True)
    total = serializers.IntegerField()


class VocabularyImportRequest(serializers.Serializer[object]):
    file = serializers.FileField(required=False, help_text="In any format of docs/vocabularies.md.")
    url = serializers.CharField(
        required=False, allow_blank=True, max_length=500, default="", help_text="Where a file lies instead."
    )
    slug = serializers.SlugField(required=False, allow_blank=True, max_length=60, default="")
    title_en = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    title_fr = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")
    apply = serializers.BooleanField(
        required=False, default=False, help_text="Apply at once, without a dry run to look at."
    )


class ApplyRequest(serializers.Serializer[object]):
    skip_conflicts = serializers.BooleanField(
        required=False, default=False, help_text="Leave what was edited here as it is."
    )


class VocabularyImportsView(APIView):
    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(
        operation_id="vocabulary_import_create",
        request={"multipart/form-data": VocabularyImportRequest},
        responses={202: VocabularyImportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Look at a vocabulary in a dry run; the job tells how it goes and what was wrong."""
        by = require_curator(request.user)
        form = VocabularyImportRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        said = {
            "slug": data["slug"], "title": {"en": data["title_en"], "fr": data["title_fr"]},
            "apply": data["apply"], "by": by,
        }  # fmt: skip
        if data.get("file"):
            record = start_vocabulary_import(data["file"], **said)
        elif data["url"]:
            record = start_remote_import(data["url"], **said)
        else:
            raise Invalid("Send a file, or the address of one.", pointer="/file", code="required")
        return Response(VocabularyImportSerializer(record).data, status=202)


class VocabularyImportView(APIView):
    @extend_schema(operation_id="vocabulary_import_retrieve", responses=VocabularyImportSerializer)
    def get(self, request: Request, import_id: UUID) -> Response:
        """How one's own import stands, and how many concepts it would add or change."""
        record = own_import(require_curator(request.user), import_id)
        return Response(VocabularyImportSerializer(record).data)


class ImportFindingsView(APIView):
    @extend_schema(
        operation_id="vocabulary_import_findings",
        parameters=[
            OpenApiParameter("kind", str, description="One of broken, conflict, absent, changed, new."),
            OpenApiParameter("offset", int, description="From 0."),
            OpenApiParameter("limit", int, description="1 to 1000."),
        ],
        responses=ImportFindingsSerializer,
    )
    def get(self, request: Request, import_id: UUID) -> Response:
        """The lines of a dry run, worst first."""
        record = own_import(require_curator(request.user), import_id)
        limit = whole_number(request.query_params, "limit", default=100, least=1, most=1000)
        offset = whole_number(request.query_params, "offset", default=0, least=0, most=10_000_000)
        rows = record.findings.all()
        kind = request.query_params.get("kind", "")
        if kind:
            if kind not in ImportFinding.Kind.values:
                raise Invalid("There is no such kind of line.", pointer="/kind", code="unknown-kind")
            rows = rows.filter(kind=kind)
        found = {"items": rows[offset : offset + limit], "total": rows.count()}
        return Response(ImportFindingsSerializer(found).data)


class ImportApplyView(APIView):
    @extend_schema(
        operation_id="vocabulary_import_apply",
        request=ApplyRequest,
        responses={202: VocabularyImportSerializer},
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        """Apply what the dry run has shown; compared anew when the vocabulary has changed since."""
        by = require_curator(request.user)
        record = own_import(by, import_id)
        form = ApplyRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        record = apply_import(record, by=by, skip_conflicts=data["skip_conflicts"])
        return Response(VocabularyImportSerializer(record).data, status=202)


class ImportDiscardView(APIView):
    @extend_schema(
        operation_id="vocabulary_import_discard", request=None, responses=VocabularyImportSerializer
    )
    def post(self, request: Request, import_id: UUID) -> Response:
        """Give up an import that waits for a decision."""
        by = require_curator(request.user)
        record = discard_import(own_import(by, import_id), by=by)
        return Response(VocabularyImportSerializer(record).data)


class VocabularyUpdateView(APIView):
    @extend_schema(
        operation_id="vocabulary_update", request=None, responses={202: VocabularyImportSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Fetch the vocabulary anew from its address, for a dry run."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        record = bring_up_to_date(vocabulary, by=require_user(request.user))
        return Response(VocabularyImportSerializer(record).data, status=202)


def own_import(by: User, import_id: UUID) -> VocabularyImport:
    """The one gate to an import: it is seen by who started it. Raises `Missing`."""
    record = VocabularyImport.objects.select_related("job", "vocabulary").filter(pk=import_id, created_by=by)
    found = record.first()
    if found is None:
        raise Missing("You have started no such import.")
    return found
