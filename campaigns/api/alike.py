"""“Find more like this” on a canvas that people annotate together: ask, look whether it is there, let it be."""

from typing import Any, cast
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation.permissions import get_layer_for, get_seen_canvas_for
from campaigns.actions.alike import ask_for_alike, stop_alike
from campaigns.api.serializers.values import BoxField
from campaigns.api.similar import SimilarEnvelope
from campaigns.models import LayerSearch
from problems import Missing
from work.models import Job


class AlikeRequest(SimilarEnvelope):
    """The whole request, for the schema."""

    box = BoxField(help_text="What was drawn.")


class LikePlaceSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    box = BoxField()
    confidence = serializers.FloatField(help_text="How alike, from 0 to 1.")


class AlikeSearchSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    detail = serializers.CharField(help_text="Why it failed, in a sentence.")
    predictions = LikePlaceSerializer(many=True, help_text="What was found, the likeliest first.")


class AlikeView(APIView):
    @extend_schema(
        operation_id="layer_find_similar", request=AlikeRequest, responses={202: AlikeSearchSerializer}
    )
    def post(self, request: Request, layer_id: UUID, canvas_id: UUID) -> Response:
        """Have more like a box looked for on the canvas, for you alone; ten times a minute at most.

        What is found are candidates: nothing is written into the layer until somebody takes one over.
        """
        layer = get_layer_for(request.user, layer_id, "contribute")
        canvas = get_seen_canvas_for(request.user, canvas_id)
        form = SimilarEnvelope(data=request.data)
        form.is_valid(raise_exception=True)
        sent: Any = request.data
        by = cast("User", request.user)
        search = ask_for_alike(layer, canvas, pk=form.validated_data["id"], box=sent.get("box"), by=by)
        return Response(_told(search), status=202)


class AlikeSearchView(APIView):
    @extend_schema(operation_id="layer_similar_retrieve", responses=AlikeSearchSerializer)
    def get(self, request: Request, layer_id: UUID, canvas_id: UUID, search_id: UUID) -> Response:
        """How far a search is, and what it has found."""
        return Response(_told(_search(request, layer_id, canvas_id, search_id)))

    @extend_schema(operation_id="layer_similar_stop", request=None, responses={204: None})
    def delete(self, request: Request, layer_id: UUID, canvas_id: UUID, search_id: UUID) -> Response:
        """Wait for it no longer; harmless to repeat."""
        stop_alike(_search(request, layer_id, canvas_id, search_id).by)
        return Response(status=204)


def _search(request: Request, layer_id: UUID, canvas_id: UUID, search_id: UUID) -> LayerSearch:
    """One's own search, through the gates of its layer and of its canvas: who lost a role is told no more."""
    layer = get_layer_for(request.user, layer_id, "contribute")
    canvas = get_seen_canvas_for(request.user, canvas_id)
    rows = LayerSearch.objects.select_related("job", "by")
    search = rows.filter(pk=search_id, layer=layer, canvas=canvas, by=cast("User", request.user)).first()
    if search is None:
        raise Missing(_("You have asked for no such search."))
    return search


def _told(search: LayerSearch) -> dict[str, Any]:
    job = search.job
    body = {
        "id": search.pk,
        "state": job.state if job else Job.State.DONE,
        "detail": job.error if job else "",
        "predictions": [
            {
                "id": uuid5(search.pk, ",".join(f"{value:.2f}" for value in box)),
                "box": box,
                "confidence": confidence,
            }
            for *box, confidence in search.found
        ],
    }
    return dict(AlikeSearchSerializer(body).data)
