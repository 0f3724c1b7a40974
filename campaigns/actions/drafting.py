"""Keep an unfinished answer for the person who draws it, and forget it as soon as nobody will go on with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from campaigns.models import Assignment, Draft
from problems import Conflict, TooLarge

# As JSON. A page of a thousand boxes takes about half of it.
LARGEST = 512 * 1024
# Somebody who comes back after the lease has ended may still hand in; after a day the place has been taken.
KEPT_FOR = timedelta(days=1)


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
    body = orjson.dumps(change.body)
    if len(body) > LARGEST:
        raise TooLarge(
            _("A draft may have %(most)d kB. It stays in your browser, and can be handed in.")
            % {"most": LARGEST // 1024}
        )
    values: dict[str, Any] = {
        "assignment": assignment.pk, "sequence": change.sequence, "writer": change.writer, "body": body.decode(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        if cursor.fetchone() is not None:
            return
    present = read_draft(assignment)
    if present is None:
        raise Conflict(
            _("This task is not in your hands any more, so its draft is not kept."), code="lease-over"
        )
    if (present.sequence, present.writer) != (change.sequence, change.writer):
        raise Conflict(
            _("You have gone on with this task in another browser."),
            code="draft-overtaken",
            extra={"present": as_json(present)},
        )


def read_draft(assignment: Assignment) -> Draft | None:
    """The draft of a lease that has not been handed in, skipped or given back."""
    return Draft.objects.filter(assignment=assignment.pk, assignment__state=Assignment.State.LIVE).first()


def as_json(draft: Draft) -> dict[str, Any]:
    """As the browser gave it, and when that was."""
    return {
        "sequence": draft.sequence,
        "writer": draft.writer,
        "body": draft.body,
        "changed_at": draft.changed_at,
    }


_FORGET = """
DELETE FROM campaigns_draft kept
 USING campaigns_assignment lease
 WHERE lease.id = kept.assignment_id
   AND (lease.state <> 'live' OR lease.expires_at < clock_timestamp() - %s * interval '1 second')
"""


def forget_old_drafts() -> int:
    """Delete the drafts that nobody will go on with; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [KEPT_FOR.total_seconds()])
        forgotten: int = cursor.rowcount
    return forgotten
