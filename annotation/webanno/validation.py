"""Says what is structurally wrong in a W3C annotation, with pointers, and lets every unknown property be."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from annotation.geometry import Box, GeometryError
from annotation.webanno.terms import CONTEXT, as_list, kinds
from annotation.webanno.values import Problem

MAX_DEPTH = 16

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_SCRIPTS = ("javascript:", "vbscript:", "data:text/html")
_DATE_TIME = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_SETS = frozenset({"Choice", "List", "Composite", "Independents"})
_CONTEXTS = (CONTEXT, "https://www.w3.org/ns/anno.jsonld", "http://iiif.io/api/presentation/3/context.json")
_DATES = ("created", "modified", "generated")
_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})


def validate(document: object, *, embedded: bool = False) -> list[Problem]:
    """The problems of one annotation, empty when it is well formed (W3C Web Annotation Data Model, its
    MUSTs).

    The id may be missing (a server assigns it); the context too when `embedded` in a page.
    """
    if not isinstance(document, Mapping):
        return [Problem("", "An annotation is a JSON object.")]
    found = [*_context(document, embedded=embedded), *_identity(document)]
    if "Annotation" not in kinds(document):
        found.append(Problem("/type", "The type must be “Annotation”."))
    found += _said(document)
    if document.get("target") in (None, []):
        found.append(Problem("/target", "The annotation has no target."))
    found += _resources(document.get("target"), "/target", 0)
    return found + list(_words(document.get("motivation"), "/motivation")) + list(_life(document, ""))


def _context(document: Mapping[str, Any], *, embedded: bool) -> Iterator[Problem]:
    contexts = as_list(document.get("@context"))
    if not contexts and embedded:
        return
    if not any(context in _CONTEXTS for context in contexts if isinstance(context, str)):
        yield Problem("/@context", f"The context must be “{CONTEXT}”, or a list that holds it.")


def _identity(node: Mapping[str, Any], pointer: str = "") -> Iterator[Problem]:
    if "id" in node and not _is_iri(node["id"]):
        yield Problem(f"{pointer}/id", "The id must be one absolute IRI.")


def _said(document: Mapping[str, Any]) -> Iterator[Problem]:
    if "bodyValue" in document:
        if "body" in document:
            yield Problem("/bodyValue", "An annotation has either a body or a bodyValue, not both.")
        if not isinstance(document["bodyValue"], str):
            yield Problem("/bodyValue", "The bodyValue must be one string.")
    yield from _resources(document.get("body"), "/body", 0)


def _resources(value: Any, pointer: str, depth: int) -> Iterator[Problem]:
    for index, node in enumerate(as_list(value)):
        yield from _resource(node, f"{pointer}/{index}" if isinstance(value, list) else pointer, depth)


def _resource(node: Any, pointer: str, depth: int) -> Iterator[Problem]:
    """A body, a target, a source, or a member of a set of them."""
    if isinstance(node, str):
        if not _is_iri(node):
            yield Problem(pointer, f"“{node[:120]}” is not an absolute IRI.")
        return
    if not isinstance(node, dict):
        yield Problem(pointer, "An IRI or an object is expected here.")
        return
    if depth > MAX_DEPTH:
        yield Problem(pointer, f"Bodies and targets are nested more than {MAX_DEPTH} levels deep.")
        return
    yield from _identity(node, pointer)
    yield from _life(node, pointer)
    yield from _description(node, pointer)
    if _SETS & set(kinds(node)) or "items" in node:
        yield from _set(node, pointer, depth)
    elif "TextualBody" in kinds(node):
        if not isinstance(node.get("value"), str):
            yield Problem(f"{pointer}/value", "A TextualBody has one value, a string.")
    elif "SpecificResource" in kinds(node) or "source" in node:
        yield from _specific(node, pointer, depth)
    elif not ({"id", "value"} & set(node)) and kinds(node) == ():
        yield Problem(pointer, "This has neither an id, nor a source, a value or items: it names nothing.")


def _set(node: dict[str, Any], pointer: str, depth: int) -> Iterator[Problem]:
    if len(_SETS & set(kinds(node))) != 1:
        yield Problem(
            f"{pointer}/type", "Items need exactly one of the types Choice, List, Composite, Independents."
        )
    if not isinstance(node.get("items"), list) or not node["items"]:
        yield Problem(f"{pointer}/items", "A set of resources has a list of items, at least one.")
    for key in ("source", "value"):
        if key in node:
            yield Problem(f"{pointer}/{key}", f"A set of resources has items, and no {key}.")
    yield from _resources(node.get("items"), f"{pointer}/items", depth + 1)


def _specific(node: dict[str, Any], pointer: str, depth: int) -> Iterator[Problem]:
    source = node.get("source")
    if source is None or isinstance(source, list):
        yield Problem(f"{pointer}/source", "A SpecificResource has exactly one source.")
    else:
        yield from _resource(source, f"{pointer}/source", depth + 1)
    yield from _many(node.get("selector"), f"{pointer}/selector", _selector)
    yield from _many(node.get("state"), f"{pointer}/state", _state)
    for index, name in enumerate(as_list(node.get("styleClass"))):
        if not isinstance(name, str):
            yield Problem(f"{pointer}/styleClass/{index}", "A style class is a string.")


def _many(
    value: Any, pointer: str, check: Callable[[dict[str, Any], str, int], Iterator[Problem]], depth: int = 0
) -> Iterator[Problem]:
    """Each of one or many: an IRI that names it, or an object for `check`."""
    for index, node in enumerate(as_list(value)):
        at = f"{pointer}/{index}" if isinstance(value, list) else pointer
        if depth > MAX_DEPTH:
            yield Problem(at, f"Selectors are refined more than {MAX_DEPTH} times.")
        elif isinstance(node, dict):
            yield from _identity(node, at)
            yield from check(node, at, depth)
        elif not (isinstance(node, str) and _is_iri(node)):
            yield Problem(at, "An IRI or an object is expected here.")


def _selector(node: dict[str, Any], pointer: str, depth: int) -> Iterator[Problem]:
    for kind in kinds(node):
        yield from _SELECTORS.get(kind, _any)(node, pointer)
    for key in ("startSelector", "endSelector", "refinedBy"):
        yield from _many(node.get(key), f"{pointer}/{key}", _selector, depth + 1)


def _state(node: dict[str, Any], pointer: str, depth: int) -> Iterator[Problem]:
    if "HttpRequestState" in kinds(node) and not isinstance(node.get("value"), str):
        yield Problem(f"{pointer}/value", "An HttpRequestState has one value, a string.")
    if "TimeState" in kinds(node):
        for key in ("sourceDate", "sourceDateStart", "sourceDateEnd"):
            for value in as_list(node.get(key)):
                yield from _date(value, f"{pointer}/{key}")
    yield from _many(node.get("refinedBy"), f"{pointer}/refinedBy", _selector, depth + 1)


def _any(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    yield from ()


def _by_value(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    value = node.get("value")
    if not isinstance(value, str):
        yield Problem(f"{pointer}/value", f"A {kinds(node)[0]} has one value, a string.")
    elif value.startswith("xywh="):
        try:
            # Percent are measured against a canvas; any size tells whether they can be read.
            Box.from_fragment(value, width=100, height=100)
        except GeometryError as error:
            yield Problem(f"{pointer}/value", str(error))


def _by_svg(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    if not isinstance(node.get("value"), str) and "id" not in node:
        yield Problem(f"{pointer}/value", "An SvgSelector has a value (the SVG) or an id.")


def _by_quote(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    if not isinstance(node.get("exact"), str):
        yield Problem(f"{pointer}/exact", "A TextQuoteSelector has one exact text.")
    for key in ("prefix", "suffix"):
        if key in node and not isinstance(node[key], str):
            yield Problem(f"{pointer}/{key}", f"The {key} is one string.")


def _by_position(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    for key in ("start", "end"):
        value = node.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            yield Problem(f"{pointer}/{key}", f"A position has one {key}, a whole number from zero.")


def _by_range(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    for key in ("startSelector", "endSelector"):
        if node.get(key) is None or isinstance(node[key], list):
            yield Problem(f"{pointer}/{key}", f"A RangeSelector has one {key}.")


def _by_point(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    for key in ("x", "y", "t"):
        value = node.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield Problem(f"{pointer}/{key}", f"The {key} of a PointSelector is a number.")


def _by_image_request(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    for key in ("region", "size", "rotation", "quality", "format"):
        if not isinstance(node.get(key, ""), str):
            yield Problem(f"{pointer}/{key}", f"The {key} of an ImageApiSelector is a string.")


_SELECTORS: dict[str, Callable[[dict[str, Any], str], Iterator[Problem]]] = {
    "FragmentSelector": _by_value,
    "CssSelector": _by_value,
    "XPathSelector": _by_value,
    "SvgSelector": _by_svg,
    "TextQuoteSelector": _by_quote,
    "TextPositionSelector": _by_position,
    "DataPositionSelector": _by_position,
    "RangeSelector": _by_range,
    "PointSelector": _by_point,
    "ImageApiSelector": _by_image_request,
}


def _life(node: Mapping[str, Any], pointer: str) -> Iterator[Problem]:
    """Who, when, under which rights, from where: the same for annotations, bodies and targets (§3.3)."""
    for key in _DATES:
        if key in node:
            yield from _date(node[key], f"{pointer}/{key}")
    for key in ("creator", "generator", "audience"):
        for index, agent in enumerate(as_list(node.get(key))):
            at = f"{pointer}/{key}/{index}" if isinstance(node[key], list) else f"{pointer}/{key}"
            if isinstance(agent, dict):
                yield from _identity(agent, at)
            elif not _is_iri(agent):
                yield Problem(at, f"The {key} must be an IRI or an object.")
    for key in ("rights", "via"):
        for value in as_list(node.get(key)):
            if not _is_iri(
                value if isinstance(value, str) else value.get("id") if isinstance(value, dict) else None
            ):
                yield Problem(f"{pointer}/{key}", f"The {key} must be an absolute IRI.")
    if "canonical" in node and not _is_iri(node["canonical"]):
        yield Problem(f"{pointer}/canonical", "The canonical must be one absolute IRI.")


def _description(node: dict[str, Any], pointer: str) -> Iterator[Problem]:
    for key in ("format", "language"):
        if not all(isinstance(value, str) for value in as_list(node.get(key))):
            yield Problem(f"{pointer}/{key}", f"The {key} must be a string, or a list of strings.")
    if "processingLanguage" in node and not isinstance(node["processingLanguage"], str):
        yield Problem(f"{pointer}/processingLanguage", "There is one processing language at most, a string.")
    if "textDirection" in node and node["textDirection"] not in list(_DIRECTIONS):
        yield Problem(f"{pointer}/textDirection", "The text direction is one of ltr, rtl and auto.")
    yield from _words(node.get("purpose"), f"{pointer}/purpose")


def _words(value: Any, pointer: str) -> Iterator[Problem]:
    if not all(isinstance(word, str) for word in as_list(value)):
        yield Problem(pointer, "A motivation or purpose is a string.")


def _date(value: Any, pointer: str) -> Iterator[Problem]:
    match = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None or not _exists(value):
        yield Problem(pointer, "A time is one string like “2026-03-01T12:00:00Z” (xsd:dateTime).")
    elif not match[2]:
        yield Problem(pointer, "The time states no time zone; “Z” for UTC is expected at its end.", "warning")


def _exists(text: str) -> bool:
    """Whether the calendar has this day and hour; years beyond four digits are believed."""
    if text[4:5] != "-":
        return True
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and bool(_IRI.fullmatch(value)) and not value.lower().startswith(_SCRIPTS)
