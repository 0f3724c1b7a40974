"""Campaigns over REST for those who run them: make, configure, fill, open, pause, close, who took part."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import require_curator, require_user
from campaigns.actions import (
    Wanted,
    archive_campaign,
    choose_canvases,
    choose_layers,
    choose_tasks,
    close_campaign,
    configure_campaign,
    create_campaign,
    open_campaign,
    pause_campaign,
    restore_campaign,
    start_pilot,
)
from campaigns.actions.choosing import is_large
from campaigns.actions.pairing import choose_listed, choose_pairs
from campaigns.actions.tasks import refuse_judging, refuse_whole
from campaigns.api import shown
from campaigns.api.serializers.campaigns import CampaignSummarySerializer
from campaigns.api.serializers.choosing import CanvasesAddedSerializer, CanvasesRequest
from campaigns.api.serializers.people import ParticipantSerializer
from campaigns.api.serializers.settings import CampaignSettingsSerializer, ConfigureRequest, CreateRequest
from campaigns.api.serializers.tasks import PreviewSerializer
from campaigns.judged import said_about
from campaigns.models import Campaign, Participant, PredictionRun, Task, TaskChoice
from campaigns.obstacles import obstacles_to_opening
from campaigns.permissions import get_campaign_for, in_lists, visible_campaigns
from campaigns.portrait import portrait_of
from campaigns.queries import get_participant, neighbours_of, participants_of, shown_tasks, totals_of
from campaigns.skills import skills_of
from problems import Invalid, Malformed
from taxonomy.models import Concept
from taxonomy.permissions import get_vocabulary_for


def settings_from(data: dict[str, Any], request: Request) -> dict[str, Any]:
    """The settings as the actions take them: what is named by slug or id is fetched through its gate."""
    settings = dict(data)
    if "vocabulary" in settings:
        settings["vocabulary"] = get_vocabulary_for(request.user, settings["vocabulary"], "view")
    runs = PredictionRun.objects.filter(predictor__assists=False)
    for name, rows in (("branch", Concept.objects.all()), ("shown_run", runs), ("order_run", runs)):
        if settings.get(name) is not None:
            settings[name] = rows.filter(pk=settings[name]).first()
            if settings[name] is None:
                raise Invalid("There is nothing with this id.", pointer=f"/{name}", code="unknown-id")
    return settings


def configure(request: Request, slug: str) -> Response:
    """Change settings of a campaign that the caller runs."""
    campaign = get_campaign_for(request.user, slug, "manage")
    form = ConfigureRequest(data=request.data)
    form.is_valid(raise_exception=True)
    changed = configure_campaign(
        campaign, settings_from(form.validated_data, request), by=require_user(request.user)
    )
    return Response(CampaignSettingsSerializer(changed).data)


class CampaignsView(ListAPIView[Any]):
    serializer_class = CampaignSummarySerializer

    def get_queryset(self) -> Any:
        return in_lists(
            visible_campaigns(self.request.user), archived=self.request.GET.get("archived") == "true"
        )

    @extend_schema(
        operation_id="campaign_list",
        parameters=[OpenApiParameter("archived", bool, description="Those that have been put away instead.")],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The campaigns that the caller may see, newest first."""
        page: Any = self.paginate_queryset(self.get_queryset())
        totals = totals_of(page)
        for campaign in page:
            campaign.progress = totals[campaign.pk]
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="campaign_create",
        request=CreateRequest,
        responses={201: CampaignSettingsSerializer},
    )
    def post(self, request: Request) -> Response:
        """A new draft."""
        by = require_curator(request.user)
        form = CreateRequest(data=request.data)
        form.is_valid(raise_exception=True)
        campaign = create_campaign(by=by, **settings_from(form.validated_data, request))
        return Response(CampaignSettingsSerializer(campaign).data, status=201)


class _StepView(APIView):
    """One step of the life cycle."""

    step: Callable[..., Campaign]

    def take(self, request: Request, slug: str) -> Response:
        campaign = get_campaign_for(request.user, slug, "manage")
        changed = type(self).step(campaign, by=require_user(request.user))
        return Response(CampaignSettingsSerializer(changed).data)


