"""Writes down what webhooks are to be told, in the transaction in which it happens; nothing where nobody listens."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from campaigns.models import Campaign, Webhook

# `{event}` and `{data}` are expressions; `{when}` is a further condition. Also part of the statement that hands in.
# The webhook is held: who removes it at this moment waits, or it is told nothing, and what is told of goes on.
TELL = """
INSERT INTO campaigns_webhookdelivery
       (id, webhook_id, event, payload, state, attempts, due_at, asked_at, created_at, error)
SELECT gen_random_uuid(), w.id, {event}::text,
       jsonb_build_object('type', {event}::text, 'data', {data}, 'timestamp',
           to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
       'waiting', 0, clock_timestamp(), clock_timestamp(), clock_timestamp(), ''
  FROM campaigns_webhook w
 WHERE {when} w.campaign_id = %(campaign)s AND w.is_on AND w.events @> to_jsonb({event}::text)
   FOR KEY SHARE OF w
"""
# The task that an answer retires, within the statement that keeps the answer.
TELL_RETIRED = TELL.format(
    event="'task.retired'",
    data="""jsonb_build_object('campaign', %(slug)s::text, 'tasks', jsonb_build_array(
                jsonb_build_object('id', %(task)s::text, 'rule', %(rule)s::text)))""",
    when="EXISTS (SELECT FROM kept) AND",
)
_TELL = TELL.format(event="%(event)s", data="%(data)s::jsonb", when="")

A_MINUTE = timedelta(minutes=1)
# An answer has its moment a little before it is seen by others: a batch ends so long before now, and before whoever is
# writing answers at this moment began, however long they take. So none is missed.
SETTLED_AFTER = timedelta(seconds=30)
_SETTLED = """
SELECT least(clock_timestamp() - %s * interval '1 second', min(writer.xact_start))
  FROM pg_locks held JOIN pg_stat_activity writer ON writer.pid = held.pid
 WHERE held.relation = 'campaigns_contribution'::regclass AND held.mode = 'RowExclusiveLock'
   AND held.pid <> pg_backend_pid()
   AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
MOST_IN_A_BATCH = 1000


def tell(campaign: Campaign, event: str, data: Mapping[str, Any]) -> None:
    """A message to every webhook of the campaign that listens to the event; one statement.

    Call it in the transaction of what it tells about.
    """
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "event": str(event),
        "data": orjson.dumps({"campaign": campaign.slug, **data}, default=str).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, values)


def tell_reopened(campaign: Campaign, tasks: Sequence[UUID], state: str) -> None:
    """That tasks wait again: `retired` for a decision, `open` for answers."""
    if tasks:
        told = [{"id": str(task), "state": str(state)} for task in tasks]
        tell(campaign, Webhook.Event.REOPENED, {"tasks": told})


# Each person's contributions are looked at from the newest backwards, so that old ones cost nothing.
_NEW = """
SELECT c.id, c.task_id, c.participant_id, c.submitted_at, c.counts
  FROM campaigns_participant p
  JOIN campaigns_contribution c ON c.participant_id = p.id
 WHERE p.campaign_id = %(campaign)s AND c.submitted_at > %(since)s AND c.submitted_at <= %(until)s
 ORDER BY c.submitted_at
 FETCH FIRST %(most)s ROWS WITH TIES
"""
_WRITE = """
INSERT INTO campaigns_webhookdelivery
       (id, webhook_id, event, payload, state, attempts, due_at, asked_at, created_at, error)
VALUES (gen_random_uuid(), %(webhook)s, 'contribution.submitted', %(payload)s::jsonb, 'waiting', 0,
        clock_timestamp(), clock_timestamp(), clock_timestamp(), '')
"""


def tell_of_contributions() -> int:
    """A message for every minute's contributions to each webhook that wants them; returns how many messages.

    The contributions themselves are the record of what is to be told: handing in costs nothing more for it.
    """
    with connection.cursor() as cursor:  # by the clock that gives contributions their moment
        cursor.execute(_SETTLED, [SETTLED_AFTER.total_seconds()])
        until = cursor.fetchone()[0]
    listens = Q(events__contains=[Webhook.Event.SUBMITTED.value], is_on=True)
    waiting = Webhook.objects.filter(listens, told_until__lt=until - A_MINUTE).values_list("pk", flat=True)
    return sum(_tell_batch(pk, until) for pk in list(waiting))


def _tell_batch(webhook_id: Any, until: Any) -> int:
    with transaction.atomic():
        rows = Webhook.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        webhook = rows.select_related("campaign").filter(pk=webhook_id, told_until__lt=until).first()
        if webhook is None:
            return 0
        values = {
            "campaign": webhook.campaign_id, "since": webhook.told_until, "until": until, "most": MOST_IN_A_BATCH,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_NEW, values)
            found = cursor.fetchall()
            if found:
                payload = _payload(webhook.campaign, found)
                cursor.execute(_WRITE, {"webhook": webhook.pk, "payload": payload})
        # A full batch ends with its last answer: the next one begins there.
        webhook.told_until = found[-1][3] if len(found) >= MOST_IN_A_BATCH else until
        webhook.save(update_fields=["told_until"])
    return 1 if found else 0


def _payload(campaign: Campaign, found: list[Any]) -> str:
    contributions = [
        {"id": pk, "task": task, "participant": person, "submitted_at": at, "counted": counts}
        for pk, task, person, at, counts in found
    ]
    message = {
        "type": Webhook.Event.SUBMITTED.value,
        "timestamp": timezone.now(),
        "data": {"campaign": campaign.slug, "contributions": contributions},
    }
    return orjson.dumps(message).decode()
