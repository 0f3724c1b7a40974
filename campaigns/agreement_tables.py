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
    "periods": ("period", "alpha", "percent", "units", "people", "answers"),
    "curve": ("iou", "f1", "mean_iou"),
    "coefficients": ("name", "value", "interval", "observed", "expected", "units"),
}


def agreement_csv(report: Row, name: str) -> str:
    """A table of the report (UTF-8 with byte-order mark). Raises `Missing` for one that it has not."""
    columns, rows = TABLES.get(name), report.get(name)
    if columns is None or not rows:
        raise Missing(_("The report has no table of this name."))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([name for column in columns for name in _names(column)])
    writer.writerows(
        [[safe(cell) if isinstance(cell, str) else cell for cell in _cells(row, columns)] for row in rows]
    )
    return "\ufeff" + text.getvalue()


def _names(column: str) -> list[str]:
    return ["low", "high"] if column == "interval" else [column]


def _cells(row: Row, columns: tuple[str, ...]) -> list[Any]:
    cells: list[Any] = []
    for column in columns:
        value = row.get(column)
        cells += [(value or {}).get("low"), (value or {}).get("high")] if column == "interval" else [value]
    return cells
