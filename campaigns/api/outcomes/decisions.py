"""The review over REST: the next task, decisions on it, and many accepted at once."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.clusters import Part
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.sweeping import accept_agreeing
from campaigns.actions.undoing import take_back
from campaigns.api.outcomes.review import next_review, one_review
from campaigns.api.outcomes.serializers.decisions import (
    AcceptedSerializer,
    AcceptRequest,
    DecidedSerializer,
    DecisionRequest,
)
from campaigns.api.outcomes.serializers.review import ReviewQuery, ReviewSerializer
from campaigns.permissions import get_campaign_for
from campaigns.quality.texts import Text
from campaigns.questions.places import as_points
from campaigns.reviewing import review_queue
from campaigns.second_looks import said_before


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
