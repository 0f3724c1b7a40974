"""Tasks from a question to the database: how many it finds and what they look like, then make them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from annotation.models import Canvas
from campaigns.actions.choosing import choose_tasks, refuse_unknown
from campaigns.api.serializers.values import BoxField, FiniteFloatField, IIIFLanguageMap
from campaigns.api.shown import crop
from campaigns.choosing import Wanted, count_wanted, places_wanted
from campaigns.models import Campaign, TaskChoice
from campaigns.permissions import get_campaign_for
from work.api.serializers import JobSerializer

SAMPLE = 12


def _keys(most: int, said: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=most, help_text=said
    )


def _size(said: str) -> FiniteFloatField:
    return FiniteFloatField(required=False, min_value=0, help_text=said)


class SaidRequest(serializers.Serializer[object]):
    layer = serializers.UUIDField()
    concept = serializers.UUIDField(
        required=False, allow_null=True, help_text="This one or one below it; without, any annotation."
    )


class WantedRequest(serializers.Serializer[object]):
    """What is asked for; what is left out does not narrow it down."""

    of = serializers.ChoiceField(choices=["canvases", "regions", "predictions"])
    manifests = _keys(20_000, "Canvases of these; with `collections`, of either.")
    collections = _keys(100, "Canvases of what these collections, which you follow, have brought in.")
    text = serializers.CharField(
        required=False, allow_blank=True, max_length=200,
        help_text="Stands in the label of the canvas, or in the label or the metadata of its manifest.",
    )  # fmt: skip
    has = SaidRequest(required=False, allow_null=True, help_text="Canvases of which a layer says this.")
    lacks = SaidRequest(required=False, allow_null=True, help_text="Canvases of which a layer does not.")
    least_width = _size("Of the canvas, in its own units.")
    least_height = _size("Of the canvas.")
    most_width = _size("Of the canvas.")
    most_height = _size("Of the canvas.")
    layers = _keys(100, "Regions: the boxes of these layers.")
    concepts = _keys(1000, "Regions and predictions: that name one of these, or one below.")
    run = serializers.UUIDField(required=False, help_text="Predictions: of this run.")
    least_confidence = FiniteFloatField(required=False, min_value=0, max_value=1)
    most_confidence = FiniteFloatField(required=False, min_value=0, max_value=1)
    priority = FiniteFloatField(
        required=False, help_text="Of the tasks, for the order `priority`: the highest come first."
    )
    priority_by = serializers.ChoiceField(
        choices=["confidence", "doubt"], required=False,
        help_text="Predictions: the priority is their confidence, or 1 less their confidence.",
    )  # fmt: skip


class FoundPlaceSerializer(serializers.Serializer[object]):
    canvas = serializers.UUIDField()
    label = IIIFLanguageMap()  # type: ignore[assignment]
    region = BoxField(allow_null=True)
    crop = serializers.CharField(help_text="Address of its picture.")
    priority = serializers.FloatField(allow_null=True)


class ChoicePreviewSerializer(serializers.Serializer[object]):
    count = serializers.IntegerField(help_text="How many there are, those included that are tasks already.")
    sample = FoundPlaceSerializer(many=True, help_text="The first twelve.")


class TaskChoiceSerializer(serializers.ModelSerializer[TaskChoice]):
    job = JobSerializer(allow_null=True, read_only=True)
    query = serializers.SerializerMethodField()

    class Meta:
        model = TaskChoice
        fields = ["id", "query", "added", "created_at", "finished_at", "job"]

    @extend_schema_field(WantedRequest)
    def get_query(self, choice: TaskChoice) -> Any:
        return choice.query


def _asked(request: Request, slug: str) -> tuple[Campaign, dict[str, Any]]:
    campaign = get_campaign_for(request.user, slug, "manage")
    form = WantedRequest(data=request.data)
    form.is_valid(raise_exception=True)
    return campaign, dict(form.validated_data)


class ChoicesView(APIView):
    @extend_schema(operation_id="campaign_choices", responses=TaskChoiceSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """What has been chosen by a query, the newest first; at most 100."""
        campaign = get_campaign_for(request.user, slug, "manage")
        rows = campaign.choices.select_related("job")[:100]
        return Response(TaskChoiceSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="campaign_choose",
        request=WantedRequest,
        responses={
            201: TaskChoiceSerializer,
            202: OpenApiResponse(TaskChoiceSerializer, description="More than 2,000: its job makes them."),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Append a task for each place that is found and is none yet."""
        campaign, query = _asked(request, slug)
        choice = choose_tasks(campaign, query, by=require_user(request.user))
        return Response(TaskChoiceSerializer(choice).data, status=202 if choice.job_id else 201)


class ChoicePreviewView(APIView):
    @extend_schema(
        operation_id="campaign_choice_preview", request=WantedRequest, responses=ChoicePreviewSerializer
    )
    def post(self, request: Request, slug: str) -> Response:
        """How many places are found, and the first of them; nothing is changed."""
        campaign, query = _asked(request, slug)
        by, wanted = require_user(request.user), Wanted.read(query)
        refuse_unknown(wanted, campaign, by)
        return Response(preview(campaign, wanted, by))


def preview(campaign: Campaign, wanted: Wanted, by: Any) -> dict[str, Any]:
    """The count and a sample with pictures; three queries."""
    places = list(places_wanted(wanted, campaign, by, most=SAMPLE))
    canvases: dict[UUID, Canvas] = Canvas.objects.in_bulk({place.canvas for place in places})
    return {
        "count": count_wanted(wanted, campaign, by),
        "sample": [
            {
                "canvas": place.canvas,
                "label": canvases[place.canvas].label,
                "region": place.region,
                "crop": crop(canvases[place.canvas], place.region),
                "priority": place.priority,
            }
            for place in places
        ],
    }
