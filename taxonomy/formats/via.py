"""The attributes of the VGG Image Annotator (VIA 2 and 3): their options are the classes."""

from collections.abc import Iterator
from typing import Any

import orjson

from taxonomy.formats.class_names import Lines, class_names, from_names, named
from taxonomy.formats.format import Format
from taxonomy.formats.json_text import json_of, say_unexpected
from taxonomy.skos import VocabularyValue
from taxonomy.skos.drafts import Draft
from taxonomy.skos.values import Findings


def read(data: bytes, base: str) -> VocabularyValue:
    """Read the options of every attribute, of regions and of files, from a project or its attributes alone.

    The key of an option becomes the notation where it says something else than the text shown. With several
    attributes the options stand below the name of theirs.
    """
    findings = Findings()
    document, text = json_of(data, findings)
    attributes = list(_attributes(document)) if isinstance(document, dict) else []
    if not attributes:
        if document is not None:
            say_unexpected(findings, "attributes with options")
        return from_names([], base, findings)
    return from_names(_drafts(attributes, Lines(text)), base, findings)


def _attributes(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and options of attributes: by region and file (VIA 2), or each with its name (VIA 3)."""
    inner = document.get("_via_attributes", document.get("attribute", document))
    found = inner if isinstance(inner, dict) else {}
    groups = [found.get("region"), found.get("file")]
    for group in [one for one in groups if isinstance(one, dict)] or [found]:
        for name, said in group.items():
            options = said.get("options") if isinstance(said, dict) else None
            if isinstance(options, dict) and options:
                yield str(said.get("aname") or name), options


def _drafts(attributes: list[tuple[str, dict[str, Any]]], lines: Lines) -> Iterator[Draft]:
    for name, options in attributes:
        above = None
        if len(attributes) > 1:
            above = named(lines.of(name), name)
            yield above
        for key, said in options.items():
            label = said if isinstance(said, str) and said.strip() else key
            code = "" if key == label else key
            draft = named(lines.of(key), label, notation=code)
            draft.above = above
            yield draft


def write(value: VocabularyValue, language: str) -> Iterator[bytes]:
    """Yield VIA 2 attributes, to be brought in by “Import Region/File Attributes”: one choice, “class”."""
    options: dict[str, str] = {}
    for concept, name in class_names(value, language):
        key = concept.notation or name
        options[key if key not in options else name if name not in options else concept.uri] = name
    attribute = {"type": "dropdown", "description": "", "options": options, "default_options": {}}
    yield orjson.dumps({"region": {"class": attribute}, "file": {}}, option=orjson.OPT_INDENT_2) + b"\n"


VIA = Format(
    "via", "VIA", "application/json", "json", read, write,
    recognises=lambda text: '"_via_' in text or ('"options"' in text and '"type"' in text),
)  # fmt: skip
