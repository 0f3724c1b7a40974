"""“Find more like this” over REST: ask, look whether it is there, let it be."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.actions.similar import ask_for_similar, found_by, stop_searches
from campaigns.api import shown
from campaigns.api.serializers.tasks import ShownPredictionSerializer
from campaigns.api.serializers.values import BoxField
from campaigns.api.views import own_assignment
from campaigns.models import Assignment, SimilarSearch
from problems import Missing
from work.models import Job


class SimilarEnvelope(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client, so that a retry is harmless.")


class SimilarRequest(SimilarEnvelope):
    """The whole request, for the schema."""

    box = BoxField(help_text="What was drawn.")
    concepts = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="Its labels: what is found gets the same."
    )


class SimilarSearchSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    detail = serializers.CharField(help_text="Why it failed, in a sentence.")
    predictions = ShownPredictionSerializer(many=True, help_text="What was found, the likeliest first.")


class SimilarView(APIView):
    @extend_schema(
        operation_id="assignment_find_similar",
        request=SimilarRequest,
        responses={202: SimilarSearchSerializer},
    )
    def post(self, request: Request, assignment_id: UUID) -> Response:
        """Have more like a box that one has drawn looked for on the image; ten times a minute at most."""
        assignment = own_assignment(request, assignment_id)
        form = SimilarEnvelope(data=request.data)
        form.is_valid(raise_exception=True)
        sent: Any = request.data
        pk = form.validated_data["id"]
        search = ask_for_similar(assignment, pk=pk, box=sent.get("box"), concepts=sent.get("concepts", []))
        return Response(_told(search, assignment), status=202)


class SimilarSearchView(APIView):
    @extend_schema(operation_id="assignment_similar_retrieve", responses=SimilarSearchSerializer)
    def get(self, request: Request, assignment_id: UUID, search_id: UUID) -> Response:
        """How far a search is, and what it has found."""
        assignment = own_assignment(request, assignment_id)
        return Response(_told(_search(assignment, search_id), assignment))

    @extend_schema(operation_id="assignment_similar_stop", request=None, responses={204: None})
    def delete(self, request: Request, assignment_id: UUID, search_id: UUID) -> Response:
        """Wait for it no longer; harmless to repeat. What has been found stays."""
        assignment = own_assignment(request, assignment_id)
        _search(assignment, search_id)
        stop_searches(assignment)
        return Response(status=204)


def _search(assignment: Assignment, search_id: UUID) -> SimilarSearch:
    search = SimilarSearch.objects.select_related("job").filter(pk=search_id, assignment=assignment).first()
    if search is None:
        raise Missing(_("You have asked for no such search."))
    return search


def _told(search: SimilarSearch, assignment: Assignment) -> dict[str, Any]:
    job = search.job
    said = found_by(search, shown.reader_language())
    body = {
        "id": search.pk,
        "state": job.state if job else Job.State.DONE,
        "detail": job.error if job else "",
        "predictions": shown.predictions(said, assignment.task.canvas),
    }
    return dict(SimilarSearchSerializer(body).data)
