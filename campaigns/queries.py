"""Reads of campaigns: progress, what a volunteer is shown, and what is left to do."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Participant, Task
from problems import Missing

# --- progress -------------------------------------------------------------------------------------

# Above this many rows the totals are counted once in a while and not with every request; of millions more seldom.
COUNT_EXACTLY_BELOW = 500
RECOUNT_AFTER_S, RECOUNT_MANY_AFTER_S, MANY = 2.0, 10.0, 50_000
_totals: dict[int, tuple[float, "Totals"]] = {}


@dataclass(frozen=True, slots=True)
class Totals:
    """How far a campaign is: tasks, how many of them enough people have seen, contributions handed in."""

    tasks: int
    retired: int
    contributions: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The totals of a campaign and the contributions of one participant."""

    tasks: int
    retired: int
    contributions: int
    mine: int


_PROGRESS = """
SELECT (SELECT count(*) FROM campaigns_contribution WHERE participant_id = %(participant)s) AS mine,
       count(*) AS tasks,
       count(*) FILTER (WHERE state <> 'open') AS retired,
       (SELECT count(*)
          FROM campaigns_participant person
          JOIN campaigns_contribution handed_in ON handed_in.participant_id = person.id
         WHERE person.campaign_id = %(campaign)s) AS contributions
  FROM campaigns_task
 WHERE campaign_id = %(campaign)s
"""
_MINE = "SELECT count(*) FROM campaigns_contribution WHERE participant_id = %(participant)s"


def progress_of(
    campaign: Campaign, participant: Participant | None = None, *, mine: int | None = None
) -> Progress:
    """What is the person's own is exact, and so is all of a small campaign.

    Of one with more than 500 rows the totals may be two seconds old, of a vast one ten. One query; none where the
    totals are known and `mine` was counted already.
    """
    known = _totals.get(campaign.pk)
    if mine is not None and known is not None and known[0] > time.monotonic():
        return _progress(known[1], mine)
    values = {"campaign": campaign.pk, "participant": participant.pk if participant else None}
    with connection.cursor() as cursor:
        if known is not None and known[0] > time.monotonic():
            cursor.execute(_MINE, values)
            totals, mine = known[1], cursor.fetchone()[0]
        else:
            cursor.execute(_PROGRESS, values)
            mine, *counts = cursor.fetchone()
            totals = Totals(*counts)
            _remember(campaign, totals)
    return _progress(totals, mine)


def _remember(campaign: Campaign, totals: Totals) -> None:
    _totals.pop(campaign.pk, None)
    rows = totals.tasks + totals.contributions
    if rows > COUNT_EXACTLY_BELOW:
        good_for_s = RECOUNT_AFTER_S if rows < MANY else RECOUNT_MANY_AFTER_S
        _totals[campaign.pk] = (time.monotonic() + good_for_s, totals)


def _progress(totals: Totals, mine: int) -> Progress:
    return Progress(totals.tasks, totals.retired, totals.contributions, mine)


def totals_of(campaigns: Sequence[Campaign]) -> dict[int, Totals]:
    """The totals of several campaigns at once; two queries however many they are."""
    ids = [campaign.pk for campaign in campaigns]
    tasks = (
        Task.objects.filter(campaign__in=ids)
        .order_by()
        .values("campaign")
        .annotate(tasks=Count("pk"), retired=Count("pk", filter=~Q(state=Task.State.OPEN)))
    )
    people = (
        Participant.objects.filter(campaign__in=ids)
        .order_by()
        .values("campaign")
        .annotate(handed_in=Count("contributions"))
    )
    contributions = {row["campaign"]: row["handed_in"] for row in people}
    found = {
        row["campaign"]: Totals(row["tasks"], row["retired"], contributions.get(row["campaign"], 0))
        for row in tasks
    }
    return {pk: found.get(pk, Totals(0, 0, 0)) for pk in ids}


@dataclass(frozen=True, slots=True)
class Pilot:
    """How far a pilot is: its tasks, and how many of them enough people have seen."""

    tasks: int
    retired: int


def pilot_of(campaign: Campaign) -> Pilot | None:
    """The pilot that is not over; one query, none without a pilot.

    Nothing beyond it has been given out, so the campaign's figures of agreement are those of the pilot.
    """
    if campaign.status != Campaign.Status.PILOT:
        return None
    tasks = Task.objects.filter(campaign=campaign, position__lt=offered_below(campaign))
    counts = tasks.aggregate(tasks=Count("pk"), retired=Count("pk", filter=~Q(state=Task.State.OPEN)))
    return Pilot(**counts)


# --- what a volunteer is shown --------------------------------------------------------------------


def shown_tasks(campaign: Campaign | int) -> QuerySet[Task]:
    """The tasks of a campaign in their order, each with its canvas and manifest."""
    return (
        Task.objects.filter(campaign=campaign)
        .select_related("canvas__manifest")
        .defer("canvas__manifest__document", "canvas__manifest__metadata")
        .order_by("position")
    )


MOST_NEIGHBOURS = 200


def neighbours_of(task: Task) -> list[tuple[float, float, float, float]]:
    """The other regions of the campaign on the canvas, where the task is about one that was there. One query."""
    if task.about_id is None:
        return []
    rows = Task.objects.filter(campaign=task.campaign_id, canvas=task.canvas_id, region_x__isnull=False)
    places = rows.exclude(pk=task.pk).order_by("position")
    found: Any = places.values_list("region_x", "region_y", "region_w", "region_h")
    return list(found[:MOST_NEIGHBOURS])


