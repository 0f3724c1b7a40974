"""Matching to authorities over REST: look one concept up, ask about a whole vocabulary, answer what is proposed."""

from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from problems import Malformed, Missing
from taxonomy.actions.lookups import KINDS, look_up_concept
from taxonomy.actions.matching import accept_candidate, decline_candidate, match_vocabulary
from taxonomy.models import Concept, MatchCandidate, MatchRun, Vocabulary
from taxonomy.permissions import get_vocabulary_for

DEFAULT_LANGUAGE = "en"


class CandidateSerializer(serializers.Serializer[object]):
    """A concept of an authority, as it was found just now; nothing of it is kept."""

    uri = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer
    language = serializers.CharField()
    description = serializers.CharField()
    score = serializers.FloatField(allow_null=True, help_text="On the authority's own scale.")
    type = serializers.CharField()
    broader_label = serializers.CharField()


class LookUpSerializer(serializers.Serializer[object]):
    authority = serializers.CharField(source="authority.name")
    q = serializers.CharField()
    language = serializers.CharField()
    candidates = CandidateSerializer(many=True)


class MatchRequest(serializers.Serializer[object]):
    authority = serializers.CharField(max_length=60)
    language = serializers.CharField(required=False, default="", max_length=35, allow_blank=True)


class MatchRunSerializer(serializers.ModelSerializer[MatchRun]):
    class Meta:
        model = MatchRun
        fields = ["id", "authority", "language", "job", "asked", "found", "created_at"]


class MatchCandidateSerializer(serializers.ModelSerializer[MatchCandidate]):
    class Meta:
        model = MatchCandidate
        fields = [
            "id", "concept", "authority", "uri", "label", "language", "description", "type", "broader_label",
            "score", "asked", "state", "kind", "created_at", "decided_at",
        ]  # fmt: skip


class CandidateAnswerRequest(serializers.Serializer[object]):
    accepted = serializers.BooleanField()
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in KINDS], required=False, default="exactMatch",
        help_text="How the concept matches it, when it is accepted.",
    )  # fmt: skip


def _language(asked: str) -> str:
    return asked or (get_language() or DEFAULT_LANGUAGE).split("-")[0]


class LookUpView(APIView):
    @extend_schema(
        operation_id="concept_look_up",
        parameters=[
            OpenApiParameter("authority", str, required=True, description="Its name, e.g. `wikidata`."),
            OpenApiParameter("q", str, description="What to look up; the concept's label when left out."),
            OpenApiParameter(
                "language", str, description="BCP 47; the language of the request when left out."
            ),
        ],
        responses=LookUpSerializer,
    )
    def get(self, request: Request, slug: str, concept_id: UUID) -> Response:
        """Ask an authority about a concept; takes up to ten seconds. 503 when it cannot be reached."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        by = require_user(request.user)
        rows = Concept.objects.select_related("vocabulary").filter(vocabulary=vocabulary, pk=concept_id)
        concept = rows.first()
        if concept is None:
            raise Missing("The vocabulary has no such concept.")
        said = request.query_params
        answer = look_up_concept(
            concept, said.get("authority", ""), q=said.get("q", "").replace("\x00", ""),
            language=_language(said.get("language", "")), by=by,
        )  # fmt: skip
        return Response(LookUpSerializer(answer).data)


class MatchView(APIView):
    @extend_schema(operation_id="vocabulary_match", request=MatchRequest, responses={202: MatchRunSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Ask an authority about every concept that has no match to it; follow the job, then answer."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        form = MatchRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        by = require_user(request.user)
        run = match_vocabulary(vocabulary, said["authority"], language=_language(said["language"]), by=by)
        return Response(MatchRunSerializer(run).data, status=202)


class CandidatesView(ListAPIView[MatchCandidate]):
    """Candidates in the order of the tree, best first: those that wait, or of another state."""

    serializer_class = MatchCandidateSerializer
    queryset = MatchCandidate.objects.none()

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, enum=[*MatchCandidate.State.values]),
            OpenApiParameter("authority", str),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        vocabulary = get_vocabulary_for(self.request.user, self.kwargs["slug"], "manage")
        state = self.request.query_params.get("state", MatchCandidate.State.WAITING)
        if state not in MatchCandidate.State.values:
            raise Malformed("`state` is waiting, accepted or declined.", pointer="/state", code="bad-state")
        rows = vocabulary.match_candidates.filter(state=state)
        authority = self.request.query_params.get("authority", "").replace("\x00", "")
        rows = rows.filter(authority=authority) if authority else rows
        return rows.order_by("concept__preorder", "concept", "authority", "place")


class CandidateAnswerView(APIView):
    @extend_schema(
        operation_id="candidate_answer", request=CandidateAnswerRequest, responses=MatchCandidateSerializer
    )
    def post(self, request: Request, slug: str, candidate_id: UUID) -> Response:
        """Match the concept to the candidate, or decline it."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        candidate = _candidate(vocabulary, candidate_id)
        form = CandidateAnswerRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        by = require_user(request.user)
        if said["accepted"]:
            answered = accept_candidate(candidate, kind=said["kind"], by=by)
        else:
            answered = decline_candidate(candidate, by=by)
        return Response(MatchCandidateSerializer(answered).data)


def _candidate(vocabulary: Vocabulary, pk: UUID) -> MatchCandidate:
    found = vocabulary.match_candidates.select_related("vocabulary").filter(pk=pk).first()
    if found is None:
        raise Missing("The vocabulary has no such candidate.")
    return found
