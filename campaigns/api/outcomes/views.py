"""Predictions, figures, decisions and releases over REST: shape only; writing means calling an action."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.consensus import request_consensus
from campaigns.actions.predictions import create_predictor, start_run
from campaigns.actions.releases import manifest_of, start_release
from campaigns.actions.review import Judgement, accept_agreeing, decide, review_queue
from campaigns.api.outcomes import serializers
from campaigns.api.outcomes.review import next_review
from campaigns.figures import agreement_of, states_of
from campaigns.models import PredictionRun, Release
from campaigns.permissions import get_campaign_for, get_release_for, visible_releases
from problems import Malformed, Missing
from work.api.serializers import JobSerializer


def file_response(release: Release, name: str) -> FileResponse:
    """One file of a release as a download; its SHA-256 travels as a strong ETag."""
    file = release.files.filter(name=name).first()
    if file is None:
        raise Missing("The release has no file of this name.")
    response = FileResponse(
        file.content.open("rb"), as_attachment=True, filename=file.name, content_type=file.media_type
    )
    response["ETag"] = f'"{file.sha256}"'
    response["Cache-Control"] = "public, max-age=31536000, immutable" if release.is_public else "private"
    return response


class ReviewNextView(APIView):
    @extend_schema(
        operation_id="review_next",
        parameters=[OpenApiParameter("skip", int, description="How many of the waiting tasks to leave out.")],
        responses=serializers.ReviewSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The most disputed task that waits for a decision, with everybody's answers."""
        campaign = get_campaign_for(request.user, slug, "review")
        raw = request.query_params.get("skip", "0")
        if not raw.isascii() or not raw.isdigit() or len(raw) > 7:
            raise Malformed("`skip` must be a whole number.", pointer="/skip")
        return Response(serializers.ReviewSerializer(next_review(campaign, skip=int(raw))).data)


class DecisionsView(APIView):
    @extend_schema(
        operation_id="decide",
        request=serializers.DecisionRequest,
        responses={201: serializers.DecidedSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Decide on every item of a task; what is accepted, corrected or added becomes ground truth."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = serializers.DecisionRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        judgements = [
            Judgement(
                verdict=item["verdict"],
                item=item["id"],
                box=tuple(item["box"]) if item["box"] else None,
                concepts=tuple(item["concepts"]),
                reason=item["reason"],
            )
            for item in data["items"]
        ]
        task = decide(campaign, data["task"], judgements, request=data["id"], by=require_user(request.user))
        answer = {
            "id": data["id"],
            "task": task.pk,
            "decided_at": task.decided_at,
            "remaining": review_queue(campaign).count(),
        }
        return Response(serializers.DecidedSerializer(answer).data, status=201)


class AcceptAgreeingView(APIView):
    @extend_schema(
        operation_id="accept_agreeing",
        request=serializers.AcceptRequest,
        responses=serializers.AcceptedSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Accept the merged answer of every waiting task that is as good as undisputed."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = serializers.AcceptRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        accepted = accept_agreeing(campaign, at_most=data["at_most"], by=require_user(request.user))
        return Response({"accepted": accepted, "remaining": review_queue(campaign).count()})


class ConsensusView(APIView):
    @extend_schema(operation_id="consensus_request", request=None, responses={202: JobSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Merge the answers of every task that enough people have seen."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response(
            JobSerializer(request_consensus(campaign, by=require_user(request.user))).data, status=202
        )


class FiguresView(APIView):
    @extend_schema(operation_id="figures", responses=serializers.FiguresSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Agreement between people, and how far the campaign is."""
        campaign = get_campaign_for(request.user, slug, "review")
        figures = agreement_of(campaign)
        value = {**figures.as_json(), "states": states_of(campaign)}
        return Response(serializers.FiguresSerializer(value).data)


class RunsView(APIView):
    @extend_schema(operation_id="run_list", responses=serializers.RunSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The runs of models over this campaign's canvases, newest first."""
        campaign = get_campaign_for(request.user, slug, "manage")
        runs = PredictionRun.objects.filter(predictor__campaign=campaign).select_related("predictor", "job")
        return Response(serializers.RunSerializer(runs[:100], many=True).data)

    @extend_schema(
        operation_id="run_create", request=serializers.RunRequest, responses={202: serializers.RunSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Set a model up and run it over every canvas of the campaign; the job tells how it goes."""
        campaign = get_campaign_for(request.user, slug, "manage")
        by = require_user(request.user)
        form = serializers.RunRequest(data=request.data)
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
        return Response(serializers.RunSerializer(run).data, status=202)


class ReleasesView(ListAPIView[Release]):
    serializer_class = serializers.ReleaseSerializer

    def get_queryset(self) -> Any:
        return visible_releases(self.request.user).select_related("campaign", "job").prefetch_related("files")


class ReleaseView(APIView):
    @extend_schema(operation_id="release_retrieve", responses=serializers.ReleaseSerializer)
    def get(self, request: Request, release_id: UUID) -> Response:
        """One release with its files and their checksums."""
        return Response(serializers.ReleaseSerializer(get_release_for(request.user, release_id)).data)


class ReleaseManifestView(APIView):
    @extend_schema(operation_id="release_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, release_id: UUID) -> Response:
        """The release's own description: counts, hashes, rights, provenance."""
        return Response(manifest_of(get_release_for(request.user, release_id)))


class ReleaseFileView(APIView):
    @extend_schema(
        operation_id="release_file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, release_id: UUID, name: str) -> FileResponse:
        """Download one file."""
        return file_response(get_release_for(request.user, release_id), name)


class CampaignReleasesView(APIView):
    @extend_schema(
        operation_id="release_create",
        request=serializers.ReleaseRequest,
        responses={202: serializers.ReleaseSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Release the ground truth as it stands now under the next number."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = serializers.ReleaseRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        release = start_release(
            campaign,
            note=data["note"],
            rights=data["rights"] or campaign.rights,
            is_public=data["is_public"],
            by=require_user(request.user),
        )
        return Response(serializers.ReleaseSerializer(release).data, status=202)
