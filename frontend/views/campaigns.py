"""Pages of a campaign: for everybody the list, the invitation and the work; for those who run it the rest."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import may_curate, require_curator, require_user
from campaigns.accepted import goals_of
from campaigns.actions import (
    archive_campaign,
    assign_role,
    choose_canvases,
    choose_layers,
    choose_tasks,
    close_campaign,
    configure_campaign,
    create_campaign,
    open_campaign,
    pause_campaign,
    reopen_campaign,
    restore_campaign,
    start_pilot,
)
from campaigns.actions.batches import most_at_once
from campaigns.actions.choosing import is_large
from campaigns.actions.definitions import copy_campaign
from campaigns.actions.ordering import unfinished_ordering
from campaigns.actions.participants import find_participant
from campaigns.api.visitors import read_visitor
from campaigns.blueprints import BLUEPRINTS
from campaigns.foresight import foresee
from campaigns.holding import roles_in
from campaigns.instructions import render_languages
from campaigns.models import Campaign, Participant
from campaigns.permissions import decide, get_campaign_for, in_lists, visible_campaigns
from campaigns.queries import participants_of, progress_of
from campaigns.reviewing import review_queue
from campaigns.skills import skills_of
from campaigns.templates import MOST_TEMPLATES, offered_templates, template_for
from frontend.enough import preview_of
from frontend.forms.campaigns import CampaignForm
from frontend.forms.canvases import CanvasesForm, RegionsForm, ShownForm
from frontend.forms.people import PersonForm
from frontend.forms.problems import show_on
from frontend.news import news_of, subscription_of
from frontend.plates import cards_of, covers_of, finished_page, samples_of
from frontend.preloading import texts_ahead
from frontend.reading import reading_of
from frontend.visits import visits_here
from problems import Invalid, Problem

STEPS = {
    "pilot": start_pilot,
    "archive": archive_campaign,
    "restore": restore_campaign,
    "open": open_campaign,
    "pause": pause_campaign,
    "close": close_campaign,
    "reopen": reopen_campaign,
}
MOST_THUMBNAILS = 12
_ORDER = [
    Campaign.Status.OPEN, Campaign.Status.PILOT, Campaign.Status.DRAFT, Campaign.Status.PAUSED,
    Campaign.Status.CLOSED, Campaign.Status.ARCHIVED,
]  # fmt: skip
LIVELIEST_FIRST = Case(
    *(When(status=status, then=Value(rank)) for rank, status in enumerate(_ORDER)),
    output_field=IntegerField(),
)


def language() -> str:
    return (get_language() or "en").split("-")[0]


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it empty; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    """The campaigns the reader may see: open ones first, then their own drafts, then what is over."""
    visible, archived = visible_campaigns(request.user), "archived" in request.GET
    campaigns = in_lists(visible, archived=archived).select_related("vocabulary")
    page = Paginator(campaigns.order_by(LIVELIEST_FIRST, "-created_at"), 24).get_page(request.GET.get("page"))
    context = {
        "section": "campaigns",
        "page": page,
        "cards": cards_of(list(page)),
        "archived": archived,
        "put_away": in_lists(visible, archived=True).exists(),
    }
    return render(request, "campaigns/list.html", context)


@require_GET
def campaign_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The invitation: what it is about, how far it is, and one way in."""
    campaign = get_campaign_for(request.user, slug, "view")
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "cover": covers_of([campaign]).get(campaign.pk),
        "reading": reading_of(campaign),
        "finished": finished_page(campaign, language()),
        "instructions": render_languages(campaign.instructions),
        "faq": [{**entry, "answer_html": render_languages(entry["answer"])} for entry in campaign.faq],
        "progress": progress_of(campaign, _participant(request, campaign)),
        "contribute": decide(request.user, campaign, "contribute"),
        "review": decide(request.user, campaign, "review"),
        "manage": decide(request.user, campaign, "manage"),
        "translate": decide(request.user, campaign, "translate"),
        "releases": campaign.releases.filter(is_public=True, finished_at__isnull=False)[:5],
        "visits": _visits(request, campaign),
        "news": news_of(campaign),
        "goals": goals_of(campaign),
        "subscribed": subscription_of(request, campaign),
        "samples": samples_of(campaign),
    }
    return render(request, "campaigns/detail.html", context)


def _visits(request: HttpRequest, campaign: Campaign) -> list[dict[str, Any]]:
    """What was done here before signing in, if some of it in this campaign: all of it, as the button takes all."""
    visits = visits_here(request)
    return visits if any(row["campaign__slug"] == campaign.slug for row in visits) else []


def _participant(request: HttpRequest, campaign: Campaign) -> Participant | None:
    user = request.user if isinstance(request.user, User) else None
    return find_participant(campaign, user=user, visitor="" if user else read_visitor(request))


