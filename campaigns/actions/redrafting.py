"""Keep the unfinished change of an answer that was handed in, until it is handed in itself or nobody can change it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from campaigns.actions.amending import obstacle_to_amending
from campaigns.actions.drafting import DraftChange, refuse_overtaken, values_of
from campaigns.disguise import state_of
from campaigns.models import Assignment, Contribution, Draft
from problems import Conflict

# The answer is locked against being changed meanwhile: what has been changed since has no draft of before.
_KEEP = """
INSERT INTO campaigns_draft AS kept (assignment_id, sequence, writer, body, based_on, changed_at)
SELECT said.assignment_id, %(sequence)s, %(writer)s, %(body)s::jsonb, said.revision, clock_timestamp()
  FROM (SELECT assignment_id, revision FROM campaigns_contribution
         WHERE id = %(contribution)s AND revision = %(based_on)s FOR SHARE) said
    ON CONFLICT (assignment_id) DO UPDATE
       SET sequence = EXCLUDED.sequence, writer = EXCLUDED.writer, body = EXCLUDED.body,
           based_on = EXCLUDED.based_on, changed_at = EXCLUDED.changed_at
     WHERE kept.based_on IS DISTINCT FROM EXCLUDED.based_on OR kept.sequence < EXCLUDED.sequence
RETURNING kept.sequence
"""


def keep_change(contribution: Contribution, change: DraftChange, *, based_on: int) -> None:
    """Keep a draft of what shall take the place of one's own answer; harmless to repeat.

    `based_on` is the revision that the person saw. The contribution came through its gate. Raises `Conflict`:
    `decided` or `campaign-closed` like an amendment; `changed-meanwhile` when a later revision stands;
    `not-there-yet` when that revision has still to arrive; `draft-overtaken` like the draft of a lease. Raises
    `TooLarge`. One statement, and another one to tell why not.
    """
    _refuse_settled(contribution)
    values: dict[str, Any] = {"contribution": contribution.pk, "based_on": based_on, **values_of(change)}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        if cursor.fetchone() is not None:
            return
    contribution.refresh_from_db(fields=["revision"])
    if contribution.revision < based_on:
        raise Conflict(_("The answer that this changes has not arrived yet."), code="not-there-yet")
    present = _present(contribution)
    if contribution.revision > based_on or present is None:
        raise Conflict(
            _("You have changed this answer elsewhere in the meantime. Choose which of the two is right."),
            pointer="/based_on",
            code="changed-meanwhile",
            extra={"revision": contribution.revision},
        )
    refuse_overtaken(change, present)


def read_change(contribution: Contribution) -> Draft | None:
    """The draft of a change of the answer as it stands, while it may be changed."""
    return None if _obstacle(contribution) else _present(contribution)


def drop_change(contribution: Contribution) -> None:
    """The answer stays as it stands: the draft of a change goes; harmless to repeat."""
    Draft.objects.filter(
        assignment=contribution.assignment_id, assignment__state=Assignment.State.SUBMITTED
    ).delete()


def forget_changes_of(tasks: Collection[UUID]) -> None:
    """These have been decided, so that the answers stand; one whose answer was known looks as if it were open."""
    Draft.objects.filter(
        assignment__task__in=tasks, assignment__state=Assignment.State.SUBMITTED, assignment__seeded=False
    ).delete()


def _present(contribution: Contribution) -> Draft | None:
    return Draft.objects.filter(assignment=contribution.assignment_id, based_on=contribution.revision).first()


def _refuse_settled(contribution: Contribution) -> None:
    obstacle = _obstacle(contribution)
    if obstacle is not None:
        raise Conflict(obstacle.sentence, code=obstacle.code)


def _obstacle(contribution: Contribution) -> Any:
    contribution.task = contribution.assignment.task  # which the gate has fetched already
    return obstacle_to_amending(
        task_state=state_of(contribution), has_ended=contribution.task.campaign.has_ended
    )
