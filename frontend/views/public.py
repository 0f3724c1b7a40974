"""The first page and the pages that say what this is."""

from urllib.parse import urlencode

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from annotation.iiif.contentstate import PARAMETER
from campaigns.models import Campaign, Release
from campaigns.permissions import in_lists, visible_campaigns
from frontend.plates import Card, cards_of

MOST_CAMPAIGNS = 12


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """An invitation: the campaign that needs people most, the others, and what has come of it so far."""
    if PARAMETER in request.GET:
        # IIIF links name a site by its first page (Content State 1.0 §3.1).
        return redirect(f"{reverse('open')}?{urlencode({PARAMETER: request.GET[PARAMETER]})}")
    shown = visible_campaigns(request.user).filter(is_public=True).select_related("vocabulary")
    running = (Campaign.Status.OPEN, Campaign.Status.PILOT)
    open_now = shown.filter(status__in=running).order_by(F("opened_at").desc(nulls_last=True), "pk")
    cards = sorted(cards_of(list(open_now[:MOST_CAMPAIGNS])), key=_need)
    releases = Release.objects.filter(is_public=True, finished_at__isnull=False).select_related("campaign")[
        :3
    ]
    past = [] if cards else cards_of(list(in_lists(shown).exclude(status=Campaign.Status.DRAFT)[:3]))
    context = {"first": cards[0] if cards else None, "others": cards[1:], "past": past, "releases": releases}
    return render(request, "public/home.html", context)


def _need(card: Card) -> tuple[bool, bool, float]:
    """Sorts first what is unfinished, what needs no account, and what is least far."""
    totals = card.totals
    finished = totals.retired >= totals.tasks
    return finished, not card.campaign.allows_anonymous, totals.retired / max(totals.tasks, 1)


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "public/about.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html")
