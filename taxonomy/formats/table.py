"""Tables that people make: an indented tree, levels, parents, labels with addresses, Europeana's mappings."""

from collections.abc import Iterator

from taxonomy.formats.format import Format
from taxonomy.skos import VocabularyValue, read_csv, write_csv


def _read(data: bytes, base: str) -> VocabularyValue:
    return read_csv(data, base=base)


def _write(value: VocabularyValue, _language: str) -> Iterator[bytes]:
    yield write_csv(value)


CSV = Format("csv", "CSV", "text/csv", "csv", _read, _write, endings=(".csv", ".tsv"), is_negotiated=True)
