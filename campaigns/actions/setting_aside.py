"""Tasks that people reported are set aside, and somebody who reviews puts them back or leaves them out."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.retiring import reopen_tasks, settle_task, supersede_retirements
from campaigns.actions.telling import tell
from campaigns.models import Campaign, Report, Retirement, Task, Webhook
from campaigns.permissions import refuse_archived
from campaigns.reported import counting_reports
from campaigns.rules import by_reports, flagged
from problems import Conflict, Missing

LONGEST_ANSWER = 5_000


def hold_reported(task_id: UUID) -> Task:
    """The task as it is now, with its campaign as that is now, locked until the transaction ends.

    Whoever reports, answers reports or changes the rule waits for the others here, so that none counts what another
    is about to change.
    """
    # In no order: that of tasks names the campaign, which would be locked too.
    rows = Task.objects.order_by().select_for_update(of=("self",), no_key=True)
    held = rows.filter(pk=task_id).values_list("pk", flat=True)
    if not list(held):
        raise Missing(_("The campaign has no such image."))
    # A new statement, so that it sees the rule that was committed while the lock was waited for.
    return Task.objects.select_related("campaign__vocabulary").get(pk=task_id)


def settle_reported(task: Task) -> None:
    """Set a locked task aside, or open it again, by the reports that wait; nothing where no rule counts them."""
    if by_reports(task.campaign.retirement):
        settle_task(task, task.campaign.retirement, task.campaign.overlap)


def put_back(campaign: Campaign, task_id: UUID, *, answer: str, by: User) -> Task:
    """Open a task that was set aside or left out; its reports are answered and do not count again.

    Harmless to repeat. The caller has been through the gate with `review`.
    """
    with transaction.atomic():
        task = _held_in(campaign, task_id)
        if task.state != Task.State.ASIDE:
            return task
        _answer(_waiting(task), answer, by=by)
        reopen_tasks(task.campaign, [task.pk])
        settle_task(task, task.campaign.retirement, task.campaign.overlap)
    task.refresh_from_db(fields=["state", "retired_at"])
    return task


def leave_out(campaign: Campaign, task_id: UUID, *, answer: str, by: User) -> Task:
    """Keep a reported task set aside for good, whatever the rule becomes; its reports are answered.

    Harmless to repeat. Raises `Conflict` for a task that is decided, and for one that nobody has reported. The caller
    has been through the gate with `review`.
    """
    with transaction.atomic():
        task = _held_in(campaign, task_id)
        if task.state == Task.State.DECIDED:
            raise Conflict(_("This image is decided already. Take the decision back first."), code="decided")
        reports = list(_waiting(task).values_list("pk", flat=True))
        if task.state != Task.State.ASIDE:
            if not reports:
                raise Conflict(_("Nobody has reported this image, or it was put back."), code="not-reported")
            _set_aside(task)
        kept = Retirement.objects.filter(task=task, superseded_at=None, left_out_at=None)
        kept.update(left_out_at=Now(), left_out_by=by)
        _answer(_waiting(task), answer, by=by)
    task.refresh_from_db(fields=["state", "retired_at"])
    return task


def _held_in(campaign: Campaign, task_id: UUID) -> Task:
    refuse_archived(campaign)
    if not campaign.tasks.filter(pk=task_id).exists():
        raise Missing(_("The campaign has no such image."))
    return hold_reported(task_id)


def _waiting(task: Task) -> QuerySet[Report]:
    return Report.objects.filter(task=task, comment=None, resolved_at=None)


def _answer(reports: QuerySet[Report], answer: str, *, by: User) -> None:
    said = answer.strip()[:LONGEST_ANSWER]
    reports.update(resolved_at=Now(), resolved_by=by, answer=said)


def _set_aside(task: Task) -> None:
    """Before so many have reported it that the rule would."""
    reports = _ids(task)
    supersede_retirements([task.pk])
    Retirement.objects.create(
        task=task,
        rule=flagged.KIND,
        parameters={"people": len(reports)},
        campaign_version=task.campaign.config_version,
        reports=list(reports),
        figures={
            "reports": len(reports),
            "answers": task.contributions.filter(counts=True).count(),
        },
    )
    Task.objects.filter(pk=task.pk).update(state=Task.State.ASIDE, retired_at=Now())
    told = [{"id": str(task.pk), "rule": flagged.KIND}]
    tell(task.campaign, Webhook.Event.ASIDE, {"tasks": told})


def _ids(task: Task) -> Sequence[str]:
    return sorted(one.id for one in counting_reports([task.pk])[task.pk])
