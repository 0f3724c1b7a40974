"""The documents of a container and its pages (W3C Web Annotation Protocol §4.2, §4.3)."""

from typing import Any

from annotation.addresses import annotation_uri, layer_uri
from annotation.api.w3c.preferences import Preferences
from annotation.api.w3c.single import shown
from annotation.models import Annotation, Layer
from annotation.queries import slice_of
from annotation.webanno import CONTEXT, written_time

PAGE_SIZE = 100
LDP_CONTEXT = "http://www.w3.org/ns/ldp.jsonld"


def last_page(total: int) -> int:
    """The number of the last page; an empty container has one, which is empty."""
    return max(0, (total - 1) // PAGE_SIZE)


def collection(layer: Layer, total: int, wanted: Preferences) -> dict[str, Any]:
    """The container, with its first page in it unless a minimal one is wanted."""
    uri = _uri(layer, iris=wanted.iris)
    document: dict[str, Any] = {
        "@context": [CONTEXT, LDP_CONTEXT],
        "id": uri,
        "type": ["BasicContainer", "AnnotationCollection"],
        "total": total,
        "modified": written_time(layer.modified_at),
    }
    titles = list(dict.fromkeys(title for title in layer.label.values() if title))
    if titles:
        document["label"] = titles
    if wanted.minimal:
        document["first"] = f"{uri}&page=0"
    else:
        first = page(layer, 0, total, iris=wanted.iris)
        document["first"] = {key: value for key, value in first.items() if key != "@context"}
    document["last"] = f"{uri}&page={last_page(total)}"
    return document


def page(layer: Layer, number: int, total: int, *, iris: bool) -> dict[str, Any]:
    """One page with its neighbours; the annotations whole, or by their addresses only."""
    uri = _uri(layer, iris=iris)
    start, last = number * PAGE_SIZE, last_page(total)
    ids = slice_of(layer, start, PAGE_SIZE, total=total)
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "id": f"{uri}&page={number}",
        "type": "AnnotationPage",
        "partOf": {"id": uri, "type": "AnnotationCollection", "total": total},
        "startIndex": start,
    }
    if number:
        document["prev"] = f"{uri}&page={number - 1}"
    if number < last:
        document["next"] = f"{uri}&page={number + 1}"
    if iris:
        document["items"] = [annotation_uri(Annotation(pk=pk, layer_id=layer.pk)) for pk in ids]
    else:
        rows = Annotation.objects.only("id", "layer_id", "document").in_bulk(ids)
        # One that is deleted between the two queries is left out.
        document["items"] = [shown(rows[pk]) for pk in ids if pk in rows]
    return document


def _uri(layer: Layer, *, iris: bool) -> str:
    """The address of the container that tells which of its two lists of pages is meant."""
    return f"{layer_uri(layer.pk)}?iris={int(iris)}"
