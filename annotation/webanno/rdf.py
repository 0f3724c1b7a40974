"""Annotations, pages and collections as RDF in Turtle: built from our values, so that no context is fetched.

The terms are those of the Web Annotation Vocabulary and of the vocabularies that it uses. A property or a type
that they do not know is not lost: an absolute IRI stands for itself, a prefix that the document declares is
resolved, and whatever remains stands under `UNKNOWN` with its value as a JSON literal.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from annotation.webanno.terms import CONTEXT, NAMESPACE, PREFIX, as_list

UNKNOWN = "urn:x-rubricator:json#"
_NAMESPACES = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "iiif": "http://iiif.io/api/presentation/3#",
    "ldp": "http://www.w3.org/ns/ldp#",
    "rdf": str(RDF),
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": str(XSD),
    PREFIX: NAMESPACE,
}
# Prefixes that W3C's context declares for every document, besides those above.
_DECLARED = {**_NAMESPACES, "owl": "http://www.w3.org/2002/07/owl#"}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")

_THINGS = {
    "source": "oa:hasSource", "selector": "oa:hasSelector", "state": "oa:hasState", "scope": "oa:hasScope",
    "refinedBy": "oa:refinedBy", "startSelector": "oa:hasStartSelector", "endSelector": "oa:hasEndSelector",
    "renderedVia": "oa:renderedVia", "stylesheet": "oa:styledBy", "cached": "oa:cachedSource",
    "via": "oa:via", "canonical": "oa:canonical", "body": "oa:hasBody", "target": "oa:hasTarget",
    "creator": "dcterms:creator", "rights": "dcterms:rights", "conformsTo": "dcterms:conformsTo",
    "generator": "as:generator", "partOf": "as:partOf", "first": "as:first", "last": "as:last",
    "next": "as:next", "prev": "as:prev", "homepage": "foaf:homepage", "audience": "schema:audience",
}  # fmt: skip
_WORDS = {"motivation": "oa:motivatedBy", "purpose": "oa:hasPurpose", "textDirection": "oa:textDirection"}
_TEXTS = {
    "bodyValue": "oa:bodyValue", "value": "rdf:value", "format": "dc:format", "language": "dc:language",
    "processingLanguage": "oa:processingLanguage", "exact": "oa:exact", "prefix": "oa:prefix",
    "suffix": "oa:suffix", "styleClass": "oa:styleClass", "name": "foaf:name", "nickname": "foaf:nick",
    "email": "foaf:mbox", "email_sha1": "foaf:mbox_sha1sum", "label": "rdfs:label",
    "accessibility": "schema:accessibilityFeature",
}  # fmt: skip
_TYPED = {
    **dict.fromkeys(("start", "end", "total", "startIndex"), XSD.nonNegativeInteger),
    **dict.fromkeys(
        ("created", "modified", "generated", "sourceDate", "sourceDateStart", "sourceDateEnd"), XSD.dateTime
    ),
}
_TYPED_NAMES = {
    "start": "oa:start", "end": "oa:end", "total": "as:totalItems", "startIndex": "as:startIndex",
    "created": "dcterms:created", "modified": "dcterms:modified", "generated": "dcterms:issued",
    "sourceDate": "oa:sourceDate", "sourceDateStart": "oa:sourceDateStart",
    "sourceDateEnd": "oa:sourceDateEnd",
}  # fmt: skip
_VALUE_WORDS = {
    **{f"{word}": f"oa:{word}" for word in (
        "assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting",
        "identifying", "linking", "moderating", "questioning", "replying", "reviewing", "tagging",
    )},
    "auto": "oa:autoDirection", "ltr": "oa:ltrDirection", "rtl": "oa:rtlDirection",
    "painting": "iiif:painting", "supplementing": "iiif:supplementing",
}  # fmt: skip
_TYPES = {
    **{name: f"oa:{name}" for name in (
        "Annotation", "TextualBody", "ResourceSelection", "SpecificResource", "Choice", "Composite", "List",
        "Independents", "FragmentSelector", "CssSelector", "XPathSelector", "TextQuoteSelector",
        "TextPositionSelector", "DataPositionSelector", "SvgSelector", "RangeSelector", "TimeState",
        "HttpRequestState", "Motivation",
    )},
    **{name: f"iiif:{name}" for name in ("Canvas", "Manifest", "Range")},
    "CssStylesheet": "oa:CssStyle", "Dataset": "dctypes:Dataset", "Image": "dctypes:StillImage",
    "Video": "dctypes:MovingImage", "Audio": "dctypes:Sound", "Sound": "dctypes:Sound",
    "Text": "dctypes:Text", "Person": "foaf:Person", "Organization": "foaf:Organization",
    "Software": "as:Application", "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage", "Audience": "schema:Audience",
    "BasicContainer": "ldp:BasicContainer",
}  # fmt: skip


def turtle(document: Mapping[str, Any]) -> bytes:
    """The document in Turtle, UTF-8."""
    return graph_of(document).serialize(format="turtle", encoding="utf-8")


def graph_of(document: Mapping[str, Any]) -> Graph:
    """The triples of an annotation, a page or a collection."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in _NAMESPACES.items():
        graph.bind(prefix, Namespace(namespace))
    _Writer(graph, _prefixes(document)).node(document)
    return graph


