"""Many tasks are decided alike: what is undisputed is accepted, or all get the same judgement."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.locking import hold_tasks
from campaigns.actions.review import allowed_among, items_of, record
from campaigns.actions.rulings import Judgement, check
from campaigns.actions.second import settle
from campaigns.models import BulkReview, Campaign, Decision, Task
from campaigns.permissions import refuse_archived
from campaigns.reviewing import agreeing_tasks
from problems import Invalid, Problem

AT_ONCE = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """How many tasks are decided alike: `still` are those of which that holds, asked again under their locks.

    Each of their items gets the same judgement; `bulk` is the action that it is a part of, if it is more than
    accepting what is undisputed.
    """

    campaign: Campaign
    still: QuerySet[Task]
    by: User
    verdict: str = Decision.Verdict.ACCEPTED.value
    concepts: tuple[UUID, ...] = ()
    reason: str = ""
    bulk: BulkReview | None = None


def accept_agreeing(campaign: Campaign, *, at_most: float, by: User) -> int:
    """Accept the merged answer of every waiting task that is as good as undisputed; returns how many.

    A task that the reviewer answered, that somebody else is deciding right now, or whose merged answer the
    question does not allow, is left waiting. A dozen statements for every hundred tasks.
    """
    refuse_archived(campaign)
    if not 0 <= at_most <= 1:
        raise Invalid(
            _("The limit of disagreement is a share from 0 to 1."), pointer="/at_most", code="out-of-range"
        )
    still = agreeing_tasks(campaign, at_most=at_most, by=by)
    waiting = list(still.values_list("pk", flat=True))
    return sum(decide_alike(Sweep(campaign, still, by), chunk) for chunk in chunks(waiting))


def chunks(task_ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """As many as are decided in one transaction."""
    for start in range(0, len(task_ids), AT_ONCE):
        yield task_ids[start : start + AT_ONCE]


def decide_alike(sweep: Sweep, task_ids: Sequence[UUID]) -> int:
    """Decide these in one transaction; returns how many were. One that is broken leaves the others to it."""
    try:
        with transaction.atomic():
            return _decide_locked(sweep, task_ids)
    except (DatabaseError, ValueError, LookupError):
        log.exception("%d tasks could not be decided together", len(task_ids))
    if len(task_ids) == 1:
        return 0
    return sum(decide_alike(sweep, [pk]) for pk in task_ids)


def lock_tasks(tasks: QuerySet[Task]) -> list[Task]:
    """Those that nobody holds, locked, with all that a decision is written from; one statement."""
    rows = tasks.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related(
        "campaign__vocabulary",
        "campaign__decisions_layer",
        "campaign__ground_truth_layer",
        "canvas__manifest",
    )
    rows = rows.defer("canvas__extra", "canvas__manifest__document", "canvas__manifest__metadata")
    return list(rows.order_by("position"))


def _decide_locked(sweep: Sweep, task_ids: Sequence[UUID]) -> int:
    retired = Task.objects.filter(pk__in=task_ids, state=Task.State.RETIRED)
    if sweep.bulk is not None:
        # Nobody stands and waits for it, so what somebody else holds for a moment is waited for instead of left out.
        hold_tasks(retired)
    locked = lock_tasks(retired)
    # Under the lock nobody merges anew: what is read now is what is decided.
    rows = sweep.still.filter(pk__in=[task.pk for task in locked])
    still = set(rows.values_list("pk", flat=True))
    items = items_of(locked)
    allowed = allowed_among(sweep.campaign, sweep.concepts)
    decided = []
    for task in locked:
        if task.pk not in still:
            continue
        judgements = [
            Judgement(sweep.verdict, item=pk, concepts=sweep.concepts, reason=sweep.reason)
            for pk in items[task.pk]
        ]
        try:
            decided.append((task, check(task, judgements, items[task.pk], allowed), uuid4()))
        except Problem as problem:
            log.warning("task %s was left to the reviewers: %s", task.pk, problem)
    agreed = settle(decided, by=sweep.by, bulk=sweep.bulk) if sweep.campaign.reviews > 1 else decided
    if agreed:
        record(agreed, by=sweep.by, bulk=sweep.bulk)
    return len(decided)
