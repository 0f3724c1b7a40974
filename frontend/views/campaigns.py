"""Pages of a campaign for everybody: the list, the invitation, the work, and the pages of those who run it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require_curator, require_user
from accounts.roles import Role
from campaigns.actions import (
    assign_role,
    choose_canvases,
    close_campaign,
    configure_campaign,
    create_campaign,
    open_campaign,
    pause_campaign,
    reopen_campaign,
)
from campaigns.instructions import render_languages
from campaigns.models import Campaign, CampaignUserObjectPermission
from campaigns.permissions import decide, get_campaign_for, visible_campaigns
from campaigns.queries import obstacles_to_opening, participants_of, progress_of, shown_tasks, totals_of
from frontend.forms.campaigns import CampaignForm, CanvasesForm, PersonForm
from frontend.forms.problems import show_on
from problems import Invalid, Problem

STEPS = {
    "open": open_campaign,
    "pause": pause_campaign,
    "close": close_campaign,
    "reopen": reopen_campaign,
}


@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    """The campaigns the reader may see: open ones first, then their own drafts, then what is over."""
    campaigns = visible_campaigns(request.user).select_related("cover", "vocabulary")
    page = Paginator(campaigns, 24).get_page(request.GET.get("page"))
    return render(request, "campaigns/list.html", {"page": page, "totals": totals_of(list(page))})


@require_GET
def campaign_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The invitation: what it is about, how far it is, and one way in."""
    campaign = get_campaign_for(request.user, slug, "view")
    first = shown_tasks(campaign).first()
    context = {
        "campaign": campaign,
        "cover": campaign.cover or (first.canvas if first else None),
        "instructions": render_languages(campaign.instructions),
        "progress": progress_of(campaign),
        "contribute": decide(request.user, campaign, "contribute"),
        "review": decide(request.user, campaign, "review"),
        "manage": decide(request.user, campaign, "manage"),
        "releases": campaign.releases.filter(is_public=True, finished_at__isnull=False)[:5],
        "samples": [task.canvas for task in shown_tasks(campaign)[:6]],
    }
    return render(request, "campaigns/detail.html", context)


@ensure_csrf_cookie
@require_GET
def campaign_work(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbench. The page is the same for everybody; what it may do, the API decides."""
    campaign = get_campaign_for(request.user, slug, "join")
    return render(request, "campaigns/work.html", {"campaign": campaign})


@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    by = require_curator(request.user)
    form = CampaignForm(request.POST or None, person=by)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = create_campaign(by=by, slug=form.slug(), **form.values())
            messages.success(request, _("The draft is kept. Now choose the images."))
            return redirect("campaign-canvases", campaign.slug)
        except Problem as problem:
            show_on(form, problem)
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/edit.html", {"form": form, "campaign": None}, status=status)


@require_http_methods(["GET", "POST"])
def campaign_edit(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    form = CampaignForm(request.POST or None, person=by, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            configure_campaign(campaign, form.values(), by=by)
            messages.success(request, _("The changes are kept."))
            return redirect("campaign-dashboard", campaign.slug)
        except Problem as problem:
            show_on(form, problem)
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/edit.html", {"form": form, "campaign": campaign}, status=status)


@require_http_methods(["GET", "POST"])
def campaign_canvases(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the sources whose images become tasks."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    form = CanvasesForm(request.POST or None, person=by)
    if request.method == "POST" and form.is_valid():
        manifests = [manifest.pk for manifest in form.cleaned_data["manifests"]]
        try:
            added = choose_canvases(campaign, manifests=manifests, by=by)
            messages.success(request, _("%(count)d tasks were added.") % {"count": added})
            return redirect("campaign-dashboard", campaign.slug)
        except Problem as problem:
            show_on(form, problem)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "campaign": campaign, "tasks": campaign.tasks.count()}
    return render(request, "campaigns/canvases.html", context, status=status)


@ensure_csrf_cookie
@require_GET
def campaign_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbench as a contributor will see it; nothing that is drawn here is kept."""
    campaign = get_campaign_for(request.user, slug, "manage")
    return render(request, "campaigns/work.html", {"campaign": campaign, "preview": True})


@require_POST
def campaign_step(request: HttpRequest, slug: str) -> HttpResponse:
    """Open, pause, close or reopen; what is missing is said on the dashboard."""
    campaign = get_campaign_for(request.user, slug, "manage")
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise Invalid(_("A campaign can be opened, paused, closed and reopened."), pointer="/step")
    try:
        step(campaign, by=require_user(request.user))
    except Problem as problem:
        for sentence in [fault.detail for fault in problem.faults] or [str(problem.detail)]:
            messages.error(request, sentence)
    return redirect("campaign-dashboard", campaign.slug)


@require_http_methods(["GET", "POST"])
def campaign_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has which role, and who took part under which pseudonym."""
    campaign = get_campaign_for(request.user, slug, "manage")
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            role = Role(form.cleaned_data["role"])
            assign_role(campaign, form.cleaned_data["who"], role, by=require_user(request.user))
            messages.success(request, _("The role is given."))
            return redirect("campaign-people", campaign.slug)
        except Problem as problem:
            show_on(form, problem)
    context = {
        "campaign": campaign,
        "form": form,
        "roles": _roles(campaign),
        "participants": participants_of(campaign),
    }
    return render(request, "campaigns/people.html", context, status=422 if form.is_bound else 200)


def _roles(campaign: Campaign) -> list[dict[str, object]]:
    """Everybody with a grant and the strongest role that their permissions make up; one query."""
    held: dict[str, set[str]] = {}
    rows = CampaignUserObjectPermission.objects.filter(content_object=campaign).order_by("user__username")
    for name, codename in rows.values_list("user__username", "permission__codename"):
        held.setdefault(name, set()).add(codename.split("_", 1)[0])
    strongest = [
        ("own", Role.OWNER),
        ("manage", Role.MANAGER),
        ("review", Role.REVIEWER),
        ("contribute", Role.CONTRIBUTOR),
        ("view", Role.OBSERVER),
    ]
    return [
        {"name": name, "role": next(role.label for verb, role in strongest if verb in verbs)}
        for name, verbs in held.items()
    ]


def missing_to_open(campaign: Campaign) -> list[str]:
    """The sentences that say what is still missing before the campaign can open."""
    return [fault.detail for fault in obstacles_to_opening(campaign)] if campaign.status == "draft" else []
