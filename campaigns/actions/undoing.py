"""A decision is taken back: the task waits again, and what was decided stays on record."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.consensus import locked_task, request_consensus
from campaigns.actions.locking import hold_merged
from campaigns.actions.review import withdraw_decisions
from campaigns.actions.second import withdraw_opinions
from campaigns.actions.telling import tell_reopened
from campaigns.models import Campaign, Decision, Gold, Opinion, Task, TaskConsensus
from campaigns.permissions import refuse_archived, verbs_held
from problems import Conflict, Missing, Refused


def take_back(campaign: Campaign, request: UUID, *, by: User) -> Task:
    """Undo the decision that was made by this request; harmless to repeat.

    One's own, or anybody's for those who run the campaign. Raises `Missing` for a request that decided nothing,
    `Conflict` when the task was decided anew since (`decided-since`) or its answer is known and given out
    (`known-answer`).
    """
    refuse_archived(campaign)
    opinion = Opinion.objects.filter(pk=request, task__campaign=campaign).first()
    made = Decision.objects.filter(request=request, task__campaign=campaign).order_by("at").first()
    said = made or opinion
    if said is None:
        raise Missing(_("Nothing was decided under this id."))
    if said.by_id != by.pk and "manage" not in verbs_held(by, campaign):
        raise Refused(_("Somebody else decided this. They, or whoever runs the campaign, can take it back."))
    with transaction.atomic():
        task = locked_task(said.task_id)
        standing = Decision.objects.filter(task=task, superseded_at=None)
        if not standing.exists():
            withdraw_opinions(Opinion.objects.filter(pk=request))
            return task
        if not standing.filter(request=request).exists():
            raise Conflict(
                _("The task has been decided anew since. Take that decision back first."),
                code="decided-since",
            )
        if Gold.objects.filter(task=task, withdrawn_at=None).exists():
            raise Conflict(
                _("The answer to this one is known and given out. Withdraw it from the known answers first."),
                code="known-answer",
            )
        reopen(campaign, [task])
        withdraw_opinions(Opinion.objects.filter(pk=request))
        request_consensus(campaign, by=by)  # answers may have come in since
    task.refresh_from_db(fields=["state", "decided_at"])
    return task


def reopen(campaign: Campaign, tasks: Sequence[Task]) -> None:
    """Locked tasks of the campaign wait for a decision again; a constant number of statements."""
    ids = [task.pk for task in tasks]
    withdraw_decisions(tasks)
    Task.objects.filter(pk__in=ids).update(state=Task.State.RETIRED, decided_at=None)
    merged = TaskConsensus.objects.filter(task__in=ids)
    if len(ids) > 1:
        hold_merged(merged)
    merged.update(priority=F("disagreement") * F("impact"))
    tell_reopened(campaign, ids, Task.State.RETIRED)
