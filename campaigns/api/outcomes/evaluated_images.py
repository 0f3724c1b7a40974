"""Images behind evaluations over REST: those that a figure counts, and those on which two evaluations differ."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.outcomes.evaluations import other_asked
from campaigns.evaluated import finished
from campaigns.evaluated_images import (
    BETTER,
    KINDS,
    differing,
    image_as_json,
    images_behind,
    shown_images,
)
from campaigns.models import EvaluationImage
from campaigns.permissions import get_evaluation_for
from problems import Invalid

A_PAGE = 48


class OnImage(serializers.Serializer[object]):
    """What one evaluation says of an image."""

    said = serializers.ListField(child=serializers.CharField(), help_text="Classes that were said, by id.")
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()
    links = serializers.FloatField(allow_null=True, help_text="On the tree from what is true.")


class MeasuredImage(OnImage):
    canvas = serializers.UUIDField()
    canvas_uri = serializers.CharField()
    picture = serializers.CharField()
    true = serializers.ListField(child=serializers.CharField(), help_text="Classes that are true, by id.")


class DifferentImage(serializers.Serializer[object]):
    canvas = serializers.UUIDField()
    canvas_uri = serializers.CharField()
    picture = serializers.CharField()
    true = serializers.ListField(child=serializers.CharField())
    first = OnImage()
    second = OnImage()


class Differences(serializers.Serializer[object]):
    """Some of the images on which two evaluations differ; `counts`: how many of each kind."""

    counts = serializers.DictField(child=serializers.IntegerField())
    offset = serializers.IntegerField()
    results = DifferentImage(many=True)


class EvaluationImagesView(ListAPIView[EvaluationImage]):
    serializer_class = MeasuredImage  # type: ignore[assignment]

    @extend_schema(
        operation_id="evaluation_images",
        parameters=[
            OpenApiParameter("kind", str, enum=list(KINDS), description="What the images are counted for."),
            OpenApiParameter("row", str, description="The class of `without` and `silent`, by its id."),
            OpenApiParameter("links", int, description="How many links apart, of `links`."),
            OpenApiParameter(
                "person", int, description="Of `people`: the place in the ceiling's list, from 0."
            ),
        ],
    )
    def get(self, request: Request, evaluation_id: UUID) -> Response:
        """The images that a figure counts, with what is true there and what was said, page by page."""
        evaluation = finished(get_evaluation_for(request.user, evaluation_id))
        asked: Any = request.query_params
        images: Any = images_behind(
            evaluation,
            kind=asked.get("kind", "") or "all",
            row=asked.get("row", ""),
            links=asked.get("links", ""),
            person=asked.get("person", ""),
        )
        page = self.paginate_queryset(images) or ()
        shown = shown_images([one.canvas_id for one in page], [evaluation])
        return self.get_paginated_response(
            MeasuredImage([image_as_json(one, ()) for one in shown], many=True).data
        )


class EvaluationDifferencesView(APIView):
    @extend_schema(
        operation_id="evaluation_differences",
        parameters=[
            OpenApiParameter("with", UUID, required=True, description="Another evaluation of the release."),
            OpenApiParameter("better", str, enum=list(BETTER), description="Who makes fewer mistakes there."),
            OpenApiParameter("row", str, description="Only where this class is true or was said."),
            OpenApiParameter("offset", int, description="From which image on; forty-eight are given."),
        ],
        responses=Differences,
    )
    def get(self, request: Request, evaluation_id: UUID) -> Response:
        """The images that two evaluations judge differently, with the answers of both, most different first."""
        first = get_evaluation_for(request.user, evaluation_id)
        asked = request.query_params
        second = get_evaluation_for(request.user, other_asked(asked.get("with", "")))
        offset = whole_number(asked.get("offset", "") or "0")
        found = differing(
            first,
            second,
            better=asked.get("better", "") or "any",
            row=asked.get("row", ""),
            offset=offset,
            limit=A_PAGE,
        )
        shown = shown_images(found.canvases, [first, second])
        rows = [image_as_json(one, ("first", "second")) for one in shown]
        return Response(Differences({"counts": found.counts, "offset": offset, "results": rows}).data)


def whole_number(text: str) -> int:
    """Raises `Invalid` for what is none."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(_("An offset is a whole number."), pointer="/offset", code="not-a-number")
    return int(text)
