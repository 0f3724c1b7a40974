"""The items of a concept as pictures over REST: listed, counted, and ruled on many at a time."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.bulk import VERDICTS
from campaigns.actions.sorting import MOST as MOST_RULED
from campaigns.actions.sorting import results_of, rule_on_items
from campaigns.api import shown
from campaigns.api.outcomes.wall import wall_of
from campaigns.api.serializers.values import BoxField, IIIFLanguageMap, PredictedConceptSerializer
from campaigns.crops import MOST, ORDERS, STATES, UNLABELLED, Asked, counts_of, page_of
from campaigns.permissions import get_campaign_for


class CropsQuery(serializers.Serializer[object]):
    concept = serializers.CharField(max_length=36)
    narrower = serializers.BooleanField(required=False, default=True)
    state = serializers.ChoiceField(choices=STATES, required=False, default="merged")
    order = serializers.ChoiceField(choices=ORDERS, required=False, default="outliers")
    cursor = serializers.CharField(required=False, default="", allow_blank=True, max_length=400)
    limit = serializers.IntegerField(required=False, default=60, min_value=1, max_value=MOST)

    def validate_concept(self, value: str) -> UUID | None:
        if value == UNLABELLED:
            return None
        found: UUID = serializers.UUIDField().run_validation(value)
        return found


class CropReasonSerializer(serializers.Serializer[object]):
    code = serializers.CharField()
    text = serializers.CharField(help_text="A sentence in the language of the request.")


class CropVoteSerializer(serializers.Serializer[object]):
    concept = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    count = serializers.IntegerField()


class CropItemSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Of the merged item, or of the decision that stands.")
    state = serializers.ChoiceField(choices=STATES)
    task = serializers.UUIDField()
    canvas = serializers.UUIDField()
    canvas_label = IIIFLanguageMap()
    box = BoxField(allow_null=True)
    crop = serializers.CharField()
    concepts = PredictedConceptSerializer(many=True)
    votes = CropVoteSerializer(many=True)
    support = serializers.IntegerField(help_text="How many said so.")
    seen = serializers.IntegerField()
    probability = serializers.FloatField()
    score = serializers.FloatField(help_text="How far it stands out among the others, 0 to 1.")
    reasons = CropReasonSerializer(many=True)
    verdict = serializers.CharField(allow_null=True, help_text="Of the decision, or of what you said before.")
    reason = serializers.CharField(allow_null=True)
    beside = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="Further items of its task of which you have said nothing: it is decided with them.",
    )
    own = serializers.BooleanField(help_text="You answered it yourself: somebody else decides.")


class CropWallSerializer(serializers.Serializer[object]):
    total = serializers.IntegerField(help_text="How many there are in all.")
    items = CropItemSerializer(many=True)
    cursor = serializers.CharField(allow_null=True, help_text="Leads to what follows; null at the end.")


class CropCountsSerializer(serializers.Serializer[object]):
    merged = serializers.IntegerField()
    decided = serializers.IntegerField()


class CropConceptSerializer(CropCountsSerializer):
    id = serializers.UUIDField(allow_null=True, help_text="Null: without a label, `concept=none`.")
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    depth = serializers.IntegerField()
    below = CropCountsSerializer(help_text="It and what is narrower.")


class SortRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client: the same request again changes nothing.")
    items = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_RULED,
        help_text="Merged items, or decisions that stand.",
    )  # fmt: skip
    verdict = serializers.ChoiceField(choices=VERDICTS, help_text="`corrected` gives another label.")
    concept = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="That label.")
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=2000, help_text="Required to reject."
    )


class SortResultSerializer(serializers.Serializer[object]):
    item = serializers.UUIDField()
    state = serializers.ChoiceField(
        choices=["decided", "kept", "spoken", "refused"],
        help_text="`kept` until the rest of its task is ruled on; `spoken`: another reviewer must say the same.",
    )
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)


class SortedSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Of the action; deleted under `decisions/bulk/` it is taken back.")
    decided = serializers.IntegerField(help_text="How many tasks are decided by it.")
    results = SortResultSerializer(many=True)


class CropsView(APIView):
    @extend_schema(
        operation_id="crops",
        parameters=[
            OpenApiParameter("concept", str, required=True, description="Its id; `none`: without a label."),
            OpenApiParameter("narrower", bool, description="With what is narrower; so it is unless said."),
            OpenApiParameter("state", str, enum=STATES),
            OpenApiParameter("order", str, enum=ORDERS, description="`outliers`: what stands out first."),
            OpenApiParameter("cursor", str, description="Of the answer before."),
            OpenApiParameter("limit", int, description=f"How many, at most {MOST}."),
        ],
        responses=CropWallSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The items of a concept as pictures, each with why it stands where it does."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = CropsQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        asked = Asked(data["concept"], data["narrower"], data["state"], data["order"])
        page = page_of(campaign, asked, cursor=data["cursor"], limit=data["limit"])
        items = wall_of(page.shown, asked.state, by=require_user(request.user))
        value = {"total": page.total, "items": items, "cursor": page.cursor}
        return Response(CropWallSerializer(value).data)


class CropConceptsView(APIView):
    @extend_schema(operation_id="crop_concepts", responses=CropConceptSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The concepts of which there is something to see, in the order of the tree, with how many."""
        campaign = get_campaign_for(request.user, slug, "review")
        counts = counts_of(campaign, shown.reader_language())
        return Response(CropConceptSerializer(counts, many=True).data)


class SortView(APIView):
    @extend_schema(operation_id="crops_rule", request=SortRequest, responses=SortedSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Accept, reject or relabel items by their ids; what cannot be done is refused one by one."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = SortRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        bulk = rule_on_items(
            campaign, data["items"], request=data["id"], verdict=data["verdict"], concept=data["concept"],
            reason=data["reason"], by=require_user(request.user),
        )  # fmt: skip
        value = {"id": bulk.pk, "decided": bulk.decided, "results": results_of(bulk)}
        return Response(SortedSerializer(value).data)
