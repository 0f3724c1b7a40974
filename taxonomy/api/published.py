"""Vocabularies as files over REST, and their frozen versions."""

from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from problems import Missing
from taxonomy.actions import freeze_vocabulary
from taxonomy.addresses import version_uri
from taxonomy.api.negotiation import answer
from taxonomy.models import VocabularyVersion
from taxonomy.permissions import get_vocabulary_for
from taxonomy.published import FORMATS, written


class VersionSerializer(serializers.ModelSerializer[VocabularyVersion]):
    uri = serializers.SerializerMethodField()

    class Meta:
        model = VocabularyVersion
        fields = ["number", "uri", "version", "note", "concepts", "sha256", "created_at"]

    def get_uri(self, version: VocabularyVersion) -> str:
        return version_uri(version.vocabulary.slug, version.number)


class VersionRequest(serializers.Serializer[object]):
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")


class VocabularyExportView(APIView):
    @extend_schema(
        operation_id="vocabulary_export",
        parameters=[
            OpenApiParameter("lang", str, description="Of the names, in formats that have one each.")
        ],
        responses={(200, "text/turtle"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str, name: str) -> HttpResponseBase:
        """The vocabulary as a file, in any of the formats of docs/vocabularies.md."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        to = FORMATS.get(name)
        if to is None:
            raise Missing("There is no such format. The page of the vocabulary lists those that there are.")
        language = request.query_params.get("lang", "en").replace("\x00", "")[:35] or "en"
        parts = written(vocabulary, to, language=language)
        return answer(request._request, vocabulary, to, parts, name=slug, variant=slugify(language))


class VersionListView(APIView):
    @extend_schema(operation_id="vocabulary_versions", responses=VersionSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The numbered versions of a vocabulary, newest first."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        rows = vocabulary.versions.select_related("vocabulary")
        return Response(VersionSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="vocabulary_freeze", request=VersionRequest, responses={201: VersionSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Freeze the vocabulary as it stands under the next number."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        form = VersionRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        version = freeze_vocabulary(vocabulary, note=said["note"], by=require_user(request.user))
        return Response(VersionSerializer(version).data, status=201)


class VersionFileView(APIView):
    @extend_schema(operation_id="vocabulary_version", responses={(200, "text/turtle"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, number: int) -> FileResponse:
        """A frozen version in Turtle, byte for byte as it was."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        version = vocabulary.versions.filter(number=number).first()
        if version is None:
            raise Missing("The vocabulary has no version of this number.")
        response = FileResponse(version.turtle.open("rb"), content_type="text/turtle; charset=utf-8")
        response["ETag"] = f'"{version.sha256}"'
        response["Content-Disposition"] = f'inline; filename="{slug}-{number}.ttl"'
        response["Access-Control-Allow-Origin"] = "*"
        return response
