"""Pages of a campaign that compares: how pairs are made, and the groups that decided pairs come to."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import require_user
from campaigns.actions.pairing import ListedPairs, choose_listed, choose_pairs, refuse_unpaired
from campaigns.beside import beside_of, fetch_beside
from campaigns.models import Campaign
from campaigns.pair_groups import A_PAGE, Member, groups_in
from campaigns.permissions import get_campaign_for
from campaigns.queries import shown_tasks
from frontend.forms.pairing import PairsForm, TableForm
from frontend.forms.problems import show_on
from frontend.views.campaigns import place_of, sent
from frontend.views.choosing import tell_choice
from frontend.views.jobs import last_lines
from problems import Problem

MOST_SHOWN = 6
MOST_FAULTS = 100


@require_http_methods(["GET", "POST"])
def campaign_pairs(request: HttpRequest, slug: str) -> HttpResponse:
    """Make pairs of the regions of layers, or bring in a table of them."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    refuse_unpaired(campaign)
    of_table = "table" in request.POST or "file" in request.FILES
    form = PairsForm(None if of_table else sent(request), person=by)
    table = TableForm(sent(request) if of_table else None, request.FILES if of_table else None)
    listed: ListedPairs | None = None
    asked = table if of_table else form
    if request.method == "POST" and asked.is_valid():
        try:
            if isinstance(asked, TableForm):
                listed = choose_listed(campaign, asked.text(), by=by)
                if not listed.faults:
                    _tell_listed(request, listed)
                    return redirect("campaign-pairs", campaign.slug)
            else:
                tell_choice(request, choose_pairs(campaign, asked.query(), by=by))
                return redirect("campaign-pairs", campaign.slug)
        except Problem as problem:
            show_on(asked, problem)
    choice = campaign.choices.select_related("job").first()
    running = choice.job if choice and choice.job and choice.job.requested_by_id == by.pk else None
    context: dict[str, Any] = {
        **place_of(request, campaign, "canvases"),
        "form": form, "table": table, "listed": listed, "shown": _first_pairs(campaign),
        "tasks": campaign.tasks.count(),
        "faults": listed.faults[:MOST_FAULTS] if listed else (),
        "job": running if running and running.state != "done" else None,
        "lines": last_lines(running) if running else [],
    }  # fmt: skip
    status = 422 if request.method == "POST" and listed is None else 200
    return render(request, "campaigns/pairs.html", context, status=status)


def _first_pairs(campaign: Campaign) -> list[list[Member]]:
    """The first pairs in order, each as its two regions; two queries."""
    tasks = list(shown_tasks(campaign)[:MOST_SHOWN])
    fetch_beside(tasks)
    return [
        [Member(task.about_id, task.canvas, task.region), Member(task.beside_id, *other)]
        for task in tasks
        if task.about_id and task.beside_id and (other := beside_of(task))
    ]


def _tell_listed(request: HttpRequest, listed: ListedPairs) -> None:
    sentence = ngettext("%(count)d pair was added.", "%(count)d pairs were added.", listed.added)
    messages.success(request, sentence % {"count": listed.added})


@require_GET
def campaign_pair_groups(request: HttpRequest, slug: str) -> HttpResponse:
    """What decided pairs come to: groups with their pictures, and what contradicts itself."""
    campaign = get_campaign_for(request.user, slug, "review")
    asked = request.GET.get("page", "1")
    number = (
        min(max(int(asked), 1), 10_000) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    )
    found = groups_in(campaign, offset=(number - 1) * A_PAGE)
    context = {
        **place_of(request, campaign, "groups"),
        "found": found,
        "first": (number - 1) * A_PAGE,
        "before": number - 1,
        "after": number + 1 if found.count > number * A_PAGE else 0,
        "of_hands": campaign.question.get("asks") == "hand",
    }
    return render(request, "campaigns/pair_groups.html", context)
