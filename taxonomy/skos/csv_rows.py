"""Turns the bytes of a spreadsheet export into rows with line numbers, whatever made them."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from taxonomy.skos.triples import storable
from taxonomy.skos.values import Findings

DELIMITERS = ",;\t"
# What a spreadsheet takes for the start of a formula, plus what hides one: escaped by an apostrophe.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", " ", "＝", "＋", "－", "＠")
_QUOTED = re.compile('"(?:[^"]|"")*"')
_MOST_RESTARTS = 20


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, as written, and the line on which it begins (from 1)."""

    line: int
    cells: list[str]


def decoded(data: bytes, findings: Findings) -> str:
    """Return the text: UTF-8 or UTF-16 by their marks, UTF-8 without one, else Windows-1252 and a warning."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return storable(data.decode("utf-16", "replace"))
    try:
        return storable(data.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        findings.add(
            "warning",
            "not-utf-8",
            "The file is not UTF-8; it was read as Windows-1252. Check the accents.",
            line=data.count(b"\n", 0, fault.start) + 1,
        )
        return data.decode("cp1252", "replace")


def sniffed(text: str) -> str:
    """Return the delimiter: the one found in most of the first lines, then most often; a comma by default."""
    lines = [line for line in _lines(_QUOTED.sub("", text[:100_000])) if line.strip()][:50]
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        in_lines = sum(1 for count in counts if count)
        if 2 * in_lines >= len(lines) and (in_lines, sum(counts)) > best_score:
            best, best_score = delimiter, (in_lines, sum(counts))
    return best


def _lines(text: str) -> io.StringIO:
    """Return the lines with their ends; str.splitlines would also split at form feeds and U+2028."""
    return io.StringIO(text, newline="")


def rows(text: str, delimiter: str, findings: Findings) -> Iterator[Row]:
    """Yield the rows that have something in them; a row that breaks the rules of quoting is reported."""
    lines = list(_lines(text))
    first = 0
    for _ in range(_MOST_RESTARTS):
        reader = csv.reader(lines[first:], delimiter=delimiter, strict=True)
        before = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as fault:
                line = first + before + 1
                findings.add("warning", "bad-row", f"This row could not be read: {fault}.", line=line)
                if reader.line_num - before > 1:
                    # A quote left open swallowed the lines after it: start again below the row it stands in.
                    first = line
                    break
            else:
                if any(cell.strip() for cell in cells):
                    yield Row(first + before + 1, [unescaped(cell) for cell in cells])
            before = reader.line_num
    findings.add(
        "error", "too-many-open-quotes", "Too many rows open a quote and never close it.", line=first + 1
    )


def escaped(cell: str) -> str:
    """Return a cell that no spreadsheet will run as a formula."""
    return f"'{cell}" if cell.startswith((*FORMULA_STARTS, "'")) else cell


def unescaped(cell: str) -> str:
    """Return what `escaped` was given; a foreign cell keeps its apostrophe unless a formula follows."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith((*FORMULA_STARTS, "'")) else cell


def joined(values: list[str]) -> str:
    """Return several values as one cell, parted by `|`; a `|` or a backslash within a value is escaped."""
    return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)


def parted(cell: str) -> list[str]:
    """Return the values of a cell that `joined` wrote, or that someone typed: trimmed, without empty ones."""
    if "|" not in cell and "\\" not in cell:
        return [cell.strip()] if cell.strip() else []
    values, current, position = [], "", 0
    while position < len(cell):
        if cell[position] == "\\" and cell[position + 1 : position + 2] in ("|", "\\"):
            current += cell[position + 1]
            position += 2
            continue
        if cell[position] == "|":
            values.append(current)
            current = ""
        else:
            current += cell[position]
        position += 1
    return [value.strip() for value in (*values, current) if value.strip()]
