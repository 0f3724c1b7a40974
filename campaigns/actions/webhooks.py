"""Webhooks are made, changed, tried and removed, and their messages sent again, by those who run the campaign."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.delivering import wake_webhooks
from campaigns.actions.locking import lock_campaign
from campaigns.models import Campaign, Webhook, WebhookDelivery
from campaigns.permissions import refuse_archived
from campaigns.signing import new_secret
from fetch import FetchError
from fetch.addresses import is_allowed
from fetch.destination import parse
from problems import Conflict, Invalid, Missing

MOST = 10
PING = "webhook.ping"


def make_webhook(campaign: Campaign, *, url: str, events: Sequence[str], by: User) -> Webhook:
    """A webhook that is told what happens from now on; its secret is to be shown this once."""
    address, chosen = _checked_url(url), _checked_events(events)
    with transaction.atomic():
        row = lock_campaign(campaign)
        refuse_archived(row)
        if row.webhooks.count() >= MOST:
            raise Conflict(_("The campaign has too many webhooks. Remove one first."), code="too-many")
        webhook = Webhook.objects.create(
            campaign=row, url=address, events=chosen, secret=new_secret(), told_until=Now(), created_by=by
        )
    webhook.refresh_from_db(fields=["told_until"])
    return webhook


def change_webhook(webhook: Webhook, changes: Mapping[str, Any], *, by: User) -> Webhook:
    """Another address, other events, off or on again. What waits is sent when it is on again; what happens while it
    is off it is never told.
    """
    refuse_archived(webhook.campaign)
    with transaction.atomic():
        row = Webhook.objects.select_for_update(of=("self",), no_key=True).get(pk=webhook.pk)
        if "url" in changes:
            row.url = _checked_url(changes["url"])
        if "events" in changes:
            row.events = _checked_events(changes["events"])
        if changes.get("is_on") and not row.is_on:
            Webhook.objects.filter(pk=row.pk).update(told_until=Now())
            row.refresh_from_db(fields=["told_until"])
        if "is_on" in changes:
            row.is_on = changes["is_on"]
        # Whoever changes it has looked at it: it is tried at once, and its time of failing begins anew.
        row.failures, row.failing_since, row.rests_until = 0, None, None
        row.off_at, row.off_because = None, ""
        row.save()
        transaction.on_commit(wake_webhooks)
    return row


def remove_webhook(webhook: Webhook) -> None:
    """It is told nothing more, and the log of its messages goes with it."""
    with transaction.atomic():
        # First: whoever is just writing a message to it ends before the log is deleted.
        Webhook.objects.select_for_update().filter(pk=webhook.pk).first()
        webhook.delete()


def ping_webhook(webhook: Webhook) -> WebhookDelivery:
    """A message that tells nothing, to see whether it arrives."""
    _refuse_off(webhook)
    now = timezone.now()
    payload = {"type": PING, "timestamp": now.isoformat(), "data": {"campaign": webhook.campaign.slug}}
    with transaction.atomic():
        _wake(webhook)
        delivery = WebhookDelivery.objects.create(
            id=uuid4(), webhook=webhook, event=PING, payload=payload, due_at=now, asked_at=now, created_at=now
        )
        transaction.on_commit(wake_webhooks)
    return delivery


def deliver_again(webhook: Webhook, delivery_id: UUID) -> WebhookDelivery:
    """Send a message once more, under the same id, so that a receiver that has it knows it."""
    _refuse_off(webhook)
    now = timezone.now()
    with transaction.atomic():
        _wake(webhook)
        row = webhook.deliveries.select_for_update().filter(pk=delivery_id).first()
        if row is None:
            raise Missing(_("The webhook has no such message."))
        row.state, row.attempts, row.error = WebhookDelivery.State.WAITING, 0, ""
        row.due_at = row.asked_at = now
        row.save(update_fields=["state", "attempts", "error", "due_at", "asked_at"])
        transaction.on_commit(wake_webhooks)
    return row


def _wake(webhook: Webhook) -> None:
    """It rests no longer; its row is locked before those of its messages, as by everybody."""
    if not Webhook.objects.filter(pk=webhook.pk).update(rests_until=None):
        raise Missing(_("This webhook has been removed."))


def _refuse_off(webhook: Webhook) -> None:
    refuse_archived(webhook.campaign)
    if not webhook.is_on:
        raise Conflict(_("This webhook is switched off. Switch it on first."), code="webhook-off")


def _checked_url(url: str) -> str:
    try:
        found = parse(url)
    except FetchError as error:
        raise Invalid(str(error), pointer="/url", code=error.code) from error
    opened = is_allowed(found.host, found.port, settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE)
    if found.scheme != "https" and not opened:
        raise Invalid(
            _("The address must begin with https://, so that nobody reads along."),
            pointer="/url",
            code="not-https",
        )
    if len(found.url) > 2000:
        raise Invalid(_("The address is too long."), pointer="/url", code="too-long")
    return found.url


def _checked_events(events: Sequence[str]) -> list[str]:
    unknown = [event for event in events if event not in Webhook.Event.values]
    if unknown or not events:
        raise Invalid(
            _("Choose from these events, at least one: %(names)s.")
            % {"names": ", ".join(Webhook.Event.values)},
            pointer="/events",
            code="unknown-event" if unknown else "no-event",
        )
    return [event for event in Webhook.Event.values if event in events]
