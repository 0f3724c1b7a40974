"""Leases on tasks: given out, renewed, given back, skipped; every race is settled by the database."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from accounts.kept_select import KeptSelect
from campaigns.actions.seeding import SHOWN_RUN, due, lease_seed, next_step
from campaigns.models import Assignment, Campaign, Draft, Participant, Task
from campaigns.queries import SEARCH_SKIPPING, SEARCH_WAITING, offered_below, outlook_for, shown_tasks
from problems import Conflict

Reason = Literal["nothing_left", "campaign_not_open", "all_leased", "not_qualified"]
# A try fails only when somebody else took the last place between two statements; the next one sees that.
TRIES = 10
SOON_S = 2


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease, or why there is none and after how many seconds to ask again."""

    assignment: Assignment | None
    reason: Reason | None = None
    retry_after_s: int | None = None
    mine: int | None = None  # how much the person has handed in, where that was counted along with the lease


def claim(campaign: Campaign, participant: Participant, *, resume: bool = False) -> Claim:
    """The next task for a participant, leased; with `resume` first the one they hold already.

    Live leases and counted contributions of a task never exceed the campaign's overlap, nobody is given a
    task again that they handed in or skipped, and expired leases free themselves. Now and then the task is one
    whose answer is known, as long as there is another that it could be. Two statements; more only when the
    queue runs dry, for a known answer, and for who has not qualified yet.
    """
    if not campaign.is_running:
        return Claim(None, "campaign_not_open")
    if resume:
        held = held_by(participant)[:1]
        if held:
            return Claim(held[0])
    step, retry_after_s = next_step(campaign, participant)
    if step == "failed":
        return Claim(None, "not_qualified", retry_after_s)
    if step == "pending":  # what is in hand decides what comes next
        return Claim(None, "all_leased", SOON_S)
    wait = False
    for _try in range(TRIES):
        with transaction.atomic():
            task = _lock_next(campaign, participant, wait=wait, qualifying=step == "ask")
            given = _lease_found(campaign, participant, task, qualifying=step == "ask") if task else None
        if given is not None:
            return given
        if task is None:
            outlook = outlook_for(campaign, participant)
            if not outlook.room:
                return Claim(None, "all_leased" if outlook.left else "nothing_left", outlook.retry_after_s)
            # A task that can be had was skipped because a request held its row: stand in line for it.
            wait = True
    return Claim(None, "all_leased", 1)


def held_by(participant: Participant) -> QuerySet[Assignment]:
    """The live leases on tasks that still want an answer, the oldest first."""
    live = Assignment.objects.filter(
        participant=participant,
        state=Assignment.State.LIVE,
        expires_at__gt=CLOCK,
    ).filter(Q(task__state=Task.State.OPEN) | Q(seeded=True))
    rows = live.select_related("task__canvas__manifest").defer(
        "task__canvas__manifest__document", "task__canvas__manifest__metadata"
    )
    return rows.order_by("created_at")


# Not Now(), which stands still within a transaction.
CLOCK = RawSQL("clock_timestamp()", [])


def _lock_next(campaign: Campaign, participant: Participant, *, wait: bool, qualifying: bool) -> Task | None:
    """The first task from the cursor on that wants the participant, locked until the transaction ends.

    Where known answers are given out, its `seed` is the one that is due instead of it, if any.
    """
    begin = max(participant.cursor, campaign.queue_from)
    values: dict[str, Any] = {
        "campaign": campaign.pk, "begin": begin, "below": offered_below(campaign),
        "overlap": campaign.overlap, "participant": participant.pk,
    }  # fmt: skip
    if not campaign.uses_gold:
        return (_NEXT_WAITING if wait else _NEXT_SKIPPING).first(**values)
    rows = _next(SEARCH_WAITING if wait else SEARCH_SKIPPING, **values)
    return next(iter(rows.annotate(seed=due(campaign, participant, always=qualifying))), None)


def _next(search: str, **values: Any) -> QuerySet[Task]:
    side = [values[name] for name in ("campaign", "begin", "below", "overlap", "participant")]
    found = RawSQL(search, [*side, *side])  # noqa: S611 - constants
    return shown_tasks(values["campaign"]).order_by().filter(pk=found)


_NEXT_SKIPPING, _NEXT_WAITING = (
    KeptSelect(partial(_next, search), campaign=int, begin=int, below=int, overlap=int, participant=UUID)
    for search in (SEARCH_SKIPPING, SEARCH_WAITING)
)


def _lease_found(
    campaign: Campaign, participant: Participant, task: Task, *, qualifying: bool
) -> Claim | None:
    """A lease on the known answer that is due, else on the task that was found."""
    seed: UUID | None = getattr(task, "seed", None)
    row = lease_seed(seed, participant) if seed else None
    if seed and row is not None:
        return Claim(as_assignment(row, shown_tasks(campaign).get(pk=seed), participant, seeded=True))
    return None if qualifying else _lease(task, participant)


