"""Writes a vocabulary as RDF/XML, for the tools that read nothing else."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from taxonomy.skos.jsonld_writer import CONTEXT, by_subject
from taxonomy.skos.names import RDF
from taxonomy.skos.statements import statements_of
from taxonomy.skos.triples import Node, Text
from taxonomy.skos.values import VocabularyValue

# A property needs a name in XML: the longest ending of its IRI that is one (Namespaces in XML 1.0, NCName).
_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_rdfxml(value: VocabularyValue) -> Iterator[bytes]:
    """Yield one RDF/XML document in parts, a subject each.

    What XML 1.0 cannot hold (control characters) becomes U+FFFD, and a statement whose property has no XML
    name is left out; Turtle and JSON-LD hold both.
    """
    spaces = " ".join(f"xmlns:{prefix}={quoteattr(iri)}" for prefix, iri in {"rdf": RDF, **CONTEXT}.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF {spaces}>\n'.encode()
    for subject, said in by_subject(statements_of(value)):
        lines = "".join(f"    {line}\n" for name, node in said if (line := _property(name, node)))
        yield f"  <rdf:Description {_about(subject)}>\n{lines}  </rdf:Description>\n".encode()
    yield b"</rdf:RDF>\n"


def _about(subject: str) -> str:
    if subject.startswith("_:"):
        return f"rdf:nodeID={quoteattr(_blank(subject))}"
    return f"rdf:about={quoteattr(subject)}"


def _property(iri: str, node: Node) -> str:
    match = _NAME.search(iri)
    if match is None:
        return ""
    space, name = iri[: match.start()], match[0]
    known = next((prefix for prefix, one in {"rdf": RDF, **CONTEXT}.items() if one == space), None)
    tag = f"{known}:{name}" if known else f"x:{name}"
    opening = tag if known else f"{tag} xmlns:x={quoteattr(space)}"
    if not isinstance(node, Text):
        link = "nodeID" if node.startswith("_:") else "resource"
        return f"<{opening} rdf:{link}={quoteattr(_blank(node))}/>"
    kind = f" xml:lang={quoteattr(node.language)}" if node.language else ""
    kind = kind or (f" rdf:datatype={quoteattr(node.datatype)}" if node.datatype else "")
    return f"<{opening}{kind}>{escape(_UNWRITABLE.sub(chr(0xFFFD), node.text))}</{tag}>"


def _blank(node: str) -> str:
    return node.removeprefix("_:")
