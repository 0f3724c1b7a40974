"""The page on which a curator looks on while people work, and the pulse by which it stays up to date."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from campaigns.api.statistics import csv_response
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from campaigns.statistics.pulse import pulse_of
from campaigns.statistics.reading import find_table
from frontend.views.campaigns import place_of
from frontend.watching import blocks_of, ids_of_blocks, rendered


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@require_GET
def campaign_watch(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything at once; without script the page is as it was when it was loaded."""
    campaign = get_campaign_for(request.user, slug, "review")
    pulse = pulse_of(campaign)
    shown = rendered(campaign, blocks_of(campaign, _language()))
    context = {
        **place_of(request, campaign, "watch"),
        "pulse": pulse,
        "ids": ids_of_blocks(),
        "have": ".".join(shown),
        "blocks": list(shown.values()),
        "webhooks_off": campaign.webhooks.filter(off_at__isnull=False),
    }
    response = render(request, "campaigns/watch.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def campaign_pulse(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing (204) while nothing has changed; else the figures, and those blocks that the page has not (`have`)."""
    campaign = get_campaign_for(request.user, slug, "review")
    pulse = pulse_of(campaign)
    if request.GET.get("v") == pulse.version:
        return HttpResponse(status=204)
    shown = rendered(campaign, blocks_of(campaign, _language()))
    has = set(request.GET.get("have", "")[:400].split("."))
    context = {
        "campaign": campaign,
        "pulse": pulse,
        "ids": ids_of_blocks(),
        "have": ".".join(shown),
        "blocks": [html for digest, html in shown.items() if digest not in has],
    }
    response = render(request, "campaigns/_watch_pulse.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def campaign_watch_table(request: HttpRequest, slug: str, table: str) -> HttpResponseBase:
    """One table as a file."""
    campaign: Campaign = get_campaign_for(request.user, slug, "review")
    return csv_response(campaign, find_table(table))
