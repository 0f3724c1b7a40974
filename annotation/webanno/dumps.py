"""Walks through files of many annotations: pages, lists, arrays, Mirador 2 dumps by manifest and canvas."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotation.webanno.pieces import Path, Piece
from annotation.webanno.terms import as_list, uri_of

MAX_DEPTH = 6

_CONTENT = ("items", "resources", "first", "otherContent")
_FOLLOWED = ("first", "next", "otherContent")
_PAGES = frozenset({"AnnotationPage", "AnnotationList", "AnnotationCollection", "Layer"})
_OTHERS = frozenset({"Manifest", "Collection", "Canvas", "Sequence", "Range"})
_COLLECTIONS = frozenset({"AnnotationCollection", "Layer", ""})


@dataclass(frozen=True, slots=True)
class Listed:
    """What a page or list says of itself; `collection` is the AnnotationCollection or sc:Layer it belongs to.

    Labels are as received.
    """

    uri: str | None = None
    label: Any = None
    collection: str | None = None
    collection_label: Any = None


NOTHING_SAID = Listed()


@dataclass(frozen=True, slots=True)
class Found:
    """One annotation of a file: as received, where it stood, and the manifest and canvas it stood under."""

    document: dict[str, Any]
    pointer: str
    manifest: str | None = None
    canvas: str | None = None
    page: Listed = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that stands where an annotation or a list of them ought to stand, and is none."""

    value: Any
    pointer: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a further page, as written; what it holds belongs to the same collection."""

    uri: str
    pointer: str
    page: Listed = NOTHING_SAID


Item = Found | Stray | Link


def annotations_in(content: Any) -> Iterator[Found]:
    """Every annotation in parsed JSON, in order; what is no annotation is passed over.

    Read: one annotation; AnnotationPage and AnnotationCollection (`items`, embedded `first`);
    sc:AnnotationList (`resources`); a list of those; a Mirador 2 dump `{manifest URI: {canvas URI:
    [annotation, …]}}`.
    """
    return (item for item in contents([Piece((), content)]) if isinstance(item, Found))


def contents(parts: Iterable[Piece], *, page: Listed | None = None) -> Iterator[Item]:
    """Everything in a document that comes in pieces: its annotations, what is none, and links to follow.

    `page` is what is known before: the collection that a followed link belonged to.
    """
    said: dict[Path, dict[str, Any]] = {(): {}}
    for part in parts:
        yield from _part(part, said, page or NOTHING_SAID)


def _part(part: Piece, said: dict[Path, dict[str, Any]], page: Listed) -> Iterator[Item]:
    """A piece with the members that stood before it at the containers around it."""
    filed = tuple(step for step in part.path if isinstance(step, str) and _is_uri(step))
    for length in range(len(part.path)):
        page = _listed(said.get(part.path[:length], {}), page)
    last = part.path[-1] if part.path else None
    if isinstance(last, str) and not _is_uri(last):
        if last in (*_CONTENT, "next"):
            yield from _members({last: part.value}, pointer_of(part.path[:-1]), filed, page, 1)
        else:
            said.setdefault(part.path[:-1], {})[last] = part.value
        return
    yield from _walk(part.value, pointer_of(part.path), filed, page, 0)


def _walk(node: Any, pointer: str, filed: tuple[str, ...], page: Listed, depth: int) -> Iterator[Item]:
    if depth > MAX_DEPTH:
        yield Stray(node, pointer, f"Lists are nested more than {MAX_DEPTH} levels deep; this is not read.")
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _walk(item, f"{pointer}/{index}", filed, page, depth + 1)
    elif not isinstance(node, dict):
        yield Stray(node, pointer, "An annotation is expected here; this is neither one nor a list of them.")
    elif _is_annotation(node):
        manifest, canvas = (*filed, None, None)[:2]
        yield Found(node, pointer, manifest, canvas, page)
    elif _kinds(node) & _OTHERS:
        kind = next(iter(_kinds(node) & _OTHERS))
        sentence = (
            f"This is a IIIF {kind}. Import it as a source: the annotations that it carries come with it."
        )
        yield Stray(node, pointer, sentence)
    elif _kinds(node) & _PAGES or any(key in node for key in (*_CONTENT, "next")):
        yield from _members(node, pointer, filed, _listed(node, page), depth + 1)
    else:
        yield from _dump(node, pointer, filed, page, depth + 1)


def _members(
    node: Mapping[str, Any], pointer: str, filed: tuple[str, ...], page: Listed, depth: int
) -> Iterator[Item]:
    """The annotations and further pages of a page, list, layer or collection."""
    for key in ("items", "resources"):
        if isinstance(node.get(key), list):
            yield from _walk(node[key], f"{pointer}/{key}", filed, page, depth)
        elif key in node:
            yield Stray(node[key], f"{pointer}/{key}", "A list of annotations is expected here.")
    for key in _FOLLOWED:
        for index, other in enumerate(as_list(node.get(key))):
            at = f"{pointer}/{key}/{index}" if isinstance(node[key], list) else f"{pointer}/{key}"
            if isinstance(other, dict) and any(inner in other for inner in ("items", "resources")):
                yield from _walk(other, at, filed, page, depth)
            elif uri := uri_of(other):
                yield Link(uri, at, page)
            else:
                yield Stray(other, at, "A further page has neither an address nor content.")


def _dump(
    node: Mapping[str, Any], pointer: str, filed: tuple[str, ...], page: Listed, depth: int
) -> Iterator[Item]:
    """Mirador 2: filed under the URI of the manifest, then of the canvas."""
    below = {key: value for key, value in node.items() if _is_uri(key) and isinstance(value, list | dict)}
    if node and not below:
        yield Stray(node, pointer, "This is neither an annotation nor a list of annotations.")
    for key, value in below.items():
        yield from _walk(value, f"{pointer}{_step(key)}", (*filed, key), page, depth)


def _listed(node: Mapping[str, Any], before: Listed) -> Listed:
    """What a page says of itself, completed from what is known of the one around it."""
    kinds = _kinds(node)
    if not (kinds & _PAGES or "within" in node or "partOf" in node or "label" in node):
        return before
    uri, label = uri_of(dict(node)), node.get("label")
    if kinds & {"AnnotationCollection", "Layer"}:
        return Listed(None, None, uri or before.collection, label or before.collection_label)
    whole = next(iter(_collections(node)), None)
    if whole is None:
        return Listed(uri, label, before.collection, before.collection_label)
    named = whole.get("label") if isinstance(whole, dict) else None
    same = uri_of(whole) == before.collection
    return Listed(uri, label, uri_of(whole), named or (before.collection_label if same else None))


def _collections(node: Mapping[str, Any]) -> Iterator[Any]:
    for key in ("partOf", "within"):
        for whole in as_list(node.get(key)):
            if uri_of(whole) and (not isinstance(whole, dict) or (_kinds(whole) or {""}) & _COLLECTIONS):
                yield whole


def _kinds(node: Mapping[str, Any]) -> set[str]:
    kinds = (kind for kind in as_list(node.get("type", node.get("@type"))) if isinstance(kind, str))
    return {kind.rsplit("#", 1)[-1].rsplit("/", 1)[-1].rsplit(":", 1)[-1] for kind in kinds}


def _is_annotation(node: Mapping[str, Any]) -> bool:
    return "Annotation" in _kinds(node) or ("on" in node and "resource" in node)


def _is_uri(key: str) -> bool:
    return "://" in key or key.startswith("urn:")


def pointer_of(path: Path) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(_step(str(step)) for step in path)


def _step(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")
