"""Teams and the leaderboard over REST: found, join and leave a team; who has how much accepted."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from annotation.addresses import absolute
from campaigns.accepted import accepted_items, goals_of, people_ranked, teams_ranked
from campaigns.actions.participants import find_participant
from campaigns.actions.teams import LONGEST, found_team, join_team, keep_out, leave_team, renew_link
from campaigns.api.views import participant_of
from campaigns.models import Campaign, Participant, Team, TeamMember
from campaigns.permissions import get_campaign_for
from problems import Missing


class TeamSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    members = serializers.ListField(
        child=serializers.CharField(), help_text="Their pseudonyms in this campaign."
    )


class FoundedTeamSerializer(TeamSerializer):
    address = serializers.CharField(
        help_text="Whoever opens it may join. Shown this once; only a fingerprint of it is kept."
    )


class TeamRequest(serializers.Serializer[object]):
    name = serializers.CharField(max_length=LONGEST)


class JoinTeamRequest(serializers.Serializer[object]):
    secret = serializers.CharField(max_length=200, help_text="The last part of the team's address.")


class TeamAddressSerializer(serializers.Serializer[object]):
    address = serializers.CharField(help_text="In the place of the one before, which ends.")


class RankSerializer(serializers.Serializer[object]):
    place = serializers.IntegerField(help_text="Equals share it.")
    name = serializers.CharField()
    items = serializers.IntegerField(help_text="Accepted ones.")
    is_mine = serializers.BooleanField()


class GoalStandingSerializer(serializers.Serializer[object]):
    count = serializers.IntegerField()
    on = serializers.CharField(help_text="The day, as YYYY-MM-DD.")
    done = serializers.IntegerField()
    reached = serializers.BooleanField()


class OwnStandingSerializer(serializers.Serializer[object]):
    items = serializers.IntegerField()
    hidden = serializers.BooleanField(
        help_text="Stands in no leaderboard, and counts for the team all the same."
    )


class LeaderboardSerializer(serializers.Serializer[object]):
    """`people` and `teams` are empty where the campaign shows no leaderboard."""

    shown = serializers.BooleanField()
    people = RankSerializer(many=True)
    teams = RankSerializer(many=True)
    goals = GoalStandingSerializer(many=True)
    mine = OwnStandingSerializer(allow_null=True)


class HideRequest(serializers.Serializer[object]):
    hidden = serializers.BooleanField()


class TeamsView(APIView):
    @extend_schema(operation_id="team_found", request=TeamRequest, responses={201: FoundedTeamSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Found a team; its founder leaves the one that they were in."""
        campaign = get_campaign_for(request.user, slug, "view")
        by = require_user(request.user)
        form = TeamRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        team, secret = found_team(campaign, data["name"], by=by)
        return Response({**_shown(team), "address": _address(campaign, secret)}, status=201)


class JoinTeamView(APIView):
    @extend_schema(operation_id="team_join", request=JoinTeamRequest, responses=TeamSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Go into a team, out of the one that one was in; harmless to repeat."""
        campaign = get_campaign_for(request.user, slug, "view")
        by = require_user(request.user)
        form = JoinTeamRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        return Response(_shown(join_team(campaign, data["secret"], by=by)))


class OwnTeamView(APIView):
    @extend_schema(operation_id="team_mine", responses=TeamSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The caller's team."""
        campaign = get_campaign_for(request.user, slug, "view")
        me = find_participant(campaign, user=require_user(request.user))
        team = Team.objects.filter(members__participant=me).first() if me else None
        if team is None:
            raise Missing(_("You are in no team of this campaign."))
        return Response(_shown(team))

    @extend_schema(operation_id="team_leave", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Leave it; a team that nobody is in is gone."""
        leave_team(get_campaign_for(request.user, slug, "view"), by=require_user(request.user))
        return Response(status=204)


class TeamLinkView(APIView):
    @extend_schema(operation_id="team_link", request=None, responses=TeamAddressSerializer)
    def post(self, request: Request, slug: str, team_id: UUID) -> Response:
        """Another address in the place of the one there was."""
        campaign = get_campaign_for(request.user, slug, "view")
        secret = renew_link(campaign, team_id, by=require_user(request.user))
        return Response({"address": _address(campaign, secret)})


class LeaderboardView(APIView):
    @extend_schema(operation_id="leaderboard_retrieve", responses=LeaderboardSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Who has how much accepted, at most a minute old; a visitor is known by the cookie."""
        campaign = get_campaign_for(request.user, slug, "view")
        me = participant_of(request, campaign)
        shows = campaign.shows_leaderboard
        standing = {
            "shown": shows,
            "people": people_ranked(campaign, me) if shows else [],
            "teams": teams_ranked(campaign, me) if shows else [],
            "goals": goals_of(campaign),
            "mine": me and _standing(campaign, me),
        }
        return Response(LeaderboardSerializer(standing).data)

    @extend_schema(operation_id="leaderboard_hide", request=HideRequest, responses=HideRequest)
    def patch(self, request: Request, slug: str) -> Response:
        """Stand in no leaderboard of the campaign, or in it again."""
        campaign = get_campaign_for(request.user, slug, "view")
        by = require_user(request.user)
        form = HideRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        keep_out(campaign, hidden=data["hidden"], by=by)
        return Response(data)


def _standing(campaign: Campaign, me: Participant) -> dict[str, Any]:
    return {"items": accepted_items(campaign).get(me.pk, 0), "hidden": me.hides_rank}


def _shown(team: Team) -> dict[str, Any]:
    members = TeamMember.objects.filter(team=team).values_list("participant__pseudonym", flat=True)
    return {"id": team.pk, "name": team.name, "members": sorted(members)}


def _address(campaign: Campaign, secret: str) -> str:
    return absolute(reverse("team-join", args=[campaign.slug, secret]))
