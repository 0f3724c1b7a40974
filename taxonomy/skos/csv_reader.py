"""Reads vocabularies from tables: an indented tree, concepts with parents, or a list of labels and URIs."""

from collections.abc import Sequence

from taxonomy.skos.assembly import MINTED, assembled
from taxonomy.skos.csv_columns import Column, columns_of
from taxonomy.skos.csv_drafts import drafts_of, guessed
from taxonomy.skos.csv_rows import Row, decoded, rows, sniffed
from taxonomy.skos.values import UNDETERMINED, Findings, VocabularyValue


def read_csv(data: bytes, *, language: str = UNDETERMINED, base: str = MINTED) -> VocabularyValue:
    """Read a vocabulary from CSV, TSV or semicolon-separated text.

    Three shapes are recognised: a tree (labels indented by spaces, or one column a level), a table with a
    parent column (parents named by URI, notation or label; several parted by `|`), and a list `label,URI`.
    Headings may carry languages (`label_en`, `prefLabel@fr`, `altLabel_fr`); `language` is that of columns
    without one. A concept without a URI gets one under `base`, made from its notation or label, the same on
    every reading. Never raises: what cannot be read is among the problems, with line numbers from 1.
    """
    findings = Findings()
    text = decoded(data, findings)
    delimiter = sniffed(text)
    table = list(rows(text, delimiter, findings))
    columns = columns_of(table[0].cells) if table else None
    if columns is not None:
        _report_unknown(table[0], columns, findings)
        table = table[1:]
    else:
        columns = guessed(table)
    return assembled(drafts_of(table, columns, language, findings), base=base, findings=findings)


def _report_unknown(heading: Row, columns: Sequence[Column | None], findings: Findings) -> None:
    for cell, column in zip(heading.cells, columns, strict=True):
        if column is None and cell.strip():
            findings.add(
                "info",
                "unknown-column",
                f"The column “{cell.strip()}” is not one we know; it was not read.",
                subject=cell.strip(),
                line=heading.line,
            )
