"""Selects that every request makes, turned into SQL once a process: to build it anew took half of a request's time."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connections, models
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=models.Model)


class KeptSelect(Generic[M]):
    """A query set whose SQL is kept; only the values that it is built from change from call to call.

    `build` gets a value for each name and must be a query set whose text does not depend on the values: each is
    compared, never looked at. The names are bound to the types `int`, `str`, `UUID` or `datetime`.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **types: type) -> None:
        self._build = build
        self._types = types
        self._kept: Any = None  # compiler, SQL, values, and for each place among them its name and type

    def __call__(self, **values: Any) -> list[M]:
        """The rows, as the query set would give them; one query."""
        compiler, sql, params, places = self._kept or self._compile()
        filled = list(params)
        for place, (name, kind) in places.items():
            filled[place] = kind(values[name])
        kept = copy(compiler)
        kept.connection = connections[kept.using]
        with kept.connection.cursor() as cursor:
            cursor.execute(sql, filled)
            rows = cursor.fetchall()
        kept.execute_sql = lambda **_how: [rows]
        query = SimpleNamespace(get_compiler=lambda using: kept)  # noqa: ARG005 - the name is Django's
        source: Any = SimpleNamespace(db=kept.using, query=query, _known_related_objects={})
        return list(ModelIterable(source))

    def first(self, **values: Any) -> M | None:
        return next(iter(self(**values)), None)

    def _compile(self) -> Any:
        stand_ins = {name: _stand_in(name, kind) for name, kind in self._types.items()}
        names = {value: name for name, value in stand_ins.items()}
        rows = self._build(**stand_ins)
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _columns: converters
        # Django wraps whole numbers by the width of their column.
        places = {
            place: (names[value], type(value) if isinstance(value, int) else _as_it_is)
            for place, value in enumerate(params)
            if isinstance(value, int | str | UUID | datetime) and value in names
        }
        if {name for name, _kind in places.values()} != set(self._types):
            raise ValueError("a value has not found its place in the SQL")
        self._kept = (compiler, sql, tuple(params), places)
        return self._kept


def _as_it_is(value: Any) -> Any:
    return value


def _stand_in(name: str, kind: type) -> Any:
    """A value that is surely no other one of the query."""
    number = Random(name).getrandbits(30)
    if kind is int:
        return number
    if kind is UUID:
        return UUID(int=number)
    if kind is datetime:
        return datetime.fromtimestamp(number, UTC)
    return f"stands-for-{number}"
