"""Reads IIIF Presentation 1, 2 and 3 as tolerantly as real manifests need it, and says everything that is
wrong.
"""

import re
from dataclasses import replace
from typing import Any

from annotation.iiif.canvases import attached_canvas, page_references, read_canvas
from annotation.iiif.collections import read_collection
from annotation.iiif.descriptions import describe
from annotation.iiif.document import UnreadableDocument, load
from annotation.iiif.findings import Findings
from annotation.iiif.links import services
from annotation.iiif.physical import scale_of
from annotation.iiif.ranges import read_ranges, start_of
from annotation.iiif.sequences import direction_of, further_sequences, said_by_sequence
from annotation.iiif.shapes import as_list, first_address, identifier, kind_of, placed_items
from annotation.iiif.texts import language_map
from annotation.iiif.values import (
    AnnotationPageReading,
    CanvasReference,
    CanvasValue,
    CollectionReading,
    ManifestReading,
    ManifestValue,
)

Reading = ManifestReading | CollectionReading | AnnotationPageReading

_CONTEXT = re.compile(r"iiif\.io/api/presentation/([1-4])|shared-canvas\.org/ns/context")


def read(document: dict[str, Any] | bytes | str, *, url: str | None = None) -> Reading:
    """Read a manifest, a collection, or an annotation page; a lone canvas or sequence becomes a manifest.

    `url` is where the document came from: it completes relative addresses and names a document without an id.
    A bad canvas costs itself at most. Raises UnreadableDocument when there is no IIIF document at all.
    """
    node = load(document)
    findings = Findings(url)
    version = _version(node, findings)
    kind = _kind(node, findings)
    if kind == "Collection":
        return CollectionReading(read_collection(node, version, findings), findings.problems)
    if kind == "Annotation":
        findings.warn("", "This is a lone annotation; it is read as a page of one.")
        return AnnotationPageReading(None, version, {}, (node,), None, findings.problems)
    if kind == "AnnotationPage":
        return _annotation_page(node, version, findings)
    manifest = _manifest(_wrapped(node, kind, findings), version, findings)
    return ManifestReading(manifest, findings.problems)


def _version(node: dict[str, Any], findings: Findings) -> int:
    contexts = [value for value in as_list(node.get("@context")) if isinstance(value, str)]
    found = [match for match in map(_CONTEXT.search, contexts) if match]
    if found:
        version = int(found[-1][1] or 1)
        if version > 3:
            findings.warn("/@context", f"Presentation {version} is read as if it were version 3.")
        return version
    modern = "type" in node or ("items" in node and "sequences" not in node)
    said = "names no Presentation version" if contexts else "is missing"
    guess = 3 if modern else 2
    findings.warn("/@context", f"The context {said}; version {guess} is assumed.")
    return guess


def _kind(node: dict[str, Any], findings: Findings) -> str:
    kind = kind_of(node)
    if kind in ("Manifest", "Collection", "Canvas", "Sequence", "AnnotationPage", "Annotation"):
        return kind
    if kind in ("AnnotationList", "Layer", "AnnotationCollection"):
        return "AnnotationPage"
    guess = _guess(node)
    if guess is None:
        named = f"its type is “{kind[:60]}”" if kind else "it has no type"
        raise UnreadableDocument(f"The JSON is no manifest, collection or annotation page: {named}.")
    said = f"The type “{kind[:60]}” is not known" if kind else "The type is missing"
    findings.fail("/type" if "type" in node else "/@type", f"{said}; it is read as a {guess}.")
    return guess


def _guess(node: dict[str, Any]) -> str | None:
    """From the properties, for documents that do not tell their type."""
    first = next((kind_of(item) for item in as_list(node.get("items"))), "")
    for kind, keys, inside in (
        ("Manifest", ("sequences",), ("Canvas",)),
        ("Collection", ("manifests", "collections", "members"), ("Manifest", "Collection")),
        ("Sequence", ("canvases",), ()),
        ("Canvas", ("images",), ("AnnotationPage",)),
        ("AnnotationPage", ("resources",), ("Annotation",)),
    ):
        if first in inside or any(key in node for key in keys):
            return kind
    return None


def _wrapped(node: dict[str, Any], kind: str, findings: Findings) -> dict[str, Any]:
    """A manifest around a lone canvas or sequence."""
    if kind == "Manifest":
        return node
    findings.warn("", f"This is a lone {kind.lower()}; it is read as a manifest.")
    inner = [node] if kind == "Canvas" else node.get("canvases", [])
    findings.wrap(*(("/items/0", "") if kind == "Canvas" else ("/items", "/canvases")))
    return {"id": identifier(node), "type": "Manifest", "label": node.get("label"), "items": inner}