@ensure_csrf_cookie
@require_GET
@texts_ahead
def campaign_work(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbench. The page is the same for everybody; what it may do, the API decides."""
    campaign = get_campaign_for(request.user, slug, "join")
    named = _named_contribution(request)
    # What is taken up again is looked at by itself.
    grid = named is None and "single" not in request.GET and most_at_once(campaign) > 1
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "contribution": named,
        "grid": grid,
        "instructions": render_languages(campaign.instructions),
    }
    return render(request, "campaigns/work.html", context)


def _named_contribution(request: HttpRequest) -> UUID | None:
    """The answer that the page is to begin with, if the address names one; whose it is, the API knows."""
    try:
        return UUID(request.GET.get("contribution", ""))
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
def campaign_new(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    by = require_curator(request.user)
    name = request.GET.get("template", "")
    template = template_for(by, name)
    form = CampaignForm(sent(request), person=by, chosen=request.GET.get("vocabulary"), template=template)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = create_campaign(by=by, slug=form.short_name(), **form.values())
            messages.success(request, _("The draft is kept. Now choose the images."))
            return redirect("campaign-canvases", campaign.slug)
        except Problem as problem:
            show_on(form, problem)
    context: dict[str, object] = {
        "section": "campaigns",
        "campaign": None,
        "blueprints": BLUEPRINTS.values(),
        "templates": offered_templates(by)[:MOST_TEMPLATES],
        "begun_from": name if template else "",
    }
    return _edit_page(request, form, context)


@require_http_methods(["GET", "POST"])
def campaign_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The settings; what answers have settled is refused beside its field."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    form = CampaignForm(sent(request), person=by, campaign=campaign, chosen=request.GET.get("vocabulary"))
    if "preview" in request.POST:
        place = {**place_of(request, campaign, "edit"), "form": form, "may_copy": may_curate(request.user)}
        return render(request, "campaigns/edit.html", {**place, **preview_of(campaign, form)})
    context: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        try:
            sentences = foresee(campaign, form.values())
            if request.POST.get("foreseen", "") == _key(sentences):
                configure_campaign(campaign, form.values(), by=by)
                messages.success(request, _("The changes are kept."))
                return redirect("campaign-dashboard", campaign.slug)
            context = {"course_foreseen": sentences, "foreseen_key": _key(sentences)}
        except Problem as problem:
            show_on(form, problem)
    ordering = unfinished_ordering(campaign)
    return _edit_page(request, form, {**place_of(request, campaign, "edit"), **context, "ordering": ordering})


def _key(sentences: list[str]) -> str:
    """What was shown, so that a change that does something else meanwhile is shown again; "" without a word."""
    return sha256("\n".join(sentences).encode()).hexdigest() if sentences else ""


def _tell(request: HttpRequest, problem: Problem) -> None:
    """Say on the next page what stood in the way, each thing in its sentence."""
    for sentence in [fault.detail for fault in problem.faults] or [str(problem.detail)]:
        messages.error(request, sentence)


@require_POST
def campaign_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """A new draft with the same settings and images; where that fails the settings say why."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_curator(request.user)
    try:
        copy = copy_campaign(campaign, slug=request.POST.get("copy_slug", "").strip(), by=by)
    except Problem as problem:
        _tell(request, problem)
        return redirect("campaign-edit", slug)
    messages.success(request, _("This is the copy, a draft of its own. Its answers begin anew."))
    return redirect("campaign-edit", copy.slug)


def _edit_page(request: HttpRequest, form: CampaignForm, context: dict[str, object]) -> HttpResponse:
    """The form; to htmx only the branches of the vocabulary that was just chosen."""
    partial = request.headers.get("HX-Request") == "true"
    template = "campaigns/_branch_field.html" if partial else "campaigns/edit.html"
    status = 422 if request.method == "POST" else 200
    zone = get_current_timezone_name()
    campaign = context.get("campaign")
    owns = isinstance(campaign, Campaign) and decide(request.user, campaign, "own").allowed
    context = {**context, "form": form, "owns": owns, "may_copy": may_curate(request.user), "time_zone": zone}
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def campaign_canvases(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the sources whose images become tasks."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    if campaign.traits.pairs:
        return redirect("campaign-pairs", campaign.slug)
    q = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    of_regions = "layer" in request.POST
    form = CanvasesForm(None if of_regions else sent(request), person=by, campaign=campaign, q=q)
    data = sent(request) if of_regions else None
    judges = campaign.traits.judges
    regions = ShownForm(data, person=by, campaign=campaign) if judges else RegionsForm(data, person=by)
    asked = regions if of_regions else form
    if request.method == "POST" and asked.is_valid():
        try:
            if not of_regions and is_large(campaign, _whole(form), by=by):
                choose_tasks(campaign, _whole(form), by=by)
                return redirect("campaign-choices", campaign.slug)
            is_under_way = _add_tasks(request, campaign, asked, by=by)
            return redirect("campaign-choices" if is_under_way else "campaign-dashboard", campaign.slug)
        except Problem as problem:
            show_on(asked, problem)
    status = 422 if request.method == "POST" else 200
    context = {
        **place_of(request, campaign, "canvases"),
        "form": form,
        "regions": regions,
        "judges": judges,
        "q": q,
        "tasks": campaign.tasks.count(),
        "shown": campaign.tasks.select_related("canvas").order_by("position")[:MOST_THUMBNAILS],
    }
    return render(request, "campaigns/canvases.html", context, status=status)


def _whole(form: CanvasesForm) -> dict[str, Any]:
    """All images of the chosen sources, as a choice asks for them."""
    return {"of": "canvases", "manifests": [str(manifest.pk) for manifest in form.cleaned_data["manifests"]]}


def _add_tasks(
    request: HttpRequest, campaign: Campaign, form: CanvasesForm | RegionsForm, *, by: User
) -> bool:
    """Whole images of sources, or what a layer holds, by which of the two forms was sent; whether a job is at it."""
    if isinstance(form, RegionsForm):
        wanted = form.wanted() if isinstance(form, ShownForm) else None
        choice = choose_layers(campaign, layers=[form.cleaned_data["layer"].pk], wanted=wanted, by=by)
        if choice.job_id:
            return True
        added = choice.added
        if isinstance(form, ShownForm):
            sentence = ngettext("%(count)d annotation was added.", "%(count)d annotations were added.", added)
        else:
            sentence = ngettext("%(count)d region was added.", "%(count)d regions were added.", added)
    else:
        manifests = [manifest.pk for manifest in form.cleaned_data["manifests"]]
        added = choose_canvases(campaign, manifests=manifests, by=by)
        sentence = ngettext("%(count)d image was added.", "%(count)d images were added.", added)
    messages.success(request, sentence % {"count": added})
    return False


@ensure_csrf_cookie
@require_GET
@texts_ahead
def campaign_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbench as a contributor will see it; nothing that is drawn here is kept."""
    campaign = get_campaign_for(request.user, slug, "manage")
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "preview": True,
        "instructions": render_languages(campaign.instructions),
    }
    return render(request, "campaigns/work.html", context)


@require_POST
def campaign_step(request: HttpRequest, slug: str) -> HttpResponse:
    """Open, pause, close or reopen; what is missing is said on the dashboard."""
    campaign = get_campaign_for(request.user, slug, "manage")
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise Invalid(_("There is no such step in the life of a campaign."), pointer="/step")
    try:
        step(campaign, by=require_user(request.user))
    except Problem as problem:
        _tell(request, problem)
    return redirect("campaign-dashboard", campaign.slug)


@require_http_methods(["GET", "POST"])
def campaign_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has which role, and who took part under which pseudonym; only owners give roles."""
    campaign = get_campaign_for(request.user, slug, "own" if request.method == "POST" else "manage")
    form = PersonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        role, who = form.cleaned_data["role"], form.cleaned_data["who"]
        try:
            assign_role(campaign, who, role, by=require_user(request.user))
            messages.success(request, _("The role is given.") if role else _("The role is taken away."))
            return redirect("campaign-people", campaign.slug)
        except Problem as problem:
            show_on(form, problem)
    participants = Paginator(participants_of(campaign), 50).get_page(request.GET.get("page"))
    context = {
        **place_of(request, campaign, "people"),
        "form": form,
        "roles": [{"name": name, "role": role} for name, role in roles_in(campaign)],
        "own": decide(request.user, campaign, "own"),
        "page": participants,
        "skilled": _skilled(campaign, list(participants)),
    }
    return render(request, "campaigns/people.html", context, status=422 if form.is_bound else 200)


def _skilled(campaign: Campaign, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The participants with how reliable they are; for a page of them."""
    skills = skills_of(campaign, [row["id"] for row in rows], language())
    return [{**row, "skill": skills[row["id"]]} for row in rows]


def place_of(request: HttpRequest, campaign: Campaign, tab: str) -> dict[str, object]:
    """What every page of those who run a campaign shows around its content: name, state, tabs; one query."""
    return {
        "section": "campaigns",
        "campaign": campaign,
        "tab": tab,
        "manage": decide(request.user, campaign, "manage"),
        "waiting": review_queue(campaign, by=require_user(request.user)).count(),
    }
