"""Drafts over REST, to go on elsewhere: of one's own lease, of a whole grid, and of the change of an answer."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.actions.drafting import DraftChange, as_json, keep_draft, read_draft
from campaigns.actions.drafting_many import keep_drafts, read_drafts
from campaigns.actions.redrafting import drop_change, keep_change, read_change
from campaigns.api.serializers.receipts import ProblemSerializer
from campaigns.api.views import own_assignment
from campaigns.api.visitors import read_visitor
from campaigns.models import Contribution, Draft
from campaigns.permissions import get_contribution_for, own_assignments
from campaigns.questions.verify import MOST_IN_GRID
from problems import Invalid, Malformed, Problem
from problems.reading import read

MOST = 2**53 - 1  # what JavaScript counts without a fault


class DraftRequest(serializers.Serializer[object]):
    sequence = serializers.IntegerField(
        min_value=1, max_value=MOST, help_text="Higher than that of the draft it is built upon."
    )
    writer = serializers.CharField(max_length=64, help_text="Any stable name of this browser.")
    body = serializers.DictField(help_text="What the browser wants back; 512 kB of JSON at most.")


class DraftSerializer(DraftRequest):
    changed_at = serializers.DateTimeField()


class ChangeRequest(DraftRequest):
    based_on = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The revision of the answer that it shall replace."
    )


class AnswerChangeSerializer(ChangeRequest):
    changed_at = serializers.DateTimeField()


class OneOfManyRequest(DraftRequest):
    assignment = serializers.UUIDField()
    body = serializers.DictField(help_text="What the browser wants back; 32 kB of JSON at most.")


class ManyRequest(serializers.Serializer[object]):
    drafts = serializers.ListField(child=OneOfManyRequest(), min_length=1, max_length=MOST_IN_GRID)


class OneOfManySerializer(DraftSerializer):
    assignment = serializers.UUIDField()


class ManySerializer(serializers.Serializer[object]):
    drafts = OneOfManySerializer(many=True)


class KeptSerializer(serializers.Serializer[object]):
    assignment = serializers.UUIDField()
    status = serializers.IntegerField(help_text="204 kept or here already, else as it would be by itself.")
    problem = ProblemSerializer(allow_null=True)


class KeptManySerializer(serializers.Serializer[object]):
    results = KeptSerializer(many=True, help_text="In the order in which they were sent.")


NO_DRAFT = OpenApiResponse(description="There is no draft.")
IS_KEPT = OpenApiResponse(description="It is kept; the same again changes nothing.")


class DraftView(APIView):
    @extend_schema(operation_id="draft_retrieve", responses={200: DraftSerializer, 204: NO_DRAFT})
    def get(self, request: Request, assignment_id: UUID) -> Response:
        """The unfinished answer that one left, in this browser or another."""
        return _found(read_draft(own_assignment(request, assignment_id)))

    @extend_schema(operation_id="draft_keep", request=DraftRequest, responses={204: IS_KEPT})
    def put(self, request: Request, assignment_id: UUID) -> Response:
        """Keep an unfinished answer until it is handed in. It counts for nothing.

        409 tells in `code` why not: `draft-overtaken`, with the draft that stands in `present`, when it was changed
        in another browser meanwhile; `lease-over` once it has been handed in, skipped or given back.
        """
        assignment = own_assignment(request, assignment_id)
        keep_draft(assignment, _change(read(DraftRequest, request.data), request.data))
        return Response(status=204)


class DraftsView(APIView):
    @extend_schema(
        operation_id="draft_list",
        parameters=[
            OpenApiParameter(
                "assignment", UUID, many=True, description=f"One's own leases, {MOST_IN_GRID} at most."
            )
        ],
        responses=ManySerializer,
    )
    def get(self, request: Request) -> Response:
        """The unfinished answers that one left to these tasks; those without one are not named."""
        own = own_assignments(request.user, visitor=read_visitor(request))
        found = read_drafts(own, _leases(request.query_params.getlist("assignment")))
        return Response({"drafts": [{"assignment": row.assignment_id, **as_json(row)} for row in found]})

    @extend_schema(operation_id="draft_keep_many", request=ManyRequest, responses=KeptManySerializer)
    def put(self, request: Request) -> Response:
        """Keep what was changed on a grid. Each is kept or refused by itself, and all of them again change nothing.

        `status` and `problem` are as for one by itself: 409 `draft-overtaken` with the one that stands in `present`,
        409 `lease-over`, 413, and 404 for what is not one's own.
        """
        own = own_assignments(request.user, visitor=read_visitor(request))
        raws: Any = request.data
        data, sent = read(ManyRequest, raws), raws["drafts"]
        changes: dict[UUID, DraftChange] = {}
        for index, (one, raw) in enumerate(zip(data["drafts"], sent, strict=True)):
            if one["assignment"] in changes:
                raise Invalid(
                    _("A request has one draft of a task."),
                    pointer=f"/drafts/{index}/assignment",
                    code="twice",
                )
            changes[one["assignment"]] = _change(one, raw)
        told = keep_drafts(own, changes)
        return Response({"results": [_result(pk, told[pk]) for pk in changes]})


class ChangeView(APIView):
    @extend_schema(operation_id="change_retrieve", responses={200: AnswerChangeSerializer, 204: NO_DRAFT})
    def get(self, request: Request, contribution_id: UUID) -> Response:
        """The unfinished change of an answer that one left, in this browser or another."""
        return _found(read_change(_own(request, contribution_id)))

    @extend_schema(operation_id="change_keep", request=ChangeRequest, responses={204: IS_KEPT})
    def put(self, request: Request, contribution_id: UUID) -> Response:
        """Keep the unfinished change of an answer until it is handed in. What was handed in stands meanwhile.

        409 tells in `code` why not: `draft-overtaken`, with the draft that stands in `present`; `decided`,
        `campaign-closed` or `changed-meanwhile` as for the amendment itself; `not-there-yet` where it builds upon an
        amendment that has still to arrive.
        """
        contribution = _own(request, contribution_id)
        data = read(ChangeRequest, request.data)
        keep_change(contribution, _change(data, request.data), based_on=data["based_on"])
        return Response(status=204)

    @extend_schema(operation_id="change_drop", responses={204: None})
    def delete(self, request: Request, contribution_id: UUID) -> Response:
        """Leave the answer as it stands: the unfinished change goes."""
        drop_change(_own(request, contribution_id))
        return Response(status=204)


def _own(request: Request, contribution_id: UUID) -> Contribution:
    return get_contribution_for(request.user, contribution_id, visitor=read_visitor(request))


def _change(data: Any, sent: Any) -> DraftChange:
    """The body as it was sent: a serializer would read values out of it."""
    return DraftChange(data["sequence"], data["writer"], sent["body"])


def _found(draft: Draft | None) -> Response:
    return Response(status=204) if draft is None else Response(as_json(draft))


def _result(pk: UUID, problem: Problem | None) -> dict[str, Any]:
    if problem is None:
        return {"assignment": pk, "status": 204, "problem": None}
    return {"assignment": pk, "status": problem.status, "problem": problem.as_json()}


def _leases(named: list[str]) -> list[UUID]:
    if not 1 <= len(named) <= MOST_IN_GRID:
        raise Malformed(_("Name 1 to %d tasks as `assignment`.") % MOST_IN_GRID)
    return [_as_id(one) for one in named]


def _as_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed(_("“%s” is no id of a task.") % text[:40]) from error
