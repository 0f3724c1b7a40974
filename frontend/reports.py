"""The report of a piece of long work: its lines, worst first, and how many of each severity."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Value, When

from work.models import Job, JobLine

WORST_FIRST = Case(
    When(severity=JobLine.Severity.ERROR, then=Value(0)),
    When(severity=JobLine.Severity.WARNING, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
LINES = 100


def report_of(job: Job | None, number: str | None) -> dict[str, Any]:
    """A page of the lines and their counts by severity; three queries."""
    lines = JobLine.objects.filter(job=job) if job else JobLine.objects.none()
    counts = dict(lines.order_by().values_list("severity").annotate(Count("pk")))
    page = Paginator(lines.order_by(WORST_FIRST, "id"), LINES).get_page(number)
    return {"report": page, "errors": counts.get("error", 0), "warnings": counts.get("warning", 0)}
