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

from accounts.permissions import require_user
from annotation.api.negotiation import OneForm
from campaigns.actions.agreeing import request_agreement
from campaigns.agreement_stored import report_of
from campaigns.agreement_tables import TABLES, agreement_csv
from campaigns.agreement_units import with_all_units
from campaigns.api.outcomes.serializers.figures import FiguresQuery
from campaigns.api.shown import reader_language
from campaigns.grouped import get_grouping
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from taxonomy.models import Grouping
from work.api.serializers import JobSerializer

GROUPING = OpenApiParameter("grouping", UUID, description="A grouping under whose classes to compare.")

STEP = OpenApiParameter("step", str, description="Of a sequence: the step whose table is asked for.")


def _asked(request: Request, slug: str) -> tuple[Campaign, Grouping | None]:
    campaign = get_campaign_for(request.user, slug, "review")
    form = FiguresQuery(data=request.query_params)
    form.is_valid(raise_exception=True)
    asked: Any = form.validated_data["grouping"]
    grouping = get_grouping(campaign.vocabulary, asked) if asked else None
    return campaign, grouping


def _report(request: Request, slug: str) -> dict[str, Any]:
    _row, report = report_of(*_asked(request, slug), reader_language())
    return report


class AgreementView(APIView):
    @extend_schema(operation_id="agreement", parameters=[GROUPING], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str) -> Response:
        """How well people agree, taken apart: by concept, person, pair, page and month, with methods and versions.

        It is as it was computed last (`as_of`; `since`: how much has come in). `404` before anybody had it made.
        """
        return Response(_report(request, slug))

    @extend_schema(
        operation_id="agreement_make", parameters=[GROUPING], request=None, responses={202: JobSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Have the report made anew from the answers that count now; the one before stands until it is done."""
        campaign, grouping = _asked(request, slug)
        row = request_agreement(campaign, grouping, by=require_user(request.user))
        return Response(JobSerializer(row.job).data, status=202)


class AgreementTableView(APIView):
    content_negotiation_class = OneForm  # a table is CSV, whatever a client accepts

    @extend_schema(
        operation_id="agreement_table",
        parameters=[
            GROUPING,
            STEP,
            OpenApiParameter("table", str, OpenApiParameter.PATH, enum=list(TABLES)),
        ],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, slug: str, table: str) -> HttpResponse:
        """One table of it as CSV; of a sequence one of the tables of a step. `units` has every task of the campaign."""
        campaign, grouping = _asked(request, slug)
        row, report = report_of(campaign, grouping, reader_language())
        step = request.query_params.get("step", "")
        if table == "units":
            report = with_all_units(campaign, row, report, step)
        return csv_response(report, table, step)


def csv_response(report: dict[str, Any], table: str, step: str = "") -> HttpResponse:
    """A table of a report as a file to keep."""
    text = agreement_csv(report, table, step)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    file = "-".join(part for part in (report["campaign"], "agreement", step, table) if part) + ".csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file) or ""
    return response
