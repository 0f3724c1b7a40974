"""Pages of announcements: written and looked at by those who run a campaign, read by everybody, asked for and ended."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import require_user
from campaigns.actions.announcing import (
    mail_of,
    publish_announcement,
    read_token,
    recipients_of,
    remove_announcement,
    subscribe,
    unsubscribe,
    write_announcement,
)
from campaigns.instructions import render_languages
from campaigns.models import Announcement, AnnouncementMail, Campaign
from campaigns.permissions import get_campaign_for
from frontend.forms.problems import show_on
from frontend.forms.teaching import AnnouncementForm
from frontend.views.campaigns import place_of
from problems import Missing, Problem

MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
def announcement_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that was told or will be, and the form of another one."""
    campaign = get_campaign_for(request.user, slug, "manage")
    form = AnnouncementForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            texts = form.texts()
            row = write_announcement(campaign, uuid4(), **texts, by=require_user(request.user))
            return redirect("announcement", slug, row.pk)
        except Problem as problem:
            show_on(form, problem)
    context = {
        **place_of(request, campaign, "people"),
        "form": form,
        "rows": campaign.announcements.annotate(
            sent=Count("mails", filter=Q(mails__state=AnnouncementMail.State.SENT)),
            failed=Count("mails", filter=Q(mails__state=AnnouncementMail.State.FAILED)),
            waiting_mails=Count("mails", filter=Q(mails__state=AnnouncementMail.State.WAITING)),
        )[:MOST_SHOWN],
        "recipients": recipients_of(campaign).count(),
    }
    return render(request, "campaigns/announcements.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def announcement(request: HttpRequest, slug: str, announcement_id: UUID) -> HttpResponse:
    """A draft as it will be seen on the page and in the mail; changed, published, taken away."""
    campaign = get_campaign_for(request.user, slug, "manage")
    by = require_user(request.user)
    row = campaign.announcements.filter(pk=announcement_id).first()
    wants = request.POST.get("wants", "")
    if wants == "remove":
        remove_announcement(campaign, announcement_id)
        messages.success(request, _("The announcement is taken away."))
        return redirect("announcement-list", slug)
    if row is None:
        raise Missing(_("The campaign has no such announcement."))
    if wants == "publish":
        return _publish(request, campaign, row, by)
    entry = {"title": row.title, "text": row.text}
    form = AnnouncementForm(
        request.POST if request.method == "POST" else None, campaign=campaign, entry=entry
    )
    if request.method == "POST" and form.is_valid():
        try:
            write_announcement(campaign, row.pk, **form.texts(), by=by)
            return redirect("announcement", slug, row.pk)
        except Problem as problem:
            show_on(form, problem)
    context = {
        **place_of(request, campaign, "people"),
        "row": row,
        "form": form,
        "texts": render_languages(row.text),
        "mail": mail_of(row, by),
        "recipients": recipients_of(campaign).count(),
    }
    return render(request, "campaigns/announcement.html", context, status=422 if form.is_bound else 200)


def _publish(request: HttpRequest, campaign: Campaign, row: Announcement, by: User) -> HttpResponse:
    count = publish_announcement(campaign, row.pk, mail="mail" in request.POST, by=by)
    messages.success(request, _("It stands on the page of the campaign now."))
    if count:
        sentence = ngettext("%(count)d mail is on its way.", "%(count)d mails are on their way.", count)
        messages.success(request, sentence % {"count": count})
    return redirect("announcement-list", campaign.slug)


@require_POST
def campaign_subscription(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the announcements by e-mail, or no longer."""
    campaign = get_campaign_for(request.user, slug, "view")
    by = require_user(request.user)
    if request.POST.get("wants") == "mail":
        try:
            subscribe(campaign, by=by)
            messages.success(
                request, _("You get what is new by e-mail. Each mail has an address that ends it.")
            )
        except Problem as problem:
            messages.error(request, str(problem.detail))
            return redirect("account_email")
    else:
        unsubscribe(campaign.pk, by.pk)
        messages.success(request, _("You get no more e-mail from this campaign."))
    return redirect("campaign", slug)


@csrf_exempt  # the mail program of a reader has no cookie of ours; the signed address is the proof
@require_http_methods(["GET", "POST"])
def leave_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The address in a mail: a page with one button, or the one click of a mail program (RFC 8058)."""
    campaign, user_id = read_token(token)
    if request.method == "POST":
        unsubscribe(campaign.pk, user_id)
    context = {"campaign": campaign, "done": request.method == "POST"}
    response = render(request, "campaigns/unsubscribe.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
