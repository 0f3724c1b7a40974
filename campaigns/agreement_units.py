"""The tasks of an agreement report, the least agreed on first: all are kept beside it, the worst stand in it.

A report is read with every page that shows it, and a campaign may have a hundred thousand tasks.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from campaigns.models import AgreementReport, Campaign, Task

MOST_UNITS = 50
FEW = 1000  # as many are looked up by their ids; of more, all of the campaign's are read

Row = dict[str, Any]


def apart(report: Mapping[str, Any]) -> tuple[Row, dict[str, list[Row]]]:
    """The report with its worst tasks, and all of them by step (“” where there are none)."""
    if "steps" in report:
        parts = [apart(one) for one in report["steps"]]
        units = {one["step"]: rows[""] for one, (_short, rows) in zip(report["steps"], parts, strict=True)}
        return {**report, "steps": [short for short, _rows in parts]}, units
    rows = list(report.get("units", ()))
    return {**report, "units": rows[:MOST_UNITS], "unit_count": len(rows)}, {"": rows}


def together(report: Mapping[str, Any], units: Mapping[str, list[Row]]) -> Row:
    """The report with all of them again."""
    if "steps" in report:
        return {
            **report,
            "steps": [together(one, {"": units.get(one["step"], one["units"])}) for one in report["steps"]],
        }
    return {**report, "units": units.get("", report.get("units", []))}


def named_units(campaign: Campaign, units: Sequence[Row]) -> list[Row]:
    """The rows with canvas and name; one query. What is no task any more is left out."""
    # Reports from before drawings had such a table numbered things in its place.
    ids = [UUID(row["unit"]) for row in units if isinstance(row["unit"], str)]
    if not ids:
        return []
    tasks = Task.objects.filter(campaign=campaign).order_by()
    wanted = tasks.filter(pk__in=ids) if len(ids) <= FEW else tasks
    places = {
        pk: {"canvas": str(canvas), "page": next((text for texts in label.values() for text in texts), "")}
        for pk, canvas, label in wanted.values_list("pk", "canvas_id", "canvas__label")
    }
    return [
        {**row, **places[pk]}
        for row in units
        if isinstance(row["unit"], str) and (pk := UUID(row["unit"])) in places
    ]


def with_all_units(campaign: Campaign, row: AgreementReport, report: Mapping[str, Any], step: str) -> Row:
    """A named report with every task of a step in the place of the worst, for a table of all."""
    rows = row.units.get(step)
    if rows is None:
        return dict(report)
    named = named_units(campaign, rows)
    if "steps" not in report:
        return {**report, "units": named}
    steps = [{**one, "units": named} if one["step"] == step else one for one in report["steps"]]
    return {**report, "steps": steps}
