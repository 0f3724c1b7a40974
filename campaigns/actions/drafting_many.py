"""Keep the unfinished answers of a whole grid at once: each with the promises that one of them has."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.actions.drafting import DraftChange, lease_over, refuse_overtaken, values_of
from campaigns.models import Assignment, Draft
from problems import Missing, Problem

# As JSON, each. What is said of one thing that is shown takes less than a kilobyte.
LARGEST_OF_MANY = 32 * 1024

# Whoever keeps some of these at the same time takes the leases in the same order.
_KEEP = """
WITH sent AS (
    SELECT * FROM unnest(%(assignments)s::uuid[], %(sequences)s::bigint[], %(writers)s::text[], %(bodies)s::text[])
                  AS sent (assignment_id, sequence, writer, body)
), lease AS (
    SELECT id FROM campaigns_assignment WHERE id = ANY(%(assignments)s::uuid[]) AND state = 'live'
     ORDER BY id FOR SHARE
)
INSERT INTO campaigns_draft AS kept (assignment_id, sequence, writer, body, changed_at)
SELECT sent.assignment_id, sent.sequence, sent.writer, sent.body::jsonb, clock_timestamp()
  FROM sent JOIN lease ON lease.id = sent.assignment_id
 ORDER BY sent.assignment_id
    ON CONFLICT (assignment_id) DO UPDATE
       SET sequence = EXCLUDED.sequence, writer = EXCLUDED.writer, body = EXCLUDED.body,
           changed_at = EXCLUDED.changed_at
     WHERE kept.sequence < EXCLUDED.sequence
RETURNING kept.assignment_id
"""


def keep_drafts(own: QuerySet[Assignment], changes: Mapping[UUID, DraftChange]) -> dict[UUID, Problem | None]:
    """Keep drafts of leases among one's `own`; for each of them None, or why it is not kept; harmless to repeat.

    Each is kept or refused by itself, for what `keep_draft` would refuse it; `Missing` for what is not one's own.
    Three statements at most, however many there are.
    """
    mine = set(own.filter(pk__in=changes).order_by().values_list("pk", flat=True))
    told: dict[UUID, Problem | None] = dict.fromkeys(changes, Missing(_("You have been given no such task.")))
    sent: dict[UUID, dict[str, Any]] = {}
    for pk in mine:
        try:
            sent[pk] = values_of(changes[pk], largest=LARGEST_OF_MANY)
        except Problem as problem:
            told[pk] = problem
    kept = _keep(sent)
    told |= dict.fromkeys(kept)
    return told | _why_not({pk: changes[pk] for pk in sent if pk not in kept})


def read_drafts(own: QuerySet[Assignment], leases: Sequence[UUID]) -> list[Draft]:
    """The drafts of these leases among one's `own`, of those that nothing has ended; one query."""
    mine = own.filter(pk__in=leases, state=Assignment.State.LIVE).order_by().values("pk")
    return list(Draft.objects.filter(assignment__in=mine).order_by("assignment"))


def _keep(sent: Mapping[UUID, Mapping[str, Any]]) -> set[UUID]:
    if not sent:
        return set()
    values = {
        "assignments": list(sent),
        "sequences": [one["sequence"] for one in sent.values()],
        "writers": [one["writer"] for one in sent.values()],
        "bodies": [one["body"] for one in sent.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        return {pk for (pk,) in cursor.fetchall()}


def _why_not(changes: Mapping[UUID, DraftChange]) -> dict[UUID, Problem | None]:
    if not changes:
        return {}
    rows = Draft.objects.filter(assignment__in=changes, assignment__state=Assignment.State.LIVE)
    present = {row.assignment_id: row for row in rows}
    return {pk: _refusal(change, present.get(pk)) for pk, change in changes.items()}


def _refusal(change: DraftChange, present: Draft | None) -> Problem | None:
    try:
        if present is None:
            return lease_over()
        refuse_overtaken(change, present)
    except Problem as problem:
        return problem
    return None
