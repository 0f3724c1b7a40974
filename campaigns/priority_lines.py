"""Reads a table of priorities line by line: which image is meant, and its number; what is no such line says why.

Columns are found by the head, where there is one (`priority`, and `task`, `canvas`, `id`, `address` or `uri`); without
a head the first column says which image and the second how urgent. Commas, semicolons or tabs stand between.
"""

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

NO_KEY, NO_NUMBER, UNREADABLE = "no-key", "no-number", "unreadable"
# The most particular first: a table that has several columns is read by the first that is filled.
KEYS = ("task", "canvas", "id", "address", "uri", "url")
NUMBERS = ("priority", "priorité")
# What is kept of a cell that means nothing; an address has at most 2,000 characters.
LONGEST = 2000


class PriorityLine(NamedTuple):
    """`number`: of the line in the file, from 1. `key`: what was said, where it is a UUID. `reason`: "" if fine."""

    number: int
    said: str
    value: str
    key: UUID | None
    priority: float | None
    reason: str


class _Columns(NamedTuple):
    keys: Sequence[int]
    number: int


def read_lines(text: Iterable[str]) -> Iterator[PriorityLine]:
    """Every line of the table but its head and the empty ones; nothing is raised for what a line says."""
    walk = iter(text)
    first = next((line for line in walk), "")
    sign = next((one for one in "\t;" if one in first), ",")
    reader = csv.reader(_chained(first, walk), delimiter=sign)
    columns = _Columns((0,), 1)
    for number, cells in _cells(reader):
        if cells is None:
            yield PriorityLine(number, "", "", None, None, UNREADABLE)
            continue
        head = _head(cells) if number == 1 else None
        if head:
            columns = head
        elif any(cells):
            yield _line(number, cells, columns, sign)


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    # PostgreSQL keeps no NUL, and `csv` none either.
    yield first.removeprefix("\ufeff").replace("\x00", "\ufffd")
    for line in rest:
        yield line.replace("\x00", "\ufffd")


def _cells(reader: Any) -> Iterator[tuple[int, list[str] | None]]:
    """The cells of each line; None for one that is too long, behind which reading goes on."""
    while True:
        number = reader.line_num + 1
        try:
            yield number, [cell.strip() for cell in next(reader)]
        except csv.Error:
            yield number, None
        except StopIteration:
            return


def _head(cells: Sequence[str]) -> _Columns | None:
    names = [cell.lower() for cell in cells]
    number = next((names.index(name) for name in NUMBERS if name in names), None)
    if number is None:
        return None
    keys = [names.index(name) for name in KEYS if name in names]
    return _Columns(keys or [at for at in range(len(names)) if at != number][:1], number)


def _line(number: int, cells: Sequence[str], columns: _Columns, sign: str) -> PriorityLine:
    said = next((cells[at] for at in columns.keys if at < len(cells) and cells[at]), "")
    value = cells[columns.number] if columns.number < len(cells) else ""
    priority = _number(value if sign == "," else value.replace(",", "."))
    reason = NO_KEY if not said else NO_NUMBER if priority is None else ""
    return PriorityLine(number, said[: LONGEST + 1], value[: LONGEST + 1], _uuid(said), priority, reason)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
