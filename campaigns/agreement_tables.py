"""The tables of an agreement report as CSV, for spreadsheets and for whoever checks a figure."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.formats.csv_table import safe
from problems import Missing

Row = Mapping[str, Any]
# The columns of each table, in order; an interval takes two.
TABLES: dict[str, tuple[str, ...]] = {
    "concepts": ("concept", "label", "alpha", "interval", "specific", "answers", "units"),
    "people": ("id", "pseudonym", "percent", "corrected", "meetings", "units"),
    "pairs": ("a", "b", "percent", "kappa", "units"),
    "box_pairs": ("a", "b", "canvases", "f1", "mean_iou"),
    "units": ("unit", "canvas", "page", "percent", "people"),
    "periods": ("period", "alpha", "interval", "percent", "units", "people", "answers"),
    "box_periods": ("period", "f1", "interval", "f1_boxes", "mean_iou", "canvases", "people", "boxes"),
    "curve": ("iou", "f1", "mean_iou"),
    "coefficients": ("name", "value", "interval", "observed", "expected", "units"),
}
# Of what is drawn a task has these.
UNITS_DRAWN = ("unit", "canvas", "page", "f1", "mean_iou", "shapes", "people")


def agreement_csv(report: Row, name: str, step: str = "") -> str:
    """A table of the report or of a step (UTF-8 with byte-order mark). Raises `Missing` for one that it has not."""
    part = _part(report, step)
    columns, rows = TABLES.get(name), part.get(name)
    if name == "units" and "boxes" in part:
        columns = UNITS_DRAWN
    if columns is None or not rows:
        raise Missing(_("The report has no table of this name."))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([name for column in columns for name in _names(column)])
    writer.writerows(
        [[safe(cell) if isinstance(cell, str) else cell for cell in _cells(row, columns)] for row in rows]
    )
    return "\ufeff" + text.getvalue()


def _part(report: Row, step: str) -> Row:
    """What a table is taken from: the report of the step, where there are steps."""
    steps = report.get("steps", ())
    if not step:
        if steps:
            raise Missing(_("Each step has its own tables. Say of which: “?step=” and its name."))
        return report
    for one in steps:
        if one["step"] == step:
            return dict(one)
    raise Missing(_("The report has no step of this name."))


def _names(column: str) -> list[str]:
    return ["low", "high"] if column == "interval" else [column]


def _cells(row: Row, columns: tuple[str, ...]) -> list[Any]:
    cells: list[Any] = []
    for column in columns:
        value = row.get(column)
        cells += [(value or {}).get("low"), (value or {}).get("high")] if column == "interval" else [value]
    return cells
