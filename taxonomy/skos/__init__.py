"""SKOS and CSV to frozen vocabulary values and back; importing this package loads no RDF library."""

from taxonomy.skos.csv_reader import read_csv
from taxonomy.skos.csv_writer import write_csv
from taxonomy.skos.jsonld_writer import write_jsonld
from taxonomy.skos.rdfxml_writer import write_rdfxml
from taxonomy.skos.sandbox import Limits, parse_safely, read_turtle
from taxonomy.skos.turtle_writer import turtle_parts, write_turtle
from taxonomy.skos.values import (
    LABEL_KINDS,
    MATCH_KINDS,
    NOTE_KINDS,
    UNDETERMINED,
    CollectionValue,
    ConceptValue,
    LabelValue,
    NoteValue,
    Problem,
    VocabularyValue,
)

__all__ = [
    "LABEL_KINDS",
    "MATCH_KINDS",
    "NOTE_KINDS",
    "UNDETERMINED",
    "CollectionValue",
    "ConceptValue",
    "LabelValue",
    "Limits",
    "NoteValue",
    "Problem",
    "VocabularyValue",
    "parse_safely",
    "read_csv",
    "read_turtle",
    "turtle_parts",
    "write_csv",
    "write_jsonld",
    "write_rdfxml",
    "write_turtle",
]
