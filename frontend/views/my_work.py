"""My work: what I have handed in anywhere, how far it is, what was corrected and why, and what it comes to."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import require_user
from campaigns.models import Task
from campaigns.own_figures import record_of
from campaigns.own_work import own_work, with_tasks
from campaigns.permissions import own_contributions
from frontend.my_work import cards_of, duration
from frontend.views.campaigns import language

ON_A_PAGE = 12


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """Cards, newest first, of all campaigns or one (`campaign`), in every state or one (`state`)."""
    user = require_user(request.user)
    record = record_of(user, language())
    slug, state = request.GET.get("campaign", ""), request.GET.get("state", "")
    mine = own_contributions(user)
    if slug in {campaign.slug for campaign, _figures in record.campaigns}:
        mine = mine.filter(task__campaign__slug=slug)
    if state in Task.State.values:
        mine = mine.filter(task__state=state)
    page = Paginator(with_tasks(mine), ON_A_PAGE).get_page(request.GET.get("page"))
    cards = cards_of(own_work(list(page)), language())
    context = {
        "page": page,
        "cards": cards,
        "is_corrected": any(card.truth for card in cards),
        "record": record,
        "campaigns": [(campaign, one, duration(one.seconds)) for campaign, one in record.campaigns],
        "months": [(month, one, duration(one.seconds)) for month, one in record.months],
        "time": duration(record.total.seconds),
        "chosen": {"campaign": slug, "state": state},
    }
    return render(request, "me/work.html", context)
