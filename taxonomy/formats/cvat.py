"""The labels of CVAT: in its XML (`labels/label/name`), and as the JSON of its label editor."""

from collections.abc import Iterator
from typing import Any

from taxonomy.formats.class_names import Lines, from_names, named
from taxonomy.formats.format import Format
from taxonomy.formats.json_text import json_of, say_unexpected
from taxonomy.formats.xml_tree import xml_of
from taxonomy.skos import VocabularyValue
from taxonomy.skos.drafts import Draft
from taxonomy.skos.values import Findings


def read_xml(data: bytes, base: str) -> VocabularyValue:
    """Read the labels in the head of the file, else those that its shapes name; a `parent` is the broader."""
    findings = Findings()
    root = xml_of(data, findings)
    if root is None:
        return from_names([], base, findings)
    labels = [one for group in root.all("labels") for one in group.children if one.name == "label"]
    attributes = sum(bool(one.all("attribute")) for one in labels)
    if attributes:
        findings.add("info", "attributes", f"{attributes} labels have attributes, which were not read.")
    drafts = [named(one.line, one.said("name"), parent=one.said("parent")) for one in labels]
    if not drafts:
        shapes = root.all("box", "polygon", "polyline", "points", "tag", "track", "mask")
        seen = {one.attributes.get("label", ""): one.line for one in reversed(shapes)}
        drafts = [named(line, label) for label, line in sorted(seen.items(), key=lambda pair: pair[1])]
    return from_names(drafts, base, findings)


def read_json(data: bytes, base: str) -> VocabularyValue:
    """Read `[{"name": …, "attributes": […]}, …]`."""
    findings = Findings()
    document, text = json_of(data, findings)
    if not isinstance(document, list):
        if document is not None:
            say_unexpected(findings, "list of labels")
        return from_names([], base, findings)
    return from_names(_drafts(document, Lines(text)), base, findings)


def _drafts(document: list[Any], lines: Lines) -> Iterator[Draft]:
    for one in document:
        name = one.get("name") if isinstance(one, dict) else ""
        yield named(lines.of(name), name if isinstance(name, str) else "")


CVAT = Format(
    "cvat", "CVAT", "application/xml", "xml", read_xml,
    recognises=lambda text: "<annotations" in text[:400],
)  # fmt: skip
CVAT_LABELS = Format(
    "cvat-labels", "CVAT labels", "application/json", "json", read_json,
    recognises=lambda text: text.lstrip()[:1] == "[" and '"name"' in text,
)  # fmt: skip
