"""Reported tasks over REST: what is set aside and why, put back or left out; a report answered."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.discussing import LONGEST, resolve_report
from campaigns.actions.setting_aside import leave_out, put_back
from campaigns.api import shown
from campaigns.api.discussing import ReportSerializer
from campaigns.api.outcomes.serializers.review import RetirementSerializer
from campaigns.api.serializers.tasks import ShownTaskSerializer
from campaigns.aside import Aside, retirements_aside, with_reports
from campaigns.models import Retirement, Task
from campaigns.permissions import get_campaign_for
from campaigns.reasons import reason_of


class AsideSerializer(serializers.Serializer[object]):
    """A task that was set aside, why, and what people reported."""

    task = ShownTaskSerializer()
    retirement = RetirementSerializer()
    left_out_at = serializers.DateTimeField(allow_null=True, help_text="When it was left out for good.")
    reports = ReportSerializer(many=True)


class AsideRequest(serializers.Serializer[object]):
    """`back`: it is offered again, and its reports count no more; `out`: it stays aside, whatever the rule becomes."""

    verdict = serializers.ChoiceField(choices=["back", "out"])
    answer = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST, help_text="What was done about it."
    )


class SettleRequest(serializers.Serializer[object]):
    answer = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST, help_text="What was done about it."
    )


class StateSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Task.State.choices)


def _as_json(one: Aside) -> dict[str, Any]:
    row = one.because
    fields = ("rule", "parameters", "campaign_version", "contributions", "reports", "figures", "at")
    return {
        "task": shown.task(one.task),
        "retirement": {"sentence": reason_of(row), **{name: getattr(row, name) for name in fields}},
        "left_out_at": row.left_out_at,
        "reports": one.reports,
    }


class AsideView(GenericAPIView[Any]):
    serializer_class = AsideSerializer
    queryset = Retirement.objects.none()

    @extend_schema(
        operation_id="aside_list",
        parameters=[OpenApiParameter("left_out", bool, description="Those left out for good instead.")],
        responses=AsideSerializer(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """The tasks that are set aside because people reported them, the oldest first; for those who review."""
        campaign = get_campaign_for(request.user, slug, "review")
        rows = retirements_aside(campaign, left_out=request.query_params.get("left_out") == "true")
        found = [_as_json(one) for one in with_reports(self.paginate_queryset(rows) or [])]
        return self.get_paginated_response(AsideSerializer(found, many=True).data)


class AsideTaskView(APIView):
    @extend_schema(operation_id="aside_settle", request=AsideRequest, responses=StateSerializer)
    def post(self, request: Request, slug: str, task_id: UUID) -> Response:
        """Put a task back or leave it out, its reports being answered; harmless to repeat."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = AsideRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        verb = put_back if data["verdict"] == "back" else leave_out
        task = verb(campaign, task_id, answer=data["answer"], by=require_user(request.user))
        return Response(StateSerializer(task).data)


class ReportView(APIView):
    @extend_schema(operation_id="report_settle", request=SettleRequest, responses=ReportSerializer)
    def post(self, request: Request, slug: str, report_id: UUID) -> Response:
        """Say that a report has been seen to, and what was done; it does not count any more."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = SettleRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        row = resolve_report(campaign, report_id, data["answer"], by=require_user(request.user))
        return Response(ReportSerializer(row).data)
