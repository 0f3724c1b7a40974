"""Many tasks decided by one action over REST: foreseen, started, followed, taken back."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from annotation.geometry import Box
from annotation.queries import crop_url
from campaigns.actions.bulk import VERDICTS, bulk_of, foresee, start_bulk, undo_bulk
from campaigns.api import shown
from campaigns.api.serializers.values import BoxField, FiniteFloatField, PredictedConceptSerializer
from campaigns.models import BulkReview, ConsensusItem
from campaigns.permissions import get_campaign_for
from campaigns.sifting import Sieve
from taxonomy.queries import labels_in
from work.api.serializers import JobStateSerializer

MOST_SHOWN = 50


class SieveSerializer(serializers.Serializer[object]):
    """What every merged item of a task must be like; what is left out or null does not matter."""

    concept = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Labelled with it, or with one below it."
    )
    support = FiniteFloatField(
        required=False, allow_null=True, default=None, min_value=0, max_value=1,
        help_text="Given by at least this share of those who saw it.",
    )  # fmt: skip
    disagreement = FiniteFloatField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=1,
        help_text="No more than this.",
    )
    participant = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="An answer of theirs went in."
    )


class BulkPreviewRequest(serializers.Serializer[object]):
    verdict = serializers.ChoiceField(choices=VERDICTS, required=False, default="accepted")
    wanted = SieveSerializer(required=False)


class BulkRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client: the same request again changes nothing.")
    verdict = serializers.ChoiceField(choices=VERDICTS, help_text="`corrected` gives another label.")
    concept = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="That label.")
    wanted = SieveSerializer(required=False)
    reason = serializers.CharField(max_length=2000, help_text="It stands with every decision.")


class BulkSampleSerializer(serializers.Serializer[object]):
    item = serializers.UUIDField()
    task = serializers.UUIDField()
    box = BoxField(allow_null=True)
    crop = serializers.CharField()
    concepts = PredictedConceptSerializer(many=True)
    support = serializers.IntegerField()
    seen = serializers.IntegerField()


class BulkForeseenSerializer(serializers.Serializer[object]):
    tasks = serializers.IntegerField(help_text="So many would be decided.")
    items = serializers.IntegerField(help_text="Merged items in them.")
    mixed = serializers.IntegerField(
        help_text="Tasks that have such items beside others: left to be looked at."
    )
    sample = BulkSampleSerializer(many=True)


class BulkReviewSerializer(serializers.ModelSerializer[BulkReview]):
    by = serializers.CharField(source="by.public_name", allow_null=True, default=None)
    job = JobStateSerializer(read_only=True, allow_null=True)
    undo_job = JobStateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = BulkReview
        fields = [
            "id", "verdict", "concept", "wanted", "reason", "foreseen", "decided", "by", "at", "job",
            "undone_at", "taken_back", "kept", "undo_job",
        ]  # fmt: skip


def sample_as_json(items: list[ConsensusItem]) -> list[dict[str, Any]]:
    """Each item with its picture and labels; one query."""
    named = {link.concept_id for item in items for link in item.annotation.concept_links.all()}
    labels = labels_in(named, shown.reader_language())
    return [
        {
            "item": item.pk,
            "task": item.consensus.task_id,
            "box": item.annotation.box,
            "crop": _crop(item),
            "concepts": [
                {"id": link.concept_id, "label": labels.get(link.concept_id, "?")}
                for link in item.annotation.concept_links.all()
            ],
            "support": item.support,
            "seen": item.seen,
        }
        for item in items
    ]


def _crop(item: ConsensusItem) -> str:
    annotation = item.annotation
    if annotation.canvas is None:
        return ""
    return crop_url(annotation.canvas, Box(*annotation.box) if annotation.box else None)


class BulkPreviewView(APIView):
    @extend_schema(operation_id="bulk_foresee", request=BulkPreviewRequest, responses=BulkForeseenSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """How many tasks an action would decide, and some of their items; nothing is changed."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = BulkPreviewRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        sieve = Sieve(**data.get("wanted", {}))
        found = foresee(campaign, sieve, data["verdict"], by=require_user(request.user))
        value = {
            "tasks": found.tasks,
            "items": found.items,
            "mixed": found.mixed,
            "sample": sample_as_json(found.sample),
        }
        return Response(BulkForeseenSerializer(value).data)


class BulkReviewsView(APIView):
    @extend_schema(operation_id="bulk_list", responses=BulkReviewSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The latest actions on many tasks, newest first; at most 50."""
        campaign = get_campaign_for(request.user, slug, "review")
        rows = campaign.bulk_reviews.select_related("job", "undo_job", "by")[:MOST_SHOWN]
        return Response(BulkReviewSerializer(rows, many=True).data)

    @extend_schema(operation_id="bulk_start", request=BulkRequest, responses={202: BulkReviewSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Accept, reject or relabel all tasks whose items are such; its job tells how far it is."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = BulkRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        bulk = start_bulk(
            campaign,
            Sieve(**data.get("wanted", {})),
            request=data["id"],
            verdict=data["verdict"],
            concept=data["concept"],
            reason=data["reason"],
            by=require_user(request.user),
        )
        return Response(BulkReviewSerializer(bulk).data, status=202)


class BulkReviewView(APIView):
    @extend_schema(operation_id="bulk_retrieve", responses=BulkReviewSerializer)
    def get(self, request: Request, slug: str, bulk_id: UUID) -> Response:
        """One action: how far it is, and what was taken back."""
        campaign = get_campaign_for(request.user, slug, "review")
        return Response(BulkReviewSerializer(bulk_of(campaign, bulk_id)).data)

    @extend_schema(operation_id="bulk_undo", request=None, responses={202: BulkReviewSerializer})
    def delete(self, request: Request, slug: str, bulk_id: UUID) -> Response:
        """Take the action back as a whole; what was decided anew since stays, and is counted."""
        campaign = get_campaign_for(request.user, slug, "review")
        bulk = undo_bulk(campaign, bulk_id, by=require_user(request.user))
        return Response(BulkReviewSerializer(bulk).data, status=202)
