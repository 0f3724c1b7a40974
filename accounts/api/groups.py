"""Groups of people over REST: made, filled, emptied, dissolved by who looks after them."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actions import add_members, dissolve_group, make_group, remove_member
from accounts.actions.groups import MOST_NAMES
from accounts.models import PeopleGroup
from accounts.permissions import get_group_for, own_groups, require_curator


class GroupSerializer(serializers.ModelSerializer[PeopleGroup]):
    size = serializers.IntegerField(default=0, read_only=True, help_text="How many are in it.")

    class Meta:
        model = PeopleGroup
        fields = ["id", "title", "size", "created_at"]


class GroupDetailSerializer(serializers.ModelSerializer[PeopleGroup]):
    members = serializers.SerializerMethodField(help_text="User names, in their order.")

    class Meta:
        model = PeopleGroup
        fields = ["id", "title", "members", "created_at"]

    def get_members(self, group: PeopleGroup) -> list[str]:
        return list(group.group.user_set.order_by("username").values_list("username", flat=True))


class GroupRequest(serializers.Serializer[object]):
    title = serializers.CharField(max_length=80)


class MembersRequest(serializers.Serializer[object]):
    members = serializers.ListField(
        child=serializers.CharField(max_length=254), max_length=MOST_NAMES, allow_empty=False,
        help_text="User names or e-mail addresses.",
    )  # fmt: skip


class AddedSerializer(serializers.Serializer[object]):
    unknown = serializers.ListField(child=serializers.CharField(), help_text="Names that nobody here has.")


class GroupsView(APIView):
    @extend_schema(operation_id="group_list", responses=GroupSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The groups that one looks after."""
        groups = own_groups(require_curator(request.user)).annotate(size=Count("group__user"))
        return Response(GroupSerializer(groups, many=True).data)

    @extend_schema(operation_id="group_create", request=GroupRequest, responses={201: GroupDetailSerializer})
    def post(self, request: Request) -> Response:
        """A new, empty group."""
        by = require_curator(request.user)
        form = GroupRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        return Response(GroupDetailSerializer(make_group(by=by, title=said["title"])).data, status=201)


class GroupView(APIView):
    @extend_schema(operation_id="group_retrieve", responses=GroupDetailSerializer)
    def get(self, request: Request, group_id: UUID) -> Response:
        """A group with its members."""
        return Response(GroupDetailSerializer(get_group_for(request.user, group_id)).data)

    @extend_schema(operation_id="group_dissolve", responses={204: None})
    def delete(self, request: Request, group_id: UUID) -> Response:
        """End a group, and with it what its members may do by it."""
        dissolve_group(get_group_for(request.user, group_id))
        return Response(status=204)


class MembersView(APIView):
    @extend_schema(operation_id="group_members_add", request=MembersRequest, responses=AddedSerializer)
    def post(self, request: Request, group_id: UUID) -> Response:
        """Put people into a group; who is in it already stays."""
        group = get_group_for(request.user, group_id)
        form = MembersRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        return Response({"unknown": add_members(group, said["members"])})


class MemberView(APIView):
    @extend_schema(operation_id="group_member_remove", responses={204: None})
    def delete(self, request: Request, group_id: UUID, username: str) -> Response:
        """Take somebody out of a group; harmless to repeat."""
        remove_member(get_group_for(request.user, group_id), username)
        return Response(status=204)
