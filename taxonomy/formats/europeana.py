"""Europeana's data sets for classification: an image a row; the categories of the rows are the concepts."""

from collections.abc import Iterator

from taxonomy.formats.class_names import from_names, named
from taxonomy.formats.format import Format
from taxonomy.skos import VocabularyValue
from taxonomy.skos.assembly import looks_like_uri
from taxonomy.skos.csv_rows import Row, decoded, rows, sniffed
from taxonomy.skos.drafts import Draft
from taxonomy.skos.triples import legal_iri
from taxonomy.skos.values import Findings


def read(data: bytes, base: str) -> VocabularyValue:
    """Read `category,URI,ID,URL` or `category,skos_concept,URI,ID,URL`, several categories parted by spaces.

    `skos_concept` names the concept. Without that column `URI` does where it is the same for every row of a
    category, and otherwise it is the address of the object. Rows that lost their concept are counted.
    """
    findings = Findings()
    text = decoded(data, findings)
    table = list(rows(text, sniffed(text), findings))
    heading = [cell.strip().lower() for cell in table[0].cells] if table else []
    if "category" not in heading:
        findings.add("error", "unexpected", "The table has no column “category”.", line=1)
        return from_names([], base, findings)
    column = "skos_concept" if "skos_concept" in heading else "uri"
    seen: dict[str, _Seen] = {}
    for row in table[1:]:
        _look(row, heading, column, seen, findings)
    return from_names(_drafts(seen, findings), base, findings)


class _Seen:
    """A category: its first line, its rows, and the addresses that stood beside it."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.rows = 0
        self.uris: dict[str, int] = {}


def _look(row: Row, heading: list[str], column: str, seen: dict[str, _Seen], findings: Findings) -> None:
    said = dict(zip(heading, (cell.strip() for cell in row.cells), strict=False))
    names = said.get("category", "").split()
    uris = said.get(column, "").split()
    if len(uris) > 1 and len(uris) != len(names):
        findings.add(
            "warning", "uneven", f"{len(names)} categories stand beside {len(uris)} concepts; these were not read.",
            line=row.line,
        )  # fmt: skip
        uris = []
    for place, name in enumerate(names):
        one = seen.setdefault(name, _Seen(row.line))
        one.rows += 1
        if place < len(uris) and looks_like_uri(uris[place]):
            one.uris[uris[place]] = one.uris.get(uris[place], 0) + 1


def _drafts(seen: dict[str, _Seen], findings: Findings) -> Iterator[Draft]:
    for name, one in seen.items():
        draft = named(one.line, name.replace("_", " "))
        if len(one.uris) == 1 and (one.rows > 1 or "/item/" not in next(iter(one.uris))):
            ((uri, count),) = one.uris.items()
            draft.uri = legal_iri(uri)
            if count < one.rows:
                findings.add(
                    "warning", "lost-uris",
                    f"{one.rows - count} of {one.rows} rows of “{name}” have lost their concept.",
                    subject=name, line=one.line,
                )  # fmt: skip
        yield draft


def _recognises(text: str) -> bool:
    heading = {
        cell.strip().strip('"').lower() for cell in text.split("\n", 1)[0].replace(";", ",").split(",")
    }
    return {"category", "id", "url"} <= heading


EUROPEANA = Format("europeana", "Europeana CSV", "text/csv", "csv", read, recognises=_recognises)
