"""The tables by which a campaign is watched, over REST: which there are, one page by page, one as a CSV file."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from annotation.api.negotiation import OneForm
from campaigns.api.shown import reader_language
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from campaigns.statistics import TABLES, Kind, Table
from campaigns.statistics.reading import as_csv, find_table, read_part
from problems import Missing
from problems.api import whole_number

A_PAGE, MOST = 100, 500


class ColumnSerializer(serializers.Serializer[object]):
    name = serializers.CharField(help_text="The key in rows, and the heading in the CSV file.")
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in Kind],
        help_text="Shares are 0 to 1, days ISO dates, texts a list of sentences.",
    )
    label = serializers.CharField(help_text="For people, in the language of the request.")  # type: ignore[assignment]


class TableSerializer(serializers.Serializer[object]):
    """A table of statistics, without its rows."""

    name = serializers.CharField()
    title = serializers.CharField()
    says = serializers.CharField(help_text="What it tells, in a sentence.")
    columns = ColumnSerializer(many=True)


class TablePageSerializer(TableSerializer):
    """Some rows of a table, each an object with the names of the columns as keys; any value may be null."""

    count = serializers.IntegerField(help_text="How many rows there are in all.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=serializers.DictField())


class StatisticsView(APIView):
    @extend_schema(operation_id="statistics_list", responses=TableSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The tables by which the campaign is watched, with their columns."""
        get_campaign_for(request.user, slug, "review")
        return Response(TableSerializer(list(TABLES.values()), many=True).data)


class StatisticsTableView(APIView):
    @extend_schema(
        operation_id="statistics_table",
        parameters=[
            OpenApiParameter("page", int, description="From 1."),
            OpenApiParameter(
                "page_size", int, description=f"Rows a page, {A_PAGE} unless said, at most {MOST}."
            ),
        ],
        responses=TablePageSerializer,
    )
    def get(self, request: Request, slug: str, table: str) -> Response:
        """One table, computed at this moment, page by page."""
        campaign = get_campaign_for(request.user, slug, "review")
        found = find_table(table)
        asked = request.query_params
        size = whole_number(asked, "page_size", default=A_PAGE, least=1, most=MOST)
        page = whole_number(asked, "page", default=1, least=1, most=10_000_000)
        part = read_part(found, campaign, reader_language(), limit=size, offset=(page - 1) * size)
        if part.total is None:
            raise Missing(_("The table has no such page."))
        return Response(
            {
                **TableSerializer(found).data,
                "count": part.total,
                "next": _page_at(request, page + 1) if page * size < part.total else None,
                "previous": _page_at(request, page - 1) if page > 1 else None,
                "results": [_named(found, row) for row in part.rows],
            }
        )


def _page_at(request: Request, page: int) -> str:
    return replace_query_param(request.build_absolute_uri(), "page", page)


def _named(table: Table, row: Any) -> dict[str, Any]:
    return {column.name: value for column, value in zip(table.columns, row, strict=True)}


class StatisticsFileView(APIView):
    content_negotiation_class = OneForm  # a table is CSV, whatever a client accepts

    @extend_schema(operation_id="statistics_file", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str, table: str) -> StreamingHttpResponse:
        """One table as a CSV file, written as it is read from the database."""
        campaign = get_campaign_for(request.user, slug, "review")
        return csv_response(campaign, find_table(table))


def csv_response(campaign: Campaign, table: Table) -> StreamingHttpResponse:
    """A table as a file to keep."""
    response = StreamingHttpResponse(
        as_csv(table, campaign, reader_language()), content_type="text/csv; charset=utf-8"
    )
    file = f"{campaign.slug}-{table.name}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file) or ""
    response["Cache-Control"] = "private, no-store"
    return response