# What was counted when the task was found is counted again under its lock: another request may have leased it
# in between. A conflict means that the same person holds the task already (on a second connection), unless
# their earlier lease was given back or has ended: then it begins anew. The participant is held too: a visitor whose
# work is being taken over either has the lease before, and it goes along, or is given none.
_LEASE = """
WITH leased AS (
    INSERT INTO campaigns_assignment AS mine
           (id, task_id, participant_id, state, created_at, expires_at, predictions_shown_id, seeded)
    SELECT gen_random_uuid(), t.id, %(participant)s, 'live', clock_timestamp(),
           clock_timestamp() + c.lease_minutes * interval '1 minute', {shown_run}, false
      FROM campaigns_task t
      JOIN campaigns_campaign c ON c.id = t.campaign_id
     CROSS JOIN (SELECT FROM campaigns_participant
                  WHERE id = %(participant)s AND merged_into_id IS NULL FOR NO KEY UPDATE) me
     WHERE t.id = %(task)s AND t.state = 'open'
       AND (c.status = 'open' OR (c.status = 'pilot' AND (c.pilot_below IS NULL OR t.position < c.pilot_below)))
       AND (c.closes_at IS NULL OR c.closes_at > clock_timestamp())
       AND (SELECT count(*) FROM campaigns_contribution k WHERE k.task_id = t.id AND k.counts)
         + (SELECT count(*) FROM campaigns_assignment a
             WHERE a.task_id = t.id AND a.state = 'live' AND a.expires_at > clock_timestamp()) < c.overlap
        ON CONFLICT (task_id, participant_id) DO UPDATE
           SET state = 'live', created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at,
               predictions_shown_id = EXCLUDED.predictions_shown_id, seeded = false
         WHERE mine.state = 'released' OR (mine.state = 'live' AND mine.expires_at <= clock_timestamp())
    RETURNING id, created_at, expires_at, predictions_shown_id
), moved AS (
    UPDATE campaigns_participant SET cursor = %(position)s + 1
     WHERE id = %(participant)s AND EXISTS (SELECT FROM leased)
)
SELECT id, created_at, expires_at, predictions_shown_id,
       (SELECT count(*) FROM campaigns_contribution WHERE participant_id = %(participant)s) FROM leased
""".replace("{shown_run}", SHOWN_RUN)


def _lease(task: Task, participant: Participant) -> Claim | None:
    """Lease a locked task; None when there is no room on it, or the participant holds it already."""
    values: dict[str, Any] = {"task": task.pk, "participant": participant.pk, "position": task.position}
    with connection.cursor() as cursor:
        cursor.execute(_LEASE, values)
        row: Any = cursor.fetchone()
    if row is None:
        return None
    participant.cursor = task.position + 1
    *leased, mine = row
    return Claim(as_assignment(leased, task, participant, seeded=False), mine=mine)


def as_assignment(row: Any, task: Task, participant: Participant, *, seeded: bool) -> Assignment:
    """The lease from its columns: id, both times, and the run that is shown."""
    pk, created_at, expires_at, run = row
    assignment = Assignment(
        id=pk, task=task, participant=participant, created_at=created_at, expires_at=expires_at,
        predictions_shown_id=run, seeded=seeded,
    )  # fmt: skip
    assignment._state.adding = False
    return assignment


# A live lease is prolonged; an ended one only while there is still room on the task.
_RENEW = """
UPDATE campaigns_assignment mine
   SET expires_at = clock_timestamp() + c.lease_minutes * interval '1 minute'
  FROM campaigns_task t
  JOIN campaigns_campaign c ON c.id = t.campaign_id
 WHERE mine.id = %(assignment)s AND mine.state = 'live' AND t.id = mine.task_id
   AND (t.state = 'open' OR mine.seeded)
   AND (mine.seeded OR mine.expires_at > clock_timestamp()
        OR (SELECT count(*) FROM campaigns_contribution k WHERE k.task_id = t.id AND k.counts)
         + (SELECT count(*) FROM campaigns_assignment a
             WHERE a.task_id = t.id AND a.state = 'live' AND a.expires_at > clock_timestamp()) < c.overlap)
RETURNING mine.expires_at
"""


def renew(assignment: Assignment) -> datetime:
    """Prolong one's lease from now on; returns its new end.

    Raises `Conflict` when it has ended and others have taken the place, or when the task is done with.
    """
    with transaction.atomic():
        Task.objects.select_for_update(no_key=True).only("pk").get(pk=assignment.task_id)
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, {"assignment": assignment.pk})
            row = cursor.fetchone()
    if row is None:
        raise Conflict(
            _("Your time is over and others have taken it up. You can still hand in what you have."),
            code="lease-over",
        )
    expires_at: datetime = row[0]
    return expires_at


def release(assignment: Assignment) -> None:
    """Give a task back, so that it may be offered again, to the same person too; harmless to repeat."""
    _end(assignment, Assignment.State.RELEASED, before=(Assignment.State.LIVE,))


def skip(assignment: Assignment) -> None:
    """Give a task back for good: it is never offered to this person again; harmless to repeat."""
    _end(assignment, Assignment.State.SKIPPED, before=(Assignment.State.LIVE, Assignment.State.RELEASED))


def _end(assignment: Assignment, state: Assignment.State, *, before: tuple[Assignment.State, ...]) -> None:
    if Assignment.objects.filter(pk=assignment.pk, state__in=before).update(state=state):
        Draft.objects.filter(assignment=assignment.pk).delete()
        return
    if Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.SUBMITTED).exists():
        raise Conflict(_("You have handed this task in already."), code="handed-in")
