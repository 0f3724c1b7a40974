"""The page on which a curator puts the questions of a sequence together: add, change, move, take out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import require_user
from campaigns.actions import configure_campaign
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from campaigns.strands import is_sequence, steps_of
from frontend.forms.problems import show_on
from frontend.forms.settings.question import QUESTION_LABELS
from frontend.forms.steps import StepForm, conditions_after, prompt_of
from frontend.views.campaigns import place_of
from problems import Malformed, Missing, Problem

MOVES = {"up": -1, "down": 1}


@require_http_methods(["GET", "POST"])
def campaign_steps(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps in their order, and the form of one of them, or of another."""
    campaign = get_campaign_for(request.user, slug, "manage")
    if not is_sequence(campaign):
        raise Missing(_("This campaign asks one question; its settings say which."))
    steps = steps_of(campaign)
    if request.method == "POST" and request.POST.get("wants") != "keep":
        return _arrange(request, campaign, steps)
    at = _place(request, steps)
    form = StepForm(
        request.POST if request.method == "POST" else None,
        before=steps[:at], step=steps[at] if at < len(steps) else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            _write(request, campaign, [*steps[:at], form.value(), *steps[at + 1 :]])
            messages.success(request, _("The step is kept."))
            return redirect("campaign-steps", slug)
        except Problem as problem:
            show_on(form, problem)
    context = {
        **place_of(request, campaign, "edit"),
        "rows": _rows(steps),
        "form": form,
        "step": steps[at] if at < len(steps) else None,
    }
    return render(request, "campaigns/steps.html", context, status=422 if form.errors else 200)


def _rows(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each step with its prompt, and in words when it is asked."""
    asked = dict(conditions_after(steps))
    rows = []
    for row in steps:
        chosen = StepForm(before=steps, step=row).initial["condition"]
        rows.append(
            {
                "step": row,
                "prompt": prompt_of(row),
                "does": QUESTION_LABELS[row["kind"]],
                "asked": asked.get(chosen, _("after certain labels")),
            }
        )
    return rows


def _place(request: HttpRequest, steps: list[dict[str, Any]]) -> int:
    """Which step the form is of; after the last for another one."""
    name = request.POST.get("of", request.GET.get("step", ""))
    places = [at for at, step in enumerate(steps) if step["name"] == name]
    if name and not places:
        raise Missing(_("This step is not there any more."))
    return places[0] if places else len(steps)


def _arrange(request: HttpRequest, campaign: Campaign, steps: list[dict[str, Any]]) -> HttpResponse:
    """Move a step up or down, or take it out; a condition that would then wait for a later step is refused."""
    wants, at = request.POST.get("wants", ""), _place(request, steps)
    if at == len(steps) or wants not in (*MOVES, "remove"):
        raise Malformed(_("There is no such act."))
    rest = [*steps[:at], *steps[at + 1 :]]
    if wants in MOVES:
        rest.insert(min(max(at + MOVES[wants], 0), len(rest)), steps[at])
    try:
        _write(request, campaign, rest)
    except Problem as problem:
        messages.error(request, str(problem.faults[0].detail if problem.faults else problem.detail))
    return redirect("campaign-steps", campaign.slug)


def _write(request: HttpRequest, campaign: Campaign, steps: list[dict[str, Any]]) -> None:
    question = {**campaign.question, "steps": steps}
    configure_campaign(campaign, {"question": question}, by=require_user(request.user))
