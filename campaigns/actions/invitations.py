"""Invitations by e-mail: written down, sent by a job, sent again, withdrawn, accepted once."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models.functions import Lower, Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User, digest_of, new_secret
from accounts.roles import Role
from annotation.addresses import absolute
from campaigns.actions.links import let_in
from campaigns.models import Campaign, Invitation
from campaigns.permissions import refuse_archived, require_may_give
from problems import Conflict, Invalid, Missing
from work.actions import request_job_once
from work.models import Job
from work.runner import Runner

GOOD_FOR = timedelta(days=30)
log = logging.getLogger(__name__)


def invite(campaign: Campaign, emails: Sequence[str], *, role: Role, language: str, by: User) -> int:
    """Ask these addresses in; returns how many are new. Those asked before are left as they are.

    They are sent by a job, each in the language given, or in that of the account with the address.
    """
    refuse_archived(campaign)
    require_may_give(by, campaign, role)
    if language not in dict(settings.LANGUAGES):
        raise Invalid(
            _("The site does not speak this language."), pointer="/language", code="unknown-language"
        )
    spoken = _languages_of(emails)
    rows = [
        Invitation(
            campaign=campaign, email=email, role=role, by=by,
            language=spoken.get(email.lower()) or language,
        )
        for email in emails
    ]  # fmt: skip
    with transaction.atomic():
        before = campaign.invitations.count()
        Invitation.objects.bulk_create(rows, ignore_conflicts=True)
        new = campaign.invitations.count() - before
        if new:
            _request_sending(campaign, by)
    return new


def _languages_of(emails: Sequence[str]) -> dict[str, str]:
    """The languages of those who have an account already, by address in small letters."""
    wanted = [email.lower() for email in emails]
    known = User.objects.annotate(lowered=Lower("email")).filter(lowered__in=wanted).exclude(language="")
    return dict(known.values_list("lowered", "language"))


def _request_sending(campaign: Campaign, by: User) -> Job:
    return request_job_once("campaigns.invite", campaign.pk, by=by)


def send_again(campaign: Campaign, invitation_id: UUID, *, by: User) -> Invitation:
    """Send an invitation anew, with another secret and all its time; the one in the old mail ends."""
    refuse_archived(campaign)
    with transaction.atomic():
        row = _locked(campaign, invitation_id)
        if row.state == Invitation.State.ACCEPTED:
            raise Conflict(_("This invitation has been accepted already."), code="accepted")
        require_may_give(by, campaign, Role(row.role))
        row.state, row.digest, row.expires_at = Invitation.State.WAITING, "", None
        row.save(update_fields=["state", "digest", "expires_at"])
        _request_sending(campaign, by)
    return row


def withdraw(campaign: Campaign, invitation_id: UUID) -> None:
    """End an invitation that nobody has accepted; harmless to repeat."""
    with transaction.atomic():
        row = _locked(campaign, invitation_id)
        if row.state == Invitation.State.ACCEPTED:
            raise Conflict(
                _("This invitation has been accepted already. Take the role away on the page of the people."),
                code="accepted",
            )
        row.state, row.digest = Invitation.State.REVOKED, ""
        row.save(update_fields=["state", "digest"])


def _locked(campaign: Campaign, invitation_id: UUID) -> Invitation:
    row = campaign.invitations.select_for_update().filter(pk=invitation_id).first()
    if row is None:
        raise Missing(_("The campaign has no such invitation."))
    return row


def accept(invitation_id: UUID, secret: str, *, by: User) -> Campaign:
    """Take an invitation up, once; harmless for the same person to repeat.

    Whoever has the mail may: people sign up under other addresses than they are known by.
    """
    with transaction.atomic():
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("campaign")
        row = rows.get(pk=invitation_id)
        if row.state == Invitation.State.ACCEPTED and row.accepted_by_id == by.pk:
            return row.campaign
        if row.state == Invitation.State.ACCEPTED:
            raise Conflict(_("Somebody has taken up this invitation already."), code="accepted")
        if row.state != Invitation.State.SENT or row.digest != digest_of(secret):
            raise Missing(_("This invitation has been withdrawn, or replaced by a newer one."))
        if row.expires_at is None or row.expires_at <= timezone.now():
            raise Missing(_("The time of this invitation is over. Ask for another."))
        let_in(row.campaign, by, Role(row.role))
        row.state, row.accepted_by = Invitation.State.ACCEPTED, by
        row.accepted_at = timezone.now()
        row.save(update_fields=["state", "accepted_by", "accepted_at"])
    return row.campaign


# --- sending --------------------------------------------------------------------------------------


def send_waiting(campaign_id: str, runner: Runner) -> None:
    """Send what waits, one by one. A mail is never sent twice: it is marked before it leaves."""
    waiting = Invitation.objects.filter(campaign=int(campaign_id), state=Invitation.State.WAITING)
    keys = list(waiting.values_list("pk", flat=True))
    runner.expect(len(keys))
    sent = sum(_send(pk, runner) for pk in keys)
    runner.say(f"{sent} of {len(keys)} invitations were sent.")


def _send(pk: UUID, runner: Runner) -> bool:
    secret = new_secret()
    marked = Invitation.objects.filter(pk=pk, state=Invitation.State.WAITING).update(
        state=Invitation.State.SENT, digest=digest_of(secret), sent_at=Now(),
        expires_at=timezone.now() + GOOD_FOR,
    )  # fmt: skip
    runner.advance()
    if not marked:
        return False
    row = Invitation.objects.select_related("campaign").get(pk=pk)
    try:
        _mail(row, secret)
    except (SMTPException, OSError) as error:
        log.warning("invitation %s could not be sent: %s", pk, type(error).__name__)
        # This very mail: meanwhile it may have been sent again.
        Invitation.objects.filter(pk=pk, state=Invitation.State.SENT, digest=digest_of(secret)).update(
            state=Invitation.State.FAILED, digest=""
        )
        runner.say("An invitation could not be sent. Send it again from the list.", severity="error")
        return False
    return True


def _mail(row: Invitation, secret: str) -> None:
    """One mail, in the language of the one who is asked."""
    with translation.override(row.language):
        title = row.campaign.title
        context = {
            "campaign": title.get(row.language) or next(iter(title.values()), row.campaign.slug),
            "role": row.get_role_display(),
            "link": absolute(reverse("join", args=[secret])),
            "days": GOOD_FOR.days,
            "site": settings.SITE_URL,
        }
        subject = _("An invitation to “%(campaign)s”") % context
        body = render_to_string("campaigns/email/invitation.txt", context)
    send_mail(" ".join(subject.split()), body, None, [row.email])
