"""Reads the table of contents: nested ranges of Presentation 3, and the flat list of versions 1 and 2, as one
tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from annotation.iiif.canvases import page_references
from annotation.iiif.descriptions import describe
from annotation.iiif.findings import Findings
from annotation.iiif.links import links
from annotation.iiif.shapes import as_list, identifier, kind_of, placed_items
from annotation.iiif.texts import language_map
from annotation.iiif.values import CanvasReference, LinkValue, RangeReference, RangeValue

MAX_RANGE_DEPTH = 40
DIRECTIONS = frozenset({"left-to-right", "right-to-left", "top-to-bottom", "bottom-to-top"})

# Where a range holds its parts; all may stand side by side in version 2.
_PARTS = ("items", "members", "canvases", "ranges")
_FRAGMENTS = ("xywh=", "t=", "track=", "id=")
Part = tuple[Literal["range", "canvas"], Any, str]


@dataclass(frozen=True, slots=True)
class _Node:
    """A range as it stands in the document, and where."""

    node: dict[str, Any]
    pointer: str


def read_ranges(
    node: dict[str, Any], manifest: str, known: frozenset[str], findings: Findings
) -> tuple[RangeValue, ...]:
    """The ranges at the top, each with what is below it; `known` are the URIs of the manifest's canvases.

    A range stands where it is first listed; circles, and what is nested deeper than MAX_RANGE_DEPTH, are cut
    and begin anew at the top. All of that is reported.
    """
    structures = node.get("structures")
    if structures is None:
        return ()
    if not isinstance(structures, list):
        findings.warn("/structures", "A list is expected here.")
    return _Contents(structures, manifest, known, findings).tree()


def start_of(
    node: dict[str, Any], known: frozenset[str], findings: Findings, pointer: str
) -> CanvasReference | None:
    """Where a manifest, sequence or range says to begin."""
    key = "start" if "start" in node else "startCanvas"
    if node.get(key) is None:
        return None
    found = canvas_reference(node[key], known)
    if found is None:
        findings.warn(f"{pointer}/{key}", "The start names no canvas; it is left out.")
    return found


def canvas_reference(item: Any, known: frozenset[str]) -> CanvasReference | None:
    """A canvas, a part of it by `#xywh=` or a selector, or None when no canvas is named."""
    selector = None
    if isinstance(item, dict) and kind_of(item) == "SpecificResource":
        selector = next(iter(as_list(item.get("selector"))), None)
        item = item.get("source") or item.get("full")
    uri = identifier(item)
    if uri is None:
        return None
    if isinstance(selector, dict) and kind_of(selector) == "FragmentSelector":
        value = selector.get("value")
        return CanvasReference(uri, value if isinstance(value, str) else None)
    base, _hash, fragment = uri.partition("#")
    if selector is None and uri not in known and (base in known or fragment.startswith(_FRAGMENTS)):
        return CanvasReference(base, fragment or None)
    return CanvasReference(uri, selector=selector if isinstance(selector, dict) else None)


def viewing_direction(node: dict[str, Any], findings: Findings, pointer: str) -> str | None:
    """One of the four directions, or None."""
    direction = node.get("viewingDirection")
    if direction is None:
        return None
    if isinstance(direction, str) and direction in DIRECTIONS:
        return direction
    findings.warn(f"{pointer}/viewingDirection", "The viewing direction is none of the four that IIIF knows.")
    return None


class _Contents:
    """The ranges of one manifest while they are put into a tree."""

    def __init__(self, structures: Any, manifest: str, known: frozenset[str], findings: Findings) -> None:
        self._known, self._findings, self._manifest = known, findings, manifest
        self._nodes: dict[str, _Node] = {}
        self._placed: set[str] = set()
        self._top = self._collect(structures, "/structures")
        self._adopted = self._adoptions()

    def tree(self) -> tuple[RangeValue, ...]:
        listed = {
            uri
            for parent, entry in self._nodes.items()
            for kind, item, _pointer in self._parts(parent, entry)
            if kind == "range" and (uri := identifier(item)) and uri != parent
        }
        roots = [uri for uri in dict.fromkeys(self._top) if uri not in listed]
        found = [self._range(uri, 1) for uri in roots]
        for uri, entry in self._nodes.items():
            if uri not in self._placed:
                self._findings.warn(
                    entry.pointer,
                    "The range is not reached from the top, because ranges list each other in a circle or are "
                    f"nested more than {MAX_RANGE_DEPTH} deep; it is put at the top.",
                )
                found.append(self._range(uri, 1))
        return tuple(found)

    def _collect(self, items: Any, pointer: str) -> list[str]:
        """Note every range, also those nested in others; the URIs of these items."""
        uris = []
        at_top = pointer == "/structures"
        for item, at in placed_items(items, pointer):
            if not isinstance(item, dict) or kind_of(item) not in (("Range", "") if at_top else ("Range",)):
                if at_top:
                    self._findings.warn(at, "A range is expected here; this is left out.")
                continue
            if not (at_top or _has_content(item)):
                continue
            uri = self._name(item, at)
            known = self._nodes.get(uri)
            if known and _has_content(known.node):
                if _has_content(item):
                    self._findings.warn(at, "The range stands here a second time; it is left out.")
                continue
            self._nodes[uri] = _Node(item, at)
            uris.append(uri)
            for key in _PARTS:
                self._collect(item.get(key), f"{at}/{key}")
        return uris

    def _name(self, item: dict[str, Any], pointer: str) -> str:
        uri = identifier(item)
        if uri:
            return uri
        self._findings.warn(pointer, "The range has no identifier; one is made from its place.")
        return self._name_of_place(pointer)

    def _name_of_place(self, pointer: str) -> str:
        return f"{self._manifest}#range{pointer.removeprefix('/structures').replace('/', '-')}"

    def _adoptions(self) -> dict[str, list[str]]:
        """Version 2.0: a range may name its parent in `within` without the parent listing it."""
        children: dict[str, list[str]] = {}
        for uri, entry in self._nodes.items():
            parent = identifier(entry.node.get("within"))
            if parent and parent in self._nodes and parent != uri:
                children.setdefault(parent, []).append(uri)
        return children

    def _parts(self, uri: str, entry: _Node) -> Iterator[Part]:
        listed = set()
        for key in _PARTS:
            for item, pointer in placed_items(entry.node.get(key), f"{entry.pointer}/{key}"):
                if not self._is_range(item, key):
                    yield "canvas", item, pointer
                    continue
                below = identifier(item) or (self._name_of_place(pointer) if isinstance(item, dict) else None)
                listed.add(below)
                yield "range", item if identifier(item) else below, pointer
        for child in self._adopted.get(uri, ()):
            if child not in listed:
                yield "range", child, f"{self._nodes[child].pointer}/within"

    def _is_range(self, item: Any, key: str) -> bool:
        if kind_of(item):
            return kind_of(item) == "Range"
        return key == "ranges" or (identifier(item) in self._nodes and identifier(item) not in self._known)

    def _range(self, uri: str, depth: int) -> RangeValue:
        self._placed.add(uri)
        entry = self._nodes[uri]
        node, pointer = entry.node, entry.pointer
        label = language_map(node.get("label"), self._findings, f"{pointer}/label")
        if not label:
            self._findings.warn(pointer, "The range has no label.")
        items = tuple(self._items(uri, entry, depth))
        if not items:
            self._findings.warn(pointer, "The range holds nothing.")
        own = {key: value for key, value in node.items() if key != "within"} if "within" in node else node
        return RangeValue(
            uri=uri,
            label=label,
            items=items,
            viewing_direction=viewing_direction(node, self._findings, pointer),
            start=start_of(node, self._known, self._findings, pointer),
            supplementary=self._supplementary(node, pointer),
            annotations=page_references(node, self._findings, pointer),
            **describe(own, self._findings, pointer),
        )

    def _items(
        self, uri: str, entry: _Node, depth: int
    ) -> Iterator[RangeValue | RangeReference | CanvasReference]:
        foreign = 0
        for kind, item, pointer in self._parts(uri, entry):
            if kind == "range":
                below = self._below(item, pointer, depth)
                if below:
                    yield below
                continue
            canvas = canvas_reference(item, self._known)
            if canvas is None:
                self._findings.warn(pointer, "This is neither a canvas nor a range; it is left out.")
                continue
            foreign += canvas.uri not in self._known
            yield canvas
        if foreign:
            self._findings.warn(
                entry.pointer, f"{foreign} canvases of the range are none of the manifest's canvases."
            )

    def _below(self, item: Any, pointer: str, depth: int) -> RangeValue | RangeReference | None:
        uri = identifier(item)
        if uri is None:
            self._findings.warn(pointer, "The range is not named; it is left out.")
        elif uri not in self._nodes:
            self._findings.warn(pointer, "The range is not in this manifest; only its name is kept.")
            label = item.get("label") if isinstance(item, dict) else None
            return RangeReference(uri, language_map(label, self._findings, f"{pointer}/label"))
        elif uri in self._placed:
            self._findings.warn(pointer, "The range stands elsewhere already; it is left out here.")
        elif depth < MAX_RANGE_DEPTH:
            return self._range(uri, depth + 1)
        return None

    def _supplementary(self, node: dict[str, Any], pointer: str) -> LinkValue | None:
        key = "supplementary" if "supplementary" in node else "contentLayer"
        found = links(node.get(key), self._findings, f"{pointer}/{key}", kind="AnnotationCollection")
        return found[0] if found else None


def _has_content(item: dict[str, Any]) -> bool:
    return any(key in item for key in _PARTS)
