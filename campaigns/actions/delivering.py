"""Sends the messages to webhooks: signed, again after a failure, given up after a day; one that keeps failing is
switched off.
"""

import logging
import random
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from celery import current_app
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from campaigns.actions.telling import tell_of_contributions
from campaigns.models import Webhook, WebhookDelivery
from campaigns.signing import GIVE_UP_AFTER, signature, wait_s
from fetch import BadStatus, FetchError, HostBusy, stream

log = logging.getLogger(__name__)
TIMEOUT_S = 15.0
A_ROUND_S = 40.0  # then another round makes room for other webhooks
LONGEST_REST_S = 1800.0
SWITCH_OFF_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=30)
GONE = 410  # the receiver says that it wants no more
Delivery = WebhookDelivery.State


def wake_webhooks() -> None:
    """Have what is due sent now; if the broker is away, the clock finds it."""
    try:
        current_app.send_task("campaigns.webhooks")
    except (OperationalError, OSError) as error:
        log.warning("the broker did not take the webhooks (%s); the clock will", error)


def due_webhooks() -> list[UUID]:
    """The webhooks with a message that is due, but for those that rest after a failure."""
    rested = Q(rests_until=None) | Q(rests_until__lte=Now())
    due = WebhookDelivery.objects.filter(state=Delivery.WAITING, due_at__lte=Now()).values("webhook")
    return list(Webhook.objects.filter(rested, is_on=True, pk__in=due).values_list("pk", flat=True))


def look_after_webhooks() -> list[UUID]:
    """What the clock does: gather the minute's contributions, forget old messages, and say who has something due."""
    tell_of_contributions()
    old = WebhookDelivery.objects.filter(created_at__lt=timezone.now() - KEPT_FOR)
    some = list(old.exclude(state=Delivery.WAITING).values_list("pk", flat=True)[:1000])
    if some:
        WebhookDelivery.objects.filter(pk__in=some).delete()
    return due_webhooks()


# While an attempt is made the message is due two minutes later: if the sender dies, it is sent again.
_CLAIM = """
UPDATE campaigns_webhookdelivery d
   SET attempts = attempts + 1, due_at = clock_timestamp() + interval '2 minutes'
 WHERE d.id = (
       SELECT n.id FROM campaigns_webhookdelivery n
         JOIN campaigns_webhook w ON w.id = n.webhook_id
        WHERE n.webhook_id = %s AND n.state = 'waiting' AND n.due_at <= clock_timestamp()
          AND w.is_on AND (w.rests_until IS NULL OR w.rests_until <= clock_timestamp())
        ORDER BY n.due_at, n.created_at LIMIT 1 FOR NO KEY UPDATE OF n SKIP LOCKED)
RETURNING d.id
"""


def deliver_due(webhook_id: UUID) -> int:
    """Send what is due to one webhook until nothing is, or one fails; returns how many arrived."""
    ends, arrived = time.monotonic() + A_ROUND_S, 0
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [webhook_id])
            row = cursor.fetchone()
        if row is None:
            break
        delivery = WebhookDelivery.objects.select_related("webhook").filter(pk=row[0]).first()
        if delivery is None:  # the webhook has just been removed
            break
        if not _deliver(delivery):
            break
        arrived += 1
    return arrived


def _deliver(delivery: WebhookDelivery) -> bool:
    try:
        _send(delivery)
    except FetchError as error:
        _failed(delivery, error)
        return False
    with transaction.atomic():
        # The webhook first, as by everybody who writes to both.
        Webhook.objects.filter(pk=delivery.webhook_id).update(
            failures=0, failing_since=None, rests_until=None, arrived_at=Now()
        )
        WebhookDelivery.objects.filter(pk=delivery.pk).update(
            state=Delivery.ARRIVED, arrived_at=Now(), error=""
        )
    return True


def _send(delivery: WebhookDelivery) -> None:
    """One attempt: any status of 2xx is an arrival, and the body of the answer is not read."""
    body, at = orjson.dumps(delivery.payload), int(time.time())
    message_id = f"msg_{delivery.pk.hex}"
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(delivery.webhook.secret, message_id, at, body),
    }
    with stream(
        delivery.webhook.url,
        accept="*/*",
        timeout_s=TIMEOUT_S,
        headers=headers,
        method="POST",
        body=body,
        content_type="application/json",
    ):
        pass


def _failed(delivery: WebhookDelivery, error: FetchError) -> None:
    """The message and its webhook rest; the one is given up after a day, the other switched off after three."""
    now, sentence = timezone.now(), str(error)[:1000]
    asked = error.retry_after_s if isinstance(error, HostBusy) else 0
    gone = isinstance(error, BadStatus) and error.status == GONE
    dead = gone or now - delivery.asked_at >= GIVE_UP_AFTER
    with transaction.atomic():
        changes: dict[str, Any] = {"error": sentence, "due_at": _in(delivery.attempts, asked)}
        if dead:
            changes["state"] = Delivery.DEAD
        webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=delivery.webhook_id).first()
        if webhook is None:
            return  # removed while it was tried
        WebhookDelivery.objects.filter(pk=delivery.pk, state=Delivery.WAITING).update(**changes)
        webhook.failures += 1
        webhook.failing_since = webhook.failing_since or now
        rest_s = max(min(wait_s(webhook.failures, random.random()), LONGEST_REST_S), asked)
        webhook.rests_until = now + timedelta(seconds=rest_s)
        if webhook.is_on and (gone or now - webhook.failing_since >= SWITCH_OFF_AFTER):
            webhook.is_on, webhook.off_at, webhook.off_because = False, now, sentence
            log.warning("webhook %s was switched off: %s", webhook.pk, sentence)
        webhook.save(
            update_fields=["failures", "failing_since", "rests_until", "is_on", "off_at", "off_because"]
        )


def _in(failures: int, asked_s: float) -> datetime:
    return timezone.now() + timedelta(seconds=max(wait_s(failures, random.random()), asked_s))
