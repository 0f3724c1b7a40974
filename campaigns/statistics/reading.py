"""Reads tables of statistics: a part of one, all of it as it comes, or as a CSV file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _

from campaigns.formats.csv_table import safe
from campaigns.models import Campaign
from campaigns.questions import get_kind
from campaigns.statistics import TABLES
from campaigns.statistics.table import Row, Table
from problems import Missing

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table, and how many it has in all; None when the part lies beyond its end."""

    rows: list[Row]
    total: int | None


def find_table(name: str) -> Table:
    """The table of this name. Raises `Missing`."""
    if name not in TABLES:
        raise Missing(_("There is no such table; there are these: %(names)s.") % {"names": ", ".join(TABLES)})
    return TABLES[name]


def parameters(campaign: Campaign, language: str) -> dict[str, Any]:
    """What the statements of tables may name."""
    return {
        "campaign": campaign.pk,
        "contributions": campaign.contributions_layer_id,
        "consensus": campaign.consensus_layer_id,
        "ground_truth": campaign.ground_truth_layer_id,
        "draws": get_kind(campaign.question_kind).TRAITS.draws,
        "language": language,
        "zone": get_current_timezone_name(),
    }


# Whole statements made of constants of this package; what comes from outside is a parameter.
_PART = (
    "SELECT whole.*, count(*) OVER () FROM ({sql}) whole ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"
)
_WHOLE = "SELECT * FROM ({sql}) whole ORDER BY {order}"


def read_part(table: Table, campaign: Campaign, language: str, *, limit: int, offset: int = 0) -> Part:
    """At most `limit` rows from `offset` on; one statement, and what the table's completion takes."""
    values = {**parameters(campaign, language), "limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(_PART.format(sql=table.sql, order=table.order), values)
        found = cursor.fetchall()
    total = int(found[0][-1]) if found else (0 if offset == 0 else None)
    return Part(_completed(table, campaign, [row[:-1] for row in found], language), total)


def read_all(table: Table, campaign: Campaign, language: str) -> Iterator[Row]:
    """Every row; the statement has run when this returns, and its rows come in chunks from the server."""
    cursor: Any = connection.chunked_cursor()
    cursor.execute(_WHOLE.format(sql=table.sql, order=table.order), parameters(campaign, language))
    if table.complete:  # it looks at all rows together
        with cursor:
            return iter(_completed(table, campaign, cursor.fetchall(), language))
    return _in_chunks(cursor)


def _in_chunks(cursor: Any) -> Iterator[Row]:
    with cursor:
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _completed(table: Table, campaign: Campaign, rows: list[Row], language: str) -> list[Row]:
    return table.complete(campaign, rows, language) if table.complete and rows else rows


def as_csv(table: Table, campaign: Campaign, language: str) -> Iterator[bytes]:
    """The whole table, UTF-8 with a byte-order mark, the names of its columns first; nothing a spreadsheet runs."""
    return _encoded(table, read_all(table, campaign, language))


def _encoded(table: Table, rows: Iterator[Row]) -> Iterator[bytes]:
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_cell(value) for value in row])
        if number % CHUNK == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _cell(value: Any) -> Any:
    match value:
        case str():
            return safe(value)
        case list():
            return safe(" | ".join(value))
        case datetime() | date():
            return value.isoformat()
        case float():
            return f"{value:.6g}"
    return value
