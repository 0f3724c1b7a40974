"""A vocabulary as RDF statements, for the writers of those formats that are made from statements."""

import re
from collections.abc import Iterator

from taxonomy.skos.collections import statements_about
from taxonomy.skos.graph_reader import looks_like_iri
from taxonomy.skos.names import (
    BROADER,
    CONCEPT,
    DEPRECATED,
    DESCRIPTION,
    HAS_TOP_CONCEPT,
    IN_SCHEME,
    LABEL_OF,
    LICENCE,
    NOTATION,
    RELATED,
    REPLACED_BY,
    SCHEME,
    SKOS,
    SOURCE,
    TITLE,
    TOP_CONCEPT_OF,
    TYPE,
    XSD,
)
from taxonomy.skos.triples import Node, Text, Triple, legal_iri, text_in
from taxonomy.skos.values import ConceptValue, VocabularyValue

_LINE = re.compile(
    r"(?P<s><[^>]*>|_:\S+) <(?P<p>[^>]*)> "
    r"(?:(?P<iri><[^>]*>)|(?P<blank>_:\S+)|"
    r"\"(?P<text>(?:[^\"\\]|\\.)*)\"(?:@(?P<tag>[\w-]+)|\^\^<(?P<type>[^>]*)>)?) \."
)
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_CHARACTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def statements_of(value: VocabularyValue) -> Iterator[Triple]:
    """Every statement of the vocabulary, those of one subject together; `extra` too."""
    if value.uri is not None:
        yield from _scheme(value, legal_iri(value.uri))
    for concept in value.concepts:
        yield from _concept(concept, value.uri)
        yield from parsed(concept.extra)
    for number, collection in enumerate(value.collections):
        yield from statements_about(collection, number)
        yield from parsed(collection.extra)
    yield from parsed(value.extra)


def _scheme(value: VocabularyValue, uri: str) -> Iterator[Triple]:
    yield uri, TYPE, SCHEME
    for language, text in value.title.items():
        yield uri, TITLE, text_in(text, language)
    for language, text in value.description.items():
        yield uri, DESCRIPTION, text_in(text, language)
    for name, said in ((LICENCE, value.licence), (SOURCE, value.source)):
        if said:
            yield uri, name, legal_iri(said) if looks_like_iri(said) else Text(said)
    for concept in value.concepts:
        if is_top(concept):
            yield uri, HAS_TOP_CONCEPT, legal_iri(concept.uri)


def _concept(concept: ConceptValue, scheme: str | None) -> Iterator[Triple]:
    uri = legal_iri(concept.uri)
    yield uri, TYPE, CONCEPT
    if scheme is not None:
        yield uri, IN_SCHEME, legal_iri(scheme)
        if is_top(concept):
            yield uri, TOP_CONCEPT_OF, legal_iri(scheme)
    if concept.notation and not _told_by_extra(concept, uri):
        yield uri, NOTATION, Text(concept.notation)
    for label in concept.labels:
        yield uri, LABEL_OF[label.kind], text_in(label.text, label.language)
    for note in concept.notes:
        yield uri, SKOS + note.kind, text_in(note.text, note.language)
    links = [(BROADER, other) for other in concept.broader] + [(RELATED, other) for other in concept.related]
    links += [(SKOS + kind, other) for kind, other in concept.matches]
    links += [(REPLACED_BY, other) for other in concept.replaced_by]
    for name, other in links:
        yield uri, name, legal_iri(other)
    if concept.deprecated:
        yield uri, DEPRECATED, Text("true", "", XSD + "boolean")


def is_top(concept: ConceptValue) -> bool:
    """Whether the concept is a top concept; what a merge has emptied has no place, and none at the top."""
    return not concept.broader and not concept.replaced_by


def _told_by_extra(concept: ConceptValue, uri: str) -> bool:
    """Whether `extra` holds this notation with its language or datatype."""
    said = (node for s, p, node in parsed(concept.extra) if s == uri and p == NOTATION)
    return any(isinstance(node, Text) and node.text == concept.notation for node in said)


def parsed(lines: str) -> Iterator[Triple]:
    """The statements of N-Triples as `triples.rendered` writes them; other lines are passed over."""
    for line in lines.split("\n"):
        match = _LINE.fullmatch(line)
        if match:
            yield match["s"].strip("<>"), match["p"], _node(match)


def _node(match: re.Match[str]) -> Node:
    if match["iri"] or match["blank"]:
        return match["blank"] or match["iri"][1:-1]
    return Text(_ESCAPED.sub(_character, match["text"]), match["tag"] or "", match["type"] or "")


def _character(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] in "uU" and len(code) > 1 else _CHARACTERS.get(code, code)
