"""The groups that decided pairs come to, over REST."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.serializers.values import BoxField, IIIFLanguageMap
from campaigns.pair_groups import groups_in
from campaigns.permissions import get_campaign_for


class GroupsQuery(serializers.Serializer[object]):
    offset = serializers.IntegerField(required=False, default=0, min_value=0, max_value=10_000_000)


class GroupMemberSerializer(serializers.Serializer[object]):
    annotation = serializers.UUIDField()
    canvas = serializers.UUIDField(source="canvas.pk")
    canvas_uri = serializers.CharField(source="canvas.uri")
    canvas_label = IIIFLanguageMap(source="canvas.label")
    region = BoxField(allow_null=True)
    crop = serializers.CharField(help_text="Address of its picture.")


class PairGroupSerializer(serializers.Serializer[object]):
    size = serializers.IntegerField()
    members = GroupMemberSerializer(many=True, help_text="The first sixty.")


class DisputeSerializer(serializers.Serializer[object]):
    """A pair that was said to be different, and the chain of pairs by which the two are one."""

    a = GroupMemberSerializer()
    b = GroupMemberSerializer()
    task = serializers.UUIDField(help_text="The task in which they were said to be different.")
    chain = GroupMemberSerializer(many=True, help_text="From `a` to `b`.")
    joined_by = serializers.ListField(
        child=serializers.UUIDField(), help_text="The tasks between the members of the chain."
    )


class PairGroupsSerializer(serializers.Serializer[object]):
    count = serializers.IntegerField(help_text="How many groups there are.")
    pairs = serializers.IntegerField(help_text="Decided pairs that join or part.")
    groups = PairGroupSerializer(many=True, help_text="Thirty from `offset` on, the largest first.")
    contradictions = serializers.IntegerField(help_text="How many there are.")
    disputes = DisputeSerializer(many=True, help_text="The first two hundred contradictions.")


class PairGroupsView(APIView):
    @extend_schema(
        operation_id="pair_groups",
        parameters=[OpenApiParameter("offset", int, description="How many groups to leave out.")],
        responses=PairGroupsSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """What was found to be one, by the decisions on pairs, and which of these contradict each other."""
        campaign = get_campaign_for(request.user, slug, "review")
        query = GroupsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked: Any = query.validated_data
        return Response(PairGroupsSerializer(groups_in(campaign, offset=asked["offset"])).data)
