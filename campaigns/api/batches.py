"""Many tasks and many answers over REST at once, for a grid."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.actions import Submitted, claim_many
from campaigns.api import shown
from campaigns.api.serializers.answers import BatchEnvelope, ContributionsRequest
from campaigns.api.serializers.claiming import BatchClaimRequest, BatchSerializer
from campaigns.api.serializers.receipts import BatchSubmittedSerializer
from campaigns.api.views import answered, joined, receipt, submit_one
from campaigns.models import Assignment
from campaigns.permissions import get_campaign_for
from campaigns.queries import Progress, progress_of
from problems.api import problem_from
from problems.problem import Problem

ABOUT_THE_SENDER = {401, 408, 429}
Told = tuple[str, Problem | None]


class ClaimsView(APIView):
    @extend_schema(
        operation_id="assignment_claim_many",
        request=BatchClaimRequest,
        responses=BatchSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """The next tasks, leased to the caller, those of one label together; where the campaign shows a grid."""
        campaign = get_campaign_for(request.user, slug, "join")
        form = BatchClaimRequest(data=request.data)
        form.is_valid(raise_exception=True)
        participant, secret = joined(request, campaign)
        wanted: Any = form.validated_data
        given = claim_many(campaign, participant, count=wanted["count"], resume=wanted["resume"])
        return answered(shown.batch(given, campaign, participant), given.retry_after_s, secret)


class ContributionBatchView(APIView):
    @extend_schema(
        operation_id="contribution_submit_many",
        request=ContributionsRequest,
        responses=BatchSubmittedSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Hand in several answers. Each is kept or refused by itself, and sending all of them again changes nothing."""
        form = BatchEnvelope(data=request.data)
        form.is_valid(raise_exception=True)
        sent: Any = request.data
        taken = [_handed_in(request, one, slug) for one in sent["contributions"]]
        kept = [one for one, _problem in taken if one is not None]
        if not kept:
            return Response({"results": [_refused(problem) for _one, problem in taken], "progress": None})
        last = kept[-1][1]
        progress = progress_of(last.task.campaign, last.participant)
        results = [_kept(*one, progress) if one else _refused(problem) for one, problem in taken]
        return Response({"results": results, "progress": shown.progress(progress)})


Kept = tuple[Submitted, Assignment]


def _handed_in(request: Request, sent: dict[str, Any], slug: str) -> tuple[Kept | None, Told]:
    """One answer as it was kept, or why it is refused; what is no matter of this answer alone is raised."""
    try:
        return submit_one(request, sent, slug), ("", None)
    except (Problem, ValidationError) as error:
        problem = problem_from(error)
        if problem is None or problem.status in ABOUT_THE_SENDER or problem.status >= 500:
            raise
        return None, (str(sent.get("id", "")), problem)


def _kept(done: Submitted, assignment: Assignment, progress: Progress) -> dict[str, Any]:
    told = receipt(done, assignment, progress)
    return {"id": str(done.id), "status": 201 if done.is_new else 200, "receipt": told, "problem": None}


def _refused(told: Told) -> dict[str, Any]:
    pk, problem = told
    assert problem is not None  # what was not kept has been refused
    return {"id": pk or None, "status": problem.status, "receipt": None, "problem": problem.as_json()}
