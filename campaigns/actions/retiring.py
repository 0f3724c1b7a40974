"""Tasks get the state that a changed rule gives them: retired with the reason, or opened again."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models.functions import Now

from campaigns.actions.contributions import retire
from campaigns.actions.telling import tell, tell_reopened
from campaigns.enough import Judged, judged_tasks
from campaigns.models import Campaign, Retirement, Task, Webhook
from campaigns.rules import Condition

AT_ONCE = 1000


def settle_tasks(campaign: Campaign) -> None:
    """Retire and reopen by what has been handed in, every undecided task locked against submissions.

    Call it in the transaction that changes the rule. A handful of statements for every 500 tasks.
    """
    tasks = Task.objects.filter(campaign=campaign).exclude(state=Task.State.DECIDED).order_by("position")
    list(tasks.select_for_update(no_key=True).values_list("pk", flat=True))
    # New statements, so that they see what was committed while the locks were waited for.
    _settle(campaign, judged_tasks(campaign, campaign.retirement, campaign.overlap))


def settle_task(task: Task, conditions: Sequence[Condition], overlap: int) -> None:
    """Retire or reopen a task that is locked already, by what its people say now."""
    _settle(task.campaign, judged_tasks(task.campaign, conditions, overlap, only=[task.pk]))


def settle_held(campaign: Campaign, tasks: Sequence[UUID]) -> None:
    """The same for several tasks of a campaign that are locked already; a handful of statements for every 500."""
    _settle(campaign, judged_tasks(campaign, campaign.retirement, campaign.overlap, only=tasks))


def _settle(campaign: Campaign, judged: Iterable[Judged]) -> None:
    changed = [one for one in judged if (one.state == Task.State.RETIRED) != (one.stop is not None)]
    for start in range(0, len(changed), AT_ONCE):
        part = changed[start : start + AT_ONCE]
        _retire(campaign, [one for one in part if one.stop])
        _reopen(campaign, [one.task for one in part if not one.stop])
    if any(one.stop for one in changed):
        retire(campaign)


def _retire(campaign: Campaign, tasks: Sequence[Judged]) -> None:
    Task.objects.filter(pk__in=[one.task for one in tasks]).update(state=Task.State.RETIRED, retired_at=Now())
    rows = [
        Retirement(
            task_id=one.task,
            rule=one.stop.rule,
            parameters=one.stop.parameters,
            campaign_version=campaign.config_version,
            contributions=list(one.stop.finding.answers),
            figures=dict(one.stop.finding.figures),
        )
        for one in tasks
        if one.stop
    ]
    if not rows:
        return
    Retirement.objects.bulk_create(rows)
    told = [{"id": str(row.task_id), "rule": row.rule} for row in rows]
    tell(campaign, Webhook.Event.RETIRED, {"tasks": told})


def _reopen(campaign: Campaign, tasks: Sequence[UUID]) -> None:
    """What stopped them stays on record."""
    if not tasks:
        return
    Task.objects.filter(pk__in=tasks).update(state=Task.State.OPEN, retired_at=None)
    Retirement.objects.filter(task__in=tasks, superseded_at=None).update(superseded_at=Now())
    tell_reopened(campaign, tasks, Task.State.OPEN)
