"""Many leases and many answers at once, for a grid: each with the promises that one of them has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from campaigns.actions.assignments import TRIES, Claim, Reason, as_assignment, claim, held_by
from campaigns.actions.seeding import SHOWN_RUN, due_seeds, lease_seeds, next_step
from campaigns.models import Assignment, Campaign, Participant
from campaigns.queries import WANTED, offered_below, shown_tasks
from campaigns.questions import get_kind
from problems import Conflict

# So far ahead the queue looks for tasks with the label of the first: the cost of a claim does not grow with the rest.
WINDOW = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """Leases in no order that would tell one from another, or why there are none and when to ask again."""

    assignments: tuple[Assignment, ...]
    reason: Reason | None = None
    retry_after_s: int | None = None


def most_at_once(campaign: Campaign) -> int:
    """How many tasks the campaign gives to somebody at once."""
    is_grid = get_kind(campaign.question_kind).TRAITS.judges and campaign.question.get("show") == "grid"
    return int(campaign.question.get("grid", 1)) if is_grid else 1


def claim_many(
    campaign: Campaign, participant: Participant, *, count: int | None = None, resume: bool = False
) -> Batch:
    """The next tasks for a participant, leased; with `resume` first those that they hold already.

    Every task keeps what `claim` promises: no more live leases and counted answers than the overlap, nobody the same
    task twice. Tasks whose annotation has the first label of the first one's come before others, as far as the queue
    looks ahead. Who has still to qualify is given one at a time. Three statements; two more where answers are known.
    Raises `Conflict` where the campaign gives one task at a time.
    """
    most = most_at_once(campaign)
    if most == 1:
        raise Conflict(_("This campaign gives one task at a time."), code="one-at-a-time")
    count = min(count or most, most)
    if not campaign.is_running:
        return Batch((), "campaign_not_open")
    if resume and (held := held_by(participant)[:count]):
        return Batch(tuple(held))
    step, _retry_after_s = next_step(campaign, participant)
    if step == "passed":
        for _try in range(TRIES):
            tasks, found = _lease_next(campaign, participant, count)
            if found:
                return Batch(tuple(found))
            if not tasks:  # nothing is left, or all of it is in somebody's hands at this moment
                break
    return _as_batch(claim(campaign, participant))


def _as_batch(given: Claim) -> Batch:
    one = () if given.assignment is None else (given.assignment,)
    return Batch(one, given.reason, given.retry_after_s)


def _lease_next(
    campaign: Campaign, participant: Participant, count: int
) -> tuple[list[UUID], list[Assignment]]:
    """The tasks that were found, and leases on them; known answers stand in the place of some, and never alone."""
    with transaction.atomic():
        tasks = _lock_next(campaign, participant, count)
        seeds = due_seeds(campaign, participant, count, like=tasks[0]) if tasks and campaign.uses_gold else []
        free = tasks[: max(1, count - len(seeds))]
        rows = [(row, False) for row in _lease(free, participant)] if free else []
        if rows and seeds:
            rows += [(row, True) for row in lease_seeds(seeds, participant)]
    if not rows:
        return tasks, []
    known = {task.pk: task for task in shown_tasks(campaign).filter(pk__in=[row[4] for row, _seeded in rows])}
    participant.cursor = min(known[row[4]].position for row, seeded in rows if not seeded) + 1
    return tasks, [as_assignment(row[:4], known[row[4]], participant, seeded=seeded) for row, seeded in rows]


_SIDE = """
SELECT t.id, t.position, t.about_id FROM campaigns_task t
 WHERE t.campaign_id = %(campaign)s AND t.state = 'open' AND t.position {side} AND t.position < %(below)s AND {wanted}
 ORDER BY t.position LIMIT %(window)s
"""
_NAMED = WANTED.replace("%s", "%(overlap)s", 1).replace("%s", "%(participant)s", 1)

# What others hold at this moment is passed over; the lease counts again under the lock.
_LOCK = f"""
WITH ahead AS MATERIALIZED ({_SIDE.format(side=">= %(begin)s", wanted=_NAMED)}),
behind AS MATERIALIZED ({
    _SIDE.format(side="< %(begin)s AND (SELECT count(*) FROM ahead) < %(count)s", wanted=_NAMED)
}),
near AS MATERIALIZED (
    SELECT side.*, (SELECT link.concept_id FROM annotation_annotationconcept link
                     WHERE link.annotation_id = side.about_id ORDER BY link.position LIMIT 1) AS concept
      FROM (SELECT *, 0 AS lap FROM ahead UNION ALL SELECT *, 1 FROM behind) side)
SELECT t.id FROM campaigns_task t
  JOIN near ON near.id = t.id
 WHERE t.state = 'open'
 ORDER BY near.concept IS DISTINCT FROM (SELECT concept FROM near ORDER BY lap, position LIMIT 1),
          near.lap, near.position
 LIMIT %(count)s FOR NO KEY UPDATE OF t SKIP LOCKED
"""  # noqa: S608 - constants


def _lock_next(campaign: Campaign, participant: Participant, count: int) -> list[UUID]:
    values: dict[str, Any] = {
        "campaign": campaign.pk, "participant": participant.pk, "overlap": campaign.overlap, "count": count,
        "begin": max(participant.cursor, campaign.queue_from), "below": offered_below(campaign), "window": WINDOW,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        return [row[0] for row in cursor.fetchall()]


# As one lease is made, for each of several locked tasks. The search goes on behind the first of them: what was passed
# over for its label is found by the next one.
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
     WHERE t.id = ANY(%(tasks)s::uuid[]) AND t.state = 'open'
       AND (c.status = 'open' OR (c.status = 'pilot' AND (c.pilot_below IS NULL OR t.position < c.pilot_below)))
       AND (c.closes_at IS NULL OR c.closes_at > clock_timestamp())
       AND (SELECT count(*) FROM campaigns_contribution k WHERE k.task_id = t.id AND k.counts)
         + (SELECT count(*) FROM campaigns_assignment a
             WHERE a.task_id = t.id AND a.state = 'live' AND a.expires_at > clock_timestamp()) < c.overlap
        ON CONFLICT (task_id, participant_id) DO UPDATE
           SET state = 'live', created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at,
               predictions_shown_id = EXCLUDED.predictions_shown_id, seeded = false
         WHERE mine.state = 'released' OR (mine.state = 'live' AND mine.expires_at <= clock_timestamp())
    RETURNING id, created_at, expires_at, predictions_shown_id, task_id
), moved AS (
    UPDATE campaigns_participant
       SET cursor = (SELECT min(t.position) + 1 FROM campaigns_task t JOIN leased ON leased.task_id = t.id)
     WHERE id = %(participant)s AND EXISTS (SELECT FROM leased)
)
SELECT id, created_at, expires_at, predictions_shown_id, task_id FROM leased
""".replace("{shown_run}", SHOWN_RUN)


def _lease(tasks: Sequence[UUID], participant: Participant) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_LEASE, {"tasks": list(tasks), "participant": participant.pk})
        rows: list[Any] = cursor.fetchall()
    return rows
