"""Ways into a campaign: links, invitations and groups for those who run it, the door, and the translators' page."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import own_groups, require_user
from accounts.roles import Role
from annotation.addresses import absolute
from campaigns.actions import assign_group_role
from campaigns.actions.invitations import invite, send_again, withdraw
from campaigns.actions.links import make_link, revoke_link
from campaigns.actions.texts import write_texts
from campaigns.holding import group_to_remove, groups_in
from campaigns.joining import find_door, go_in
from campaigns.models import Campaign, Invitation
from campaigns.permissions import decide, get_campaign_for, require_may_give
from campaigns.reading_addresses import read_addresses
from frontend.forms.problems import show_on
from frontend.forms.ways_in import GroupRoleForm, InvitationsForm, LinkForm, TextsForm
from frontend.views.campaigns import place_of
from problems import Problem

MOST_SHOWN = 500


@require_http_methods(["GET", "POST"])
def ways_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was let in how; three forms, of which the hidden field `way` names the one that was sent."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by, way = require_user(request.user), request.POST.get("way", "")
    owns = decide(by, campaign, "own").allowed
    sent = request.POST if request.method == "POST" else None
    link = LinkForm(sent if way == "link" else None, prefix="link")
    invitations = InvitationsForm(
        sent if way == "invitations" else None, request.FILES or None, prefix="mail", owns=owns
    )
    groups = GroupRoleForm(sent if way == "group" else None, prefix="group", groups=own_groups(by), owns=owns)
    context: dict[str, object] = {"link_form": link, "mail_form": invitations, "group_form": groups}
    if way == "link" and link.is_valid():
        context["address"] = _make_link(campaign, link, by)
        context["link_form"] = LinkForm(prefix="link")
    elif way == "invitations" and invitations.is_valid():
        context["faults"] = _invite(request, campaign, invitations, by)
    elif way == "group" and groups.is_valid():
        _give_to_group(request, campaign, groups, by)
        return redirect("campaign-ways-in", slug)
    failed = sent is not None and not any(form.is_valid() for form in (link, invitations, groups))
    return render(
        request,
        "campaigns/ways_in.html",
        {**place_of(request, campaign, "people"), **context, **_ways_of(campaign)},
        status=422 if failed else 200,
    )


def _make_link(campaign: Campaign, form: LinkForm, by: User) -> str:
    _link, secret = make_link(campaign, name=form.cleaned_data["name"], by=by)
    return absolute(reverse("join", args=[secret]))


def _invite(request: HttpRequest, campaign: Campaign, form: InvitationsForm, by: User) -> list[str]:
    """Invite the good addresses; the sentences about the bad lines."""
    found = read_addresses(form.text())
    data = form.cleaned_data
    if found.good:
        new = invite(campaign, found.good, role=Role(data["role"]), language=data["language"], by=by)
        sentence = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", new
        )
        messages.success(request, sentence % {"count": new})
        known = len(found.good) - new
        if known:
            said = ngettext(
                "%(count)d address was invited before.", "%(count)d addresses were invited before.", known
            )
            messages.info(request, said % {"count": known})
    return [fault.detail for fault in found.faults]


def _give_to_group(request: HttpRequest, campaign: Campaign, form: GroupRoleForm, by: User) -> None:
    group, role = form.cleaned_data["group"], Role(form.cleaned_data["role"])
    require_may_give(by, campaign, role)
    assign_group_role(campaign, group, role, by=by)
    messages.success(request, _("The role is given to everybody in the group, now and later."))


def _ways_of(campaign: Campaign) -> dict[str, object]:
    """Links with how often they were used, invitations with their state, groups with their role."""
    now = timezone.now()
    rows = campaign.invitations.select_related("accepted_by")[:MOST_SHOWN]
    return {
        "links": campaign.join_links.annotate(used=Count("uses")),
        "invitations": [
            {
                "row": row,
                "is_over": row.state == Invitation.State.SENT and row.expires_at is not None
                and row.expires_at <= now,
                "is_open": row.state != Invitation.State.ACCEPTED,
            }
            for row in rows
        ],
        "groups": groups_in(campaign),
    }  # fmt: skip


@require_POST
def link_revoke(request: HttpRequest, slug: str, link_id: UUID) -> HttpResponse:
    campaign = get_campaign_for(request.user, slug, "manage")
    revoke_link(campaign, link_id)
    messages.success(request, _("The link lets nobody in any more. Who came by it stays."))
    return redirect("campaign-ways-in", slug)


@require_POST
def invitation_change(request: HttpRequest, slug: str, invitation_id: UUID) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    campaign = get_campaign_for(request.user, slug, "manage")
    if "again" in request.POST:
        send_again(campaign, invitation_id, by=require_user(request.user))
        messages.success(
            request, _("The invitation is on its way again; the address in the old mail has ended.")
        )
    else:
        withdraw(campaign, invitation_id)
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("campaign-ways-in", slug)


@require_POST
def group_role_remove(request: HttpRequest, slug: str, group_id: UUID) -> HttpResponse:
    """Take the role of a group away: who looks after the campaign may, whoever looks after the group."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    assign_group_role(campaign, group_to_remove(campaign, group_id, by=by), None, by=by)
    messages.success(request, _("The role of the group is taken away."))
    return redirect("campaign-ways-in", slug)


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """The door: what one is asked to, and a click to go in. Nothing happens by opening the address."""
    door = find_door(secret)
    if request.method == "POST":
        campaign = go_in(secret, by=require_user(request.user))
        messages.success(request, _("Welcome. You are among the people of this campaign now."))
        return redirect("campaign", campaign.slug)
    response = render(request, "campaigns/join.html", {"door": door, "campaign": door.campaign})
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "POST"])
def campaign_texts(request: HttpRequest, slug: str) -> HttpResponse:
    """The texts of a campaign, language beside language, for its translators."""
    campaign = get_campaign_for(request.user, slug, "translate")
    form = TextsForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            write_texts(campaign, form.changes(), by=require_user(request.user))
            messages.success(request, _("The texts are kept."))
            return redirect("campaign-texts", slug)
        except Problem as problem:
            show_on(form, problem)
    status = 422 if request.method == "POST" else 200
    context = {**place_of(request, campaign, "edit"), "form": form}
    return render(request, "campaigns/texts.html", context, status=status)