def _prefixes(document: Mapping[str, Any]) -> dict[str, str]:
    """Prefixes that the document declares itself; contexts elsewhere are never fetched."""
    declared = dict(_DECLARED)
    for context in as_list(document.get("@context")):
        if isinstance(context, dict):
            declared |= {
                key: value
                for key, value in context.items()
                if isinstance(value, str) and _IRI.fullmatch(value)
            }
    return declared


class _Writer:
    """Walks a document and puts its triples into a graph."""

    def __init__(self, graph: Graph, prefixes: Mapping[str, str]) -> None:
        self.graph = graph
        self.prefixes = prefixes

    def node(self, value: Mapping[str, Any]) -> Node:
        uri = value.get("id", value.get("@id"))
        subject = URIRef(uri) if _is_iri(uri) else BNode()
        # An annotation in a page may declare prefixes of its own.
        inner = _Writer(self.graph, {**self.prefixes, **_own(value)}) if "@context" in value else self
        for key, said in value.items():
            if key not in ("id", "@id", "@context"):
                inner.property(subject, key, said)
        return subject

    def property(self, subject: Node, key: str, said: Any) -> None:
        if key in ("type", "@type"):
            for kind in as_list(said):
                self.graph.add((subject, RDF.type, self.iri(kind, _TYPES)))
        elif key == "items" and isinstance(said, list):
            self.graph.add((subject, self.iri("as:items", {}), self.listed(said)))
        elif key in _THINGS:
            self.each(subject, _THINGS[key], said, self.thing)
        elif key in _WORDS:
            self.each(subject, _WORDS[key], said, lambda word: self.iri(word, _VALUE_WORDS))
        elif key in _TEXTS:
            self.each(subject, _TEXTS[key], said, self.literal)
        elif key in _TYPED:
            self.each(subject, _TYPED_NAMES[key], said, lambda value: _typed(value, _TYPED[key]))
        elif (known := self.expanded(key)) is not None:
            self.each(subject, known, said, self.literal)
        else:
            self.graph.add((subject, self.iri(key, {}), _json(said)))

    def each(self, subject: Node, name: str, said: Any, written: Any) -> None:
        predicate = self.iri(name, {})
        for value in as_list(said):
            self.graph.add((subject, predicate, written(value)))

    def listed(self, values: list[Any]) -> Node:
        if not values:
            return RDF.nil
        head = BNode()
        Collection(self.graph, head, [self.thing(value) for value in values])
        return head

    def thing(self, value: Any) -> Node:
        if isinstance(value, dict):
            return self.node(value)
        return URIRef(value) if _is_iri(value) else self.literal(value)

    def literal(self, value: Any) -> Node:
        return _json(value) if isinstance(value, dict | list) or value is None else Literal(value)

    def iri(self, word: Any, known: Mapping[str, str]) -> URIRef:
        """A term, a word with a declared prefix, an IRI; or the word under `UNKNOWN`."""
        text = str(word)
        expanded = self.expanded(known.get(text, text))
        return URIRef(expanded or UNKNOWN + re.sub(r"[^A-Za-z0-9_.~-]", _escaped, text))

    def expanded(self, text: str) -> str | None:
        """The IRI of a word with a colon; None for a word without."""
        prefix, colon, rest = text.partition(":")
        if not colon:
            return None
        found = self.prefixes[prefix] + rest if prefix in self.prefixes and rest[:2] != "//" else text
        return found if _is_iri(found) else None


def _own(value: Mapping[str, Any]) -> dict[str, str]:
    own = [context for context in as_list(value.get("@context")) if context != CONTEXT]
    return _prefixes({"@context": own})


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and bool(_IRI.fullmatch(value))


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


def _typed(value: Any, kind: URIRef) -> Node:
    if isinstance(value, dict | list):
        return _json(value)
    return Literal(str(value), datatype=kind, normalize=False)


def _json(value: Any) -> Literal:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return Literal(text, datatype=RDF.JSON, normalize=False)
