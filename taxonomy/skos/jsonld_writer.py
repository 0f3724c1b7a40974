"""Writes a vocabulary as JSON-LD that needs no remote context: its own stands at the top."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from taxonomy.skos.names import DCT, OWL, RDFS, SKOS, SKOSXL, TYPE, XSD
from taxonomy.skos.statements import statements_of
from taxonomy.skos.triples import Node, Text, Triple
from taxonomy.skos.values import VocabularyValue

CONTEXT = {"skos": SKOS, "skosxl": SKOSXL, "dct": DCT, "owl": OWL, "rdfs": RDFS, "xsd": XSD}


def write_jsonld(value: VocabularyValue) -> Iterator[bytes]:
    """Yield one JSON-LD 1.1 document in parts, a subject each: `{"@context": …, "@graph": [ … ]}`."""
    yield b'{"@context":' + orjson.dumps(CONTEXT) + b',"@graph":['
    for place, (subject, said) in enumerate(by_subject(statements_of(value))):
        yield (b",\n" if place else b"\n") + orjson.dumps(_object(subject, said))
    yield b"\n]}\n"


def by_subject(triples: Iterable[Triple]) -> Iterator[tuple[str, list[tuple[str, Node]]]]:
    """Runs of statements about one subject; a subject that comes again later has a second run."""
    subject, said = None, []
    for one, name, node in triples:
        if one != subject and subject is not None:
            yield subject, said
            said = []
        subject = one
        said.append((name, node))
    if subject is not None:
        yield subject, said


def _object(subject: str, said: list[tuple[str, Node]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, node in said:
        if name == TYPE and isinstance(node, str):
            result.setdefault("@type", []).append(_short(node))
        else:
            result.setdefault(_short(name), []).append(_value(node))
    plain = {key: values[0] if len(values) == 1 else values for key, values in result.items()}
    return {"@id": subject, **plain}


def _value(node: Node) -> dict[str, str]:
    if not isinstance(node, Text):
        return {"@id": node}
    value = {"@value": node.text}
    if node.language:
        return {**value, "@language": node.language}
    return {**value, "@type": _short(node.datatype)} if node.datatype else value


def _short(iri: str) -> str:
    for prefix, namespace in CONTEXT.items():
        if iri.startswith(namespace) and iri[len(namespace) :].isalnum():
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
