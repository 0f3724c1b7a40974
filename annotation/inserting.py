"""Rows of several tables in one statement: with each statement of its own, an answer would hold its locks longer."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.expressions import DatabaseDefault


def insert_together(*tables: Sequence[Model], strictly: Sequence[Model] = ()) -> None:
    """Insert rows, each sequence of one model; what is there already stays, but `strictly` it must not be there.

    Foreign keys are looked at when the transaction ends, so the order does not matter. Raises `IntegrityError` for
    a row of `strictly` that cannot be added. The rows of a table travel as one value, so that the statement is the
    same for any number of them, and planned once.
    """
    parts = [(_insert(type(rows[0]), leaves=True), rows) for rows in tables if rows]
    parts += [(_insert(type(strictly[0]), leaves=False), strictly)] if strictly else []
    if not parts:
        return
    *others, last = [sql for sql, _rows in parts]
    before = ", ".join(f"part_{number} AS ({sql})" for number, sql in enumerate(others))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {before} {last}" if others else last, [_as_json(rows) for _sql, rows in parts])


@cache
def _fields(model: type[Model]) -> tuple[Any, ...]:
    """The columns that are written: not a key that the database counts."""
    counted = [model._meta.pk] if model._meta.pk.db_returning else []
    return tuple(one for one in model._meta.concrete_fields if not one.generated and one not in counted)


@cache
def _insert(model: type[Model], *, leaves: bool) -> str:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(one.column) for one in _fields(model))
    conflict = " ON CONFLICT DO NOTHING" if leaves else ""
    return (
        f"INSERT INTO {table} ({names}) SELECT {names} FROM"  # noqa: S608 - names of ours
        f" jsonb_populate_recordset(NULL::{table}, %s::jsonb){conflict}"
    )


def _as_json(rows: Sequence[Model]) -> str:
    fields = [(one, one.column, isinstance(one, JSONField)) for one in _fields(type(rows[0]))]
    whole = [
        {
            column: _document(one.pre_save(row, add=True)) if is_json else _plain(one.pre_save(row, add=True))
            for one, column, is_json in fields
        }
        for row in rows
    ]
    return orjson.dumps(whole).decode()


def _plain(value: Any) -> Any:
    default: Any = value
    return default.expression.value if isinstance(value, DatabaseDefault) else value


def _document(value: Any) -> orjson.Fragment:
    """As Django would write it: unlike orjson, also whole numbers beyond 64 bits."""
    try:
        return orjson.Fragment(orjson.dumps(value))
    except TypeError:
        return orjson.Fragment(json.dumps(value))
