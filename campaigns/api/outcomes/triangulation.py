"""Where catalogue, model and people differ, over REST."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.serializers.values import FiniteFloatField, IIIFLanguageMap
from campaigns.api.shown import reader_language
from campaigns.permissions import get_campaign_for
from campaigns.triangulation import differences, run_for


class TriangulationQuery(serializers.Serializer[object]):
    run = serializers.UUIDField(required=False, allow_null=True, default=None)
    least = FiniteFloatField(required=False, default=0.5, min_value=0, max_value=1)
    offset = serializers.IntegerField(required=False, default=0, min_value=0, max_value=10_000_000)


class WordSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer, not the framework's
    shared = serializers.BooleanField(help_text="Whether everybody who speaks of the image says it.")


class DifferenceSerializer(serializers.Serializer[object]):
    """What each says of an image; null where it does not speak of it."""

    canvas = serializers.UUIDField(source="canvas.pk")
    uri = serializers.CharField(source="canvas.uri")
    canvas_label = IIIFLanguageMap(source="canvas.label")
    difference = serializers.FloatField(help_text="Mean Jaccard distance, 0 to 1.")
    catalogue = WordSerializer(many=True, allow_null=True)
    model = WordSerializer(many=True, allow_null=True)
    crowd = WordSerializer(many=True, allow_null=True)


class TriangulationSerializer(serializers.Serializer[object]):
    count = serializers.IntegerField(help_text="Images on which they differ.")
    rows = DifferenceSerializer(many=True)


class TriangulationView(APIView):
    @extend_schema(
        operation_id="triangulation",
        parameters=[
            OpenApiParameter("run", UUID, description="Whose predictions speak for the model."),
            OpenApiParameter(
                "least", float, description="How confident a prediction must be; 0.5 unless said."
            ),
            OpenApiParameter("offset", int, description="How many to leave out; fifty are given."),
        ],
        responses=TriangulationSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Images on which catalogue, model and people say different things, most different first."""
        campaign = get_campaign_for(request.user, slug, "review")
        form = TriangulationQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        asked: Any = form.validated_data
        queue = differences(
            campaign,
            request.user,
            run=run_for(campaign, str(asked["run"] or "")),
            language=reader_language(),
            least=asked["least"],
            offset=asked["offset"],
        )
        return Response(TriangulationSerializer(queue).data)
