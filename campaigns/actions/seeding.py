"""Gives out tasks whose answer is known among the others: how often, which, to whom, and before what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from campaigns.models import Campaign, Participant

DAY_S = 24 * 3600
HAIR = 1e-9  # the mean of 0.9, 0.9 and 0.6 is not less than 0.8

# A number from 0 to 1 that a text always gives.
_UNIT = "(('x' || left(md5({text}), 8))::bit(32)::bigint / 4294967296.0)"

# What a task shows is settled by its id, so that everybody sees it with predictions or everybody without. What is
# judged is what was shown, whichever run it is from.
_BLIND = _UNIT.format(text="'blind' || t.id::text")
SHOWN_RUN = """CASE
    WHEN 'verify' IN (c.question_kind, c.question #>> '{steps,0,kind}') THEN (
        SELECT run.id FROM campaigns_predictionrun run
          JOIN annotation_annotation said ON said.layer_id = run.layer_id
         WHERE said.id = t.about_id)
    WHEN {blind} >= c.blind_share THEN c.shown_run_id END""".replace("{blind}", _BLIND)

_IN_HAND = """a.participant_id = %s AND NOT (
    a.state = 'released' OR (a.state = 'live' AND a.expires_at <= clock_timestamp()))"""
_UNSEEN = """
  FROM campaigns_gold g
  JOIN campaigns_task k ON k.id = g.task_id
 WHERE k.campaign_id = %s AND g.withdrawn_at IS NULL AND k.state = 'decided'
   AND NOT EXISTS (SELECT FROM campaigns_assignment a WHERE a.task_id = k.id AND {in_hand})
""".replace("{in_hand}", _IN_HAND)
_TURN = _UNIT.format(
    text="%s || ':' || (SELECT count(*) FROM campaigns_assignment a WHERE {in_hand})::text".replace(
        "{in_hand}", _IN_HAND
    )
)
_SEED = f"""
(CASE WHEN {_TURN} < %s THEN
 (SELECT k.id {_UNSEEN} ORDER BY md5(k.id::text || %s) LIMIT 1) END)
"""


def due(campaign: Campaign, participant: Participant, *, always: bool) -> RawSQL:
    """A known answer that the participant has not seen, when it is its turn; null otherwise.

    The turn follows from who it is and how many tasks that person has done, skipped or holds: to ask again
    changes nothing. Each person meets the known answers in an order of their own.
    """
    me, share = str(participant.pk), 1.1 if always else campaign.gold_share
    return RawSQL(  # noqa: S611 - a constant
        _SEED, [me, me, share, campaign.pk, me, me], output_field=UUIDField()
    )


_LEASE_SEED = """
INSERT INTO campaigns_assignment AS mine
       (id, task_id, participant_id, state, created_at, expires_at, predictions_shown_id, seeded)
SELECT gen_random_uuid(), t.id, %(participant)s, 'live', clock_timestamp(),
       clock_timestamp() + c.lease_minutes * interval '1 minute', {shown_run}, true
  FROM campaigns_task t
  JOIN campaigns_campaign c ON c.id = t.campaign_id
  JOIN campaigns_gold g ON g.task_id = t.id AND g.withdrawn_at IS NULL
 CROSS JOIN (SELECT FROM campaigns_participant
              WHERE id = %(participant)s AND merged_into_id IS NULL FOR NO KEY UPDATE) me
 WHERE t.id = ANY(%(tasks)s::uuid[]) AND t.state = 'decided' AND c.status = 'open'
    ON CONFLICT (task_id, participant_id) DO UPDATE
       SET state = 'live', created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at,
           predictions_shown_id = EXCLUDED.predictions_shown_id, seeded = true
     WHERE mine.state = 'released' OR (mine.state = 'live' AND mine.expires_at <= clock_timestamp())
RETURNING id, created_at, expires_at, predictions_shown_id, task_id
""".replace("{shown_run}", SHOWN_RUN)


def lease_seed(task_id: UUID, participant: Participant) -> Any:
    """The row of a lease on a known answer: nobody's place is taken by it; None when it was withdrawn meanwhile."""
    return next((row[:4] for row in lease_seeds([task_id], participant)), None)


def lease_seeds(task_ids: Sequence[UUID], participant: Participant) -> list[Any]:
    """The rows of leases on known answers, each with its task; fewer when some were withdrawn meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_LEASE_SEED, {"tasks": list(task_ids), "participant": participant.pk})
        rows: list[Any] = cursor.fetchall()
    return rows


_FIRST_LABEL = """(SELECT link.concept_id FROM annotation_annotationconcept link
    WHERE link.annotation_id = {of} ORDER BY link.position LIMIT 1)"""

# Of the label of those among which they stand: others would show which are known.
_SEEDS = f"""
SELECT k.id {_UNSEEN}
   AND {_FIRST_LABEL.format(of="k.about_id")} IS NOT DISTINCT FROM
       {_FIRST_LABEL.format(of="(SELECT f.about_id FROM campaigns_task f WHERE f.id = %s)")}
 ORDER BY md5(k.id::text || %s)
 LIMIT (SELECT count(*) FROM generate_series(
            (SELECT count(*) FROM campaigns_assignment a WHERE {_IN_HAND}),
            (SELECT count(*) FROM campaigns_assignment a WHERE {_IN_HAND}) + %s - 1) turn
         WHERE {_UNIT.format(text="%s || ':' || turn::text")} < %s)
