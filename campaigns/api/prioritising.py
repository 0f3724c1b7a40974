"""Priorities of tasks over REST: bring a table as CSV or JSON, see what it means, apply it, take it back."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from annotation.api.negotiation import OneForm
from campaigns.actions.prioritising import apply_priorities, bring_priorities, undo_priorities
from campaigns.api.serializers.values import FiniteFloatField
from campaigns.formats.csv_table import safe
from campaigns.models import Campaign, LineAside, PriorityTable, Task
from campaigns.permissions import get_campaign_for
from problems import Missing
from work.api.serializers import JobSerializer

MOST_ROWS = 50_000


class PriorityRowRequest(serializers.Serializer[object]):
    """One line; `number`s of lines count from 2, as behind a head."""

    id = serializers.CharField(max_length=2000, help_text="Id of a task or canvas, or address of a canvas.")
    priority = FiniteFloatField(help_text="The highest come first.")


class PriorityTableRequest(serializers.Serializer[object]):
    """Either a file, or rows."""

    id = serializers.UUIDField(required=False, help_text="Yours, so that sending it again is harmless.")
    file = serializers.FileField(required=False, help_text="CSV, with up to 1,000,000 lines.")
    rows = serializers.ListField(child=PriorityRowRequest(), required=False, max_length=MOST_ROWS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("rows" in attrs):
            raise serializers.ValidationError({"file": "Send a file, or rows."})
        return attrs


class PrioritiesApplyRequest(serializers.Serializer[object]):
    order = serializers.BooleanField(
        default=False, help_text="Let the campaign give its tasks out by priority from now on."
    )


class PriorityTableSerializer(serializers.ModelSerializer[PriorityTable]):
    job = JobSerializer(allow_null=True, read_only=True)

    class Meta:
        model = PriorityTable
        fields = [
            "id", "name", "state", "lines", "matched", "aside", "created_at", "applied_at", "undone_at", "job",
        ]  # fmt: skip


class LineAsideSerializer(serializers.ModelSerializer[LineAside]):
    sentence = serializers.CharField(source="get_reason_display", read_only=True)

    class Meta:
        model = LineAside
        fields = ["number", "said", "value", "reason", "sentence"]


def _answer(table: PriorityTable, *, done: int = 200) -> Response:
    """202 while a job is at it."""
    waits = table.job is not None and not table.job.is_finished
    return Response(PriorityTableSerializer(table).data, status=202 if waits else done)


class PriorityTablesView(APIView):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(operation_id="campaign_priorities", responses=PriorityTableSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The tables that were brought, the newest first; at most 100."""
        campaign = get_campaign_for(request.user, slug, "manage")
        rows = campaign.priority_tables.select_related("job")[:100]
        return Response(PriorityTableSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="campaign_priorities_bring",
        request=PriorityTableRequest,
        responses={
            201: PriorityTableSerializer,
            202: OpenApiResponse(PriorityTableSerializer, description="Its job reads it."),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Bring a table; its lines are matched to tasks, and nothing is changed before it is applied."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = PriorityTableRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        file: Any = said.get("file") or _written(said["rows"])
        name = (file.name or "") if isinstance(file, UploadedFile) else "REST"
        table = bring_priorities(
            campaign, file, name=name, pk=said.get("id") or uuid4(), by=require_user(request.user)
        )
        return _answer(table, done=201)


def _written(rows: list[dict[str, Any]]) -> io.BytesIO:
    """Rows as the table that they would be as a file, so that both are read in one way."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "priority"])
    writer.writerows([row["id"], repr(row["priority"])] for row in rows)
    return io.BytesIO(text.getvalue().encode("utf-8", "replace"))


def get_table(campaign: Campaign, table_id: UUID) -> PriorityTable:
    """A table of the campaign, whose gate was passed; raises `Missing`."""
    table = campaign.priority_tables.select_related("job").filter(pk=table_id).first()
    if table is None:
        raise Missing("The campaign has no such table.")
    return table


class PriorityTableView(APIView):
    @extend_schema(operation_id="campaign_priority_table", responses=PriorityTableSerializer)
    def get(self, request: Request, slug: str, table_id: UUID) -> Response:
        """One table: how many tasks get a priority, how many lines were laid aside, and how far it is."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response(PriorityTableSerializer(get_table(campaign, table_id)).data)


class PrioritiesApplyView(APIView):
    @extend_schema(
        operation_id="campaign_priorities_apply",
        request=PrioritiesApplyRequest,
        responses={
            200: PriorityTableSerializer,
            202: OpenApiResponse(
                PriorityTableSerializer, description="More than 2,000 tasks: its job does it."
            ),
        },
    )
    def post(self, request: Request, slug: str, table_id: UUID) -> Response:
        """Give the tasks the priorities of a table. Harmless to repeat."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = PrioritiesApplyRequest(data=request.data)
        form.is_valid(raise_exception=True)
        by = require_user(request.user)
        return _answer(apply_priorities(campaign, table_id, order=form.validated_data["order"], by=by))


class PrioritiesUndoView(APIView):
    @extend_schema(
        operation_id="campaign_priorities_undo", request=None,
        responses={
            200: PriorityTableSerializer,
            202: OpenApiResponse(PriorityTableSerializer, description="More than 2,000 tasks: its job does it."),
        },
    )  # fmt: skip
    def post(self, request: Request, slug: str, table_id: UUID) -> Response:
        """Give the tasks back the priorities that they had before this table. Harmless to repeat."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return _answer(undo_priorities(campaign, table_id, by=require_user(request.user)))


class AsidePages(CursorPagination):
    page_size = 100
    ordering = ("number",)


class LinesAsideView(ListAPIView[LineAside]):
    serializer_class = LineAsideSerializer
    pagination_class = AsidePages
    queryset = LineAside.objects.none()

    def get_queryset(self) -> Any:
        campaign = get_campaign_for(self.request.user, self.kwargs["slug"], "manage")
        return LineAside.objects.filter(table=get_table(campaign, self.kwargs["table_id"]))

    @extend_schema(operation_id="campaign_priorities_aside")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The lines that were laid aside, by number, each with its reason."""
        return super().get(request, *args, **kwargs)


class LinesAsideCsvView(APIView):
    content_negotiation_class = OneForm  # it is CSV, whatever a client accepts

    @extend_schema(
        operation_id="campaign_priorities_aside_csv", responses={(200, "text/csv"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, slug: str, table_id: UUID) -> StreamingHttpResponse:
        """The lines that were laid aside, as a table that can be mended and brought again."""
        campaign = get_campaign_for(request.user, slug, "manage")
        table = get_table(campaign, table_id)
        rows = LineAside.objects.filter(table=table).order_by("number").iterator(chunk_size=2000)
        lines = ((row.said, row.value, row.number, row.get_reason_display()) for row in rows)
        return _csv(["id", "priority", "line", "reason"], lines, f"{slug}-aside.csv")


class PrioritiesCsvView(APIView):
    content_negotiation_class = OneForm

    @extend_schema(operation_id="campaign_priorities_csv", responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """Every task with its priority as it is now, in the order of the queue: a table to change and bring back."""
        campaign = get_campaign_for(request.user, slug, "manage")
        rows = Task.objects.filter(campaign=campaign).order_by("position")
        walk = rows.values_list("pk", "canvas", "canvas__uri", "priority").iterator(chunk_size=5000)
        return _csv(["task", "canvas", "address", "priority"], walk, f"{slug}-priorities.csv")


def _csv(head: list[str], rows: Any, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(head: list[str], rows: Any) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    text.write("\ufeff")
    writer.writerow(head)
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
        if text.tell() > 1 << 16:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
