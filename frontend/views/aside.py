"""The page of images that were set aside because people reported them: each put back, or left out."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import require_user
from campaigns.actions.setting_aside import leave_out, put_back
from campaigns.aside import retirements_aside, with_reports
from campaigns.models import Campaign, Task
from campaigns.permissions import get_campaign_for
from campaigns.reasons import reason_of
from frontend.views.campaigns import place_of
from problems import Problem

A_PAGE = 30


@require_http_methods(["GET", "POST"])
def aside_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that wait for somebody to look, the oldest first, or those left out; a POST settles one."""
    campaign = get_campaign_for(request.user, slug, "review")
    if request.method == "POST":
        return _settle(request, campaign)
    left_out = "left_out" in request.GET
    rows = retirements_aside(campaign, left_out=left_out)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        **place_of(request, campaign, "reports"),
        "page": page,
        "items": [{"aside": one, "sentence": reason_of(one.because)} for one in with_reports(list(page))],
        "left_out": left_out,
    }
    return render(request, "campaigns/aside.html", context)


def _settle(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """`back` or `out` names the task."""
    verb = put_back if "back" in request.POST else leave_out
    try:
        task_id = UUID(request.POST.get("back") or request.POST.get("out", ""))
        task = verb(campaign, task_id, answer=request.POST.get("answer", ""), by=require_user(request.user))
        messages.success(request, _said(task))
    except ValueError:
        messages.error(request, _("The campaign has no such image."))
    except Problem as problem:
        messages.error(request, str(problem.detail))
    return redirect("aside-list", campaign.slug)


def _said(task: Task) -> str:
    match task.state:
        case Task.State.ASIDE:
            return _("The image is left out.")
        case Task.State.OPEN:
            return _("The image is offered to people again.")
    return _("The image is back; enough people have seen it.")