"""  # noqa: S608 - constants


def due_seeds(campaign: Campaign, participant: Participant, count: int, *, like: UUID) -> list[UUID]:
    """The known answers whose turn it is among the next `count` tasks, of the label that the task `like` is about.

    To ask again changes nothing.
    """
    me = str(participant.pk)
    with connection.cursor() as cursor:
        cursor.execute(_SEEDS, [campaign.pk, me, like, me, me, me, count, me, campaign.gold_share])
        return [row[0] for row in cursor.fetchall()]


# --- before the first other task ------------------------------------------------------------------

Step = Literal["passed", "ask", "pending", "failed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody does on the known answers that come first.

    `scores`: newest first; `age_s`: seconds since the newest; `worked`: has done other tasks before; `live`: known
    answers in hand; `skipped`: known answers put aside; `unseen`: known answers left. Of somebody who fell below
    while working all but the last begin with that, and `worked` is false.
    """

    scores: tuple[float, ...]
    age_s: float
    worked: bool
    live: int
    unseen: int
    skipped: int = 0

    def step(self, count: int, share: float) -> Step:
        """What comes next: pass, another one, wait for what is in hand, or no further today.

        Each try is `count` known answers, a day apart from the one before, and the newest `count` scores are
        what is judged. Where fewer are known, those must do, and what was skipped was not known; where none is,
        nobody is held back.
        """
        if self.worked or not (self.scores or self.live or self.unseen or self.skipped):
            return "passed"
        done, issued = len(self.scores), len(self.scores) + self.live
        judged = self.scores[:count]
        if done < count and not self.unseen and not self.live:
            judged += (0.0,) * min(self.skipped, count - done)
        elif done < count:
            judged = ()
        if judged and _mean(judged) >= share - HAIR:
            return "passed"
        if self.unseen and (issued % count or not issued or self._rested):
            return "ask"
        return "pending" if self.live else "failed"

    @property
    def _rested(self) -> bool:
        return not self.live and self.age_s >= DAY_S

    @property
    def retry_after_s(self) -> int | None:
        """When another try is open; None where no known answer is left to try with."""
        return max(1, round(DAY_S - self.age_s)) if self.unseen else None


def _mean(scores: tuple[float, ...]) -> float:
    return sum(scores) / len(scores)


# Of somebody who has lapsed only what was given out since then; what they worked before lets them pass no longer.
_SINCE = "(%(since)s::timestamptz IS NULL OR a.created_at > %(since)s)"
_STANDING = """
SELECT scored.scores, coalesce(extract(epoch FROM clock_timestamp() - scored.last_at), 0),
       %(since)s::timestamptz IS NULL AND EXISTS (
           SELECT FROM campaigns_contribution c JOIN campaigns_assignment a ON a.id = c.assignment_id
            WHERE c.participant_id = %(me)s AND NOT a.seeded),
       (SELECT count(*) FROM campaigns_assignment a
         WHERE a.participant_id = %(me)s AND a.seeded AND {since}
           AND a.state = 'live' AND a.expires_at > clock_timestamp()),
       (SELECT count(*) {unseen}),
       (SELECT count(*) FROM campaigns_assignment a
         WHERE a.participant_id = %(me)s AND a.seeded AND {since} AND a.state = 'skipped')
  FROM (SELECT coalesce(array_agg(s.score ORDER BY c.submitted_at DESC), '{}') AS scores,
               max(c.submitted_at) AS last_at
          FROM campaigns_contribution c
          JOIN campaigns_goldscore s ON s.contribution_id = c.id
          JOIN campaigns_gold g ON g.task_id = c.task_id AND g.withdrawn_at IS NULL
          JOIN campaigns_assignment a ON a.id = c.assignment_id
         WHERE c.participant_id = %(me)s AND {since}) scored
""".replace("{unseen}", _UNSEEN % ("%(campaign)s", "%(me)s")).replace("{since}", _SINCE)


def standing_of(campaign: Campaign, participant: Participant) -> Standing:
    """One query."""
    since = participant.lapsed_at if campaign.requalify else None
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"me": participant.pk, "campaign": campaign.pk, "since": since})
        scores, age_s, worked, live, unseen, skipped = cursor.fetchone()
    return Standing(tuple(scores), float(age_s), worked, live, unseen, skipped)


def next_step(campaign: Campaign, participant: Participant) -> tuple[Step, int | None]:
    """What a claim leads to, and for who failed after how many seconds to come back; no query for who has passed."""
    if not campaign.qualify_count or participant.qualified_at is not None:
        return "passed", None
    standing = standing_of(campaign, participant)
    step = standing.step(campaign.qualify_count, campaign.qualify_share)
    if step == "passed":
        same = {"qualified_at": None, "lapsed_at": participant.lapsed_at}
        Participant.objects.filter(pk=participant.pk, **same).update(qualified_at=Now())
    return step, standing.retry_after_s if step == "failed" else None
