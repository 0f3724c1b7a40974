"""Label Studio's labelling configuration: the labels and choices of every control are concepts."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from taxonomy.formats.class_names import class_names, from_names, named
from taxonomy.formats.format import Format
from taxonomy.formats.xml_tree import Element, xml_of
from taxonomy.skos import ConceptValue, VocabularyValue
from taxonomy.skos.drafts import Draft
from taxonomy.skos.values import Findings

_ITEMS = ("Label", "Choice")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read(data: bytes, base: str) -> VocabularyValue:
    """Read every `Label` and `Choice`; one within another is narrower, an `alias` is the notation.

    Hotkeys and colours belong to the tool, not to the vocabulary: they are reported and left.
    """
    findings = Findings()
    root = xml_of(data, findings)
    if root is None:
        return from_names([], base, findings)
    items = root.all(*_ITEMS)
    hotkeys = sum("hotkey" in one.attributes for one in items)
    if hotkeys:
        findings.add("info", "hotkeys", f"{hotkeys} labels have hotkeys, which a vocabulary does not keep.")
    return from_names(list(_drafts(root)), base, findings)


def _drafts(root: Element) -> Iterator[Draft]:
    pending: list[tuple[Element, Draft | None]] = [(root, None)]
    while pending:
        element, above = pending.pop()
        if element.name in _ITEMS:
            said = element.attributes
            draft = named(element.line, said.get("value") or element.text, notation=said.get("alias", ""))
            draft.above = above
            yield draft
            above = draft
        pending += [(child, above) for child in reversed(element.children)]


def write(value: VocabularyValue, language: str) -> Iterator[bytes]:
    """Yield a configuration for images: `RectangleLabels`, or a `Taxonomy` where concepts have parents."""
    names = class_names(value, language)
    inside = {concept.uri for concept, _name in names}
    below: dict[str | None, list[tuple[ConceptValue, str]]] = {}
    for concept, name in names:
        parent = next((uri for uri in concept.broader if uri in inside), None)
        below.setdefault(parent, []).append((concept, name))
    is_tree = set(below) > {None}
    control, item = ("Taxonomy", "Choice") if is_tree else ("RectangleLabels", "Label")
    yield f'<View>\n  <Image name="image" value="$image"/>\n  <{control} name="concept" toName="image">\n'.encode()
    yield from _items(below, item)
    yield f"  </{control}>\n</View>\n".encode()


def _items(below: dict[str | None, list[tuple[ConceptValue, str]]], item: str) -> Iterator[bytes]:
    pending: list[tuple[int, ConceptValue | None, str]] = [
        (2, concept, name) for concept, name in reversed(below.get(None, []))
    ]
    while pending:
        depth, concept, name = pending.pop()
        if concept is None:
            yield f"{'  ' * depth}</{item}>\n".encode()
            continue
        alias = f" alias={_attribute(concept.notation)}" if concept.notation else ""
        children = below.get(concept.uri, [])
        ending = ">" if children else "/>"
        yield f"{'  ' * depth}<{item} value={_attribute(name)}{alias}{ending}\n".encode()
        if children:
            pending.append((depth, None, ""))
            pending += [(depth + 1, child, text) for child, text in reversed(children)]


def _attribute(text: str) -> str:
    """A value between quotes; what XML 1.0 cannot hold becomes U+FFFD."""
    return quoteattr(_UNWRITABLE.sub(chr(0xFFFD), text))


LABEL_STUDIO = Format(
    "label-studio", "Label Studio", "application/xml", "xml", read, write,
    recognises=lambda text: text.lstrip().startswith("<View"),
)  # fmt: skip
