"""Selects that every request makes, turned into SQL once a process: to build it anew took half of a request's time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

import orjson
from django.db import connections, models
from django.db.models import JSONField, QuerySet
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


class KeptSelect(Generic[M]):
    """A query set whose SQL is kept; only the values that it is built from change from call to call.

    `build` gets a value for each name and must be a query set whose text does not depend on the values: each is
    compared, never looked at. The names are bound to the types `int`, `str`, `UUID` or `datetime`. JSON is read by
    orjson, to which whole numbers beyond 64 bits are floats; signals of the making of objects are not sent.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **types: type) -> None:
        self._build = build
        self._types = types
        self._kept: _Kept | None = None

    def __call__(self, **values: Any) -> list[M]:
        """The rows, as the query set would give them; one query."""
        kept = self._kept or self._compile()
        filled = list(kept.params)
        for place, (name, kind) in kept.places.items():
            filled[place] = kind(values[name])
        with connections[kept.database].cursor() as cursor:
            cursor.execute(kept.sql, filled)
            return [kept.read(row) for row in cursor.fetchall()]

    def first(self, **values: Any) -> M | None:
        return next(iter(self(**values)), None)

    def _compile(self) -> "_Kept":
        stand_ins = {name: _stand_in(name, kind) for name, kind in self._types.items()}
        names = {value: name for name, value in stand_ins.items()}
        rows = self._build(**stand_ins)
        compiler: Any = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        # Django wraps whole numbers by the width of their column.
        places = {
            place: (names[value], type(value) if isinstance(value, int) else _as_it_is)
            for place, value in enumerate(params)
            if isinstance(value, int | str | UUID | datetime) and value in names
        }
        if {name for name, _kind in places.values()} != set(self._types):
            raise ValueError("a value has not found its place in the SQL")
        self._kept = _Kept(
            database=rows.db, sql=sql, params=tuple(params), places=places,
            readers=tuple(_readers(compiler, rows.db)), whole=_Part.of(compiler.klass_info, compiler.select),
            annotations=compiler.annotation_col_map or {},
        )  # fmt: skip
        return self._kept


@dataclass(frozen=True, slots=True)
class _Kept:
    """A statement, for each place among its values the name and type that it stands for, and what its rows become."""

    database: str
    sql: str
    params: tuple[Any, ...]
    places: Mapping[int, tuple[str, Callable[[Any], Any]]]
    readers: Sequence[tuple[int, Callable[[Any], Any]]]
    whole: "_Part"
    annotations: Mapping[str, int]

    def read(self, given: Sequence[Any]) -> Any:
        row = list(given)
        for place, reader in self.readers:
            row[place] = reader(row[place])
        made = self.whole.read(row, self.database)
        for name, place in self.annotations.items():
            setattr(made, name, row[place])
        return made


def _nothing(*_given: object) -> None:
    """Ties nothing."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One object of a row: its columns, and what comes with it, each tied to it in both directions as Django does."""

    model: type[models.Model]
    names: tuple[str, ...]
    start: int
    end: int
    key: int
    tie: Callable[[Any, Any], None]
    tie_back: Callable[[Any, Any], None]
    parts: "tuple[_Part, ...]"

    @classmethod
    def of(cls, info: Mapping[str, Any], select: Sequence[Any]) -> Self:
        fields, model = info["select_fields"], info["model"]
        start, end = fields[0], fields[-1] + 1
        names = tuple(column[0].target.attname for column in select[start:end])
        return cls(
            model, names, start, end, names.index(model._meta.pk.attname),
            info.get("local_setter", _nothing), info.get("remote_setter", _nothing),
            tuple(cls.of(one, select) for one in info.get("related_klass_infos", ())),
        )  # fmt: skip

    def read(self, row: Sequence[Any], database: str) -> Any:
        """The object, without the way through its `__init__`; None where the row has none."""
        values = row[self.start : self.end]
        if values[self.key] is None:
            return None
        made = self.model.__new__(self.model)
        vars(made).update(zip(self.names, values, strict=True))
        made._state = ModelState()
        made._state.adding, made._state.db = False, database
        for part in self.parts:
            other = part.read(row, database)
            part.tie(made, other)
            if other is not None:
                part.tie_back(other, made)
        return made


def _readers(compiler: Any, database: str) -> Iterator[tuple[int, Callable[[Any], Any]]]:
    """For each column that is not used as the database gives it, what makes a value of it."""
    columns = [one[0] for one in compiler.select]
    for place, (converters, column) in compiler.get_converters(columns).items():
        field = column.output_field
        if isinstance(field, JSONField) and field.decoder is None:
            yield place, _from_json
        else:
            yield place, partial(_converted, converters=converters, column=column, database=database)


def _from_json(value: Any) -> Any:
    return None if value is None else orjson.loads(value)


def _converted(value: Any, *, converters: Sequence[Any], column: Any, database: str) -> Any:
    for convert in converters:
        value = convert(value, column, connections[database])
    return value


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