def _manifest(node: dict[str, Any], version: int, findings: Findings) -> ManifestValue:
    findings.know_services(as_list(node.get("services")) + as_list(node.get("service")))
    uri = _name(node, findings)
    label = language_map(node.get("label"), findings, "/label")
    if not label:
        findings.warn("", "The manifest has no label.")
    found, pointer = _canvas_nodes(node, findings)
    canvases = _scaled(_canvases(found, findings), node, findings)
    if not canvases:
        findings.fail(pointer, "The manifest has no canvas that could be read.")
    order = tuple(canvas.uri for canvas in canvases)
    known = frozenset(order)
    return ManifestValue(
        uri=uri,
        version=version,
        label=label,
        logo=first_address(node.get("logo")),
        viewing_direction=direction_of(node, findings),
        canvases=canvases,
        annotations=page_references(node, findings, ""),
        structures=(*read_ranges(node, uri, known, findings), *further_sequences(node, uri, order, findings)),
        start=_start(node, known, findings),
        placeholder=attached_canvas(node, "placeholderCanvas", findings, ""),
        accompanying=attached_canvas(node, "accompanyingCanvas", findings, ""),
        shared_services=services(node.get("services"), findings, "/services"),
        contexts=_extensions(node),
        **{**said_by_sequence(node, findings), **describe(node, findings)},
    )


def _extensions(node: dict[str, Any]) -> tuple[str, ...]:
    """The contexts of extensions, which explain properties that Presentation does not know."""
    contexts = [value for value in as_list(node.get("@context")) if isinstance(value, str)]
    return tuple(
        context
        for context in contexts
        if context.startswith(("http://", "https://"))
        and not _CONTEXT.search(context)
        and "/presentation/" not in context
        and "www.w3.org/ns/anno" not in context
    )


def _name(node: dict[str, Any], findings: Findings) -> str:
    uri = identifier(node)
    if uri is None and findings.url:
        findings.warn("/id", "The document has no identifier; the address it came from is taken.")
        return findings.url
    return findings.identity(uri, "/id" if "id" in node else "/@id") or ""


def _canvas_nodes(node: dict[str, Any], findings: Findings) -> tuple[list[tuple[Any, str]], str]:
    """The canvases as they stand in the document, each with its place, and the place of them all."""
    if "sequences" not in node:
        if "items" not in node:
            findings.fail("", "The manifest has neither sequences (version 2) nor items (version 3).")
        return _list(node.get("items", []), "/items", findings), "/items"
    best: tuple[list[tuple[Any, str]], str] = ([], "/sequences")
    for index, (sequence, at) in enumerate(_list(node["sequences"], "/sequences", findings)):
        if not isinstance(sequence, dict):
            findings.fail(at, "The sequence is not an object; it is left out.")
            continue
        if kind_of(sequence) not in ("Sequence", ""):
            findings.warn(f"{at}/@type", f"A sequence is expected here, not “{kind_of(sequence)[:60]}”.")
        if "canvases" not in sequence:
            # Presentation 2.1 §5.2: the second and later sequences may be given by reference.
            if index == 0:
                findings.fail(at, "The first sequence has no canvases.")
            continue
        canvases = _list(sequence["canvases"], f"{at}/canvases", findings)
        if not canvases:
            findings.warn(f"{at}/canvases", "The sequence is empty.")
        if canvases and not best[0]:
            best = (canvases, f"{at}/canvases")
    return best


def _list(value: Any, pointer: str, findings: Findings) -> list[tuple[Any, str]]:
    if not isinstance(value, list):
        findings.warn(pointer, "A list is expected here.")
    return list(placed_items(value, pointer))


def _canvases(nodes: list[tuple[Any, str]], findings: Findings) -> tuple[CanvasValue, ...]:
    canvases: dict[str, CanvasValue] = {}
    for node, at in nodes:
        canvas = read_canvas(node, len(canvases), findings, at)
        if canvas is None:
            continue
        if canvas.uri in canvases:
            findings.fail(at, f"The canvas {canvas.uri[:200]} stands here a second time; left out.")
            continue
        canvases[canvas.uri] = canvas
    return tuple(canvases.values())


def _scaled(
    canvases: tuple[CanvasValue, ...], node: dict[str, Any], findings: Findings
) -> tuple[CanvasValue, ...]:
    """With the scale of the manifest, where a canvas has none of its own."""
    scale = scale_of(node.get("service"), findings, "/service")
    if scale is None:
        return canvases
    return tuple(canvas if canvas.scale else replace(canvas, scale=scale) for canvas in canvases)


def _start(node: dict[str, Any], known: frozenset[str], findings: Findings) -> CanvasReference | None:
    """Where to begin: `start` (version 3), or the `startCanvas` of the manifest or of a sequence."""
    found = None
    holders = [(node, ""), *placed_items(node.get("sequences"), "/sequences")]
    for holder, pointer in holders:
        start = start_of(holder, known, findings, pointer) if isinstance(holder, dict) else None
        if start and start.uri not in known:
            key = "start" if "start" in holder else "startCanvas"
            findings.warn(f"{pointer}/{key}", "The start canvas is none of the canvases.")
            start = None
        found = found or start
    return found


def _annotation_page(node: dict[str, Any], version: int, findings: Findings) -> AnnotationPageReading:
    key = "resources" if "resources" in node else "items"
    annotations = []
    for item, at in placed_items(node.get(key), f"/{key}"):
        if isinstance(item, dict):
            annotations.append(item)
        else:
            findings.fail(at, "The annotation is not an object; it is left out.")
    following = identifier(node.get("next")) or identifier(node.get("first"))
    label = language_map(node.get("label"), findings, "/label")
    return AnnotationPageReading(
        identifier(node), version, label, tuple(annotations), following, findings.problems
    )
