"""Pages of what a campaign teaches: the tutorial to read and to write, and the questions that people often ask."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import require_user
from campaigns.actions.teaching import drop_entry, keep_entry, move_entry, set_picture
from campaigns.api import shown
from campaigns.judged import said_about
from campaigns.known import gold_in_force
from campaigns.models import Campaign, Task
from campaigns.permissions import decide, get_campaign_for
from campaigns.queries import shown_tasks
from campaigns.teaching import Entry
from campaigns.tutorial import close_up, tutorial_of
from frontend.forms.problems import show_on
from frontend.forms.teaching import QuestionForm, StepForm
from frontend.plates import with_pictures
from frontend.reading import reading_of
from frontend.views.campaigns import language, place_of
from problems import Malformed, Missing, Problem

MOVES = {"up": -1, "down": 1}


@require_GET
def campaign_tutorial(request: HttpRequest, slug: str) -> HttpResponse:
    """The tutorial as one page, to read before or beside the work."""
    campaign = get_campaign_for(request.user, slug, "view")
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "reading": reading_of(campaign),
        "steps": tutorial_of(campaign, language()),
        "contribute": decide(request.user, campaign, "contribute"),
        "manage": decide(request.user, campaign, "manage"),
    }
    return render(request, "campaigns/tutorial.html", context)


@require_http_methods(["GET", "POST"])
def tutorial_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps in their order, and the form of one of them, or of another."""
    campaign = get_campaign_for(request.user, slug, "manage")
    if request.method == "POST" and request.POST.get("wants") not in ("keep", "picture"):
        return _arrange(request, campaign, "tutorial", "tutorial-edit")
    entry = _entry(request, campaign.tutorial, "step")
    form = StepForm(request.POST if request.method == "POST" else None, campaign=campaign, entry=entry)
    if request.method == "POST" and form.is_valid():
        kept = _step(campaign, form, entry)
        try:
            keep_entry(campaign, "tutorial", kept, by=require_user(request.user))
            if request.POST["wants"] == "picture":
                return redirect("tutorial-picture", slug, kept["id"])
            messages.success(request, _("The step is kept."))
            return redirect("tutorial-edit", slug)
        except Problem as problem:
            show_on(form, problem)
    context = {
        **place_of(request, campaign, "edit"),
        "steps": tutorial_of(campaign, language()),
        "form": form,
        "entry": entry,
    }
    return render(request, "campaigns/tutorial_edit.html", context, status=422 if form.is_bound else 200)


def _step(campaign: Campaign, form: StepForm, entry: Entry | None) -> Entry:
    """The step with its new texts, and the part of its image that was asked for."""
    blank: Entry = {"id": str(uuid4()), "canvas": None, "region": None, "example": None}
    step = {**(entry or blank), **form.texts()}
    if "shown" in form.changed_data:
        task = Task.objects.select_related("canvas").filter(campaign=campaign, canvas=step["canvas"]).first()
        close = form.cleaned_data["shown"] == "close" and task is not None
        boxes = [shape["box"] for shape in step["example"]["shapes"]]
        step["region"] = close_up(task.canvas, boxes) if close and task else None
    return step


def _entry(request: HttpRequest, entries: list[Entry], name: str) -> Entry | None:
    """The entry that the address or the form names; None for another one."""
    asked = request.POST.get("id") or request.GET.get(name, "")
    if not asked:
        return None
    for entry in entries:
        if entry["id"] == asked:
            return entry
    raise Missing(_("This entry is not there any more."))


def _arrange(request: HttpRequest, campaign: Campaign, name: str, page: str) -> HttpResponse:
    """Move an entry up or down, or take it out."""
    by, wants = require_user(request.user), request.POST.get("wants", "")
    try:
        entry_id = UUID(request.POST.get("id", ""))
    except ValueError:
        raise Malformed(_("An id is a UUID."), pointer="/id") from None
    if wants == "drop":
        drop_entry(campaign, name, entry_id, by=by)
        messages.success(request, _("It is taken out."))
    elif wants in MOVES:
        move_entry(campaign, name, entry_id, MOVES[wants], by=by)
    else:
        raise Malformed(_("There is no such step."), pointer="/wants")
    return redirect(page, campaign.slug)


@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def tutorial_picture(request: HttpRequest, slug: str, step_id: UUID) -> HttpResponse:
    """Choose the image of a step, then draw the right answer on it in the workbench."""
    campaign = get_campaign_for(request.user, slug, "manage")
    step = next((one for one in campaign.tutorial if one["id"] == str(step_id)), None)
    if step is None:
        raise Missing(_("This entry is not there any more."))
    # What is known and given out would be told to everybody.
    tasks = shown_tasks(campaign).exclude(pk__in=gold_in_force(campaign).values("task"))
    context: dict[str, Any] = {"section": "campaigns", "campaign": campaign, "step_id": step_id}
    asked = request.GET.get("task", "")
    if asked:
        task = _task(tasks, asked)
        if request.method == "POST":
            return _keep_picture(request, campaign, step, task)
        said = said_about(campaign, [task], None, shown.reader_language())[task.pk]
        sample = {"task": shown.task(task), "predictions": shown.predictions(said, task.canvas)}
        context |= {"task": task, "sample": sample}
        return render(request, "campaigns/tutorial_draw.html", context)
    if request.method == "POST":
        raise Malformed(_("Choose an image first."), pointer="/task")
    context["page"] = Paginator(with_pictures(tasks), 24).get_page(request.GET.get("page"))
    return render(request, "campaigns/tutorial_picture.html", context)


def _task(tasks: Any, asked: str) -> Task:
    try:
        found: Task | None = tasks.filter(pk=UUID(asked)).first()
    except ValueError:
        found = None
    if found is None:
        raise Missing(_("This image is not among those of the campaign."))
    return found


def _keep_picture(request: HttpRequest, campaign: Campaign, step: Entry, task: Task) -> HttpResponse:
    """The image of the step with what was drawn on it."""
    try:
        example = json.loads(request.POST.get("example") or "null")
    except (ValueError, RecursionError):
        raise Malformed(_("This is no answer."), pointer="/example") from None
    set_picture(campaign, UUID(step["id"]), task, example, by=require_user(request.user))
    messages.success(request, _("The picture is kept."))
    return redirect(f"{reverse('tutorial-edit', args=[campaign.slug])}?step={step['id']}")


@require_http_methods(["GET", "POST"])
def faq_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions in their order, and the form of one of them; for managers and translators."""
    campaign = get_campaign_for(request.user, slug, "translate")
    if request.method == "POST" and request.POST.get("wants") != "keep":
        return _arrange(request, campaign, "faq", "faq-edit")
    entry = _entry(request, campaign.faq, "entry")
    form = QuestionForm(request.POST if request.method == "POST" else None, campaign=campaign, entry=entry)
    if request.method == "POST" and form.is_valid():
        kept = {**(entry or {"id": str(uuid4())}), **form.texts()}
        try:
            keep_entry(campaign, "faq", kept, by=require_user(request.user))
            messages.success(request, _("The question is kept."))
            return redirect("faq-edit", slug)
        except Problem as problem:
            show_on(form, problem)
    context = {**place_of(request, campaign, "edit"), "form": form, "entry": entry}
    return render(request, "campaigns/faq_edit.html", context, status=422 if form.is_bound else 200)
