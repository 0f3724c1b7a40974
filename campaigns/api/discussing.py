"""Comments and reports over REST: read and write a thread, say that something is wrong, see what was reported."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions import join_campaign
from campaigns.actions.discussing import LONGEST, report_comment, report_task, write_comment
from campaigns.api.views import participant_of, user_of
from campaigns.discussion import Said, comments_seen, get_task_in, shown_comments, standing_of
from campaigns.models import Campaign, Comment, Participant, Report, Task
from campaigns.permissions import decide, get_campaign_for
from problems import Malformed, Missing, Refused


class CommentSerializer(serializers.Serializer[object]):
    """A comment as the caller sees it."""

    id = serializers.UUIDField()
    task = serializers.UUIDField(allow_null=True)
    author = serializers.CharField(help_text="The pseudonym in this campaign.")
    runs_campaign = serializers.BooleanField()
    mine = serializers.BooleanField()
    text = serializers.CharField(help_text="Markdown.")
    text_html = serializers.CharField(help_text="Safe HTML.")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    hidden = serializers.BooleanField()


class ThreadSerializer(serializers.Serializer[object]):
    """`opened` is false until the caller has handed in an answer of their own to the image."""

    opened = serializers.BooleanField()
    comments = CommentSerializer(many=True)


class CommentRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client, so that a retry is harmless.")
    task = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="None for the board of the campaign."
    )
    text = serializers.CharField(max_length=LONGEST, help_text="Markdown.")


class ReportRequest(serializers.Serializer[object]):
    """Something is wrong with an image (`task`) or with a comment."""

    id = serializers.UUIDField(help_text="Made by the client, so that a retry is harmless.")
    task = serializers.UUIDField(required=False, allow_null=True, default=None)
    comment = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = serializers.ChoiceField(choices=Report.Reason.choices)
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST)


class ReportSerializer(serializers.ModelSerializer[Report]):
    reporter = serializers.CharField(source="participant.pseudonym", default=None, allow_null=True)

    class Meta:
        model = Report
        fields = [
            "id", "task", "comment", "reporter", "reason", "text", "created_at", "resolved_at", "answer",
        ]  # fmt: skip


def _said(one: Said) -> dict[str, Any]:
    row = one.row
    return {
        "id": row.pk,
        "task": row.task_id,
        "author": row.participant.pseudonym,
        "runs_campaign": one.is_curator,
        "mine": one.is_mine,
        "text": row.text,
        "text_html": one.html,
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "hidden": row.hidden_at is not None,
    }


MOST_COMMENTS = 500


class CommentsView(APIView):
    @extend_schema(
        operation_id="comment_list",
        parameters=[OpenApiParameter("task", UUID, description="Of this image; without it the board.")],
        responses=ThreadSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """A thread, the oldest comment first; of an image, others' comments come after one's own answer to it."""
        campaign = get_campaign_for(request.user, slug, "view")
        task = _task(campaign, request.query_params.get("task"))
        participant = participant_of(request, campaign)
        standing = standing_of(request.user, campaign, task, participant)
        rows = list(comments_seen(campaign, task, standing, participant)[:MOST_COMMENTS])
        said = [_said(one) for one in shown_comments(campaign, rows, participant)]
        return Response({"opened": standing.reads, "comments": said})

    @extend_schema(operation_id="comment_write", request=CommentRequest, responses={201: CommentSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Say something, signed in; sending the same again changes nothing."""
        campaign = get_campaign_for(request.user, slug, "view")
        by = require_user(request.user)
        form = CommentRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        task = get_task_in(campaign, data["task"]) if data["task"] else None
        row: Comment = write_comment(campaign, data["id"], data["text"], task=task, by=by)
        (said,) = shown_comments(campaign, [row], row.participant)
        return Response(_said(said), status=201)


def _task(campaign: Campaign, asked: str | None) -> Task | None:
    if not asked:
        return None
    try:
        return get_task_in(campaign, UUID(asked))
    except ValueError:
        raise Malformed("An id is a UUID.", pointer="/task") from None


class ReportsView(ListAPIView[Any]):
    serializer_class = ReportSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Report.objects.none()
        campaign = get_campaign_for(self.request.user, self.kwargs["slug"], "review")
        settled = self.request.GET.get("settled") == "true"
        return campaign.reports.filter(resolved_at__isnull=not settled).select_related("participant")

    @extend_schema(
        operation_id="report_list",
        parameters=[OpenApiParameter("settled", bool, description="Those that have been seen to instead.")],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What people reported and nobody has seen to, the oldest first; for those who review."""
        return super().get(request, *args, **kwargs)

    @extend_schema(operation_id="report_write", request=ReportRequest, responses={201: ReportSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Say that something is wrong; visitors may about an image that they were given."""
        campaign = get_campaign_for(request.user, slug, "view")
        form = ReportRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        said = {"reason": data["reason"], "text": data["text"]}
        if data["comment"] is not None:
            by = require_user(request.user)
            row = report_comment(campaign, data["id"], data["comment"], **said, by=by)
        elif data["task"] is not None:
            task = get_task_in(campaign, data["task"])
            participant = _reporter(request, campaign)
            row = report_task(
                campaign, data["id"], task, **said, participant=participant, by=user_of(request)
            )
        else:
            raise Malformed("Name a task or a comment.", pointer="/task")
        return Response(ReportSerializer(row).data, status=201)


def _reporter(request: Request, campaign: Campaign) -> Participant:
    """Whoever was given a task takes part already; somebody who reviews may not yet."""
    found = participant_of(request, campaign)
    if found is not None:
        return found
    user = user_of(request)
    if user is None:
        raise Missing("You were given no image in this campaign.")
    if not decide(user, campaign, "review").allowed:
        raise Refused(_("You were not given this image."))
    return join_campaign(campaign, user=user)
