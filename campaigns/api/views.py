"""Campaigns over REST: see, take part, hand in."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from campaigns.actions import (
    Submission,
    Submitted,
    claim,
    find_participant,
    join_campaign,
    release,
    renew,
    skip,
    submit,
)
from campaigns.api import shown
from campaigns.api.curating import configure
from campaigns.api.serializers.answers import ANSWER_FIELDS, ContributionEnvelope, ContributionRequest
from campaigns.api.serializers.campaigns import CampaignSerializer
from campaigns.api.serializers.claiming import ClaimRequest, ClaimSerializer, RenewedSerializer
from campaigns.api.serializers.receipts import SubmittedSerializer
from campaigns.api.serializers.settings import CampaignSettingsSerializer, ConfigureRequest
from campaigns.api.visitors import new_secret, read_visitor, remember_visitor, visitor_of
from campaigns.models import Assignment, Campaign, Participant
from campaigns.permissions import get_assignment_for, get_campaign_for, get_part_for
from campaigns.queries import Progress, progress_of
from campaigns.strands import strand_of, words_of
from problems.reading import read
from taxonomy.api.serializers import ConceptListSerializer
from taxonomy.api.views import SEARCH_PARAMETERS, read_search
from taxonomy.queries import search_concepts


def user_of(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None


def participant_of(request: Request, campaign: Campaign) -> Participant | None:
    """The caller's participation, if they have joined; anonymous visitors by their cookie."""
    return find_participant(campaign, user=user_of(request), visitor=read_visitor(request))


class CampaignView(APIView):
    @extend_schema(operation_id="campaign_retrieve", responses=CampaignSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """A campaign as a volunteer meets it."""
        campaign = get_campaign_for(request.user, slug, "view")
        return Response(shown.campaign(campaign, participant_of(request, campaign)))

    @extend_schema(
        operation_id="campaign_configure",
        request=ConfigureRequest,
        responses=CampaignSettingsSerializer,
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change settings; every change is a new version of the configuration."""
        return configure(request, slug)


STEP_PARAMETER = OpenApiParameter("step", str, description="Of a sequence the step whose labels are wanted.")


class CampaignConceptsView(APIView):
    @extend_schema(
        operation_id="campaign_concepts",
        parameters=[*SEARCH_PARAMETERS, STEP_PARAMETER],
        responses=ConceptListSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Search the concepts that the campaign offers, in every language, accents ignored."""
        campaign = get_campaign_for(request.user, slug, "view")
        q, language, limit = read_search(request)
        asked = strand_of(campaign, request.query_params.get("step", ""))
        items, total = search_concepts(*words_of(asked), q, language, limit)
        return Response(ConceptListSerializer({"items": items, "total": total}).data)


class AssignmentsView(APIView):
    @extend_schema(
        operation_id="assignment_claim",
        request=ClaimRequest,
        responses=ClaimSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """The next task, leased to the caller; again while holding one: another one, to fetch ahead."""
        campaign, part = get_part_for(request.user, slug, visitor=read_visitor(request))
        asked = read(ClaimRequest, request.data)
        participant, secret = (part, None) if part else joined(request, campaign)
        given = claim(campaign, participant, resume=asked["resume"])
        return answered(shown.claim(given, campaign, participant), given.retry_after_s, secret)


def joined(request: Request, campaign: Campaign) -> tuple[Participant, str | None]:
    """The caller as a participant; with the secret to remember where a visitor is new."""
    user, visitor, secret = user_of(request), read_visitor(request), None
    if user is None and not visitor:
        secret = new_secret()
        visitor = visitor_of(secret)
    return join_campaign(campaign, user=user, visitor="" if user else visitor), secret


def answered(body: dict[str, Any], retry_after_s: int | None, secret: str | None) -> Response:
    """What was claimed, when to ask again, and who asked."""
    response = Response(body)
    if retry_after_s is not None:
        response["Retry-After"] = str(retry_after_s)
    if secret is not None:
        remember_visitor(response, secret)
    return response


def own_assignment(request: Request, assignment_id: UUID, *, slug: str | None = None) -> Assignment:
    return get_assignment_for(request.user, assignment_id, visitor=read_visitor(request), slug=slug)


class RenewView(APIView):
    @extend_schema(operation_id="assignment_renew", request=None, responses=RenewedSerializer)
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Prolong one's lease from now on."""
        return Response({"expires_at": renew(own_assignment(request, assignment_id))})


class ReleaseView(APIView):
    @extend_schema(operation_id="assignment_release", request=None, responses={204: None})
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Give a task back; it may be offered again."""
        release(own_assignment(request, assignment_id))
        return Response(status=204)


class SkipView(APIView):
    @extend_schema(operation_id="assignment_skip", request=None, responses={204: None})
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Give a task back for good: it is never offered to the caller again."""
        skip(own_assignment(request, assignment_id))
        return Response(status=204)


class ContributionsView(APIView):
    @extend_schema(
        operation_id="contribution_submit",
        request=ContributionRequest,
        responses={
            201: SubmittedSerializer,
            200: OpenApiResponse(SubmittedSerializer, description="A retry: it is here already."),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Hand in an answer. The id is the client's: sending the same again changes nothing."""
        done, assignment = submit_one(request, request.data, slug)
        progress = progress_of(assignment.task.campaign, assignment.participant, mine=done.mine)
        return Response(receipt(done, assignment, progress), status=201 if done.is_new else 200)


def submit_one(request: Request, sent: Any, slug: str) -> tuple[Submitted, Assignment]:
    """Hand in what was sent as one answer, and the lease that it ends."""
    data = read(ContributionEnvelope, sent)
    assignment = own_assignment(request, data["assignment"], slug=slug)
    submission = Submission(
        id=data["id"],
        answer={name: sent[name] for name in ANSWER_FIELDS if name in sent},
        time_spent_s=data["time_spent_s"],
        locale=data["locale"],
        device=data["device"],
        canvas_size=tuple(data["canvas_size"]) if data["canvas_size"] else None,
    )
    return submit(assignment, submission), assignment


def receipt(done: Submitted, assignment: Assignment, progress: Progress) -> dict[str, Any]:
    """What the person is told of an answer that was kept."""
    return {
        "id": done.id,
        "assignment": done.assignment_id,
        "submitted_at": done.submitted_at,
        "counted": done.looks_counted(assignment.task.campaign),
        "progress": shown.progress(progress),
        "feedback": shown.feedback(assignment, done.id),
    }
