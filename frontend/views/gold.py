"""The page of known answers: which are given out, which could be, marked and taken back by one click each."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import require_user
from campaigns.actions.gold import mark_clearest, mark_gold, withdraw_gold
from campaigns.known import gold_candidates, gold_shown
from campaigns.models import Campaign, Gold
from campaigns.permissions import get_campaign_for
from frontend.forms.gold import ClearestForm
from frontend.forms.problems import show_on
from frontend.views.campaigns import place_of, sent
from problems import Invalid, Problem

MOST_CANDIDATES = 12


@require_http_methods(["GET", "POST"])
def campaign_gold(request: HttpRequest, slug: str) -> HttpResponse:
    """Known answers with how people did on them, and decided tasks that could be some."""
    campaign = get_campaign_for(request.user, slug, "manage")
    wants = request.POST.get("wants", "")
    form = ClearestForm(sent(request) if wants == "clearest" else None)
    if request.method == "POST" and wants != "clearest":
        return _act(request, campaign, wants, by=require_user(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            marked = mark_clearest(campaign, form.cleaned_data["count"], by=require_user(request.user))
            return _back(request, campaign, marked)
        except Problem as problem:
            show_on(form, problem)
    candidates = gold_candidates(campaign).select_related("canvas__manifest", "consensus")
    context = {
        **place_of(request, campaign, "gold"),
        "form": form,
        "page": Paginator(gold_shown(campaign), 30).get_page(request.GET.get("page")),
        "could_be": candidates.count(),
        "candidates": candidates[:MOST_CANDIDATES],
        "undo": _id(request.GET.get("marked", "")),
    }
    return render(request, "campaigns/gold.html", context, status=422 if request.method == "POST" else 200)


def _act(request: HttpRequest, campaign: Campaign, wants: str, *, by: User) -> HttpResponse:
    """Mark one, take one back, or undo what one action marked."""
    pk = _id(request.POST.get("id", ""))
    if wants == "mark" and pk:
        return _back(request, campaign, mark_gold(campaign, [pk], by=by))
    if wants == "withdraw" and pk:
        _tell_withdrawn(request, withdraw_gold(campaign, tasks=[pk], by=by))
    elif wants == "undo" and pk:
        _tell_withdrawn(request, withdraw_gold(campaign, batch=pk, by=by))
    else:
        raise Invalid(_("Known answers can be marked and taken back."), pointer="/wants", code="unknown-wish")
    return redirect("campaign-gold", campaign.slug)


def _back(request: HttpRequest, campaign: Campaign, marked: list[Gold]) -> HttpResponse:
    """To the page, which offers to take back what was just marked."""
    address = reverse("campaign-gold", args=[campaign.slug])
    count = len(marked)
    if not count:
        return redirect(address)
    sentence = ngettext("%(count)d answer is known now.", "%(count)d answers are known now.", count)
    messages.success(request, sentence % {"count": count})
    return redirect(f"{address}?marked={marked[0].batch}")


def _tell_withdrawn(request: HttpRequest, count: int) -> None:
    sentence = ngettext(
        "%(count)d answer is no longer given out as known; its scores are kept.",
        "%(count)d answers are no longer given out as known; their scores are kept.",
        count,
    )
    messages.success(request, sentence % {"count": count})


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
