"""Rows of several tables in one statement: with each statement of its own, an answer would hold its locks longer."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery


def insert_together(*tables: Sequence[Model], strictly: Sequence[Model] = ()) -> None:
    """Insert rows, each sequence of one model; what is there already stays, but `strictly` it must not be there.

    Foreign keys are looked at when the transaction ends, so the order does not matter. Raises `IntegrityError` for
    a row of `strictly` that cannot be added. The caller keeps a statement within 65,535 values.
    """
    parts = [_insert(rows, on_conflict=OnConflict.IGNORE) for rows in tables if rows]
    parts += [_insert(strictly, on_conflict=None)] if strictly else []
    if not parts:
        return
    *others, last = parts
    before = ", ".join(f"part_{number} AS ({sql})" for number, (sql, _values) in enumerate(others))
    sql = f"WITH {before} {last[0]}" if others else last[0]
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _sql, values in parts for value in values])


def _insert(rows: Sequence[Model], *, on_conflict: OnConflict | None) -> tuple[str, Sequence[Any]]:
    """Django's own statement for these rows, of which a key that the database counts is left out."""
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    if rows[0].pk is None:
        fields.remove(model._meta.pk)
    query = InsertQuery(model, on_conflict=on_conflict)
    query.insert_values(fields, list(rows))
    [(sql, values)] = query.get_compiler(connection=connection).as_sql()
    return sql, values
