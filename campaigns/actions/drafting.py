"""Keep an unfinished answer for the person who draws it, and forget it as soon as nobody will go on with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from campaigns.models import Assignment, Draft, ReviewDraft
from problems import Conflict, TooLarge

# As JSON. A page of a thousand boxes takes about half of it.
LARGEST = 512 * 1024
# Somebody who comes back after the lease has ended may still hand in; after a day the place has been taken.
KEPT_FOR = timedelta(days=1)
# An answer that is being changed has no lease that ends.
KEPT_CHANGING_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DraftChange:
    """What a browser (`writer`) has; `sequence` is higher than that of what it has built upon."""

    sequence: int
    writer: str
    body: Mapping[str, Any]


# The lease is locked against being handed in meanwhile: what is handed in has no draft.
_KEEP = """
INSERT INTO campaigns_draft AS kept (assignment_id, sequence, writer, body, changed_at)
SELECT lease.id, %(sequence)s, %(writer)s, %(body)s::jsonb, clock_timestamp()
  FROM (SELECT id FROM campaigns_assignment WHERE id = %(assignment)s AND state = 'live' FOR SHARE) lease
    ON CONFLICT (assignment_id) DO UPDATE
       SET sequence = EXCLUDED.sequence, writer = EXCLUDED.writer, body = EXCLUDED.body,
           changed_at = EXCLUDED.changed_at
     WHERE kept.sequence < EXCLUDED.sequence
RETURNING kept.sequence
"""


def keep_draft(assignment: Assignment, change: DraftChange) -> None:
    """Keep a draft of one's own lease in the place of an older one; harmless to repeat.

    Raises `Conflict`: `draft-overtaken` with the draft that stands in `present` when that is as new and was made
    elsewhere, or newer; `lease-over` when the task was handed in, skipped or given back. Raises `TooLarge`.
    One statement, and another one to tell why not.
    """
    values: dict[str, Any] = {"assignment": assignment.pk, **values_of(change)}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        if cursor.fetchone() is not None:
            return
    present = read_draft(assignment)
    if present is None:
        raise lease_over()
    refuse_overtaken(change, present)


def values_of(change: DraftChange, *, largest: int = LARGEST) -> dict[str, Any]:
    """What is written of a change. Raises `TooLarge`."""
    body = orjson.dumps(change.body)
    if len(body) > largest:
        raise TooLarge(
            _("A draft may have %(most)d kB. It stays in your browser, and can be handed in.")
            % {"most": largest // 1024}
        )
    return {"sequence": change.sequence, "writer": change.writer, "body": body.decode()}


def refuse_overtaken(change: DraftChange, present: Draft | ReviewDraft) -> None:
    """A change that was not written is a retry, or another browser was before it."""
    if (present.sequence, present.writer) != (change.sequence, change.writer):
        raise Conflict(
            _("You have gone on with this task in another browser."),
            code="draft-overtaken",
            extra={"present": as_json(present)},
        )


def lease_over() -> Conflict:
    """What was handed in, skipped or given back has no draft."""
    return Conflict(
        _("This task is not in your hands any more, so its draft is not kept."), code="lease-over"
    )


def read_draft(assignment: Assignment) -> Draft | None:
    """The draft of a lease that has not been handed in, skipped or given back."""
    return Draft.objects.filter(assignment=assignment.pk, assignment__state=Assignment.State.LIVE).first()


def as_json(draft: Draft | ReviewDraft) -> dict[str, Any]:
    """As the browser gave it, and when that was."""
    revision = draft.based_on if isinstance(draft, Draft) else None
    based_on = {} if revision is None else {"based_on": revision}
    return {
        "sequence": draft.sequence,
        "writer": draft.writer,
        "body": draft.body,
        **based_on,
        "changed_at": draft.changed_at,
    }


# A draft of a change is of use while the answer that it shall replace stands, and may still be changed.
_FORGET = """
DELETE FROM campaigns_draft kept
 USING campaigns_assignment lease
 WHERE lease.id = kept.assignment_id
   AND NOT CASE lease.state
       WHEN 'live' THEN lease.expires_at >= clock_timestamp() - %(kept_for)s * interval '1 second'
       WHEN 'submitted' THEN kept.changed_at >= clock_timestamp() - %(kept_changing_for)s * interval '1 second'
        AND EXISTS (
            SELECT FROM campaigns_contribution said
              JOIN campaigns_task t ON t.id = said.task_id
              JOIN campaigns_campaign c ON c.id = t.campaign_id
             WHERE said.assignment_id = lease.id AND said.revision = kept.based_on
               AND c.status NOT IN ('closed', 'archived') AND (t.state <> 'decided' OR lease.seeded))
       ELSE false END
"""


def forget_old_drafts() -> int:
    """Delete the drafts that nobody will go on with; how many."""
    for_s = {
        "kept_for": KEPT_FOR.total_seconds(), "kept_changing_for": KEPT_CHANGING_FOR.total_seconds(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, for_s)
        forgotten: int = cursor.rowcount
    return forgotten
