"""A layer as one file that other programs read: W3C, Open Annotation, Mirador 2; written row by row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any
from uuid import UUID

import orjson
from django.db.models import QuerySet

from annotation.addresses import annotation_list_uri, layer_uri
from annotation.iiif.searchresults import drawable
from annotation.models import Annotation, Canvas, Layer
from annotation.queries import annotations_on, as_document, fragment_of
from annotation.webanno import CONTEXT, read, to_oa

PRESENTATION_2 = "http://iiif.io/api/presentation/2/context.json"
_CHUNK = 2000
Waiting = dict[str, dict[str, list[UUID]]]


def as_w3c(layer: Layer) -> Iterator[bytes]:
    """An AnnotationCollection with all its annotations in one embedded page."""
    uri = layer_uri(layer.pk)
    collection = {
        "@context": CONTEXT,
        "id": uri,
        "type": "AnnotationCollection",
        "label": [title for title in layer.label.values() if title],
        "total": _rows(layer).count(),
    }
    page = {"id": f"{uri}?page=all", "type": "AnnotationPage", "startIndex": 0}
    yield _opened(collection) + b',"first":' + _opened(page) + b',"items":['
    yield from _separated(as_document(row) for row in _in_order(layer))
    yield b"]}}"


def as_open_annotation(layer: Layer) -> Iterator[bytes]:
    """A Presentation 2 sc:AnnotationList of all its annotations."""
    listed = {**_list_of(layer), "@id": f"{layer_uri(layer.pk)}?format=oa"}
    yield _opened(listed) + b',"resources":['
    yield from _separated(to_oa(as_document(row)) for row in _in_order(layer))
    yield b"]}"


def as_mirador(layer: Layer) -> Iterator[bytes]:
    """A Mirador 2 dump: `{manifest URI: {canvas URI: [oa:Annotation, …]}}`.

    Annotations whose canvas is not here stand under the names that they give; only their ids and names are
    held in memory.
    """
    waiting = _waiting(layer)
    placed = _rows(layer).filter(canvas__isnull=False).select_related("canvas__manifest")
    rows = (
        placed.defer("canvas__manifest__document", "canvas__manifest__metadata", "canvas__extra")
        .order_by("canvas__manifest__uri", "canvas__uri", "created_at", "pk")
        .iterator(chunk_size=_CHUNK)
    )
    yield b"{"
    before = b""
    for manifest, group in groupby(rows, key=lambda row: _canvas(row).manifest.uri):
        yield before + orjson.dumps(manifest) + b":{"
        yield from _canvases(group, waiting.pop(manifest, {}))
        yield b"}"
        before = b","
    for manifest, canvases in waiting.items():
        yield before + orjson.dumps(manifest) + b":{"
        yield from _canvases((), canvases)
        yield b"}"
        before = b","
    yield b"}"


FORMATS: dict[str, Callable[[Layer], Iterator[bytes]]] = {
    "w3c": as_w3c,
    "oa": as_open_annotation,
    "mirador2": as_mirador,
}


def annotation_list(layer: Layer, canvas: Canvas) -> dict[str, Any]:
    """The annotations of a layer on a canvas as a Presentation 2 sc:AnnotationList; one query.

    It is for viewers: what they cannot draw is said as a rectangle. The file of the whole layer loses nothing.
    """
    resources = [
        drawable(to_oa(as_document(row)), fragment_of(row, canvas)) for row in annotations_on(layer, canvas)
    ]
    return {**_list_of(layer), "@id": annotation_list_uri(layer, canvas), "resources": resources}


def _list_of(layer: Layer) -> dict[str, Any]:
    label = next((title for title in layer.label.values() if title), "–")
    return {
        "@context": PRESENTATION_2,
        "@type": "sc:AnnotationList",
        "within": {"@id": layer_uri(layer.pk), "@type": "sc:Layer", "label": label},
    }


def _canvases(rows: Iterable[Annotation], waiting: dict[str, list[UUID]]) -> Iterator[bytes]:
    before = b""
    for canvas, group in groupby(rows, key=lambda row: _canvas(row).uri):
        yield before + orjson.dumps(canvas) + b":["
        others = _by_id(waiting.pop(canvas, []))
        yield from _separated(to_oa(as_document(row)) for part in (group, others) for row in part)
        yield b"]"
        before = b","
    for canvas, ids in waiting.items():
        yield before + orjson.dumps(canvas) + b":["
        yield from _separated(to_oa(as_document(row)) for row in _by_id(ids))
        yield b"]"
        before = b","


def _waiting(layer: Layer) -> Waiting:
    """The ids of the annotations without a canvas, by the manifest and canvas that they name."""
    found: Waiting = defaultdict(lambda: defaultdict(list))
    for row in _rows(layer).filter(canvas=None).order_by("created_at", "pk").iterator(chunk_size=_CHUNK):
        target = read(row.document).target
        manifest = (target and target.manifest) or f"{layer_uri(layer.pk)}#no-manifest"
        found[manifest][target.source if target else f"{layer_uri(layer.pk)}#no-canvas"].append(row.pk)
    return found


def _by_id(ids: list[UUID]) -> Iterator[Annotation]:
    for start in range(0, len(ids), _CHUNK):
        some = Annotation.objects.filter(pk__in=ids[start : start + _CHUNK]).defer("words")
        yield from some.order_by("created_at", "pk")


def _rows(layer: Layer) -> QuerySet[Annotation]:
    return Annotation.objects.filter(layer=layer, deleted_at=None).defer("words")


def _in_order(layer: Layer) -> Iterator[Annotation]:
    return _rows(layer).order_by("created_at", "pk").iterator(chunk_size=_CHUNK)


def _canvas(row: Annotation) -> Canvas:
    if row.canvas is None:
        raise ValueError("The rows of a canvas have one.")
    return row.canvas


def _opened(document: Mapping[str, Any]) -> bytes:
    """The JSON of an object without its closing bracket."""
    return orjson.dumps(document)[:-1]


def _separated(documents: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    before = b""
    for document in documents:
        yield before + orjson.dumps(document)
        before = b","
