"""SKOS as RDF in its notations; what is read goes through the limited child of `taxonomy.skos.sandbox`."""

from collections.abc import Callable, Iterator
from itertools import islice

from taxonomy.formats.format import Format
from taxonomy.skos import VocabularyValue, parse_safely, turtle_parts, write_jsonld, write_rdfxml
from taxonomy.skos.names import SKOSXL
from taxonomy.skos.statements import statements_of
from taxonomy.skos.triples import legal_iri, literal, rendered

_PART = 5000


def _reader(rdf_format: str) -> Callable[[bytes, str], VocabularyValue]:
    """A reader of one notation; addresses in a file are its own, so that `base` is not asked."""
    return lambda data, _base: parse_safely(data, rdf_format=rdf_format)


def write_ntriples(value: VocabularyValue, _language: str) -> Iterator[bytes]:
    """Yield a statement a line (RDF 1.1 N-Triples)."""
    lines = (
        f"{rendered(subject)} <{legal_iri(name)}> {rendered(node)} .\n"
        for subject, name, node in statements_of(value)
    )
    while part := "".join(islice(lines, _PART)):
        yield part.encode()


def write_skosxl(value: VocabularyValue, _language: str) -> Iterator[bytes]:
    """Yield Turtle with each label as a resource of its own besides (SKOS Reference, appendix B).

    The plain labels stay: SKOS-XL entails them (S55–S57), and most tools read them alone.
    """
    yield from turtle_parts(value)
    yield f"\n@prefix skosxl: <{SKOSXL}> .\n".encode()
    for concept in value.concepts:
        uri = legal_iri(concept.uri)
        joint = "-" if "#" in uri else "#"
        for place, label in enumerate(concept.labels):
            name = f"<{uri}{joint}label-{place}>"
            yield (
                f"<{uri}> skosxl:{label.kind}Label {name} .\n"
                f"{name} a skosxl:Label ; skosxl:literalForm {literal(label.text, label.language)} .\n"
            ).encode()


TURTLE = Format(
    "turtle", "Turtle", "text/turtle", "ttl", _reader("turtle"), lambda value, _language: turtle_parts(value),
    endings=(".ttl", ".nt", ".n3"),
    recognises=lambda text: "@prefix" in text or text.lstrip().upper().startswith("PREFIX"),
    is_complete=True, is_negotiated=True,
)  # fmt: skip
JSONLD = Format(
    "jsonld", "JSON-LD", "application/ld+json", "jsonld", _reader("jsonld"),
    lambda value, _language: write_jsonld(value), endings=(".jsonld",),
    recognises=lambda text: '"@context"' in text or '"@graph"' in text or '"@id"' in text,
    is_complete=True, is_negotiated=True,
)  # fmt: skip
RDFXML = Format(
    "rdfxml", "RDF/XML", "application/rdf+xml", "rdf", _reader("rdfxml"),
    lambda value, _language: write_rdfxml(value), endings=(".rdf", ".owl"),
    recognises=lambda text: "<rdf:RDF" in text or "22-rdf-syntax-ns#" in text,
    is_complete=True, is_negotiated=True,
)  # fmt: skip
NTRIPLES = Format(
    "ntriples", "N-Triples", "application/n-triples", "nt", write=write_ntriples, is_negotiated=True
)
SKOS_XL = Format("skosxl", "SKOS-XL", "text/turtle", "ttl", write=write_skosxl)
