"""The page on which priorities are brought as a table, looked at, applied and taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import require_user
from campaigns.actions.prioritising import apply_priorities, bring_priorities, undo_priorities
from campaigns.models import Campaign, PriorityTable
from campaigns.permissions import get_campaign_for
from frontend.forms.prioritising import PrioritiesForm
from frontend.forms.problems import show_on
from frontend.views.campaigns import place_of
from frontend.views.jobs import last_lines
from problems import Malformed, Missing, Problem

MOST_TABLES, MOST_ASIDE, MOST_HIGHEST = 20, 10, 6
State = PriorityTable.State
# What is shown without being asked for: what is not settled yet.
UNSETTLED = (State.READING, State.READY, State.APPLYING, State.UNDOING)


@require_http_methods(["GET", "POST"])
def campaign_priorities(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring a table, see what it means, apply it, and those that were applied before."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    bringing = request.method == "POST" and request.POST.get("wants") == "bring"
    form = PrioritiesForm(request.POST, request.FILES) if bringing else PrioritiesForm()
    if request.method == "POST" and not bringing:
        return _act(request, campaign, by)
    if bringing and form.is_valid():
        try:
            file = form.cleaned_data["file"]
            table = bring_priorities(campaign, file, name=file.name, pk=form.cleaned_data["id"], by=by)
            return redirect(_address(campaign, table))
        except Problem as problem:
            show_on(form, problem)
    tables = list(campaign.priority_tables.select_related("job", "created_by")[:MOST_TABLES])
    context = {
        **place_of(request, campaign, "canvases"),
        "form": form,
        "tables": tables,
        "latest": _latest(tables),
        "by_priority": campaign.order == Campaign.Order.PRIORITY,
        **_shown(request, campaign, tables, by),
    }
    return render(request, "campaigns/priorities.html", context, status=422 if form.errors else 200)


def _latest(tables: list[PriorityTable]) -> UUID | None:
    """The one that was applied last: it alone may be taken back."""
    applied = [table for table in tables if table.state == State.APPLIED]
    found = max(applied, key=lambda table: table.applied_at or table.created_at, default=None)
    return found.pk if found else None


def _shown(request: HttpRequest, campaign: Campaign, tables: list[PriorityTable], by: User) -> dict[str, Any]:
    """The table that is looked at, with the images that it puts first and some of the lines that it has in vain."""
    asked = _uuid(request.GET.get("table", ""))
    table = campaign.priority_tables.select_related("job").filter(pk=asked).first() if asked else None
    table = table or next((one for one in tables[:1] if one.state in UNSETTLED), None)
    if table is None:
        return {"table": None}
    mine = table.job if table.job and table.job.requested_by_id == by.pk else None
    highest = table.priorities.select_related("task__canvas").order_by("-priority", "line")
    return {
        "table": table,
        "job": mine if mine and mine.state != "done" else None,
        "lines": last_lines(mine) if mine else [],
        "highest": highest[:MOST_HIGHEST],
        "aside": table.lines_aside.all()[:MOST_ASIDE],
    }


def _act(request: HttpRequest, campaign: Campaign, by: User) -> HttpResponse:
    """Apply a table, or take it back; what stands in the way is said on the page."""
    wants, table_id = request.POST.get("wants", ""), _uuid(request.POST.get("table", ""))
    if wants not in ("apply", "undo"):
        raise Malformed(_("There is no such act."), pointer="/wants")
    if table_id is None:
        raise Missing(_("The campaign has no such table."))
    try:
        if wants == "apply":
            order = "order" in request.POST
            _tell(request, apply_priorities(campaign, table_id, order=order, by=by))
        else:
            _tell(request, undo_priorities(campaign, table_id, by=by))
    except Problem as problem:
        if problem.status == 404:
            raise
        messages.error(request, str(problem.faults[0].detail if problem.faults else problem.detail))
    return redirect("campaign-priorities", campaign.slug)


def _tell(request: HttpRequest, table: PriorityTable) -> None:
    said = {"count": table.matched}
    if table.state == State.APPLIED:
        sentence = ngettext(
            "%(count)d task has its priority.", "%(count)d tasks have their priority.", table.matched
        )
    elif table.state == State.UNDONE:
        sentence = _("The priorities are again what they were before.")
    else:
        sentence = _("This is being done. You may leave this page, and people go on working.")
    messages.success(request, sentence % said)


def _address(campaign: Campaign, table: PriorityTable) -> str:
    return f"{reverse('campaign-priorities', args=[campaign.slug])}?table={table.pk}#says"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
