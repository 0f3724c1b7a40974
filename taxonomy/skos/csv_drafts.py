"""Turns the rows of a table into drafts of concepts: what each row says, with links still as words."""

import re
from collections.abc import Iterator, Sequence

from taxonomy.folding import fold
from taxonomy.skos.assembly import looks_like_uri
from taxonomy.skos.csv_columns import Column, matched_uri
from taxonomy.skos.csv_rows import Row, parted
from taxonomy.skos.drafts import Draft
from taxonomy.skos.triples import legal_iri
from taxonomy.skos.values import MATCH_KINDS, NOTE_KINDS, Findings, NoteValue

_INDENT = re.compile(r"[ \t\u00a0]*")
_BULLET = re.compile(r"[-*•–]\s+")
_TRUE = {"true", "1", "yes", "y", "oui", "o", "vrai", "x"}
_LINKS = {"parent", "related"}


def guessed(table: Sequence[Row]) -> list[Column | None]:
    """Return columns for a table without headings."""
    width = max((len(row.cells) for row in table), default=1)
    seconds = [row.cells[1].strip() for row in table if len(row.cells) > 1 and row.cells[1].strip()]
    if any(not row.cells[0].strip() for row in table):
        return [Column("level", level=n) for n in range(width)]
    if seconds and 2 * sum(map(looks_like_uri, seconds)) > len(seconds):
        return [Column("pref"), Column("uri"), *[None] * (width - 2)]
    firsts = {row.cells[0].strip() for row in table}
    if seconds and 2 * sum(1 for cell in seconds if cell in firsts) > len(seconds):
        return [Column("pref"), Column("parent"), *[None] * (width - 2)]
    return [Column("pref"), *[None] * (width - 1)]


def drafts_of(
    table: Sequence[Row], columns: Sequence[Column | None], language: str, findings: Findings
) -> Iterator[Draft]:
    by_level = any(column is not None and column.field == "level" for column in columns)
    first_label = next((n for n, column in enumerate(columns) if column and column.field == "pref"), None)
    is_indented = (
        first_label is not None
        and not any(column is not None and column.field == "parent" for column in columns)
        and any(_indent(row, first_label) for row in table)
    )
    path: list[tuple[int, Draft]] = []
    for row in table:
        if any(cell.strip() for cell in row.cells[len(columns) :]):
            findings.add(
                "warning",
                "too-many-cells",
                f"This row has {len(row.cells)} cells where {len(columns)} are named; the rest was not read.",
                line=row.line,
            )
        draft = _draft(row, columns, language, is_tree=is_indented)
        if by_level:
            yield from _placed_by_level(row, columns, draft, path, language, findings)
            continue
        if not draft.name:
            findings.add(
                "warning", "row-without-label", "This row has no label; it was left out.", line=row.line
            )
            continue
        if is_indented and first_label is not None:
            _place(draft, _indent(row, first_label), path)
        yield draft


def _indent(row: Row, column: int) -> int:
    if column >= len(row.cells):
        return 0
    match = _INDENT.match(row.cells[column])
    return len(match[0].replace("\t", "    ")) if match else 0


def _place(draft: Draft, depth: int, path: list[tuple[int, Draft]]) -> None:
    while path and path[-1][0] >= depth:
        path.pop()
    draft.above = path[-1][1] if path else None
    path.append((depth, draft))


def _placed_by_level(
    row: Row,
    columns: Sequence[Column | None],
    draft: Draft,
    path: list[tuple[int, Draft]],
    language: str,
    findings: Findings,
) -> Iterator[Draft]:
    """Yield the concepts of one row of level columns: one cell is one concept, several are a path."""
    filled = [
        (column.level, cell.strip())
        for column, cell in zip(columns, row.cells, strict=False)
        if column is not None and column.field == "level" and cell.strip()
    ]
    if not filled:
        findings.add("warning", "row-without-label", "This row has no label; it was left out.", line=row.line)
        return
    for level, label in filled[:-1]:
        at_level = next((known for depth, known in path if depth == level), None)
        if at_level is None or at_level.name != label:
            upper = Draft(row.line, labels=[("pref", language, label)])
            _place(upper, level, path)
            yield upper
    level, label = filled[-1]
    if len(filled) == 1 and level > (path[-1][0] + 1 if path else 0):
        findings.add(
            "warning",
            "skipped-level",
            f"“{label}” is more than one level below the row above it; it was placed below the nearest one.",
            subject=label,
            line=row.line,
        )
    draft.labels.insert(0, ("pref", language, label))
    _place(draft, level, path)
    yield draft


def _draft(row: Row, columns: Sequence[Column | None], language: str, *, is_tree: bool) -> Draft:
    draft = Draft(row.line)
    for column, raw in zip(columns, row.cells, strict=False):
        cell = raw.strip()
        if column is None or not cell:
            continue
        tag = column.language or language
        if column.field == "pref":
            draft.labels.append(("pref", tag, _BULLET.sub("", cell, count=1) if is_tree else cell))
        elif column.field == "alt":
            draft.labels += [("alt", tag, text) for text in parted(cell)]
        elif column.field == "hidden":
            draft.labels += [("hidden", tag, text) for text in parted(cell)]
        elif column.field in NOTE_KINDS:
            draft.notes += [NoteValue(column.field, tag, text) for text in parted(cell)]
        elif column.field in MATCH_KINDS:
            found = (matched_uri(column, text) for text in re.split(r"[|\s]+", cell))
            draft.matches += [(column.field, legal_iri(uri)) for uri in found if uri]
        elif column.field == "uri":
            draft.uri = cell
        elif column.field == "isReplacedBy":
            draft.replaced_by += parted(cell)
        elif column.field in ("notation", "key"):
            setattr(draft, column.field, cell)
        elif column.field == "deprecated":
            draft.deprecated = fold(cell) in _TRUE
        elif column.field in _LINKS:
            links = draft.parents if column.field == "parent" else draft.related
            links += parted(cell)
    return draft
