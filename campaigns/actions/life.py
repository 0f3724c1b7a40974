"""The life of a campaign: draft, pilot, open, paused, closed, archived; by hand, or when its time has come."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.locking import lock_campaign
from campaigns.actions.ordering import settle_pilot, unfinished_ordering
from campaigns.actions.telling import tell
from campaigns.models import Campaign, Webhook
from campaigns.obstacles import obstacles_to_opening
from campaigns.permissions import refuse_archived
from problems import Conflict

log = logging.getLogger(__name__)
Status = Campaign.Status


def open_campaign(campaign: Campaign, *, by: User | None) -> Campaign:
    """Let volunteers in on all tasks: a draft, after a pilot, a paused or a closed campaign; harmless to repeat.

    Raises `Conflict` that lists what is missing: canvases, concepts, the prompt, an end that has not passed.
    """
    with transaction.atomic():
        row = _lock(campaign)
        if row.status == Status.OPEN:
            return row
        _refuse_unready(row)
        return _set(row, {"status": Status.OPEN, "pilot_below": None, **_let_in(row)})


def start_pilot(campaign: Campaign, *, by: User | None) -> Campaign:
    """Let volunteers in on the first `pilot_size` tasks only; a paused pilot goes on. What is handed in counts."""
    with transaction.atomic():
        row = _lock(campaign)
        if row.status == Status.PILOT:
            return row
        if row.status != Status.DRAFT and not (row.status == Status.PAUSED and row.pilot_below is not None):
            raise Conflict(_("A pilot comes first: only a draft can begin with one."), code="not-draft")
        if row.pilot_size is None:
            raise Conflict(
                _("Say in the settings how many images the pilot has."),
                pointer="/pilot_size",
                code="no-pilot-size",
            )
        if unfinished_ordering(row):
            raise Conflict(
                _("The images are still being put in order. Start the pilot when that is done."),
                code="being-ordered",
            )
        _refuse_unready(row)
        if row.pilot_below is None:
            settle_pilot(row)
        return _set(row, {"status": Status.PILOT, **_let_in(row)})


def pause_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """Give out no more tasks for a while; what people are working on they may still hand in."""
    with transaction.atomic():
        row = _lock(campaign)
        if row.status == Status.PAUSED:
            return row
        if row.status not in {Status.OPEN, Status.PILOT}:
            raise Conflict(_("Only an open campaign can be paused."), code="not-open")
        return _set(row, {"status": Status.PAUSED})


def close_campaign(campaign: Campaign, *, by: User | None) -> Campaign:
    """End the campaign; work that still comes in is kept but no longer counts."""
    with transaction.atomic():
        row = _lock(campaign)
        if row.status == Status.CLOSED:
            return row
        if row.status == Status.DRAFT:
            raise Conflict(
                _("A draft has not been opened yet, so there is nothing to close."), code="not-open"
            )
        return _set(row, {"status": Status.CLOSED, "closed_at": Now()})


def reopen_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """Let volunteers into a closed campaign again."""
    if campaign.status == Status.DRAFT:
        raise Conflict(_("Only a campaign that was open can be opened again."), code="not-closed")
    return open_campaign(campaign, by=by)


def archive_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """Put a campaign away: it leaves the lists and nothing in its settings and tasks changes any more."""
    with transaction.atomic():
        row = lock_campaign(campaign)
        if row.status == Status.ARCHIVED:
            return row
        if row.status in {Status.OPEN, Status.PILOT}:
            raise Conflict(_("People are at work here. Close the campaign first."), code="not-closed")
        return _set(row, {"status": Status.ARCHIVED})


def restore_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """Bring an archived campaign back: a draft again, or closed when it was open before; harmless to repeat."""
    with transaction.atomic():
        row = lock_campaign(campaign)
        if row.status != Status.ARCHIVED:
            return row
        return _set(row, {"status": Status.CLOSED if row.opened_at else Status.DRAFT})


def settle_schedules() -> int:
    """Open the drafts whose time has come (with their pilot, where they have one) and close what is over.

    One that is not ready stays a draft, and its dashboard says what is missing. Returns how many were changed.
    """
    now, changed = timezone.now(), 0
    opening = Campaign.objects.filter(status=Status.DRAFT, opens_at__lte=now)
    for campaign in opening:
        try:
            changed += _when_due(campaign, opening, start_pilot if campaign.pilot_size else open_campaign)
        except Conflict as conflict:
            log.warning("campaign %s does not open: %s", campaign.slug, conflict.detail)
    closing = Campaign.objects.filter(
        status__in=(Status.OPEN, Status.PILOT, Status.PAUSED), closes_at__lte=now
    )
    for campaign in closing:
        changed += _when_due(campaign, closing, close_campaign)
    return changed


def _when_due(campaign: Campaign, due: QuerySet[Campaign], change: Callable[..., Campaign]) -> bool:
    """Asked again under the lock: somebody may have set another hour just now."""
    with transaction.atomic():
        row = lock_campaign(campaign)
        if is_due := due.filter(pk=row.pk).exists():
            change(row, by=None)
    return is_due


def _lock(campaign: Campaign) -> Campaign:
    row = lock_campaign(campaign)
    refuse_archived(row)
    return row


def _refuse_unready(campaign: Campaign) -> None:
    missing = obstacles_to_opening(campaign)
    if missing:
        sentences = " ".join(fault.detail for fault in missing)
        raise Conflict(
            _("The campaign cannot be opened yet. ") + sentences, code="not-ready", faults=tuple(missing)
        )


def _let_in(campaign: Campaign) -> dict[str, Any]:
    """What is written when people may come: the first time is kept, and the hour that was set for it is over."""
    first = {"opened_at": Now()} if campaign.opened_at is None else {}
    return {"closed_at": None, "opens_at": None, **first}


def _set(campaign: Campaign, values: dict[str, Any]) -> Campaign:
    before = campaign.status
    Campaign.objects.filter(pk=campaign.pk).update(**values, modified_at=Now())
    campaign.refresh_from_db(fields=[*values, "modified_at"])
    tell(campaign, Webhook.Event.STATUS, {"status": campaign.status, "before": before})
    return campaign
