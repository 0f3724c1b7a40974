"""Consensus and figures of a campaign over REST: answers are merged, agreement is told, and when it will be done."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.consensus import request_consensus
from campaigns.api.outcomes.serializers.figures import FiguresQuery, FiguresSerializer, ForecastSerializer
from campaigns.arms import arms_of
from campaigns.figures import agreement_of, states_of
from campaigns.forecast import forecast_of
from campaigns.grouped import get_grouping
from campaigns.permissions import get_campaign_for
from campaigns.second_looks import between_reviewers_of
from work.api.serializers import JobSerializer


class ConsensusView(APIView):
    @extend_schema(operation_id="consensus_request", request=None, responses={202: JobSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Merge the answers of every task that enough people have seen."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response(
            JobSerializer(request_consensus(campaign, by=require_user(request.user))).data, status=202
        )


class FiguresView(APIView):
    @extend_schema(
        operation_id="figures",
        parameters=[
            OpenApiParameter("grouping", UUID, description="A grouping under whose classes to compare.")
        ],
        responses=FiguresSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Agreement between people, and how far the campaign is."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = FiguresQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        wish: Any = form.validated_data
        grouping = get_grouping(campaign.vocabulary, wish["grouping"]) if wish["grouping"] else None
        figures = agreement_of(campaign, grouping)
        value = {**figures.as_json(), "states": states_of(campaign), "arms": arms_of(campaign)}
        value["reviewers"] = between_reviewers_of(campaign) if campaign.reviews > 1 else None
        return Response(FiguresSerializer(value).data)


class ForecastView(APIView):
    @extend_schema(operation_id="forecast", responses=ForecastSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """When the campaign will be done at the pace of the recent days, and how that stands to its target."""
        campaign = get_campaign_for(request.user, slug, "review")
        return Response(ForecastSerializer(forecast_of(campaign)).data)
