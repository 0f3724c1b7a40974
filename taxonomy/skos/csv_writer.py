"""Writes a vocabulary as a table that a spreadsheet opens and `read_csv` reads back."""

import csv
import io
from collections.abc import Iterable

from taxonomy.skos.csv_rows import escaped, joined
from taxonomy.skos.values import (
    LABEL_KINDS,
    MATCH_KINDS,
    NOTE_KINDS,
    UNDETERMINED,
    ConceptValue,
    VocabularyValue,
)


def write_csv(value: VocabularyValue) -> bytes:
    """Return the concepts as CSV: UTF-8 with a byte-order mark, comma, CRLF, one row a concept.

    Parents and related concepts are named by URI; several values in a cell are parted by `|`. Cells that a
    spreadsheet would run begin with an apostrophe. The title, licence and `extra` have no place in a table:
    write Turtle to keep them.
    """
    headings = _headings(value.concepts)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    for concept in value.concepts:
        cells = _cells(concept)
        writer.writerow([escaped(cells.get(heading, "")) for heading in headings])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _headings(concepts: Iterable[ConceptValue]) -> list[str]:
    used: dict[str, None] = {}
    for concept in concepts:
        used |= dict.fromkeys(_cells(concept))
    order = ["uri", "notation", "parent", *(f"{kind}Label" for kind in LABEL_KINDS), *NOTE_KINDS]
    order += ["related", *MATCH_KINDS, "deprecated", "isReplacedBy"]
    ranks = {name: rank for rank, name in enumerate(order)}
    always = dict.fromkeys(("uri", "parent"))
    return sorted(always | used, key=lambda heading: ranks[heading.split("@")[0]])


def _cells(concept: ConceptValue) -> dict[str, str]:
    cells: dict[str, list[str]] = {}
    for label in concept.labels:
        cells.setdefault(_translated(f"{label.kind}Label", label.language), []).append(label.text)
    for note in concept.notes:
        cells.setdefault(_translated(note.kind, note.language), []).append(note.text)
    for kind, uri in concept.matches:
        cells.setdefault(kind, []).append(uri)
    found = {
        heading: values[0] if heading.startswith("prefLabel") else joined(values)
        for heading, values in cells.items()
    }
    found |= {"uri": concept.uri, "parent": joined(list(concept.broader))}
    if concept.notation:
        found["notation"] = concept.notation
    if concept.related:
        found["related"] = joined(list(concept.related))
    if concept.deprecated:
        found["deprecated"] = "true"
    if concept.replaced_by:
        found["isReplacedBy"] = joined(list(concept.replaced_by))
    return found


def _translated(name: str, language: str) -> str:
    return name if language == UNDETERMINED else f"{name}@{language}"
