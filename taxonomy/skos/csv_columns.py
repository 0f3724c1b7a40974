"""Recognises the columns of a vocabulary table by their headings, in the ways people write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from taxonomy.folding import fold
from taxonomy.skos.assembly import looks_like_uri
from taxonomy.skos.triples import language_tag
from taxonomy.skos.values import MATCH_KINDS, NOTE_KINDS

_NAMES = {
    "pref": "label preflabel preferredlabel preferredterm prefterm name term concept title category class "
    "libelle nom terme titre intitule categorie classe descripteur",
    "alt": "alt altlabel altlabels alternative alternativelabel synonym synonyms synonyme synonymes variant "
    "variants variante variantes uf usedfor employepour ep nonpreferred",
    "hidden": "hidden hiddenlabel hiddenlabels",
    "uri": "uri iri url conceptiri concepturi lien skosconcept",
    "key": "id identifier identifiant conceptid key cle",
    "notation": "notation code cote classnumber indice",
    "parent": "parent parents parentid parenturi parentlabel parentterm parentnotation parentcode "
    "broader broaderterm broaderconcept bt generique termegenerique tg pere supercategory",
    "related": "related relatedterm relatedconcept rt seealso voiraussi termeassocie ta associe",
    "deprecated": "deprecated obsolete deprecie",
    "definition": "definition def description",
    "scopeNote": "scopenote sn scope notedapplication na noteapplication",
    "isReplacedBy": "isreplacedby replacedby replacement remplacepar",
    "example": "example examples exemple exemples",
    "note": "note notes comment comments commentaire remarque",
    "exactMatch": "gettyaat aat getty wikidata efentitycollection exact match sameas",
    "closeMatch": "dbpedia close",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split()}
_FIELDS |= {kind.lower(): kind for kind in (*NOTE_KINDS, *MATCH_KINDS)}
_NAMING = {"pref", "uri", "level", "notation", "key"}
_SINGLE = {"uri", "key", "notation", "deprecated"}
_TRANSLATED = {"pref", "alt", "hidden", *NOTE_KINDS}
_LEVEL = re.compile(r"(?:level|niveau|ebene|nivel|livello|lvl|l|n)? ?(\d{1,2})")
# `label_en`, `prefLabel@fr-CA`, `label (en)`, `label[en]`, `label-en`, `label:en`, `label en`.
_SUFFIX = re.compile(
    r"(?P<name>.+?)\s*[_@(\[:\-\s]\s*(?P<language>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*[)\]]?"
)
_AUTHORITIES = {
    "wikidata": (re.compile(r"Q\d+"), "http://www.wikidata.org/entity/"),
    "gettyaat": (re.compile(r"\d{9}"), "http://vocab.getty.edu/aat/"),
    "aat": (re.compile(r"\d{9}"), "http://vocab.getty.edu/aat/"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: a field, its language ("" where none is given), for levels the depth from 0."""

    field: str
    language: str = ""
    level: int = 0
    authority: str = ""


def columns_of(cells: Sequence[str]) -> list[Column | None] | None:
    """Return what each column holds (None for an unknown one), or None when the row is no heading."""
    found = [_column(cell) for cell in cells]
    named = sum(1 for cell in cells if cell.strip())
    known = [column for column in found if column is not None]
    fields = {column.field for column in known}
    # Half of the names must be ours; with a label column among them, two are enough in a wide table.
    is_ours = 2 * len(known) >= named or ("pref" in fields and len(fields) > 1)
    if fields.isdisjoint(_NAMING) or not is_ours or any(looks_like_uri(cell) for cell in cells):
        return None
    levels = sorted({column.level for column in known if column.field == "level"})
    for n, column in enumerate(found):
        if column is not None and column.field == "level":
            found[n] = Column("level", level=levels.index(column.level))
        elif column is not None and column.field in _SINGLE and column in found[:n]:
            found[n] = None
    return found


def _column(heading: str) -> Column | None:
    bare = re.sub(r"^(skos|xl|skosxl|dct|dc|rdfs|owl):", "", heading.strip(), flags=re.IGNORECASE)
    squeezed = _squeezed(bare)
    if field := _FIELDS.get(squeezed):
        return Column(field, authority=squeezed if squeezed in _AUTHORITIES else "")
    level = _LEVEL.fullmatch(fold(bare).replace("_", " "))
    if level and not bare.strip().isdigit():
        return Column("level", level=int(level[1]))
    suffixed = _SUFFIX.fullmatch(bare)
    if suffixed and (field := _FIELDS.get(_squeezed(suffixed["name"]))) in _TRANSLATED:
        return Column(str(field), language=language_tag(suffixed["language"]))
    return None


def _squeezed(heading: str) -> str:
    return re.sub(r"[\W_]+", "", fold(heading))


def matched_uri(column: Column, text: str) -> str | None:
    """Return the URI that a mapping cell names, bare identifiers of known authorities included, else None."""
    if looks_like_uri(text):
        return text
    if column.authority:
        pattern, prefix = _AUTHORITIES[column.authority]
        if pattern.fullmatch(text):
            return prefix + text
    return None
