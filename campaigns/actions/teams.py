"""Teams are founded, joined by a link and left; a person may keep out of the leaderboard."""

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User, digest_of, new_secret
from campaigns.actions.participants import join_campaign
from campaigns.models import Campaign, Participant, Team, TeamMember
from campaigns.permissions import decide, refuse_archived
from problems import Conflict, Invalid, Missing, Refused

LONGEST = 60


def found_team(campaign: Campaign, name: str, *, by: User) -> tuple[Team, str]:
    """A new team with its founder in it, and the secret of its link, which is shown once."""
    me = _taking_part(campaign, by)
    said = " ".join(name.split())
    if not said or len(said) > LONGEST:
        raise Invalid(_("Give the team a name of at most 60 letters."), pointer="/name", code="bad-name")
    secret = new_secret()
    try:
        with transaction.atomic():
            team = Team.objects.create(campaign=campaign, name=said, digest=digest_of(secret), founded_by=me)
            _enter(team, me)
    except IntegrityError as error:
        raise Conflict(
            _("A team of this name exists already."), pointer="/name", code="name-taken"
        ) from error
    return team, secret


def renew_link(campaign: Campaign, team_id: UUID, *, by: User) -> str:
    """Another link in the place of the one there was, for whoever is in the team."""
    refuse_archived(campaign)
    team = Team.objects.filter(campaign=campaign, pk=team_id, members__participant__user=by).first()
    if team is None:
        raise Missing(_("You are in no such team."))
    secret = new_secret()
    Team.objects.filter(pk=team.pk).update(digest=digest_of(secret))
    return secret


def find_team(campaign: Campaign, secret: str) -> Team:
    """The team behind a link."""
    team = Team.objects.filter(campaign=campaign, digest=digest_of(secret)).first()
    if team is None:
        raise Missing(_("This link has been replaced by a newer one, or is not complete."))
    return team


def join_team(campaign: Campaign, secret: str, *, by: User) -> Team:
    """Go into a team, out of the one that one was in; harmless to repeat."""
    me = _taking_part(campaign, by)
    with transaction.atomic():
        # Both are held: whoever is the last to leave the new one at this moment does not take it away.
        digest = digest_of(secret)
        wanted = Q(digest=digest) | Q(members__participant=me)
        held = _hold(Team.objects.filter(wanted, campaign=campaign))
        team = next((one for one in held if one.digest == digest), None) or find_team(campaign, secret)
        _enter(team, me)
        drop_empty_teams([campaign.pk])
    return team


def leave_team(campaign: Campaign, *, by: User) -> None:
    """Leave one's team; a team that nobody is in is gone. Harmless to repeat."""
    refuse_archived(campaign)
    with transaction.atomic():
        _hold(Team.objects.filter(campaign=campaign, members__participant__user=by))
        TeamMember.objects.filter(participant__user=by, team__campaign=campaign).delete()
        drop_empty_teams([campaign.pk])


def _hold(teams: QuerySet[Team]) -> list[Team]:
    """Lock teams against others who come or leave, in the order of their keys."""
    return list(teams.order_by("pk").select_for_update(of=("self",)))


def drop_empty_teams(campaigns: Collection[int]) -> None:
    """Delete the teams that nobody is in; one that somebody is just going into, or founds, stays."""
    empty = Team.objects.filter(campaign__in=campaigns, members=None)
    free = list(empty.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    # Asked again under the lock: whoever came in just before is seen.
    Team.objects.filter(pk__in=free, members=None).delete()


def _enter(team: Team, me: Participant) -> None:
    TeamMember.objects.update_or_create(participant=me, defaults={"team": team})


def keep_out(campaign: Campaign, *, hidden: bool, by: User) -> None:
    """Stand in no leaderboard of the campaign, or in it again; one's work counts for the team all the same."""
    Participant.objects.filter(campaign=campaign, user=by).update(hides_rank=hidden)


def _taking_part(campaign: Campaign, by: User) -> Participant:
    refuse_archived(campaign)
    decision = decide(by, campaign, "join")
    if not decision.allowed:
        raise Refused(decision.reason)
    return join_campaign(campaign, user=by)
