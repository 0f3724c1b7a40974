"""Ways into a campaign over REST: secret links, invitations, and the roles of persons and groups."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import get_group_for, require_user
from accounts.roles import Role
from annotation.addresses import absolute
from campaigns.actions import assign_group_role, assign_role
from campaigns.actions.invitations import invite, send_again, withdraw
from campaigns.actions.links import make_link, revoke_link
from campaigns.holding import group_to_remove, groups_in, roles_in
from campaigns.models import Invitation, JoinLink
from campaigns.permissions import get_campaign_for, require_may_give
from campaigns.reading_addresses import read_addresses
from problems import Missing

MOST_TEXT = 2**20


class LinkSerializer(serializers.ModelSerializer[JoinLink]):
    used = serializers.IntegerField(default=0, read_only=True, help_text="How many came in by it.")

    class Meta:
        model = JoinLink
        fields = ["id", "name", "used", "created_at", "revoked_at"]


class NewLinkSerializer(LinkSerializer):
    address = serializers.CharField(help_text="Shown this once; only a fingerprint of it is kept.")

    class Meta(LinkSerializer.Meta):
        fields = [*LinkSerializer.Meta.fields, "address"]


class LinkRequest(serializers.Serializer[object]):
    name = serializers.CharField(max_length=80)


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    accepted_by = serializers.CharField(
        source="accepted_by.public_name", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Invitation
        fields = [
            "id", "email", "role", "language", "state", "created_at", "sent_at", "expires_at", "accepted_at",
            "accepted_by",
        ]  # fmt: skip


class InvitationsRequest(serializers.Serializer[object]):
    addresses = serializers.CharField(
        max_length=MOST_TEXT,
        help_text="One a line, or a table as CSV: the first address of each line is taken.",
    )
    role = serializers.ChoiceField(choices=Role.choices, default=Role.CONTRIBUTOR)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, default="en")


class InvitedSerializer(serializers.Serializer[object]):
    new = serializers.IntegerField()
    known = serializers.IntegerField(
        help_text="Addresses that were invited before; nothing is sent to them again."
    )
    faults = serializers.ListField(child=serializers.CharField(), help_text="Bad lines, each in a sentence.")


class RoleSerializer(serializers.Serializer[object]):
    username = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices)


class GroupRoleSerializer(serializers.Serializer[object]):
    group = serializers.UUIDField(read_only=True)
    title = serializers.CharField(read_only=True)
    members = serializers.IntegerField(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices)


# --- links ------------------------------------------------------------------------------------------


class LinksView(APIView):
    @extend_schema(operation_id="link_list", responses=LinkSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The secret links into a campaign that the caller runs; their secrets are not kept."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response(LinkSerializer(campaign.join_links.annotate(used=Count("uses")), many=True).data)

    @extend_schema(operation_id="link_create", request=LinkRequest, responses={201: NewLinkSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """A new link; whoever opens its address, signed in, becomes a contributor."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = LinkRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        link, secret = make_link(campaign, name=said["name"], by=require_user(request.user))
        address = absolute(reverse("join", args=[secret]))
        return Response({**LinkSerializer(link).data, "address": address}, status=201)


class LinkView(APIView):
    @extend_schema(operation_id="link_revoke", responses={204: None})
    def delete(self, request: Request, slug: str, link_id: UUID) -> Response:
        """End a link; who came in by it stays."""
        revoke_link(get_campaign_for(request.user, slug, "manage"), link_id)
        return Response(status=204)


# --- invitations ------------------------------------------------------------------------------------


