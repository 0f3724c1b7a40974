"""Takes the e-mail addresses of annotators out of documents: a stable pseudonym stands in their place."""

import re
from collections.abc import Callable, Mapping
from typing import Any

AGENTS = frozenset(
    {"creator", "generator", "annotatedBy", "serializedBy", "oa:annotatedBy", "oa:serializedBy"}
    | {"dcterms:creator", "dc:creator", "contributor"}
)
# Properties that hold nothing but an address, or a digest from which it can be guessed.
_MAILBOXES = frozenset({"email", "email_sha1", "mbox", "mbox_sha1sum", "foaf:mbox", "foaf:mbox_sha1sum"})
_ADDRESS = re.compile(r"(?:mailto:)?([\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)

Pseudonym = Callable[[str], str]


def may_hold_addresses(text: str) -> bool:
    """A quick look at the JSON of a document, before it is walked through."""
    return "@" in text and (bool(_ADDRESS.search(text)) or "sha1" in text)


def without_addresses(document: Mapping[str, Any], pseudonym: Pseudonym) -> tuple[dict[str, Any], set[str]]:
    """The document with every e-mail address of an agent replaced, and the addresses that were (lower case).

    `pseudonym` gives the word for an address. Agents are what stands under `creator`, `generator` and their
    Open Annotation names, at whatever depth; texts and targets are left alone.
    """
    found: set[str] = set()
    return _walk(document, pseudonym, found), found


def _walk(node: Any, pseudonym: Pseudonym, found: set[str]) -> Any:
    if isinstance(node, list):
        return [_walk(item, pseudonym, found) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: _agent(value, "id", pseudonym, found) if key in AGENTS else _walk(value, pseudonym, found)
        for key, value in node.items()
    }


def _agent(node: Any, key: str, pseudonym: Pseudonym, found: set[str]) -> Any:
    if isinstance(node, list):
        return [_agent(item, key, pseudonym, found) for item in node]
    if isinstance(node, Mapping):
        kept = {inner: value for inner, value in node.items() if inner not in _MAILBOXES}
        dropped = {inner: value for inner, value in node.items() if inner in _MAILBOXES}
        _replaced(str(dropped), pseudonym, found)
        agent = {inner: _agent(value, inner, pseudonym, found) for inner, value in kept.items()}
        if not agent.keys() - {"type", "@type"} and dropped:
            agent["name"] = _replaced(str(next(iter(dropped.values()))), pseudonym, found)
        return agent
    if not isinstance(node, str) or not _ADDRESS.search(node):
        return node
    replaced = _replaced(node, pseudonym, found)
    alone = _ADDRESS.fullmatch(node.strip())
    return f"urn:x-rubricator:person:{replaced}" if alone and key in ("id", "@id") else replaced


def _replaced(text: str, pseudonym: Pseudonym, found: set[str]) -> str:
    def word(match: re.Match[str]) -> str:
        address = match[1].lower().replace("%40", "@")
        found.add(address)
        return pseudonym(address)

    return _ADDRESS.sub(word, text)
