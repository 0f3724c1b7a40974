"""Pages of how reliable people are: how their votes weigh, and how one of them works."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import require_user
from campaigns.actions import configure_campaign
from campaigns.actions.reliability import learn_anew
from campaigns.models import Campaign, Release
from campaigns.permissions import get_campaign_for
from campaigns.portrait import Confusion, portrait_of
from campaigns.queries import get_participant
from campaigns.reliability import weighed
from frontend.evaluating import listed
from frontend.forms.problems import show_on
from frontend.forms.weighing import WeighingForm
from frontend.views.campaigns import language, place_of, sent
from problems import Problem

MOST_LISTED = 20


@require_http_methods(["GET", "POST"])
def campaign_weighing(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose how votes weigh, see what has been learnt of people, and have it learnt anew."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    form = WeighingForm(sent(request), initial={"weighing": campaign.weighing})
    if request.method == "POST" and form.is_valid():
        try:
            if "again" in request.POST:
                learn_anew(campaign, by=by)
                messages.success(request, _("How reliable people are is being learnt anew."))
            else:
                configure_campaign(campaign, {"weighing": form.cleaned_data["weighing"]}, by=by)
                messages.success(request, _("The changes are kept."))
            return redirect("campaign-weighing", campaign.slug)
        except Problem as problem:
            show_on(form, problem)
    found = weighed(campaign)
    context = {
        **place_of(request, campaign, "people"),
        "form": form,
        "weighed": found,
        "by_edge": any(one.edges for one in found.people),
    }
    return render(request, "campaigns/weighing.html", context, status=422 if form.is_bound else 200)


@require_GET
def campaign_person(request: HttpRequest, slug: str, participant_id: UUID) -> HttpResponse:
    """How one participant works, beside what the others say."""
    campaign = get_campaign_for(request.user, slug, "manage")
    participant = get_participant(campaign, participant_id)
    portrait = portrait_of(campaign, participant, language())
    context = {
        **place_of(request, campaign, "people"),
        "participant": participant,
        "portrait": portrait,
        "confusion": _table(portrait.confusion) if portrait.confusion else None,
        "evaluations": listed(participant.evaluations.all())[:MOST_LISTED],
        "releases": _releases(campaign),
    }
    return render(request, "campaigns/person.html", context)


def _releases(campaign: Campaign) -> list[Release]:
    """The newest releases of the campaign that somebody can be measured against."""
    traits = campaign.traits
    if traits.pairs or traits.released_as in ("texts", "steps"):
        return []
    return list(campaign.releases.filter(finished_at__isnull=False).order_by("-number")[:MOST_LISTED])


def _table(confusion: Confusion) -> dict[str, Any]:
    """The rows with shares and shades: `level` 0 to 5 by the share of the row."""
    words = {"": _("nothing"), "?": _("without label")}
    names = [words.get(name, name) for name in confusion.names]
    rows = []
    for place, (name, counts) in enumerate(zip(names, confusion.counts, strict=True)):
        total = sum(counts)
        cells = [
            {"count": count, "level": round(5 * count / total) if total else 0, "right": at == place}
            for at, count in enumerate(counts)
        ]
        rows.append({"name": name, "cells": cells, "recall": counts[place] / total if total else None})
    return {"heads": names, "rows": rows, "more": confusion.more}
