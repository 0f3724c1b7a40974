"""All contributions of a campaign as a file: a row for each thing that somebody said."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from annotation.api.negotiation import OneForm
from campaigns.api.shown import reader_language
from campaigns.contribution_rows import as_csv, as_json_lines, rows_of
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for


class ContributionsCsvView(APIView):
    content_negotiation_class = OneForm  # it is CSV, whatever a client accepts

    @extend_schema(operation_id="contributions_csv", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """Every contribution as CSV, with how sure people were; written as it is read from the database."""
        campaign = get_campaign_for(request.user, slug, "manage")
        rows = as_csv(rows_of(campaign, reader_language()))
        return _file(campaign, rows, "csv", "text/csv; charset=utf-8")


class ContributionsLinesView(APIView):
    content_negotiation_class = OneForm

    @extend_schema(
        operation_id="contributions_lines", responses={(200, "application/jsonl"): OpenApiTypes.STR}
    )
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """Every contribution as JSON Lines, the same columns as keys; written as it is read from the database."""
        campaign = get_campaign_for(request.user, slug, "manage")
        rows = as_json_lines(rows_of(campaign, reader_language()))
        return _file(campaign, rows, "jsonl", "application/jsonl")


def _file(campaign: Campaign, parts: Iterator[bytes], suffix: str, media: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(parts, content_type=media)
    name = f"{campaign.slug}-contributions.{suffix}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
