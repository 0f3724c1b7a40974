"""Rulings on single items are taken back as one: what was decided by them waits again, or stands as it stood before."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef

from accounts.models import User
from annotation.models import Annotation
from annotation.queries import with_concepts
from campaigns.actions.consensus import request_consensus
from campaigns.actions.locking import hold_tasks
from campaigns.actions.review import allowed_among, items_of, record, withdraw_decisions
from campaigns.actions.rulings import Ruling, check
from campaigns.actions.second import withdraw_opinions
from campaigns.actions.standing import said_again
from campaigns.actions.sweeping import lock_tasks
from campaigns.actions.undoing import reopen
from campaigns.models import BulkReview, Decision, Gold, KeptRuling, Opinion, Task
from problems import Problem


def unsort(bulk: BulkReview, *, by: User) -> None:
    """Within the transaction that marked it undone; what was decided anew since stays, and is counted as kept."""
    KeptRuling.objects.filter(bulk=bulk).delete()
    standing = Decision.objects.filter(bulk=bulk, superseded_at=None, task=OuterRef("pk"))
    known = Gold.objects.filter(task=OuterRef("pk"), withdrawn_at=None)
    mine = Task.objects.filter(campaign=bulk.campaign, state=Task.State.DECIDED)
    meant = mine.filter(Exists(standing), ~Exists(known))
    hold_tasks(meant)
    # Asked again: while one was waited for it may have been decided anew, or become a known answer.
    locked = lock_tasks(meant)
    before = {UUID(task): UUID(request) for task, request in bulk.told["before"].items()}
    waiting = [task for task in locked if task.pk not in before]
    if waiting:
        reopen(bulk.campaign, waiting)
    restored = _restore([task for task in locked if task.pk in before], before, by=by)
    opinions = Opinion.objects.filter(bulk=bulk)
    alone = withdraw_opinions(opinions.filter(task__state=Task.State.RETIRED).exclude(task__in=waiting))
    withdraw_opinions(opinions.filter(task__in=waiting))
    back = len(waiting) + restored + alone
    BulkReview.objects.filter(pk=bulk.pk).update(taken_back=back, kept=max(0, bulk.decided - back))
    request_consensus(bulk.campaign, by=by)  # answers may have come in since


def _restore(tasks: Sequence[Task], before: dict[UUID, UUID], *, by: User) -> int:
    """Decide these as they were decided before; returns how many could be."""
    if not tasks:
        return 0
    rows = Decision.objects.filter(task__in=[task.pk for task in tasks], request__in=before.values())
    former = [row for row in rows.order_by("at", "pk") if before[row.task_id] == row.request]
    results = with_concepts(Annotation.objects.filter(decided_by__in=[row.pk for row in former]))
    by_id = {row.pk: row for row in results}
    for row in former:
        row.result = by_id.get(row.result_id) if row.result_id else None
    named = {link.concept_id for row in by_id.values() for link in row.concept_links.all()}
    allowed = allowed_among(tasks[0].campaign, named)
    items = items_of(tasks)
    checked: list[tuple[Task, Sequence[Ruling], UUID]] = []
    for task in tasks:
        try:
            judgements = said_again([row for row in former if row.task_id == task.pk], items[task.pk], {})
            checked.append((task, check(task, judgements, items[task.pk], allowed), uuid4()))
        except Problem:
            continue  # merged anew since: it stays as it is, and is counted so
    withdraw_decisions([task for task, _rulings, _request in checked])
    if checked:
        record(checked, by=by)
    _give_back(checked, former)
    return len(checked)


def _give_back(checked: Sequence[tuple[Task, Sequence[Ruling], UUID]], former: Sequence[Decision]) -> None:
    """What stands again is a part of the action that it was a part of, so that this can be taken back too."""
    bulks = {row.task_id: row.bulk_id for row in former}
    for bulk in set(bulks.values()) - {None}:
        requests = [request for task, _rulings, request in checked if bulks[task.pk] == bulk]
        Decision.objects.filter(request__in=requests).update(bulk=bulk)
