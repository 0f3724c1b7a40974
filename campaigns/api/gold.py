"""Known answers over REST: which there are, marked one by one or the clearest, taken back."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.gold import MOST_AT_ONCE, mark_clearest, mark_gold, withdraw_gold
from campaigns.api.serializers.values import IIIFLanguageMap
from campaigns.known import gold_shown
from campaigns.models import Gold
from campaigns.permissions import get_campaign_for
from problems import Invalid


class GoldSerializer(serializers.Serializer[object]):
    """A task whose answer is known."""

    task = serializers.UUIDField(source="task_id")
    canvas = serializers.UUIDField(source="task.canvas_id")
    label = IIIFLanguageMap(source="task.canvas.label")  # type: ignore[assignment]
    answer = serializers.JSONField(
        help_text="As an answer in its normal form, which the kind of question gives."
    )
    batch = serializers.UUIDField(help_text="What was marked by one action is taken back by one.")
    answered = serializers.IntegerField(help_text="How many people answered it as a known one.")
    mean_score = serializers.FloatField(allow_null=True, help_text="Of their answers, 0 to 1.")
    marked_at = serializers.DateTimeField()


class MarkRequest(serializers.Serializer[object]):
    """Either the tasks, or how many of the clearest."""

    tasks = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST_AT_ONCE)
    clearest = serializers.IntegerField(required=False, min_value=1, max_value=MOST_AT_ONCE)


class MarkedSerializer(serializers.Serializer[object]):
    batch = serializers.UUIDField(
        allow_null=True, help_text="To take back what was marked; null if nothing was."
    )
    tasks = serializers.ListField(child=serializers.UUIDField(), help_text="Those that were none before.")


class GoldListView(ListAPIView[Any]):
    serializer_class = GoldSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Gold.objects.none()
        return gold_shown(get_campaign_for(self.request.user, self.kwargs["slug"], "manage"))

    @extend_schema(operation_id="gold_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The tasks whose answers are known and given out, the newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="gold_mark", request=MarkRequest, responses={201: MarkedSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Make decided tasks known answers: those named, or so many of the clearest; none twice."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = MarkRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        by = require_user(request.user)
        if ("tasks" in said) == ("clearest" in said):
            raise Invalid("Name the tasks, or say how many of the clearest.", code="nothing-chosen")
        marked = (
            mark_gold(campaign, said["tasks"], by=by)
            if "tasks" in said
            else mark_clearest(campaign, said["clearest"], by=by)
        )
        body = {"batch": marked[0].batch if marked else None, "tasks": [gold.task_id for gold in marked]}
        return Response(MarkedSerializer(body).data, status=201)


class GoldView(APIView):
    @extend_schema(operation_id="gold_withdraw", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, task_id: UUID) -> Response:
        """Give a task out as a known answer no more; harmless to repeat."""
        campaign = get_campaign_for(request.user, slug, "manage")
        withdraw_gold(campaign, tasks=[task_id], by=require_user(request.user))
        return Response(status=204)


class GoldBatchView(APIView):
    @extend_schema(operation_id="gold_undo", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, batch: UUID) -> Response:
        """Take back all that one action marked; harmless to repeat."""
        campaign = get_campaign_for(request.user, slug, "manage")
        withdraw_gold(campaign, batch=batch, by=require_user(request.user))
        return Response(status=204)