class OpenView(_StepView):
    step = staticmethod(open_campaign)

    @extend_schema(operation_id="campaign_open", request=None, responses=CampaignSettingsSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Let volunteers in: a draft, a paused or a closed campaign. 409 lists what is missing."""
        return self.take(request, slug)


class PauseView(_StepView):
    step = staticmethod(pause_campaign)

    @extend_schema(operation_id="campaign_pause", request=None, responses=CampaignSettingsSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Give out no more tasks for a while."""
        return self.take(request, slug)


class CloseView(_StepView):
    step = staticmethod(close_campaign)

    @extend_schema(operation_id="campaign_close", request=None, responses=CampaignSettingsSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """End the campaign."""
        return self.take(request, slug)


class PilotView(_StepView):
    step = staticmethod(start_pilot)

    @extend_schema(operation_id="campaign_pilot", request=None, responses=CampaignSettingsSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Let volunteers in on the first `pilot_size` tasks; `open` then goes on with all."""
        return self.take(request, slug)


class ArchiveView(_StepView):
    step = staticmethod(archive_campaign)

    @extend_schema(operation_id="campaign_archive", request=None, responses=CampaignSettingsSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Put it away: out of the lists, and only read from now on."""
        return self.take(request, slug)


class RestoreView(_StepView):
    step = staticmethod(restore_campaign)

    @extend_schema(operation_id="campaign_restore", request=None, responses=CampaignSettingsSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Bring an archived campaign back."""
        return self.take(request, slug)


def _pairs(campaign: Campaign, pairs: dict[str, Any], layers: list[UUID], *, by: User) -> Response:
    """Pairs of the regions of the layers, or those of a table."""
    if pairs["by"] == "table":
        listed = choose_listed(campaign, pairs.get("table", ""), by=by)
        faults = [fault._asdict() for fault in listed.faults]
        tasks = Task.objects.filter(campaign=campaign).count()
        return Response({"added": listed.added, "tasks": tasks, "faults": faults})
    return _choice(campaign, choose_pairs(campaign, {**pairs, "layers": layers}, by=by))


def _choice(campaign: Campaign, *choices: TaskChoice, added: int = 0) -> Response:
    """What choices have made, beside what was `added` otherwise, or the jobs that make it."""
    made = added + sum(choice.added for choice in choices)
    told = {"added": made, "tasks": Task.objects.filter(campaign=campaign).count()}
    jobs = [choice.job_id for choice in choices if choice.job_id]
    several = {"jobs": jobs} if len(jobs) > 1 else {}
    return Response({**told, "job": jobs[0], **several}, status=202) if jobs else Response(told)


class CanvasesView(APIView):
    @extend_schema(
        operation_id="campaign_canvases",
        request=CanvasesRequest,
        responses={
            200: CanvasesAddedSerializer,
            202: OpenApiResponse(CanvasesAddedSerializer, description="More than 2,000: a job makes them."),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Append tasks for canvases, for all canvases of manifests, or for the boxes of layers; none twice.

        Where annotations are judged, `layers` names theirs (of a prediction run too), and `concepts` and confidence
        tell which of them. Where regions are compared, `pairs` tells how pairs are made of those of `layers`.
        """
        campaign = get_campaign_for(request.user, slug, "manage")
        form = CanvasesRequest(data=request.data)
        form.is_valid(raise_exception=True)
        chosen: dict[str, Any] = dict(form.validated_data)
        by, layers = require_user(request.user), chosen.pop("layers", [])
        if pairs := chosen.pop("pairs", None):
            return _pairs(campaign, pairs, layers, by=by)
        if campaign.traits.pairs:
            raise Invalid(_("Say how pairs are made."), pointer="/pairs", code="required")
        wanted = Wanted(
            tuple(chosen.pop("concepts", ())),
            chosen.pop("min_confidence", None),
            chosen.pop("max_confidence", None),
        )
        judges = campaign.traits.judges
        if not chosen and (judges or layers):
            return _choice(campaign, choose_layers(campaign, by=by, layers=layers, wanted=wanted))
        if layers:  # nothing is made of them where the rest is refused
            refuse_judging(campaign)
            refuse_whole(campaign)
        choices = [choose_layers(campaign, by=by, layers=layers)] if layers else []
        many = {"of": "canvases", "manifests": chosen.get("manifests", [])}
        if set(chosen) == {"manifests"} and is_large(campaign, many, by=by):
            choices.append(choose_tasks(campaign, many, by=by))
            return _choice(campaign, *choices)
        return _choice(campaign, *choices, added=choose_canvases(campaign, by=by, **chosen))


class PreviewView(APIView):
    @extend_schema(
        operation_id="campaign_preview",
        parameters=[OpenApiParameter("position", int, description="Which task, from 0.")],
        responses=PreviewSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """A task as volunteers will see it, without a lease, and what is still missing."""
        campaign = get_campaign_for(request.user, slug, "manage")
        raw = request.query_params.get("position", "0")
        if not raw.isascii() or not raw.isdigit() or len(raw) > 9:
            raise Malformed(
                "`position` must be a whole number from 0.", pointer="/position", code="bad-position"
            )
        task = next(iter(shown_tasks(campaign)[int(raw) : int(raw) + 1]), None)
        run = campaign.shown_run_id
        said = said_about(campaign, [task], run, shown.reader_language())[task.pk] if task else []
        return Response(
            {
                "task": shown.task(task) if task else None,
                "predictions": shown.predictions(said, task.canvas) if task else [],
                "neighbours": neighbours_of(task) if task and campaign.traits.shows_neighbours else [],
                "obstacles": [fault.as_json() for fault in obstacles_to_opening(campaign)],
            }
        )


class ParticipantView(APIView):
    @extend_schema(operation_id="campaign_participant", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, participant_id: UUID) -> Response:
        """How one participant works: skill, confusion, habits with boxes, drift and speed, with intervals."""
        campaign = get_campaign_for(request.user, slug, "manage")
        participant = get_participant(campaign, participant_id)
        portrait = portrait_of(campaign, participant, shown.reader_language())
        return Response({"id": participant.pk, "pseudonym": participant.pseudonym, **portrait.as_json()})


class ParticipantsView(ListAPIView[Any]):
    serializer_class = ParticipantSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Participant.objects.none()
        self.campaign = get_campaign_for(self.request.user, self.kwargs["slug"], "manage")
        return participants_of(self.campaign)

    @extend_schema(operation_id="campaign_participants")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who took part, most contributions first, how reliable they are and what looks implausible."""
        page: Any = self.paginate_queryset(self.get_queryset())
        skills = skills_of(self.campaign, [row["id"] for row in page], shown.reader_language())
        rows = [{**row, "skill": skills[row["id"]]} for row in page]
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)
