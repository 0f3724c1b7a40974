"""Reads what resources say about themselves: summary, metadata, rights, provider, thumbnails, links."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from annotation.iiif.findings import Findings
from annotation.iiif.images import pictures
from annotation.iiif.links import links, nav_place, services
from annotation.iiif.shapes import as_list, identifier, placed_items
from annotation.iiif.texts import check_markup, labelled_values, language_map
from annotation.iiif.values import LabelledValue, LanguageMap, ProviderValue

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
# Presentation 3.0 §3.1: an XSD dateTime with a time zone; version 2 leaves the zone away at times.
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")


def describe(node: dict[str, Any], findings: Findings, pointer: str = "") -> dict[str, Any]:
    """The properties of `Described`, as keyword arguments; only those that are there.

    Names of version 3 are read first, then those of version 2 (`description`, `license`, `attribution`,
    `related`, `within`, `viewingHint`).
    """
    said: dict[str, Any] = {}
    for name, keys, reader in _READERS:
        for key in keys if name not in said else ():
            if node.get(key) is not None:
                said[name] = reader(node[key], findings, f"{pointer}/{key}")
                break
    if said.get("homepages"):
        said["homepage"] = said["homepages"][0].uri
    if said.get("thumbnails"):
        said["thumbnail"] = said["thumbnails"][0].url
    return said


def _summary(value: Any, findings: Findings, pointer: str) -> LanguageMap:
    summary = language_map(value, findings, pointer)
    check_markup(summary, findings, pointer)
    return summary


def _rights(value: Any, findings: Findings, pointer: str) -> str | None:
    for item in as_list(value):
        text = identifier(item) or ""
        match = _ADDRESS.search(text)
        if match is None:
            findings.warn(pointer, "The rights are not the address of a licence; they are left out.")
            continue
        if match[0] != text:
            findings.warn(pointer, "The rights are a text; the address in it is taken.")
        return match[0]
    return None


def _required_statement(value: Any, findings: Findings, pointer: str) -> LabelledValue | None:
    if isinstance(value, list) and len(value) == 1:
        findings.warn(pointer, "There is one required statement only; a list is not expected here.")
        value = value[0]
    if not isinstance(value, dict):
        findings.warn(pointer, "The required statement is not an object; it is left out.")
        return None
    text = language_map(value.get("value"), findings, f"{pointer}/value")
    check_markup(text, findings, f"{pointer}/value")
    return LabelledValue(language_map(value.get("label"), findings, f"{pointer}/label"), text)


def _attribution(value: Any, findings: Findings, pointer: str) -> LabelledValue | None:
    text = language_map(value, findings, pointer)
    check_markup(text, findings, pointer)
    return LabelledValue({"en": ["Attribution"], "fr": ["Mention obligatoire"]}, text) if text else None


def _providers(value: Any, findings: Findings, pointer: str) -> tuple[ProviderValue, ...]:
    providers = []
    for agent, at in placed_items(value, pointer):
        if not isinstance(agent, dict):
            findings.warn(at, "The provider is not an object; it is left out.")
            continue
        pages = links(agent.get("homepage"), findings, f"{at}/homepage", kind="Text")
        logos = pictures(agent.get("logo"), findings, f"{at}/logo")
        providers.append(
            ProviderValue(
                identifier(agent),
                language_map(agent.get("label"), findings, f"{at}/label"),
                pages[0].uri if pages else None,
                logos[0].url if logos else None,
                pages,
                logos,
                links(agent.get("seeAlso"), findings, f"{at}/seeAlso", kind="Dataset"),
            )
        )
    return tuple(providers)


def _words(value: Any, findings: Findings, pointer: str) -> tuple[str, ...]:
    words = tuple(word for word in as_list(value) if isinstance(word, str))
    if len(words) < len(as_list(value)):
        findings.warn(pointer, "A word is expected here; what is none is left out.")
    return words


def _date(value: Any, findings: Findings, pointer: str) -> str | None:
    if isinstance(value, str) and _DATE.fullmatch(value):
        return value
    findings.warn(pointer, "The date is not written as IIIF wants it (1856-01-31T00:00:00Z); it is left out.")
    return None


Reader = Callable[[Any, Findings, str], Any]
_READERS: tuple[tuple[str, tuple[str, ...], Reader], ...] = (
    ("summary", ("summary", "description"), _summary),
    ("metadata", ("metadata",), labelled_values),
    ("rights", ("rights", "license"), _rights),
    ("required_statement", ("requiredStatement",), _required_statement),
    ("required_statement", ("attribution",), _attribution),
    ("provider", ("provider",), _providers),
    ("homepages", ("homepage", "related"), partial(links, kind="Text")),
    ("rendering", ("rendering",), partial(links, kind="Text")),
    ("see_also", ("seeAlso",), partial(links, kind="Dataset")),
    ("part_of", ("partOf", "within"), partial(links, kind="Collection")),
    ("thumbnails", ("thumbnail",), pictures),
    ("behavior", ("behavior", "viewingHint"), _words),
    ("nav_date", ("navDate",), _date),
    ("nav_place", ("navPlace",), nav_place),
    ("services", ("service",), services),
)
