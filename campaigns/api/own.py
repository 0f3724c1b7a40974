"""One's own work over REST: what became of it, and changing it while nobody has decided."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.actions import Amendment, Submission, amend
from campaigns.api import shown
from campaigns.api.serializers.answers import ANSWER_FIELDS
from campaigns.api.serializers.own import (
    AmendmentEnvelope,
    AmendmentRequest,
    OwnContributionDetailSerializer,
    OwnContributionSerializer,
)
from campaigns.api.visitors import read_visitor
from campaigns.disguise import state_of
from campaigns.models import Contribution
from campaigns.own_work import OwnWork, own_work, with_tasks
from campaigns.permissions import get_campaign_for, get_contribution_for, own_contributions
from campaigns.quality.verdicts import Said
from campaigns.questions.describe import as_json as as_text
from campaigns.questions.parts import concepts_in
from problems import Conflict
from taxonomy.queries import labels_in

Labels = Mapping[UUID, str]


class OwnWorkPages(CursorPagination):
    """Newest first; what is handed in meanwhile moves nothing on the pages that follow."""

    ordering = ("-submitted_at", "-pk")
    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100


class OwnContributionsView(ListAPIView[Any]):
    serializer_class = OwnContributionSerializer
    pagination_class = OwnWorkPages

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Contribution.objects.none()
        campaign = get_campaign_for(self.request.user, self.kwargs["slug"], "view")
        mine = own_contributions(self.request.user, visitor=read_visitor(self.request))
        return with_tasks(mine.filter(task__campaign=campaign))

    def paginate_queryset(self, queryset: Any) -> Any:
        return as_json(own_work(super().paginate_queryset(queryset) or ()))

    @extend_schema(operation_id="contribution_mine")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The caller's own work in a campaign, newest first, with what became of it."""
        return super().get(request, *args, **kwargs)


class OwnContributionView(APIView):
    @extend_schema(operation_id="contribution_retrieve", responses=OwnContributionDetailSerializer)
    def get(self, request: Request, contribution_id: UUID) -> Response:
        """Something that one has handed in oneself, with its task, as for working on it."""
        return Response(_detail(_own(request, contribution_id)))

    @extend_schema(
        operation_id="contribution_amend",
        request=AmendmentRequest,
        responses={
            200: OpenApiResponse(
                OwnContributionDetailSerializer,
                description="As it stands now; the same again changes nothing.",
            )
        },
    )
    def put(self, request: Request, contribution_id: UUID) -> Response:
        """Put another answer in the place of one's own, until somebody has decided.

        The id is the amendment's, made by the client; `based_on` is the revision that one has seen. 409 tells in
        `code` why not: `decided`, `campaign-closed`, `id-used`, or `changed-meanwhile` with the contribution
        as it stands in `present`.
        """
        contribution = _own(request, contribution_id)
        form = AmendmentEnvelope(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        sent: Any = request.data
        submission = Submission(
            id=data["id"],
            answer={name: sent[name] for name in ANSWER_FIELDS if name in sent},
            time_spent_s=data["time_spent_s"],
            locale=data["locale"],
            device=data["device"],
            canvas_size=tuple(data["canvas_size"]) if data["canvas_size"] else None,
        )
        try:
            amend(contribution, Amendment(submission, data["based_on"]))
        except Conflict as conflict:
            if conflict.code == "changed-meanwhile":
                conflict.extra = {"present": _detail(_own(request, contribution_id))}
            raise
        return Response(_detail(_own(request, contribution_id)))


def _own(request: Request, contribution_id: UUID) -> Contribution:
    return get_contribution_for(request.user, contribution_id, visitor=read_visitor(request))


def _detail(contribution: Contribution) -> dict[str, Any]:
    contribution.task = contribution.assignment.task  # which the gate has fetched already
    (told,) = as_json(own_work([contribution]))
    return {**told, "assignment": shown.assignment(contribution.assignment)}


def as_json(works: Sequence[OwnWork]) -> list[dict[str, Any]]:
    """Plain values, labels in the reader's language; one query."""
    named = {pk for one in works for pk in _named(one)}
    labels = labels_in(named, shown.reader_language())
    return [_as_json(one, labels) for one in works]


def _named(one: OwnWork) -> Iterable[UUID]:
    answer = one.contribution.answer
    yield from map(UUID, concepts_in(answer))
    for outcome in one.verdict.outcomes if one.verdict else ():
        for side in (outcome.mine, outcome.truth):
            yield from (UUID(pk) for pk in (side.concepts if side else ()))


def _as_json(one: OwnWork, labels: Labels) -> dict[str, Any]:
    row, verdict = one.contribution, one.verdict
    return {
        "id": row.pk,
        "campaign": row.task.campaign.slug,
        "submitted_at": row.submitted_at,
        "amended_at": row.amended_at,
        "revision": row.revision,
        "counted": row.counts or row.assignment.seeded,
        "state": state_of(row),
        "amendable": one.obstacle is None,
        "why_not": one.obstacle and {"code": one.obstacle.code, "detail": one.obstacle.sentence},
        "canvas_label": row.task.canvas.label,
        "crop": shown.crop(row.task.canvas, row.task.region),
        "answer": _answer(row.answer, labels),
        "verdict": verdict
        and {
            "agreement": verdict.agreement,
            "decided_at": verdict.decided_at,
            "outcomes": [
                {
                    "kind": outcome.kind,
                    "mine": _side(outcome.mine, labels),
                    "truth": _side(outcome.truth, labels),
                    "reason": outcome.reason,
                }
                for outcome in verdict.outcomes
            ],
        },
    }


def _answer(answer: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    """The answer as it stands, each concept with its label."""
    return {
        **_part(answer, labels),
        "steps": {step: _part(part, labels) for step, part in answer.get("steps", {}).items()},
        "rejected_predictions": answer["rejected_predictions"],
        "comment": answer["comment"],
        "left": answer.get("left"),
    }


def _part(answer: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    return {
        "nothing_here": answer["nothing_here"],
        "shapes": [
            {
                **shape,
                "points": shape.get("points", []),
                "concepts": _concepts(shape["concepts"], labels),
            }
            for shape in answer.get("shapes", ())
        ],
        "concepts": _concepts(answer.get("concepts", ()), labels),
        "texts": answer.get("texts", []),
        "certainty": answer.get("certainty"),
    }


def _side(said: Said | None, labels: Labels) -> dict[str, Any] | None:
    if said is None:
        return None
    text = as_text(said.text) if said.text else None
    return {
        "box": said.box,
        "points": said.points,
        "concepts": _concepts(said.concepts, labels),
        "text": text,
    }


def _concepts(ids: Iterable[str], labels: Labels) -> list[dict[str, str]]:
    return [{"id": pk, "label": labels.get(UUID(pk), "?")} for pk in ids]
