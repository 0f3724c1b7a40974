"""From the bytes of a stranger's server to a JSON object, or a sentence that says what came instead."""

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 100

_TITLE = re.compile(r"<title[^>]{0,200}>\s*([^<]{1,200})", re.IGNORECASE)
# jsonb stores neither a NUL nor half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class UnreadableDocument(ValueError):
    """No IIIF document at all. The message is a sentence to show to the person who gave the address."""


def load(content: bytes | str | dict[str, Any]) -> dict[str, Any]:
    """The JSON object in `content`: any Unicode encoding, with or without byte-order mark.

    Characters that PostgreSQL cannot hold are replaced. Raises UnreadableDocument for an HTML page, for what
    is no JSON or no object, and for JSON nested deeper than MAX_DEPTH.
    """
    document = content if isinstance(content, dict) else _parsed(_text(content))
    if not isinstance(document, dict):
        raise UnreadableDocument(
            "The document is JSON, but a list or a plain value; a IIIF document is an object."
        )
    if _depth_exceeds(document, MAX_DEPTH):
        raise UnreadableDocument(f"The JSON is nested more than {MAX_DEPTH} levels deep; that is not read.")
    return document


def _text(content: bytes | str) -> str:
    if isinstance(content, str):
        return content.lstrip("\ufeff")
    try:
        return content.decode(json.detect_encoding(content)).lstrip("\ufeff")
    except UnicodeDecodeError:
        # Some older servers send Western European bytes: the structure is ASCII, only a label may look odd.
        return content.decode("cp1252", "replace")


def _parsed(text: str) -> Any:
    beginning = text[:2000].strip()
    if not beginning and not text.strip():
        raise UnreadableDocument("The document is empty.")
    if beginning.startswith("<"):
        raise UnreadableDocument(_what_markup(beginning))
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise UnreadableDocument("The JSON is nested too deep to be read.") from None
    except ValueError as error:
        raise UnreadableDocument(f"The document is not valid JSON ({error}).") from error
    return _storable(document) if "\\u" in text or "\x00" in text else document


def _what_markup(beginning: str) -> str:
    if not re.search(r"<!doctype html|<html|<head|<body", beginning, re.IGNORECASE):
        return "The document is XML or another markup, not the JSON of a IIIF document."
    title = _TITLE.search(beginning)
    named = f" titled “{title[1].strip()}”" if title else ""
    return f"The answer is an HTML page{named}, not the JSON of a IIIF document; check the address."


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _depth_exceeds(document: object, limit: int) -> bool:
    level = [document]
    for _ in range(limit):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)  # type: ignore[attr-defined]
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _storable(node: Any) -> Any:
    """The same document with unstorable characters replaced; recursion is bounded by what the parser
    accepted.
    """
    if isinstance(node, str):
        return _UNSTORABLE.sub("\ufffd", node)
    if isinstance(node, list):
        return [_storable(child) for child in node]
    if isinstance(node, dict):
        return {_storable(key): _storable(child) for key, child in node.items()}
    return node
