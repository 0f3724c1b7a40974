"""The page on which a curator puts the questions of a sequence together: add, change, move, take out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import require_user
from campaigns.actions import configure_campaign
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from campaigns.strands import is_sequence, steps_of
from frontend.conditions import prompt_of, sentences_of
from frontend.forms.problems import show_on
from frontend.forms.settings.question import QUESTION_LABELS
from frontend.forms.steps import PICKED, StepForm, unsought
from frontend.views.campaigns import language, place_of
from problems import Malformed, Missing, Problem

MOVES = {"up": -1, "down": 1}


@vary_on_headers("HX-Request")
@require_http_methods(["GET", "POST"])
def campaign_steps(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps in their order, and the form of one of them, or of another; to htmx the concepts that it looks for."""
    campaign = get_campaign_for(request.user, slug, "manage")
    if not is_sequence(campaign):
        raise Missing(_("This campaign asks one question; its settings say which."))
    steps = steps_of(campaign)
    if request.method == "GET" and request.GET.get("find"):
        return _found(request, campaign, steps)
    if request.method == "POST" and request.POST.get("wants") not in ("keep", "find"):
        return _arrange(request, campaign, steps)
    at = _place(request, steps)
    form = _form(request, campaign, steps, at)
    if form.is_bound and form.is_valid():
        try:
            _write(request, campaign, [*steps[:at], form.value(), *steps[at + 1 :]])
            messages.success(request, _("The step is kept."))
            return redirect("campaign-steps", slug)
        except Problem as problem:
            show_on(form, problem)
    form.look_up(language())
    context = {
        **place_of(request, campaign, "edit"),
        "rows": _rows(steps),
        "form": form,
        "step": steps[at] if at < len(steps) else None,
        "looking": request.method == "POST" and not form.is_bound,
    }
    return render(request, "campaigns/steps.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, campaign: Campaign, steps: list[dict[str, Any]], at: int) -> StepForm:
    """The form to be judged; one that only looks for labels, or was sent with words nobody has looked up, is not."""
    step = steps[at] if at < len(steps) else None
    if request.method == "GET":
        return StepForm(campaign=campaign, before=steps[:at], step=step)
    if request.POST.get("wants") == "find" or unsought(request.POST):
        return StepForm(campaign=campaign, before=steps[:at], step=step, typed=request.POST)
    return StepForm(request.POST, campaign=campaign, before=steps[:at], step=step)


def _found(request: HttpRequest, campaign: Campaign, steps: list[dict[str, Any]]) -> HttpResponse:
    """What is picked and what is found in one field of the form, to be put into it."""
    name = request.GET["find"]
    form = StepForm(campaign=campaign, before=steps, step=None)
    if name not in PICKED or name not in form.fields:
        raise Malformed(_("There is no such field."), pointer="/find")
    pick = form.look_in(name, request.GET.getlist(name), request.GET.get(f"{name}_q", ""), language())
    return render(request, "components/_concepts_found.html", {"pick": pick})


def _rows(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each step with its prompt, and in words when it is asked."""
    return [
        {"step": step, "prompt": prompt_of(step), "does": QUESTION_LABELS[step["kind"]], **said}
        for step, said in zip(steps, sentences_of(steps, language()), strict=True)
    ]


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
    if at == len(steps) or wants not in (*MOVES, "drop"):
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