class InvitationsView(ListAPIView[Invitation]):
    serializer_class = InvitationSerializer

    def get_queryset(self) -> QuerySet[Invitation]:
        if getattr(self, "swagger_fake_view", False):
            return Invitation.objects.none()
        campaign = get_campaign_for(self.request.user, self.kwargs["slug"], "manage")
        return campaign.invitations.select_related("accepted_by")

    @extend_schema(operation_id="invitation_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who was asked in by e-mail, and what became of it; newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="invitation_create", request=InvitationsRequest, responses={202: InvitedSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Ask people in by e-mail; what is good is sent in the background, bad lines are named."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = InvitationsRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        found = read_addresses(said["addresses"])
        new = invite(
            campaign,
            found.good,
            role=Role(said["role"]),
            language=said["language"],
            by=require_user(request.user),
        )
        told = {
            "new": new,
            "known": len(found.good) - new,
            "faults": [fault.detail for fault in found.faults],
        }
        return Response(InvitedSerializer(told).data, status=202)


class InvitationView(APIView):
    @extend_schema(operation_id="invitation_withdraw", responses={204: None})
    def delete(self, request: Request, slug: str, invitation_id: UUID) -> Response:
        """End an invitation that nobody has accepted."""
        withdraw(get_campaign_for(request.user, slug, "manage"), invitation_id)
        return Response(status=204)


class SendAgainView(APIView):
    @extend_schema(operation_id="invitation_send", request=None, responses={202: InvitationSerializer})
    def post(self, request: Request, slug: str, invitation_id: UUID) -> Response:
        """Send an invitation anew, with all its time; the address in the old mail ends."""
        campaign = get_campaign_for(request.user, slug, "manage")
        row = send_again(campaign, invitation_id, by=require_user(request.user))
        return Response(InvitationSerializer(row).data, status=202)


# --- roles ------------------------------------------------------------------------------------------


class RolesView(APIView):
    @extend_schema(operation_id="role_list", responses=RoleSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Everybody with a role of their own in a campaign that the caller runs."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response([{"username": name, "role": role} for name, role in roles_in(campaign)])


class RoleView(APIView):
    @extend_schema(operation_id="role_give", request=RoleSerializer, responses=RoleSerializer)
    def put(self, request: Request, slug: str, username: str) -> Response:
        """Give somebody a role in place of any other; the caller owns the campaign."""
        campaign = get_campaign_for(request.user, slug, "own")
        role = _role(request, RoleSerializer)
        user = _person(username)
        assign_role(campaign, user, role, by=require_user(request.user))
        return Response({"username": user.username, "role": role})

    @extend_schema(operation_id="role_take", responses={204: None})
    def delete(self, request: Request, slug: str, username: str) -> Response:
        """Take somebody's role away; harmless to repeat."""
        campaign = get_campaign_for(request.user, slug, "own")
        assign_role(campaign, _person(username), None, by=require_user(request.user))
        return Response(status=204)


class GroupRolesView(APIView):
    @extend_schema(operation_id="group_role_list", responses=GroupRoleSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The groups that have a role in a campaign that the caller runs."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response(
            [
                {"group": one.group.pk, "title": one.group.title, "members": one.group.size, "role": one.role}  # type: ignore[attr-defined]
                for one in groups_in(campaign)
            ]
        )


class GroupRoleView(APIView):
    @extend_schema(operation_id="group_role_give", request=GroupRoleSerializer, responses={204: None})
    def put(self, request: Request, slug: str, group_id: UUID) -> Response:
        """Give everybody in a group of the caller's a role, now and as its members change."""
        campaign = get_campaign_for(request.user, slug, "manage")
        role, by = _role(request, GroupRoleSerializer), require_user(request.user)
        require_may_give(by, campaign, role)
        group_to_remove(campaign, group_id, by=by)  # another role takes the one away that it has
        assign_group_role(campaign, get_group_for(by, group_id), role, by=by)
        return Response(status=204)

    @extend_schema(operation_id="group_role_take", responses={204: None})
    def delete(self, request: Request, slug: str, group_id: UUID) -> Response:
        """Take the role of a group away; roles of its members' own stay."""
        campaign = get_campaign_for(request.user, slug, "manage")
        by = require_user(request.user)
        assign_group_role(campaign, group_to_remove(campaign, group_id, by=by), None, by=by)
        return Response(status=204)


def _role(request: Request, serializer: Any) -> Role:
    form = serializer(data=request.data)
    form.is_valid(raise_exception=True)
    return Role(form.validated_data["role"])


def _person(username: str) -> User:
    user = User.objects.filter(username__iexact=username.replace("\x00", "")).first()
    if user is None:
        raise Missing("Nobody with this name has an account here.")
    return user
