"""Keep what a reviewer has begun to decide, until it is decided: for them alone, to go on with in another browser."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.drafting import DraftChange, refuse_overtaken, values_of
from campaigns.models import Campaign, ReviewDraft
from campaigns.permissions import refuse_archived
from problems import Missing

KEPT_FOR = timedelta(days=30)

_KEEP = """
INSERT INTO campaigns_reviewdraft AS kept (task_id, by_id, sequence, writer, body, changed_at)
SELECT id, %(by)s, %(sequence)s, %(writer)s, %(body)s::jsonb, clock_timestamp()
  FROM campaigns_task WHERE id = %(task)s AND campaign_id = %(campaign)s
    ON CONFLICT (task_id, by_id) DO UPDATE
       SET sequence = EXCLUDED.sequence, writer = EXCLUDED.writer, body = EXCLUDED.body,
           changed_at = EXCLUDED.changed_at
     WHERE kept.sequence < EXCLUDED.sequence
RETURNING kept.sequence
"""


def keep_review_draft(campaign: Campaign, task_id: UUID, change: DraftChange, *, by: User) -> None:
    """Keep it in the place of an older one; harmless to repeat.

    Raises `Conflict` `draft-overtaken` with the one that stands in `present`, `Missing` for a task of another
    campaign, and `TooLarge`. One statement, and another one to tell why not.
    """
    refuse_archived(campaign)
    values: dict[str, Any] = {
        "campaign": campaign.pk, "task": task_id, "by": by.pk, **values_of(change),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        if cursor.fetchone() is not None:
            return
    present = read_review_draft(campaign, task_id, by=by)
    if present is None:
        raise Missing(_("The campaign has no such task."))
    refuse_overtaken(change, present)


def read_review_draft(campaign: Campaign, task_id: UUID, *, by: User) -> ReviewDraft | None:
    return ReviewDraft.objects.filter(task=task_id, task__campaign=campaign, by=by).first()


def drop_review_draft(campaign: Campaign, task_id: UUID, *, by: User) -> None:
    """Nothing is decided by halves any more; harmless to repeat."""
    ReviewDraft.objects.filter(task=task_id, task__campaign=campaign, by=by).delete()


def forget_old_review_drafts() -> int:
    """Delete those that nobody has gone on with; how many."""
    gone, _by_model = ReviewDraft.objects.filter(changed_at__lt=timezone.now() - KEPT_FOR).delete()
    return gone
