"""The report of agreement over REST, whole and table by table."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.negotiation import OneForm
from campaigns.agreement_report import agreement_report
from campaigns.agreement_tables import TABLES, agreement_csv
from campaigns.api.outcomes.serializers import FiguresQuery
from campaigns.api.shown import reader_language
from campaigns.grouped import get_grouping
from campaigns.permissions import get_campaign_for

GROUPING = OpenApiParameter("grouping", UUID, description="A grouping under whose classes to compare.")


def _report(request: Request, slug: str) -> dict[str, Any]:
    campaign = get_campaign_for(request.user, slug, "review")
    form = FiguresQuery(data=request.query_params)
    form.is_valid(raise_exception=True)
    asked: Any = form.validated_data["grouping"]
    grouping = get_grouping(campaign.vocabulary, asked) if asked else None
    return agreement_report(campaign, reader_language(), grouping)


class AgreementView(APIView):
    @extend_schema(operation_id="agreement", parameters=[GROUPING], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        """How well people agree, taken apart: by concept, person, pair, page and month, with methods and versions."""
        return Response(_report(request, slug))


class AgreementTableView(APIView):
    content_negotiation_class = OneForm  # a table is CSV, whatever a client accepts

    @extend_schema(
        operation_id="agreement_table",
        parameters=[GROUPING, OpenApiParameter("table", str, OpenApiParameter.PATH, enum=list(TABLES))],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, slug: str, table: str) -> HttpResponse:
        """One table of it as CSV."""
        return csv_response(_report(request, slug), table)


def csv_response(report: dict[str, Any], table: str) -> HttpResponse:
    """A table of a report as a file to keep."""
    response = HttpResponse(agreement_csv(report, table), content_type="text/csv; charset=utf-8")
    file = f"{report['campaign']}-agreement-{table}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file) or ""
    return response
