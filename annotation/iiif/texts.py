"""Labels and other texts of manifests: every way they are written, turned into one language map."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from annotation.iiif.findings import Findings
from annotation.iiif.shapes import placed_items
from annotation.iiif.values import LabelledValue, LanguageMap

# Presentation 3.0 §4.3 and 2.1 §4.2: the markup a client may be given.
_ALLOWED = {"a": {"href"}, "img": {"src", "alt"}} | {
    name: set() for name in ("b", "br", "i", "p", "small", "span", "sub", "sup")
}


def language_map(value: Any, findings: Findings, pointer: str) -> LanguageMap:
    """A string, `{"@value", "@language"}`, a P3 language map, or a list of those → `{"fr": ["…"], "none":
    ["…"]}`.
    """
    texts: LanguageMap = {}
    for language, text in _texts(value, findings, pointer):
        texts.setdefault(language, []).append(text)
    return texts


def labelled_values(value: Any, findings: Findings, pointer: str) -> tuple[LabelledValue, ...]:
    """The `metadata` rows; a row that is no object is reported and left out."""
    if value is None:
        return ()
    if not isinstance(value, list):
        findings.warn(pointer, "The metadata are not a list.")
    rows = []
    for row, at in placed_items(value, pointer):
        if not isinstance(row, dict):
            findings.warn(at, "A row of the metadata is not an object; it is left out.")
            continue
        text = language_map(row.get("value"), findings, f"{at}/value")
        check_markup(text, findings, f"{at}/value")
        rows.append(LabelledValue(language_map(row.get("label"), findings, f"{at}/label"), text))
    return tuple(rows)


def check_markup(texts: LanguageMap, findings: Findings, pointer: str) -> None:
    """Report markup beyond what IIIF allows in texts: it is cleaned away before anybody sees it."""
    for values in texts.values():
        for text in values:
            if "<" in text and text.lstrip()[:1] == "<":
                parser = _Markup()
                parser.feed(text[:100_000])
                parser.close()
                if parser.foreign:
                    names = ", ".join(sorted(set(parser.foreign))[:5])
                    findings.warn(pointer, f"The text holds markup that IIIF does not allow ({names}).")


def _texts(value: Any, findings: Findings, pointer: str) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, str):
        yield "none", value
    elif isinstance(value, bool | int | float):
        findings.warn(pointer, "The text is a number, not a string.")
        yield "none", str(value)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, list):
                findings.warn(f"{pointer}/{index}", "The text is a list in a list; it is left out.")
            else:
                yield from _texts(item, findings, f"{pointer}/{index}")
    elif "@value" in value:
        language = value.get("@language")
        for text in _plain(value["@value"], findings, f"{pointer}/@value"):
            yield (language if isinstance(language, str) and language else "none"), text
    elif "@language" in value or "@id" in value or "@type" in value:
        findings.warn(pointer, "The text has a language or a type, but no value.")
    else:
        for language, texts in value.items():
            for text in _plain(texts, findings, f"{pointer}/{language}"):
                yield ("none" if language in ("@none", "") else language), text


def _plain(value: Any, findings: Findings, pointer: str) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    for text in values:
        if isinstance(text, str):
            yield text
        elif isinstance(text, int | float):
            yield str(text)
        elif text is not None:
            findings.warn(pointer, "The text is not a string; it is left out.")


class _Markup(HTMLParser):
    """Collects the names of what IIIF does not allow."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALLOWED:
            self.foreign.append(tag)
            return
        self.foreign += [f"{tag} {name}" for name, _ in attrs if name not in _ALLOWED[tag]]

    def handle_comment(self, data: str) -> None:
        self.foreign.append("a comment")

    def handle_pi(self, data: str) -> None:
        self.foreign.append("a processing instruction")

    def unknown_decl(self, data: str) -> None:
        self.foreign.append("a CDATA section")
