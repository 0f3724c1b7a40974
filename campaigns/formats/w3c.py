"""W3C Web Annotations: the lossless file, one AnnotationPage per canvas.

One JSON-LD document, an array: each member is complete in itself with its own `@context`, so a page can be
cut out and given to a IIIF viewer. First the pages in the order of the release (a page without items says
that nothing is on the canvas), last the AnnotationCollection that holds them, because only then its `total`
is known. Written as a stream; see Web Annotation Data Model §5.2 and
Presentation API 3 §5.5.
"""

from collections.abc import Iterator
from typing import Any

from campaigns.formats.values import GroundTruth, by_canvas
from campaigns.formats.writing import dump, encoded

NAME = "w3c"
LABEL = "W3C Web Annotations (JSON-LD)"
MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
SUFFIX = ".w3c.json"

PAGE_CONTEXT = "http://iiif.io/api/presentation/3/context.json"
COLLECTION_CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def write(release: GroundTruth) -> Iterator[bytes]:
    """The array in pieces of UTF-8."""
    return encoded(_document(release))


def page_id(release: GroundTruth, canvas: str) -> str:
    """The address under which the page of a canvas (its id) stands within the release."""
    return f"{release.uri.rstrip('/')}/pages/{canvas}"


def _document(release: GroundTruth) -> Iterator[str]:
    total, first, last = 0, None, None
    yield "["
    for canvas, items in by_canvas(release):
        last = page_id(release, canvas.id)
        first = first or last
        page: dict[str, Any] = {
            "@context": [*release.contexts, PAGE_CONTEXT] if release.contexts and items else PAGE_CONTEXT,
            "id": last,
            "type": "AnnotationPage",
            "partOf": [
                {"id": release.uri, "type": "AnnotationCollection", "label": {"none": [release.heading()]}}
            ],
            # A member's own context would be redundant inside the page.
            "items": [{key: value for key, value in i.document.items() if key != "@context"} for i in items],
        }
        total += len(items)
        yield "\n" + dump(page) + ","
    yield "\n" + dump(_collection(release, total, first, last)) + "\n]\n"


def _collection(release: GroundTruth, total: int, first: str | None, last: str | None) -> dict[str, Any]:
    collection: dict[str, Any] = {
        "@context": COLLECTION_CONTEXT,
        "id": release.uri,
        "type": "AnnotationCollection",
        "label": release.heading(),
        "created": release.created_at.isoformat(),
        "total": total,
    }
    if release.rights:
        collection["rights"] = release.rights
    return {**collection, "first": first, "last": last} if first else collection
