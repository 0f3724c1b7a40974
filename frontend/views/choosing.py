"""The page on which tasks are chosen by a question to the database: look first, then make them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import require_user
from campaigns.actions import choose_tasks
from campaigns.actions.choosing import AT_ONCE
from campaigns.api.choosing import preview
from campaigns.choosing import Wanted
from campaigns.models import TaskChoice
from campaigns.permissions import get_campaign_for
from frontend.forms.choosing import WantedForm
from frontend.forms.problems import show_on
from frontend.views.campaigns import place_of, sent
from frontend.views.jobs import last_lines
from problems import Problem

MOST_SHOWN = 10


@require_http_methods(["GET", "POST"])
def campaign_choices(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, see how many are found and what they look like, and add them."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    form = WantedForm(sent(request), person=by, campaign=campaign)
    found: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if "choose" in request.POST:
                tell_choice(request, choose_tasks(campaign, form.query(), by=by))
                return redirect("campaign-choices", campaign.slug)
            found = preview(campaign, Wanted.read(form.query()), by)
        except Problem as problem:
            show_on(form, problem)
    choices = list(campaign.choices.select_related("job", "created_by")[:MOST_SHOWN])
    running = next((one.job for one in choices if one.job and one.job.requested_by_id == by.pk), None)
    context = {
        **place_of(request, campaign, "canvases"),
        "form": form, "found": found, "choices": choices, "tasks": campaign.tasks.count(), "at_once": AT_ONCE,
        "job": running if running and running.state != "done" else None,
        "lines": last_lines(running) if running else [],
    }  # fmt: skip
    status = 422 if request.method == "POST" and found is None else 200
    return render(request, "campaigns/choices.html", context, status=status)


def tell_choice(request: HttpRequest, choice: TaskChoice) -> None:
    """Say what became of a choice, or that it is under way."""
    if choice.job_id:
        messages.info(request, _("They are being added. You may leave this page, and people go on working."))
        return
    sentence = ngettext("%(count)d task was added.", "%(count)d tasks were added.", choice.added)
    messages.success(request, sentence % {"count": choice.added})
