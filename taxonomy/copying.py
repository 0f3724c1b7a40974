"""Puts many rows into a table by COPY, which takes them one by one as they come and is the fastest way in."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg import sql


def copy_rows(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows that hold a value for each of these fields; the other columns take their default in the database.

    Nothing is sent when there are none. Values go as psycopg writes them: JSON as text, keys by their value.
    """
    columns = {field.name: sql.Identifier(str(field.column)) for field in model._meta.concrete_fields}
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(columns[name] for name in fields)
    )
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write_row(first)
        for row in waiting:
            copy.write_row(row)
