"""Teams of a campaign, their link, the leaderboard where the campaign has one, and its goals."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import require_user
from annotation.addresses import absolute
from campaigns.accepted import accepted_items, goals_of, people_ranked, teams_ranked
from campaigns.actions import configure_campaign
from campaigns.actions.participants import find_participant
from campaigns.actions.teams import find_team, found_team, join_team, keep_out, leave_team, renew_link
from campaigns.models import Campaign, Participant, Team, TeamMember
from campaigns.permissions import decide, get_campaign_for
from frontend.forms.problems import show_on
from frontend.forms.teams import GoalForm, TeamForm
from problems import Problem


def _me(request: HttpRequest, campaign: Campaign) -> Participant | None:
    return find_participant(campaign, user=request.user) if isinstance(request.user, User) else None


@require_http_methods(["GET", "POST"])
def team_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own team with its people, founding one, the leaderboard; for those who run it, whether there is one."""
    campaign = get_campaign_for(request.user, slug, "view")
    wants = request.POST.get("wants", "")
    team = TeamForm(request.POST if wants == "found" else None)
    goal = GoalForm(request.POST if wants == "goal" else None, campaign=campaign)
    address = None
    if request.method == "POST":
        by = require_user(request.user)
        try:
            address = _do(request, campaign, wants, team, goal, by)
            if address is None and not (team.errors or goal.errors):
                return redirect("team-list", slug)
        except Problem as problem:
            if not team.is_bound:
                raise
            show_on(team, problem)
    failed = bool(team.errors or goal.errors)
    context = _shown(request, campaign) | {"team_form": team, "goal_form": goal, "address": address}
    return render(request, "campaigns/teams.html", context, status=422 if failed else 200)


def _do(
    request: HttpRequest, campaign: Campaign, wants: str, team: TeamForm, goal: GoalForm, by: User
) -> str | None:
    """What the button asked for; the address of a team's link where there is a new one."""
    match wants:
        case "found" if team.is_valid():
            row, secret = found_team(campaign, team.cleaned_data["name"], by=by)
            messages.success(request, _("The team “%(name)s” is founded.") % {"name": row.name})
            return _address(campaign, secret)
        case "link":
            return _address(campaign, renew_link(campaign, _team_id(campaign, by), by=by))
        case "leave":
            leave_team(campaign, by=by)
            messages.success(request, _("You have left the team."))
        case "hide" | "list":
            keep_out(campaign, hidden=wants == "hide", by=by)
        case "goal":
            get_campaign_for(by, campaign.slug, "manage")
            if goal.is_valid():
                configure_campaign(campaign, goal.values(), by=by)
                messages.success(request, _("The changes are kept."))
    return None


def _team_id(campaign: Campaign, by: User) -> UUID:
    row = TeamMember.objects.filter(team__campaign=campaign, participant__user=by).first()
    return row.team_id if row else UUID(int=0)


def _address(campaign: Campaign, secret: str) -> str:
    return absolute(reverse("team-join", args=[campaign.slug, secret]))


def _shown(request: HttpRequest, campaign: Campaign) -> dict[str, object]:
    me = _me(request, campaign)
    mine = Team.objects.filter(members__participant=me).first() if me else None
    people = TeamMember.objects.filter(team=mine).values_list("participant__pseudonym", flat=True)
    return {
        "section": "campaigns",
        "campaign": campaign,
        "me": me,
        "team": mine,
        "members": sorted(people) if mine else [],
        "my_items": accepted_items(campaign).get(me.pk, 0) if me else 0,
        "teams": teams_ranked(campaign, me) if campaign.shows_leaderboard else [],
        "people": people_ranked(campaign, me) if campaign.shows_leaderboard else [],
        "goals": goals_of(campaign),
        "join": decide(request.user, campaign, "join"),
        "manage": decide(request.user, campaign, "manage"),
    }


@require_http_methods(["GET", "POST"])
def team_join(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    """The door of a team. Nothing happens by opening the address."""
    campaign = get_campaign_for(request.user, slug, "view")
    team = find_team(campaign, secret)
    if request.method == "POST":
        join_team(campaign, secret, by=require_user(request.user))
        messages.success(request, _("Welcome to the team “%(name)s”.") % {"name": team.name})
        return redirect("team-list", slug)
    members = TeamMember.objects.filter(team=team).values_list("participant__pseudonym", flat=True)
    context = {"section": "campaigns", "campaign": campaign, "team": team, "members": sorted(members)}
    response = render(request, "campaigns/team_join.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
