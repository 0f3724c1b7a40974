"""Announcements: written, published, mailed by a job to those who asked for it; and the asking and its end."""

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.addresses import has_verified_address, with_verified_address
from accounts.models import User
from accounts.reading import best_text
from annotation.addresses import absolute
from campaigns.models import (
    Announcement,
    AnnouncementMail,
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    Subscription,
)
from campaigns.permissions import refuse_archived
from campaigns.teaching import read_texts
from problems import Conflict, Missing
from work.actions import request_job_once
from work.runner import Runner

KIND = "campaigns.announce"
SALT = "campaigns.unsubscribe"
State = AnnouncementMail.State
log = logging.getLogger(__name__)


def write_announcement(
    campaign: Campaign, announcement_id: UUID, *, title: Mapping[str, str], text: Mapping[str, str], by: User
) -> Announcement:
    """Keep a draft under an id made by the client; harmless to repeat. What is published stands as it went out."""
    refuse_archived(campaign)
    said = {"title": read_texts(title, "/title"), "text": read_texts(text, "/text")}
    with transaction.atomic():
        row = Announcement.objects.select_for_update().filter(pk=announcement_id).first()
        if row is None:
            return _new(campaign, announcement_id, said, by)
        if row.campaign_id != campaign.pk:
            raise Missing(_("The campaign has no such announcement."))
        if row.published_at is not None and {"title": row.title, "text": row.text} != said:
            raise Conflict(
                _("This announcement is published. Write another one."), code="announcement-published"
            )
        row.title, row.text = said["title"], said["text"]
        row.save(update_fields=["title", "text"])
    return row


def _new(campaign: Campaign, pk: UUID, said: Mapping[str, dict[str, str]], by: User) -> Announcement:
    try:
        with transaction.atomic():
            return Announcement.objects.create(id=pk, campaign=campaign, by=by, **said)
    except IntegrityError as error:
        raise Conflict(_("This is being written elsewhere just now. Try again."), code="conflict") from error


def publish_announcement(campaign: Campaign, announcement_id: UUID, *, mail: bool, by: User) -> int:
    """Show it on the page and, if asked, mail it to those who want that; returns to how many. Once: a retry is 0."""
    refuse_archived(campaign)
    with transaction.atomic():
        row = _locked(campaign, announcement_id)
        if row.published_at is not None:
            return 0
        row.published_at = timezone.now()
        row.save(update_fields=["published_at"])
        if not mail:
            return 0
        mails = [AnnouncementMail(announcement=row, user=user) for user in recipients_of(campaign)]
        AnnouncementMail.objects.bulk_create(mails, ignore_conflicts=True, batch_size=1000)
        if mails:
            request_job_once(KIND, row.pk, by=by)
    return len(mails)


def remove_announcement(campaign: Campaign, announcement_id: UUID) -> None:
    """Take it from the page; mails that have not left do not leave. Harmless to repeat."""
    refuse_archived(campaign)
    Announcement.objects.filter(campaign=campaign, pk=announcement_id).delete()


def _locked(campaign: Campaign, announcement_id: UUID) -> Announcement:
    row = campaign.announcements.select_for_update().filter(pk=announcement_id).first()
    if row is None:
        raise Missing(_("The campaign has no such announcement."))
    return row


# --- who wants it ---------------------------------------------------------------------------------


def recipients_of(campaign: Campaign) -> QuerySet[User]:
    """Those who asked for mail and whose address is verified."""
    asked = Subscription.objects.filter(campaign=campaign).values("user")
    people = User.objects.filter(pk__in=asked, is_active=True)
    if not campaign.is_public:  # who has been put out of it asks no more
        granted = {"content_object": campaign, "permission__codename": "view_campaign"}
        own = CampaignUserObjectPermission.objects.filter(**granted).values("user")
        groups = CampaignGroupObjectPermission.objects.filter(**granted).values("group")
        people = people.filter(Q(pk__in=own) | Q(groups__in=groups)).distinct()
    return with_verified_address(people).order_by("pk")


def subscribe(campaign: Campaign, *, by: User) -> None:
    """Ask for the announcements of a campaign by e-mail; harmless to repeat."""
    if not has_verified_address(by):
        raise Conflict(
            _("Confirm your e-mail address first: a link to do so is on the page of your addresses."),
            code="address-not-verified",
        )
    Subscription.objects.bulk_create([Subscription(campaign=campaign, user=by)], ignore_conflicts=True)


def unsubscribe(campaign_id: int, user_id: int) -> None:
    """End it, also for mails that wait; harmless to repeat."""
    Subscription.objects.filter(campaign=campaign_id, user=user_id).delete()


def leaving_token(campaign_id: int, user_id: int) -> str:
    """What the address in a mail holds: good for ending this one subscription, for ever."""
    return signing.dumps([campaign_id, user_id], salt=SALT)


def read_token(token: str) -> tuple[Campaign, int]:
    """The campaign and the user that a token is about; raises `Missing` for one that is not ours."""
    try:
        campaign_id, user_id = signing.loads(token, salt=SALT)
        return Campaign.objects.get(pk=campaign_id), user_id
    except (signing.BadSignature, Campaign.DoesNotExist, ValueError, TypeError):
        raise Missing(_("This address is not complete, or the campaign is gone.")) from None


# --- sending --------------------------------------------------------------------------------------


def send_announcement(announcement_id: str, runner: Runner) -> None:
    """Send what waits, one by one. A mail is never sent twice: it is marked before it leaves."""
    row = Announcement.objects.select_related("campaign").filter(pk=announcement_id).first()
    if row is None:
        return
    mails = AnnouncementMail.objects.filter(announcement=row)
    waiting = list(mails.filter(state=State.WAITING).order_by("pk").values_list("pk", flat=True))
    before = mails.exclude(state=State.WAITING).count()
    runner.expect(before + len(waiting), done=before)
    sent = 0
    for pk in waiting:
        sent += _send(row, pk, runner)
        runner.advance()
    runner.say(f"{sent} of {len(waiting)} mails were sent.")


def _send(row: Announcement, pk: int, runner: Runner) -> bool:
    mine = AnnouncementMail.objects.filter(pk=pk, state=State.WAITING)
    user = recipients_of(row.campaign).filter(pk__in=mine.values("user")).first()
    if not mine.update(state=State.SENT if user else State.DROPPED) or user is None:
        return False
    try:
        mail_of(row, user).send()
    except (SMTPException, OSError) as error:
        log.warning("mail %s of announcement %s could not be sent: %s", pk, row.pk, type(error).__name__)
        AnnouncementMail.objects.filter(pk=pk, state=State.SENT).update(state=State.FAILED)
        runner.say("A mail could not be sent.", severity="error")
        return False
    return True


def mail_of(row: Announcement, user: User) -> EmailMessage:
    """The mail to one person, in their language, with the address and the headers that end it by one click."""
    language = user.language or settings.LANGUAGE_CODE
    leave = absolute(reverse("unsubscribe", args=[leaving_token(row.campaign_id, user.pk)]))
    first = next(iter(row.campaign.languages), None)
    with translation.override(language):
        context = {
            "campaign": best_text(row.campaign.title, first)[1] or row.campaign.slug,
            "text": best_text(row.text, first)[1],
            "link": absolute(reverse("campaign", args=[row.campaign.slug])),
            "leave": leave,
            "site": settings.SITE_URL,
        }
        body = render_to_string("campaigns/email/announcement.txt", context)
        subject = " ".join(best_text(row.title, first)[1].split())
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(subject, body, None, [user.email], headers=headers)
