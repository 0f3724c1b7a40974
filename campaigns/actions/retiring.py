"""Tasks get the state that a changed rule gives them: retired or set aside with the reason, or opened again."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models.functions import Now

from campaigns.actions.contributions import retire
from campaigns.actions.locking import hold_tasks
from campaigns.actions.telling import tell, tell_reopened
from campaigns.enough import Judged, judged_tasks, undecided_tasks
from campaigns.models import Campaign, Retirement, Task, Webhook
from campaigns.rules import Condition

AT_ONCE = 1000


def settle_tasks(campaign: Campaign) -> None:
    """Retire and reopen by what has been handed in, every undecided task locked against submissions.

    Call it in the transaction that changes the rule. A handful of statements for every 500 tasks.
    """
    hold_tasks(undecided_tasks(campaign))
    # New statements, so that they see what was committed while the locks were waited for.
    _settle(campaign, judged_tasks(campaign, campaign.retirement, campaign.overlap))


def settle_task(task: Task, conditions: Sequence[Condition], overlap: int) -> None:
    """Retire or reopen a task that is locked already, by what its people say now."""
    _settle(task.campaign, judged_tasks(task.campaign, conditions, overlap, only=[task.pk]))


def settle_held(campaign: Campaign, tasks: Sequence[UUID]) -> None:
    """The same for several tasks of a campaign that are locked already; a handful of statements for every 500."""
    _settle(campaign, judged_tasks(campaign, campaign.retirement, campaign.overlap, only=tasks))


def _settle(campaign: Campaign, judged: Iterable[Judged]) -> None:
    changed = [one for one in judged if one.becomes != one.state]
    for start in range(0, len(changed), AT_ONCE):
        part = changed[start : start + AT_ONCE]
        # From retired to set aside and back: the earlier reason is in force no longer.
        supersede_retirements([one.task for one in part if one.state != Task.State.OPEN])
        for state, event in _STOPPED:
            _stop(campaign, [one for one in part if one.becomes == state], state, event)
        _reopen(campaign, [one.task for one in part if not one.stop])
    if any(one.becomes == Task.State.RETIRED for one in changed):
        retire(campaign)


_STOPPED = ((Task.State.RETIRED, Webhook.Event.RETIRED), (Task.State.ASIDE, Webhook.Event.ASIDE))


def _stop(campaign: Campaign, tasks: Sequence[Judged], state: str, event: str) -> None:
    rows = [
        Retirement(
            task_id=one.task,
            rule=one.stop.rule,
            parameters=one.stop.parameters,
            campaign_version=campaign.config_version,
            contributions=list(one.stop.finding.answers),
            reports=list(one.stop.finding.reports),
            figures=dict(one.stop.finding.figures),
        )
        for one in tasks
        if one.stop
    ]
    if not rows:
        return
    Task.objects.filter(pk__in=[row.task_id for row in rows]).update(state=state, retired_at=Now())
    Retirement.objects.bulk_create(rows)
    told = [{"id": str(row.task_id), "rule": row.rule} for row in rows]
    tell(campaign, event, {"tasks": told})


def supersede_retirements(tasks: Sequence[UUID]) -> None:
    """What stopped them stays on record."""
    if tasks:
        Retirement.objects.filter(task__in=tasks, superseded_at=None).update(superseded_at=Now())


def reopen_tasks(campaign: Campaign, tasks: Sequence[UUID]) -> None:
    """Open tasks that are locked already, whatever stopped them; a settling after it may stop them again."""
    supersede_retirements(tasks)
    _reopen(campaign, tasks)


def _reopen(campaign: Campaign, tasks: Sequence[UUID]) -> None:
    if not tasks:
        return
    Task.objects.filter(pk__in=tasks).update(state=Task.State.OPEN, retired_at=None)
    tell_reopened(campaign, tasks, Task.State.OPEN)
