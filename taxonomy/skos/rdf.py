"""The one importer of rdflib: Turtle, N-Triples, RDF/XML and JSON-LD to a vocabulary, in this process.

Call it on data you trust; data from outside goes through `taxonomy.skos.sandbox`, which calls this module in
a limited child process.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any

import rdflib
import rdflib.store
from rdflib.plugins.parsers.notation3 import BadSyntax, RDFSink, SinkParser

from taxonomy.skos.graph_reader import value_of
from taxonomy.skos.triples import Node, Text, Triple, legal_iri, storable
from taxonomy.skos.values import Findings, VocabularyValue

# A relative IRI must be read against something, and not against the folder of the server.
RELATIVE = "http://relative.invalid/"
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)

# rdflib logs every date it cannot convert; we keep literals as they are written and need no such word.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


class Unreadable(ValueError):
    """The bytes are not the format they claim to be; says where, counted from line 1, when it is known."""

    def __init__(self, sentence: str, *, line: int | None = None, code: str = "syntax") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line
        self.code = code


class _Recorder(rdflib.store.Store):
    """A store that only writes down, so that the order of the document is kept."""

    # The reader of JSON-LD asks for it; statements of named graphs are taken with the others.
    context_aware = True

    def __init__(self) -> None:
        super().__init__()
        self.triples_seen: list[tuple[Any, Any, Any]] = []
        self.lines: dict[Any, int] = {}
        self.line: Callable[[], int] | None = None

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:  # noqa: FBT001, FBT002
        self.triples_seen.append(triple)
        if self.line is not None and triple[0] not in self.lines:
            self.lines[triple[0]] = self.line()


def parse_turtle(data: bytes, *, scheme: str | None = None, base: str = RELATIVE) -> VocabularyValue:
    """Read a Turtle file (or N-Triples, which is Turtle too).

    `scheme` is the URI of the concept scheme to take when there are several; `base` resolves relative IRIs.
    A file that cannot be read gives a value without concepts and with an error among its problems.
    """
    return _parse(data, _turtle, scheme=scheme, base=base)


def parse_rdfxml(data: bytes, *, scheme: str | None = None, base: str = RELATIVE) -> VocabularyValue:
    """Read an RDF/XML file without document type; otherwise as `parse_turtle`."""
    return _parse(data, _rdfxml, scheme=scheme, base=base)


def parse_jsonld(data: bytes, *, scheme: str | None = None, base: str = RELATIVE) -> VocabularyValue:
    """Read a JSON-LD file whose contexts stand in it; otherwise as `parse_turtle`."""
    return _parse(data, _jsonld, scheme=scheme, base=base)


# The statements, and the line on which each subject is first told of, where the format has lines.
Reading = tuple[list[Triple], dict[str, int]]
Parser = Callable[..., VocabularyValue]
PARSERS: dict[str, Parser] = {"turtle": parse_turtle, "rdfxml": parse_rdfxml, "jsonld": parse_jsonld}


def _parse(
    data: bytes, read: Callable[[bytes, str], Reading], *, scheme: str | None, base: str
) -> VocabularyValue:
    findings = Findings()
    try:
        triples, lines = read(data, base)
    except Unreadable as fault:
        findings.add("error", fault.code, fault.sentence, line=fault.line)
        return VocabularyValue(uri=None, problems=findings.problems())
    value = value_of(triples, scheme=scheme, findings=findings, lines=lines)
    if base == RELATIVE and any(concept.uri.startswith(RELATIVE) for concept in value.concepts):
        findings.add(
            "warning",
            "relative-uri",
            f"Some concepts have relative URIs and the file has no @base; they were read against {RELATIVE}.",
        )
        return replace(value, problems=findings.problems())
    return value


def _turtle(data: bytes, base: str) -> Reading:
    return _triples(_decoded(data).encode(), "turtle", base)


def _rdfxml(data: bytes, base: str) -> Reading:
    if _DECLARATION.search(data.replace(b"\x00", b"")):
        raise Unreadable(
            "The file has a document type declaration (DOCTYPE), which we do not read. Save it without one, "
            "or as Turtle.",
            code="doctype",
        )
    return _triples(data, "xml", base)


def _jsonld(data: bytes, base: str) -> Reading:
    try:
        document = json.loads(_decoded(data))
    except (ValueError, RecursionError) as fault:
        raise Unreadable(
            f"The file is not valid JSON: {fault}."[:300], line=getattr(fault, "lineno", None)
        ) from None
    remote = next(_remote_contexts(document), None)
    if remote:
        raise Unreadable(
            f"The file refers to the context {remote[:200]}, which we do not fetch. Write the context into the "
            "file, or save it as Turtle.",
            code="remote-context",
        )
    return _triples(json.dumps(document).encode(), "json-ld", base)


def _remote_contexts(node: Any) -> Iterator[str]:
    """The addresses that `@context` or `@import` name, anywhere in the document."""
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            for key in ("@context", "@import"):
                said = node.get(key)
                yield from (
                    one for one in (said if isinstance(said, list) else [said]) if isinstance(one, str)
                )
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _decoded(data: bytes) -> str:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise Unreadable(
            "The file is not UTF-8 text, which Turtle and JSON must be.", line=line, code="not-utf-8"
        ) from None


def _triples(data: bytes, rdf_format: str, base: str) -> Reading:
    store = _Recorder()
    graph = rdflib.Graph(store=store, bind_namespaces="none")
    normalize = rdflib.NORMALIZE_LITERALS
    # "01"^^xsd:integer must stay "01".
    rdflib.NORMALIZE_LITERALS = False
    try:
        if rdf_format == "turtle":
            _load(data, graph, store, base)
        else:
            graph.parse(data=data, format=rdf_format, publicID=base)
    except BadSyntax as fault:
        raise Unreadable(f"The file is not valid Turtle: {fault._why}.", line=fault.lines + 1) from None
    except RecursionError:
        raise Unreadable("The file nests brackets too deeply to be a vocabulary.", code="too-deep") from None
    except (MemoryError, PermissionError):
        # Limits of the process, not faults of the file: the child answers for them.
        raise
    except Exception as fault:  # noqa: BLE001
        # rdflib, expat and codecs raise without a common parent; what a file provokes is the file's fault.
        line = getattr(fault, "getLineNumber", lambda: None)()
        raise Unreadable(f"The file could not be read: {fault}"[:300], line=line) from None
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
    # An IRI is looked at once: a subject comes back with each of its statements, a predicate with every subject.
    name = cache(lambda term: str(_node(term)))
    triples = [
        (name(s), name(p), _node(o) if isinstance(o, rdflib.Literal) else name(o))
        for s, p, o in store.triples_seen
    ]
    return triples, {name(subject): line for subject, line in store.lines.items()}


def _load(data: bytes, graph: rdflib.Graph, store: _Recorder, base: str) -> None:
    """Read Turtle with the parser in our hand, which knows on which line it is."""
    parser: Any = SinkParser(RDFSink(graph), baseURI=base, turtle=True)
    store.line = lambda: int(parser.lines) + 1
    parser.loadStream(BytesIO(data))


def _node(term: Any) -> Node:
    if isinstance(term, rdflib.Literal):
        return Text(storable(str(term)), str(term.language or ""), legal_iri(str(term.datatype or "")))
    if isinstance(term, rdflib.BNode):
        return f"_:{term}"
    return legal_iri(str(term))
