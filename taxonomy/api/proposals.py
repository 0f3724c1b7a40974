"""Proposals of concepts over REST: made by anybody who may see the vocabulary, answered by who looks after it."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from accounts.roles import verbs_of
from problems import Missing
from taxonomy.actions.proposals import accept_proposal, decline_proposal, propose_concept
from taxonomy.models import Concept, Proposal, Vocabulary
from taxonomy.permissions import get_vocabulary_for


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    by = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields = [
            "id", "label", "language", "parent", "reason", "example", "state", "concept", "answer", "by",
            "created_at", "decided_at",
        ]  # fmt: skip

    def get_by(self, proposal: Proposal) -> str | None:
        return proposal.created_by.public_name if proposal.created_by else None


class ProposalRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client, so that a retry is harmless.")
    label = serializers.CharField(max_length=500)  # type: ignore[assignment]  # a field of the request
    language = serializers.CharField(max_length=35)
    parent = serializers.UUIDField(required=False, default=None, allow_null=True)  # type: ignore[assignment]  # a field of the request
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    example = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class AnswerRequest(serializers.Serializer[object]):
    accepted = serializers.BooleanField()
    concept = serializers.UUIDField(
        required=False,
        default=None,
        allow_null=True,
        help_text="The concept that was meant; none makes a new one.",
    )
    answer = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)


class ProposalsView(ListAPIView[Proposal]):
    """Proposals of a vocabulary, oldest first: all for who looks after it, one's own for others."""

    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        vocabulary = get_vocabulary_for(self.request.user, self.kwargs["slug"], "view")
        return visible_proposals(vocabulary, self.request)

    @extend_schema(
        operation_id="proposal_create", request=ProposalRequest, responses={201: ProposalSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Propose a concept that is missed."""
        by = require_user(request.user)
        vocabulary = get_vocabulary_for(by, slug, "view")
        form = ProposalRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        return Response(ProposalSerializer(propose_concept(vocabulary, by=by, **said)).data, status=201)


def visible_proposals(vocabulary: Vocabulary, request: Request) -> Any:
    rows = vocabulary.proposals.select_related("created_by")
    if "manage" in verbs_of(request.user, vocabulary):
        return rows
    return rows.filter(created_by=request.user) if request.user.is_authenticated else rows.none()


class ProposalAnswerView(APIView):
    @extend_schema(operation_id="proposal_answer", request=AnswerRequest, responses=ProposalSerializer)
    def post(self, request: Request, slug: str, proposal_id: UUID) -> Response:
        """Accept a proposal (a new concept, or the one that was meant) or decline it with a reason."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        by = require_user(request.user)
        proposal = vocabulary.proposals.filter(pk=proposal_id).first()
        if proposal is None:
            raise Missing("The vocabulary has no such proposal.")
        form = AnswerRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        if not said["accepted"]:
            return Response(ProposalSerializer(decline_proposal(proposal, answer=said["answer"], by=by)).data)
        meant = (
            Concept.objects.filter(vocabulary=vocabulary, pk=said["concept"]).first()
            if said["concept"]
            else None
        )
        if said["concept"] and meant is None:
            raise Missing("The vocabulary has no such concept.")
        answered = accept_proposal(proposal, concept=meant, answer=said["answer"], by=by)
        return Response(ProposalSerializer(answered).data)
