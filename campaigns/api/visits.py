"""What somebody did in this browser before signing in, over REST: listed, and taken over."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions import adopt_visits
from campaigns.actions.leaving import erase_visitor
from campaigns.api.visitors import forget_visitor, read_visitor
from campaigns.figures import visits_of


class VisitSerializer(serializers.Serializer[object]):
    campaign = serializers.SlugField(source="campaign__slug")
    pseudonym = serializers.CharField()
    images = serializers.IntegerField(source="handed_in")
    last_at = serializers.DateTimeField()


class AdoptRequest(serializers.Serializer[object]):
    public_name = serializers.BooleanField(
        default=False, help_text="Take one's public name where one took no part yet, not the made-up one."
    )


class AdoptedSerializer(serializers.Serializer[object]):
    campaigns = serializers.IntegerField()
    images = serializers.IntegerField()
    twice = serializers.IntegerField(
        help_text="Images that one had done already; their second answers are kept."
    )


class VisitsView(APIView):
    @extend_schema(operation_id="visit_list", responses=VisitSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The work of this browser's visitor, by campaign; the cookie says who that is."""
        require_user(request.user)
        return Response(VisitSerializer(visits_of(read_visitor(request)), many=True).data)

    @extend_schema(
        operation_id="visit_erase",
        parameters=[
            OpenApiParameter("keep_comments", bool, description="Whether comments stay; true unless said.")
        ],
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        """Cut the work of this browser's visitor from the cookie that leads to it, with or without an account."""
        keep = request.query_params.get("keep_comments", "true").lower() != "false"
        erase_visitor(read_visitor(request), keep_comments=keep)
        response = Response(status=204)
        forget_visitor(response)
        return response


class AdoptVisitsView(APIView):
    @extend_schema(operation_id="visit_adopt", request=AdoptRequest, responses=AdoptedSerializer)
    def post(self, request: Request) -> Response:
        """Make that work one's own and forget the visitor; again changes nothing."""
        user = require_user(request.user)
        form = AdoptRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        response = Response(AdoptedSerializer(adopt_visits(user, read_visitor(request), **said)).data)
        forget_visitor(response)
        return response
