"""Writes a vocabulary as Turtle, by hand: a thesaurus of 100,000 concepts takes a second, not a minute."""

from collections.abc import Iterable, Iterator
from itertools import islice

from taxonomy.skos.collections import tells_type
from taxonomy.skos.graph_reader import looks_like_iri
from taxonomy.skos.names import DCT, NOTATION, OWL, SKOS, XSD
from taxonomy.skos.statements import is_top
from taxonomy.skos.triples import legal_iri, literal, quoted
from taxonomy.skos.values import CollectionValue, ConceptValue, VocabularyValue

_PREFIXES = {"skos": SKOS, "dct": DCT, "owl": OWL, "xsd": XSD}


_PART = 2000


def write_turtle(value: VocabularyValue) -> bytes:
    """Return the vocabulary in Turtle, UTF-8, concepts in their order.

    Hierarchy is written as skos:broader; concepts without a parent are top concepts of the scheme. `extra`
    statements follow as N-Triples, which are Turtle too.
    """
    return b"".join(turtle_parts(value))


def turtle_parts(value: VocabularyValue) -> Iterator[bytes]:
    """Yield what `write_turtle` returns, some hundred kilobytes at a time."""
    blocks = _blocks(value)
    while part := "".join(islice(blocks, _PART)):
        yield part.encode()


def _blocks(value: VocabularyValue) -> Iterator[str]:
    for prefix, namespace in _PREFIXES.items():
        yield f"@prefix {prefix}: <{namespace}> .\n"
    if value.uri is not None:
        yield from _scheme(value, value.uri)
    tops = []
    for concept in value.concepts:
        yield "\n" + _block(concept.uri, _statements(concept, value.uri))
        if concept.extra:
            yield concept.extra + "\n"
        if is_top(concept):
            tops.append(concept.uri)
    # Told last, so that concepts which come from a database are gone through once.
    if tops and value.uri is not None:
        yield "\n" + _block(value.uri, [f"skos:hasTopConcept {_iris(tops)}"])
    for collection in value.collections:
        said = list(_statements_of_collection(collection))
        yield "\n" + (_block(collection.uri, said) if said else "")
        if collection.extra:
            yield collection.extra + "\n"
    if value.extra:
        yield f"\n{value.extra}\n"


def _scheme(value: VocabularyValue, uri: str) -> Iterator[str]:
    statements = ["a skos:ConceptScheme"]
    statements += [f"dct:title {literal(text, language)}" for language, text in value.title.items()]
    statements += [f"dct:description {literal(text, tag)}" for tag, text in value.description.items()]
    statements += [f"dct:license {_iri_or_text(value.licence)}"] if value.licence else []
    statements += [f"dct:source {_iri_or_text(value.source)}"] if value.source else []
    yield "\n" + _block(uri, statements)


def _statements(concept: ConceptValue, scheme: str | None) -> Iterator[str]:
    yield "a skos:Concept"
    if scheme is not None:
        yield f"skos:inScheme {_iri(scheme)}"
        if is_top(concept):
            yield f"skos:topConceptOf {_iri(scheme)}"
    if concept.notation and not _told_by_extra(concept):
        yield f"skos:notation {quoted(concept.notation)}"
    for label in concept.labels:
        yield f"skos:{label.kind}Label {literal(label.text, label.language)}"
    for note in concept.notes:
        yield f"skos:{note.kind} {literal(note.text, note.language)}"
    if concept.broader:
        yield f"skos:broader {_iris(concept.broader)}"
    if concept.related:
        yield f"skos:related {_iris(concept.related)}"
    for kind, uri in concept.matches:
        yield f"skos:{kind} {_iri(uri)}"
    if concept.deprecated:
        yield "owl:deprecated true"
    if concept.replaced_by:
        yield f"dct:isReplacedBy {_iris(concept.replaced_by)}"


def _statements_of_collection(collection: CollectionValue) -> Iterator[str]:
    if not tells_type(collection):
        yield "a skos:OrderedCollection" if collection.is_ordered else "a skos:Collection"
    for label in collection.labels:
        yield f"skos:{label.kind}Label {literal(label.text, label.language)}"
    for note in collection.notes:
        yield f"skos:{note.kind} {literal(note.text, note.language)}"
    if collection.is_ordered:
        yield f"skos:memberList ( {' '.join(map(_iri, collection.members))} )"
    elif collection.members:
        yield f"skos:member {_iris(collection.members)}"


def _told_by_extra(concept: ConceptValue) -> bool:
    """Whether `extra` holds this notation with its language or datatype."""
    start = f"<{concept.uri}> <{NOTATION}> {quoted(concept.notation)}"
    return any(line.startswith((f"{start}@", f"{start}^^")) for line in concept.extra.split("\n"))


def _block(uri: str, statements: Iterable[str]) -> str:
    return f"{_iri(uri)} " + " ;\n    ".join(statements) + " .\n"


def _iri(uri: str) -> str:
    return f"<{legal_iri(uri)}>"


def _iris(uris: Iterable[str]) -> str:
    return ", ".join(map(_iri, uris))


def _iri_or_text(text: str) -> str:
    return _iri(text) if looks_like_iri(text) else quoted(text)