# --- the queue ------------------------------------------------------------------------------------

# Whether a task still wants somebody, and this person: fewer live leases and counted contributions than the
# overlap, and no assignment of this person's own, unless it was given back or its time is over.
# A scalar subquery on purpose: the planner cannot turn it into a join of everything with everything, so that
# the search walks along the index of open tasks and stops at the first.
WANTED = """
(SELECT count(*) FILTER (WHERE a.state = 'live' AND a.expires_at > clock_timestamp())
        + (SELECT count(*) FROM campaigns_contribution c WHERE c.task_id = t.id AND c.counts) < %s
    AND count(*) FILTER (WHERE a.participant_id = %s AND NOT (
            a.state = 'released' OR (a.state = 'live' AND a.expires_at <= clock_timestamp()))) = 0
   FROM campaigns_assignment a WHERE a.task_id = t.id)
"""

# NO KEY UPDATE keeps out other claims and submissions of the task, not the foreign-key checks of its rows.
_FIRST = """
(SELECT t.id FROM campaigns_task t
  WHERE t.campaign_id = %s AND t.state = 'open' AND t.position {side} %s AND t.position < %s AND {wanted}
  ORDER BY t.position LIMIT 1 FOR NO KEY UPDATE OF t {skip})
"""


def _search(*, wait: bool) -> str:
    skip = "" if wait else "SKIP LOCKED"
    ahead = _FIRST.format(side=">=", wanted=WANTED, skip=skip)
    behind = _FIRST.format(side="<", wanted=WANTED, skip=skip)
    # COALESCE looks behind the cursor only when nothing is ahead of it.
    return f"COALESCE({ahead}, {behind})"


NO_LIMIT = 2**63 - 1


def offered_below(campaign: Campaign) -> int:
    """The position below which tasks are given out: a pilot ends somewhere."""
    in_pilot = campaign.status == Campaign.Status.PILOT and campaign.pilot_below is not None
    return campaign.pilot_below or 0 if in_pilot else NO_LIMIT


SEARCH_SKIPPING, SEARCH_WAITING = _search(wait=False), _search(wait=True)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the queue holds for somebody who has just been given nothing.

    `left`: there are tasks this person could still do; `room`: one of them could be had at this moment (its
    row was locked by somebody's request); `next_s`: seconds until the next lease on one of them ends.
    """

    left: bool
    room: bool
    next_s: float | None

    @property
    def retry_after_s(self) -> int | None:
        if not self.left:
            return None
        return 1 if self.room or self.next_s is None else min(60, max(2, math.ceil(self.next_s)))


_OUTLOOK = """
SELECT count(*) > 0, coalesce(bool_or(room), false), extract(epoch FROM min(next_end) - clock_timestamp())
  FROM (SELECT seen.live + counted.people < %(overlap)s AS room, seen.next_end
          FROM campaigns_task t
         CROSS JOIN LATERAL (
               SELECT count(*) FILTER (WHERE lease.is_live) AS live,
                      min(lease.expires_at) FILTER (WHERE lease.is_live) AS next_end,
                      count(*) FILTER (WHERE lease.participant_id = %(participant)s AND NOT (
                          lease.state = 'released' OR (lease.state = 'live' AND NOT lease.is_live))) AS mine
                 FROM (SELECT a.*, a.state = 'live' AND a.expires_at > clock_timestamp() AS is_live
                         FROM campaigns_assignment a WHERE a.task_id = t.id) lease) seen
         CROSS JOIN LATERAL (
               SELECT count(*) AS people FROM campaigns_contribution c
                WHERE c.task_id = t.id AND c.counts) counted
         WHERE t.campaign_id = %(campaign)s AND t.state = 'open' AND seen.mine = 0
           AND counted.people < %(overlap)s AND t.position < %(below)s
         LIMIT 500) possible
"""


def outlook_for(campaign: Campaign, participant: Participant) -> Outlook:
    """Whether it is worth coming back, and when; one query."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "campaign": campaign.pk,
            "participant": participant.pk,
            "overlap": campaign.overlap,
            "below": offered_below(campaign),
        }
        cursor.execute(_OUTLOOK, values)
        left, room, next_s = cursor.fetchone()
    return Outlook(left=left, room=room, next_s=None if next_s is None else float(next_s))


# --- for those who run it -------------------------------------------------------------------------


def participants_of(campaign: Campaign) -> QuerySet[Participant, Any]:
    """Who took part, under pseudonyms: contributions, how many counted, first and last one; one query."""
    return (
        Participant.objects.filter(campaign=campaign, merged_into=None)
        .annotate(
            handed_in=Count("contributions"),
            counted=Count("contributions", filter=Q(contributions__counts=True)),
            first_at=Min("contributions__submitted_at"),
            last_at=Max("contributions__submitted_at"),
            signed_in=ExpressionWrapper(Q(user__isnull=False), output_field=BooleanField()),
        )
        .order_by("-handed_in", "pseudonym")
        .values("id", "pseudonym", "is_simulated", "handed_in", "counted", "first_at", "last_at", "signed_in")
    )


def get_participant(campaign: Campaign, participant_id: UUID) -> Participant:
    """A participant of a campaign that has been fetched through its gate. Raises `Missing`."""
    row = Participant.objects.filter(campaign=campaign, pk=participant_id, merged_into=None).first()
    if row is None:
        raise Missing(_("Nobody of this campaign has this id."))
    return row
