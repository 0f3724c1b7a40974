"""Pages on which people talk: the board of a campaign, the thread of an image, and what was reported."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import require_user
from campaigns.actions.discussing import (
    LONGEST,
    delete_comment,
    edit_comment,
    hide_comment,
    report_comment,
    resolve_report,
    write_comment,
)
from campaigns.actions.participants import find_participant
from campaigns.aside import retirements_aside
from campaigns.discussion import comments_seen, get_task_in, shown_comments, standing_of, threads_seen
from campaigns.models import Campaign, Comment, Participant, Report, Task
from campaigns.permissions import decide, get_campaign_for
from frontend.plates import with_pictures
from frontend.views.campaigns import place_of
from problems import Problem

A_PAGE, MOST_THREADS = 50, 12


def _participant(request: HttpRequest, campaign: Campaign) -> Participant | None:
    return find_participant(campaign, user=request.user) if isinstance(request.user, User) else None


@require_http_methods(["GET", "POST"])
def campaign_discussion(request: HttpRequest, slug: str) -> HttpResponse:
    """The board, and the images that are talked about."""
    campaign = get_campaign_for(request.user, slug, "view")
    if request.method == "POST":
        return _say(request, campaign, None)
    participant = _participant(request, campaign)
    threads = with_pictures(threads_seen(request.user, campaign, participant))[:MOST_THREADS]
    context = {"threads": threads, **_thread(request, campaign, None, participant)}
    return render(request, "campaigns/discussion.html", context)


@require_http_methods(["GET", "POST"])
def task_discussion(request: HttpRequest, slug: str, task_id: UUID) -> HttpResponse:
    """What is said about one image; before one's own answer to it only one's own words."""
    campaign = get_campaign_for(request.user, slug, "view")
    task = get_task_in(campaign, task_id)
    if request.method == "POST":
        return _say(request, campaign, task)
    context = {"task": task, **_thread(request, campaign, task, _participant(request, campaign))}
    return render(request, "campaigns/thread.html", context)


def _thread(
    request: HttpRequest, campaign: Campaign, task: Task | None, participant: Participant | None
) -> dict[str, Any]:
    standing = standing_of(request.user, campaign, task, participant)
    rows = comments_seen(campaign, task, standing, participant)
    pages = Paginator(rows if task else rows.order_by("-created_at", "id"), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    join = decide(request.user, campaign, "join")
    return {
        "section": "campaigns",
        "campaign": campaign,
        "page": page,
        "comments": shown_comments(campaign, list(page), participant),
        "standing": standing,
        "may_write": isinstance(request.user, User) and join.allowed and standing.reads,
        "review": decide(request.user, campaign, "review"),
        "reasons": Report.Reason.choices,
        "longest": LONGEST,
    }


def _place(campaign: Campaign, task_id: UUID | None) -> str:
    if task_id is None:
        return reverse("campaign-discussion", args=[campaign.slug])
    return reverse("task-discussion", args=[campaign.slug, task_id])


def _say(request: HttpRequest, campaign: Campaign, task: Task | None) -> HttpResponse:
    by = require_user(request.user)
    try:
        comment_id = UUID(request.POST.get("id", ""))
    except ValueError:
        comment_id = uuid4()
    try:
        write_comment(campaign, comment_id, request.POST.get("text", ""), task=task, by=by)
    except Problem as problem:
        messages.error(request, str(problem.detail))
    return redirect(_place(campaign, task.pk if task else None))


@require_POST
def comment_change(request: HttpRequest, slug: str, comment_id: UUID) -> HttpResponse:
    """Change or delete one's own comment, hide somebody's with a reason, or report it."""
    campaign = get_campaign_for(request.user, slug, "view")
    by, wants, text = require_user(request.user), request.POST.get("wants", ""), request.POST.get("text", "")
    place = Comment.objects.filter(campaign=campaign, pk=comment_id).values_list("task", flat=True).first()
    if wants in ("hide", "show"):
        get_campaign_for(request.user, slug, "review")
    try:
        match wants:
            case "edit":
                edit_comment(campaign, comment_id, text, by=by)
            case "delete":
                delete_comment(campaign, comment_id, by=by)
                messages.success(request, _("Your comment is deleted."))
            case "hide" if not text.strip():
                messages.error(request, _("Say why; the author reads it."))
            case "hide" | "show":
                hide_comment(campaign, comment_id, text if wants == "hide" else "", by=by)
            case _:
                reason = request.POST.get("reason", "")
                report_comment(campaign, uuid4(), comment_id, reason=reason, text=text, by=by)
                messages.success(request, _("Thank you. Those who run the campaign will look at it."))
    except Problem as problem:
        messages.error(request, str(problem.detail))
    return redirect(_place(campaign, place))


@require_http_methods(["GET", "POST"])
def report_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What people reported: the open ones first, each with the way to it; seen to with a sentence."""
    campaign = get_campaign_for(request.user, slug, "review")
    if request.method == "POST":
        try:
            report_id = UUID(request.POST.get("id", ""))
            resolve_report(campaign, report_id, request.POST.get("answer", ""), by=require_user(request.user))
            messages.success(request, _("The report is settled."))
        except ValueError:
            messages.error(request, _("There is no such report."))
        except Problem as problem:
            messages.error(request, str(problem.detail))
        return redirect("report-list", slug)
    settled = "settled" in request.GET
    rows = campaign.reports.filter(resolved_at__isnull=not settled).select_related(
        "participant", "resolved_by", "comment__participant", "task__canvas__manifest"
    )
    rows = rows.defer("task__canvas__manifest__document", "task__canvas__manifest__metadata")
    context = {
        **place_of(request, campaign, "reports"),
        "page": Paginator(rows.order_by("-resolved_at") if settled else rows, 30).get_page(
            request.GET.get("page")
        ),
        "settled": settled,
        "aside": retirements_aside(campaign, left_out=False).count(),
    }
    return render(request, "campaigns/reports.html", context)
