"""What was set aside in a campaign because people reported it, with the reports: a list for those who review."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from campaigns.beside import fetch_beside
from campaigns.models import Campaign, Report, Retirement, Task


@dataclass(frozen=True, slots=True)
class Aside:
    """A task that was set aside, why, and what people reported, the oldest report first."""

    task: Task
    because: Retirement
    reports: Sequence[Report]


def retirements_aside(campaign: Campaign, *, left_out: bool) -> QuerySet[Retirement]:
    """Why tasks are aside, the oldest first: those that wait for somebody to look, or those left out for good."""
    return (
        Retirement.objects.filter(
            task__campaign=campaign,
            task__state=Task.State.ASIDE,
            superseded_at=None,
            left_out_at__isnull=not left_out,
        )
        .select_related("task__canvas__manifest", "left_out_by")
        .defer("task__canvas__manifest__document", "task__canvas__manifest__metadata")
        .order_by("at", "pk")
    )


def with_reports(rows: Sequence[Retirement]) -> list[Aside]:
    """The reports that set each task aside, and those that came in since; two queries at most."""
    fetch_beside([row.task for row in rows])
    named = [pk for row in rows for pk in row.reports]
    about = Report.objects.filter(task__in=[row.task_id for row in rows], comment=None)
    reports = (about.filter(resolved_at=None) | about.filter(pk__in=named)).select_related(
        "participant", "resolved_by"
    )
    by_task: dict[UUID | None, list[Report]] = defaultdict(list)
    for report in reports.order_by("created_at", "pk"):
        by_task[report.task_id].append(report)
    return [Aside(row.task, row, by_task[row.task_id]) for row in rows]
