"""Predictions, figures, decisions and releases over REST: shape only; writing means calling an action."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from annotation.api.negotiation import OneForm
from campaigns.actions.clusters import Part
from campaigns.actions.consensus import request_consensus
from campaigns.actions.predictors import create_predictor, start_run
from campaigns.actions.releases import manifest_of, start_release
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.sweeping import accept_agreeing
from campaigns.actions.undoing import take_back
from campaigns.api.outcomes.downloads import file_response
from campaigns.api.outcomes.review import next_review, one_review
from campaigns.api.outcomes.serializers.decisions import (
    AcceptedSerializer,
    AcceptRequest,
    DecidedSerializer,
    DecisionRequest,
)
from campaigns.api.outcomes.serializers.figures import FiguresQuery, FiguresSerializer, ForecastSerializer
from campaigns.api.outcomes.serializers.predictions import RunRequest, RunSerializer
from campaigns.api.outcomes.serializers.releases import ReleaseRequest, ReleaseSerializer
from campaigns.api.outcomes.serializers.review import ReviewQuery, ReviewSerializer
from campaigns.arms import arms_of
from campaigns.figures import agreement_of, states_of
from campaigns.forecast import forecast_of
from campaigns.grouped import get_grouping
from campaigns.models import PredictionRun, Release, ReleaseFile
from campaigns.permissions import get_campaign_for, get_release_for, visible_releases
from campaigns.quality.texts import Text
from campaigns.questions.places import as_points
from campaigns.reviewing import review_queue
from campaigns.second_looks import between_reviewers_of, said_before
from work.api.serializers import JobSerializer


def listed_releases(releases: QuerySet[Release]) -> QuerySet[Release]:
    """With what a list shows of each, in three queries."""
    rows = releases.select_related("campaign", "job").order_by("-created_at")
    return rows.prefetch_related(Prefetch("files", ReleaseFile.objects.order_by("name")))


class ReviewNextView(APIView):
    @extend_schema(
        operation_id="review_next",
        parameters=[
            OpenApiParameter("skip", int, description="How many of the waiting tasks to leave out."),
            OpenApiParameter("task", UUID, description="This task instead, also when it is decided."),
        ],
        responses=ReviewSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The task most worth deciding by somebody who did not answer it, with all answers."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = ReviewQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        wish: Any = form.validated_data
        task = wish["task"]
        by = require_user(request.user)
        found = one_review(campaign, task, by=by) if task else next_review(campaign, by=by, skip=wish["skip"])
        return Response(ReviewSerializer(found).data)


class DecisionsView(APIView):
    @extend_schema(
        operation_id="decide",
        request=DecisionRequest,
        responses={201: DecidedSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Decide on every item of a task; what is accepted, corrected or added becomes ground truth."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = DecisionRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        judgements = [
            Judgement(
                verdict=item["verdict"],
                item=item["id"],
                box=tuple(item["box"]) if item["box"] else None,
                points=as_points(item["points"]),
                concepts=tuple(item["concepts"]),
                text=Text(**item["text"]) if item["text"] else None,
                step=item["step"],
                reason=item["reason"],
                merges=tuple(item["merges"]),
                parts=tuple(_part(part) for part in item["parts"]),
            )
            for item in data["items"]
        ]
        by = require_user(request.user)
        task = decide(
            campaign,
            data["task"],
            judgements,
            request=data["id"],
            by=by,
            supersede=data["supersede"],
        )
        answer = {
            "id": data["id"],
            "task": task.pk,
            "decided_at": task.decided_at,
            "looks": said_before(campaign, task, by=by),
            "remaining": review_queue(campaign, by=by).count(),
        }
        return Response(DecidedSerializer(answer).data, status=201)


class DecisionView(APIView):
    @extend_schema(operation_id="take_back", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, request_id: UUID) -> Response:
        """Take a decision back by the id of its request: the task waits again, and the decision stays on record."""
        campaign = get_campaign_for(request.user, slug, "review")
        take_back(campaign, request_id, by=require_user(request.user))
        return Response(status=204)


def _part(given: dict[str, Any]) -> Part:
    box = tuple(given["box"]) if given["box"] else None
    return Part(members=tuple(given["members"]), box=box, concepts=tuple(given["concepts"]))


class AcceptAgreeingView(APIView):
    @extend_schema(
        operation_id="accept_agreeing",
        request=AcceptRequest,
        responses=AcceptedSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Accept the merged answer of every waiting task that is as good as undisputed."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = AcceptRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        by = require_user(request.user)
        accepted = accept_agreeing(campaign, at_most=data["at_most"], by=by)
        return Response({"accepted": accepted, "remaining": review_queue(campaign, by=by).count()})


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


class ReleasesView(ListAPIView[Release]):
    """The releases that one may see, newest first."""

    serializer_class = ReleaseSerializer

    def get_queryset(self) -> Any:
        return listed_releases(visible_releases(self.request.user))


class ReleaseView(APIView):
    @extend_schema(operation_id="release_retrieve", responses=ReleaseSerializer)
    def get(self, request: Request, release_id: UUID) -> Response:
        """One release with its files and their checksums."""
        return Response(ReleaseSerializer(get_release_for(request.user, release_id)).data)


class ReleaseManifestView(APIView):
    @extend_schema(operation_id="release_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, release_id: UUID) -> Response:
        """The release's own description: counts, hashes, rights, provenance."""
        return Response(manifest_of(get_release_for(request.user, release_id)))


class ReleaseFileView(APIView):
    content_negotiation_class = OneForm  # whatever a client accepts, the file is what it is

    @extend_schema(
        operation_id="release_file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, release_id: UUID, name: str) -> HttpResponseBase:
        """Download one file, or a range of its bytes; its ETag is its SHA-256."""
        return file_response(get_release_for(request.user, release_id), name, headers=request.headers)


class CampaignReleasesView(ListAPIView[Release]):
    serializer_class = ReleaseSerializer

    def get_queryset(self) -> Any:
        campaign = get_campaign_for(self.request.user, self.kwargs["slug"], "view")
        return listed_releases(visible_releases(self.request.user).filter(campaign=campaign))

    @extend_schema(operation_id="campaign_release_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The releases of a campaign that one may see, newest first."""
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="release_create",
        request=ReleaseRequest,
        responses={202: ReleaseSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Release the ground truth as it stands now under the next number."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = ReleaseRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        release = start_release(
            campaign,
            note=data["note"],
            rights=data["rights"] or campaign.rights,
            is_public=campaign.is_public if data["is_public"] is None else data["is_public"],
            grouping=get_grouping(campaign.vocabulary, data["grouping"]) if data["grouping"] else None,
            by=require_user(request.user),
        )
        return Response(ReleaseSerializer(release).data, status=202)
