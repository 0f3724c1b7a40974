"""Taxa of Darwin Core (dwc.tdwg.org/terms/#taxon): a checklist as a table, synonyms with what is accepted."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from taxonomy.formats.format import Format
from taxonomy.skos import ConceptValue, VocabularyValue
from taxonomy.skos.assembly import assembled, looks_like_uri
from taxonomy.skos.csv_rows import Row, decoded, escaped, joined, parted, rows, sniffed
from taxonomy.skos.drafts import Draft
from taxonomy.skos.statements import parsed
from taxonomy.skos.triples import Text, language_tag
from taxonomy.skos.values import UNDETERMINED, Findings

DWC = "http://rs.tdwg.org/dwc/terms/"
SCIENTIFIC = "la"
_KEPT = ("taxonRank", "scientificNameAuthorship", "nomenclaturalCode", "kingdom", "taxonRemarks")
_COLUMNS = (
    *("taxonID", "parentNameUsageID", "acceptedNameUsageID", "scientificName", "vernacularName", "language"),
    *("taxonomicStatus", *_KEPT),
)
_IN_USE = {"", "accepted", "valid", "provisionally accepted", "doubtful"}


def read(data: bytes, base: str) -> VocabularyValue:
    """Read a table of taxa. Scientific names are preferred labels in Latin, vernacular ones in `language`.

    A taxon with an acceptedNameUsageID of another is deprecated and replaced by it. Rank, authorship, code,
    kingdom and remarks are kept as the statements they are; other columns are named and not read.
    """
    findings = Findings()
    text = decoded(data, findings)
    table = list(rows(text, sniffed(text), findings))
    terms = {term.lower(): term for term in _COLUMNS}
    heading = [_term(cell) for cell in table[0].cells] if table else []
    columns = [terms.get(name) for name in heading]
    for name, column in zip(heading, columns, strict=True):
        if column is None and name:
            findings.add(
                "info", "unknown-column", f"The column “{name}” is not one we know; it was not read.",
                subject=name, line=table[0].line,
            )  # fmt: skip
    return assembled(_drafts(table[1:], columns, findings), base=base, findings=findings)


def _term(cell: str) -> str:
    return cell.strip().rpartition("/")[2].rpartition(":")[2].lower()


def _drafts(table: list[Row], columns: list[str | None], findings: Findings) -> Iterator[Draft]:
    own = columns.index("taxonID") if "taxonID" in columns else -1
    ids = {row.cells[own].strip() for row in table if -1 < own < len(row.cells)}
    for row in table:
        said = {
            column: cell.strip()
            for column, cell in zip(columns, row.cells, strict=False)
            if column and cell.strip()
        }
        draft = _draft(row.line, said)
        if missing := [parent for parent in draft.parents if parent not in ids]:
            findings.add(
                "warning", "unknown-parent",
                f"“{draft.name}” names “{missing[0]}” as parent, which is not in the table; it was put at the top.",
                subject=draft.name, line=row.line,
            )  # fmt: skip
            draft.parents = []
        if draft.labels:
            yield draft
        else:
            findings.add(
                "warning", "row-without-label", "This taxon has no name; it was left out.", line=row.line
            )


def _draft(line: int, said: dict[str, str]) -> Draft:
    own, accepted = said.get("taxonID", ""), said.get("acceptedNameUsageID", "")
    draft = Draft(line, uri=own) if looks_like_uri(own) else Draft(line, key=own)
    if "scientificName" in said:
        draft.labels.append(("pref", SCIENTIFIC, said["scientificName"]))
    language = language_tag(said["language"]) if "language" in said else UNDETERMINED
    for place, name in enumerate(parted(said.get("vernacularName", ""))):
        draft.labels.append(("alt" if place else "pref", language, name))
    is_synonym = accepted not in ("", own)
    draft.replaced_by = [accepted] if is_synonym else []
    draft.deprecated = is_synonym or said.get("taxonomicStatus", "").lower() not in _IN_USE
    parent = said.get("parentNameUsageID", "")
    draft.parents = [parent] if parent and parent != own and not is_synonym else []
    draft.extra = [(DWC + term, said[term]) for term in _KEPT if term in said]
    return draft


def write(value: VocabularyValue, language: str) -> Iterator[bytes]:
    """Yield a table of taxa in parts; the scientific name is the Latin label, else the one in `language`."""
    lines = _lines(value, language)
    while part := list(islice(lines, 2000)):
        out = io.StringIO(newline="")
        csv.writer(out).writerows(part)
        yield out.getvalue().encode()


def _lines(value: VocabularyValue, language: str) -> Iterator[list[str]]:
    yield list(_COLUMNS)
    for concept in value.concepts:
        said = _said(concept, language)
        yield [escaped(said.get(column, "")) for column in _COLUMNS]


def _said(concept: ConceptValue, language: str) -> dict[str, str]:
    scientific = concept.display(SCIENTIFIC)
    spoken = [one for one in concept.labels if one.language == language and one.kind != "hidden"]
    spoken.sort(key=lambda one: one.kind != "pref")
    kept = {
        name.removeprefix(DWC): node.text
        for _uri, name, node in parsed(concept.extra)
        if isinstance(node, Text) and name.startswith(DWC)
    }
    status = ("synonym" if concept.replaced_by else "invalid") if concept.deprecated else "accepted"
    return kept | {
        "taxonID": concept.uri,
        "parentNameUsageID": concept.broader[0] if concept.broader else "",
        "acceptedNameUsageID": concept.replaced_by[0] if concept.replaced_by else "",
        "scientificName": scientific,
        "vernacularName": joined([one.text for one in spoken if one.text != scientific]),
        "language": language if spoken else "",
        "taxonomicStatus": status,
    }


def _recognises(text: str) -> bool:
    heading = text.split("\n", 1)[0].lower()
    return "scientificname" in heading and ("taxonid" in heading or "taxonrank" in heading)


DARWIN_CORE = Format("darwin-core", "Darwin Core", "text/csv", "csv", read, write, recognises=_recognises)
