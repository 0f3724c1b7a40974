"""RDF statements as plain Python values, so that reading SKOS from them needs no RDF library."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from taxonomy.skos.names import XSD
from taxonomy.skos.values import UNDETERMINED


class Text(NamedTuple):
    """A literal: its characters, its language ("" for none) and its datatype ("" for a plain string)."""

    text: str
    language: str = ""
    datatype: str = ""


# An IRI is a str, a blank node a str that begins with "_:".
Node = str | Text
Triple = tuple[str, str, Node]

_STRING = XSD + "string"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ILLEGAL_IN_IRI = re.compile('[\x00-\x20<>"{}|^`\\\\\ud800-\udfff]')
_TO_ESCAPE = re.compile('["\\\\\x00-\x1f\x7f]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def storable(text: str) -> str:
    """Replace what neither UTF-8 nor PostgreSQL can hold (NUL, lone surrogates) by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def legal_iri(iri: str) -> str:
    """Percent-encode the characters that RFC 3987 forbids in an IRI."""
    return _ILLEGAL_IN_IRI.sub(_percent, iri)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


def language_tag(tag: str) -> str:
    """Return a language tag in the case of RFC 5646 §2.1.1 (`zh-Hant-TW`); `und` for an empty one."""
    parts = tag.strip().replace("_", "-").split("-")
    cased = [parts[0].lower()]
    for part in parts[1:]:
        # Case is conventional, and after a singleton (`x`, `u`) everything stays lower.
        after_singleton = len(cased[-1]) == 1 or any(len(earlier) == 1 for earlier in cased)
        if len(part) == 2 and not after_singleton:
            cased.append(part.upper())
        elif len(part) == 4 and part.isalpha() and not after_singleton:
            cased.append(part.title())
        else:
            cased.append(part.lower())
    return "-".join(cased) or UNDETERMINED


def text_in(text: str, language: str) -> Text:
    """Return a literal in a language; `und` means none."""
    return Text(text, "" if language == UNDETERMINED else language)


def quoted(text: str) -> str:
    """Return `text` between quotes with the escapes of Turtle and N-Triples."""
    return '"' + _TO_ESCAPE.sub(lambda m: _ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04X}", text) + '"'


def literal(text: str, language: str) -> str:
    """Return a Turtle literal; the language `und` means none."""
    return quoted(text) if language == UNDETERMINED else f"{quoted(text)}@{language}"


def rendered(node: Node) -> str:
    """Return one node in N-Triples."""
    if isinstance(node, Text):
        if node.language:
            return literal(node.text, node.language)
        suffix = f"^^<{node.datatype}>" if node.datatype and node.datatype != _STRING else ""
        return quoted(node.text) + suffix
    return node if node.startswith("_:") else f"<{node}>"


def is_iri(node: Node) -> bool:
    """Whether the node is an IRI, as opposed to a literal or a blank node."""
    return isinstance(node, str) and not node.startswith("_:")


class Statements:
    """Statements by subject in the order of the document, each once."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_subject: dict[str, dict[tuple[str, Node], None]] = {}
        for subject, predicate, node in triples:
            self._by_subject.setdefault(subject, {})[predicate, node] = None

    def subjects(self) -> Iterable[str]:
        """Return every subject, in order of first appearance."""
        return self._by_subject.keys()

    def about(self, subject: str) -> Iterable[tuple[str, Node]]:
        """Return (predicate, node) pairs of a subject."""
        return self._by_subject.get(subject, {}).keys()

    def nodes(self, subject: str, predicate: str) -> list[Node]:
        """Return the objects of one property of a subject."""
        return [node for name, node in self.about(subject) if name == predicate]

    def iris(self, subject: str, predicate: str) -> list[str]:
        """Return the objects of one property that are IRIs or blank nodes."""
        return [node for node in self.nodes(subject, predicate) if isinstance(node, str)]


class Remainder:
    """Renders statements as N-Triples, following blank nodes, and names these in order of appearance.

    Names made in that order are the same again after writing and reading, so that a value is stable.
    """

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._names: dict[str, str] = {}
        self.done: set[str] = set()

    def render(self, triples: Iterable[Triple]) -> str:
        """Return the statements, and those about every blank node they lead to, one a line."""
        lines: list[str] = []
        pending = list(triples)[::-1]
        while pending:
            subject, predicate, node = pending.pop()
            lines.append(f"{self._node(subject)} <{predicate}> {self._node(node)} .")
            if isinstance(node, str) and node.startswith("_:") and node not in self.done:
                self.done.add(node)
                pending += [(node, name, value) for name, value in self._statements.about(node)][::-1]
        return "\n".join(lines)

    def _node(self, node: Node) -> str:
        if isinstance(node, str) and node.startswith("_:"):
            return self._names.setdefault(node, f"_:b{len(self._names)}")
        return rendered(node)
