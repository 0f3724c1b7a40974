"""The draft of one's own lease over REST: kept while one draws, fetched to go on elsewhere."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.actions.drafting import DraftChange, as_json, keep_draft, read_draft
from campaigns.api.views import own_assignment

MOST = 2**53 - 1  # what JavaScript counts without a fault


class DraftRequest(serializers.Serializer[object]):
    sequence = serializers.IntegerField(
        min_value=1, max_value=MOST, help_text="Higher than that of the draft it is built upon."
    )
    writer = serializers.CharField(max_length=64, help_text="Any stable name of this browser.")
    body = serializers.DictField(help_text="What the browser wants back; 512 kB of JSON at most.")


class DraftSerializer(DraftRequest):
    changed_at = serializers.DateTimeField()


class DraftView(APIView):
    @extend_schema(
        operation_id="draft_retrieve",
        responses={200: DraftSerializer, 204: OpenApiResponse(description="There is no draft.")},
    )
    def get(self, request: Request, assignment_id: UUID) -> Response:
        """The unfinished answer that one left, in this browser or another."""
        draft = read_draft(own_assignment(request, assignment_id))
        return Response(status=204) if draft is None else Response(as_json(draft))

    @extend_schema(
        operation_id="draft_keep",
        request=DraftRequest,
        responses={204: OpenApiResponse(description="It is kept; the same again changes nothing.")},
    )
    def put(self, request: Request, assignment_id: UUID) -> Response:
        """Keep an unfinished answer until it is handed in. It counts for nothing.

        409 tells in `code` why not: `draft-overtaken`, with the draft that stands in `present`, when it was changed
        in another browser meanwhile; `lease-over` once it has been handed in, skipped or given back.
        """
        assignment = own_assignment(request, assignment_id)
        form = DraftRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        sent: Any = request.data
        change = DraftChange(data["sequence"], data["writer"], sent["body"])
        keep_draft(assignment, change)
        return Response(status=204)
