"""Runs of models over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.predictors import create_predictor, start_run
from campaigns.api.outcomes.serializers.predictions import RunRequest, RunSerializer
from campaigns.models import PredictionRun
from campaigns.permissions import get_campaign_for


class RunsView(APIView):
    @extend_schema(operation_id="run_list", responses=RunSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The runs of models over this campaign's canvases, newest first."""
        campaign = get_campaign_for(request.user, slug, "manage")
        runs = PredictionRun.objects.of(campaign).select_related("predictor", "job")
        return Response(RunSerializer(runs[:100], many=True).data)

    @extend_schema(operation_id="run_create", request=RunRequest, responses={202: RunSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Set a model up and run it over every canvas of the campaign; the job tells how it goes."""
        campaign = get_campaign_for(request.user, slug, "manage")
        by = require_user(request.user)
        form = RunRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        predictor = create_predictor(
            campaign,
            kind=data["kind"],
            name=data["name"],
            version=data["version"],
            configuration=data["configuration"],
            by=by,
        )
        label_map = {label: str(concept) for label, concept in data["label_map"].items()}
        run = start_run(predictor, label_map=label_map, by=by)
        return Response(RunSerializer(run).data, status=202)
