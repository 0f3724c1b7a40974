"""Writes Presentation 3: manifests that link our annotation pages, the pages, and collections. The one
importer of iiif-prezi3.

The models of iiif-prezi3 check every part; what is written is our own document, because the models' dump
changes URIs (it lower-cases hosts, percent-encodes paths, appends slashes) and a canvas URI that changed is
another canvas.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import iiif_prezi3
from pydantic import ValidationError

from annotation.iiif import contents
from annotation.iiif.authorization import AUTH_CONTEXT
from annotation.iiif.describing import described, picture, services, texts
from annotation.iiif.painting import painted
from annotation.iiif.values import (
    AnnotationPageReference,
    AuthValue,
    CanvasValue,
    CollectionValue,
    ImageValue,
    LanguageMap,
    ManifestValue,
    MemberValue,
)

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
NAV_PLACE = "http://iiif.io/api/extension/navplace/context.json"

# What a page of annotations may have (Presentation 3.0 §5.5) when it stands in a manifest.
_OF_A_PAGE = frozenset(
    ("id", "type", "label", "rendering", "thumbnail", "items", "next", "prev", "first", "last")
)


# Without these there is no resource; any other property that is wrong is left out.
_NEEDED = frozenset(("id", "type", "label", "items", "width", "height", "duration"))


class NotPublishable(ValueError):
    """A value that cannot be written as valid Presentation 3; the message says which part and why."""


def manifest(
    value: ManifestValue,
    *,
    uri: str | None = None,
    annotation_page_urls: Mapping[str, Sequence[str]] | None = None,
    label_of_pages: LanguageMap | None = None,
    own_services: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """A Presentation 3 manifest of all canvases whose size or duration is known, each linking its annotation
    pages.

    `uri` is where we publish it (the value's own otherwise); `annotation_page_urls` maps canvas URIs to
    addresses; `own_services` stand before those of the source. The pages that the manifest came with are
    there too: embedded as they came when they are W3C annotations, else linked. A canvas that cannot be
    written is left out, and what points to it; so is a property that would not be valid. Raises
    NotPublishable when no canvas is left.
    """
    name = uri or value.uri
    items = _canvases(value, annotation_page_urls or {}, label_of_pages or {})
    there = {item["id"] for item in items}
    without = frozenset(canvas.uri for canvas in value.canvases if canvas.uri not in there)
    described_services = [*map(dict, own_services), *services(value.services)]
    document = {
        "@context": _contexts(value),
        "id": name,
        "type": "Manifest",
        "label": texts(value.label) or {"none": [name]},
        **described(value, "Manifest"),
        **({"service": described_services} if described_services else {}),
        **({"services": services(value.shared_services)} if value.shared_services else {}),
        **({"viewingDirection": value.viewing_direction} if value.viewing_direction else {}),
        **({"start": contents.canvas(value.start)} if value.start and value.start.uri in there else {}),
        **_attached(value),
        "items": items,
        **_structures(value, contents.Publication(name, without)),
        **_linked(value.annotations, (), {}),
    }
    # The parts were checked one by one; one canvas stands for all, so that none is checked twice.
    checked = {**document, "items": [{**items[0], "annotations": []}], "structures": [], "annotations": []}
    wrong = _without_faults(iiif_prezi3.Manifest, checked, "manifest")
    return {key: content for key, content in document.items() if key not in wrong}


def collection(value: CollectionValue, *, uri: str | None = None) -> dict[str, Any]:
    """A Presentation 3 collection that lists its members; embedded ones are referred to. Raises
    NotPublishable.
    """
    name = uri or value.uri
    document = {
        "@context": CONTEXT,
        "id": name,
        "type": "Collection",
        "label": texts(value.label) or {"none": [name]},
        **described(value, "Collection"),
        **({"viewingDirection": value.viewing_direction} if value.viewing_direction else {}),
        "items": [_member(member) for member in value.members],
    }
    _check(iiif_prezi3.Collection, document, "collection")
    return document


def annotation_page(
    id: str,  # noqa: A002 - the word of the specification
    annotations: Iterable[Mapping[str, Any]],
    *,
    part_of: Mapping[str, Any] | None = None,
    next_page: str | None = None,
    extra_contexts: Sequence[str] = (),
) -> dict[str, Any]:
    """A Presentation 3 annotation page of W3C annotations (dicts), each as it is but without its own context.

    `part_of` is the collection (our layer): `{"id", "type": "AnnotationCollection", "label"}`.
    `extra_contexts` are addresses of contexts that explain extension properties; they stand before IIIF's, as
    the specification wants it. Raises NotPublishable when the page itself is wrong; annotations are checked
    by `annotation.webanno.validate`.
    """
    document: dict[str, Any] = {
        "@context": [*extra_contexts, CONTEXT] if extra_contexts else CONTEXT,
        "id": id,
        "type": "AnnotationPage",
    }
    if part_of:
        document["partOf"] = [dict(part_of)]
    if next_page:
        document["next"] = {"id": next_page, "type": "AnnotationPage"}
    _check(iiif_prezi3.AnnotationPage, {"id": id, "type": "AnnotationPage", "items": []}, "annotation page")
    document["items"] = [
        {key: value for key, value in annotation.items() if key != "@context"} for annotation in annotations
    ]
    return document


def page_link(url: str, label: LanguageMap) -> dict[str, Any]:
    """A link to an annotation page, as `annotations` of a canvas or manifest lists it."""
    return {"id": url, "type": "AnnotationPage", **({"label": texts(label)} if label else {})}


def _check(model: Any, document: Mapping[str, Any], what: str) -> None:
    """Raise NotPublishable when anything is wrong."""
    _without_faults(model, document, what, needed=frozenset(document))


def _without_faults(
    model: Any, document: Mapping[str, Any], what: str, *, needed: frozenset[str] = _NEEDED
) -> frozenset[str]:
    """The properties that are wrong and can be done without; raises NotPublishable for those that cannot."""
    if not str(document["id"]).startswith(("http://", "https://")):
        # Presentation 3.0 §3.2; the models let other schemes pass.
        raise NotPublishable(
            f"The {what} cannot be published: its id “{document['id']}” is not an HTTP(S) URI."
        )
    try:
        model(**{key: value for key, value in document.items() if key != "@context"})
    except ValidationError as error:
        faults = {str(fault["loc"][0]): fault for fault in error.errors(include_url=False) if fault["loc"]}
        for name, fault in faults.items():
            if name in needed:
                place = ".".join(str(step) for step in fault["loc"][:4])
                sentence = f"The {what} cannot be published: {place}: {fault['msg']}."
                raise NotPublishable(sentence) from error
        return frozenset(faults)
    return frozenset()


def _canvases(
    value: ManifestValue, pages: Mapping[str, Sequence[str]], label: LanguageMap
) -> list[dict[str, Any]]:
    items, refusal = [], NotPublishable("A manifest needs at least one canvas whose size is known.")
    for canvas in value.canvases:
        if not (canvas.width and canvas.height) and not canvas.duration:
            continue
        try:
            items.append(_checked_canvas(canvas, pages.get(canvas.uri, ()), label))
        except NotPublishable as error:
            refusal = error
    if not items:
        raise refusal
    return items


def _checked_canvas(canvas: CanvasValue, pages: Sequence[str], label: LanguageMap) -> dict[str, Any]:
    document = _canvas(canvas)
    try:
        wrong = _without_faults(iiif_prezi3.Canvas, document, f"canvas {canvas.uri}")
    except NotPublishable:
        # Other media stand there as received and may be wrong; the images are still worth showing.
        document = _canvas(canvas, other_media=False)
        wrong = _without_faults(iiif_prezi3.Canvas, document, f"canvas {canvas.uri}")
    document = {key: content for key, content in document.items() if key not in wrong}
    # Added after the check: the model reads a link with a label as an embedded, empty page.
    return {**document, **_linked(canvas.annotations, pages, label)}


def _canvas(canvas: CanvasValue, *, other_media: bool = True) -> dict[str, Any]:
    size = bool(canvas.width and canvas.height)
    notes = painted(canvas, other_media=other_media)
    return {
        "id": canvas.uri,
        "type": "Canvas",
        **({"label": texts(canvas.label)} if canvas.label else {}),
        **({"width": max(1, round(canvas.width or 0))} if size else {}),
        **({"height": max(1, round(canvas.height or 0))} if size else {}),
        **({"duration": canvas.duration} if canvas.duration else {}),
        **described(canvas, "Canvas"),
        **_attached(canvas),
        "items": [{"id": f"{canvas.uri}#painting", "type": "AnnotationPage", "items": notes}],
    }


def _attached(value: ManifestValue | CanvasValue) -> dict[str, Any]:
    """The placeholder and accompanying canvases that can be written."""
    found = {}
    for key, canvas in (("placeholderCanvas", value.placeholder), ("accompanyingCanvas", value.accompanying)):
        if canvas is None:
            continue
        try:
            found[key] = _checked_canvas(canvas, (), {})
        except NotPublishable:
            continue
    return found


def _structures(value: ManifestValue, publication: contents.Publication) -> dict[str, Any]:
    """The table of contents; a range whose description is wrong keeps its labels and parts."""
    found = []
    for top in value.structures:
        document = contents.range_document(top, publication)
        try:
            if document:
                _check(iiif_prezi3.Range, document, "range")
        except NotPublishable:
            document = contents.range_document(top, replace(publication, bare=True))
        if document:
            found.append(document)
    return {"structures": found} if found else {}


def _linked(
    references: Iterable[AnnotationPageReference], pages: Sequence[str], label: LanguageMap
) -> dict[str, Any]:
    """Our pages by address, and those of the source: embedded or by address, as they came."""
    links = [page_link(url, label) for url in pages]
    for page in references:
        embedded = _embedded(page)
        if embedded:
            links.append(embedded)
        elif page.uri and page.uri.startswith(("http://", "https://")) and page.uri not in pages:
            links.append(page_link(page.uri, page.label))
    return {"annotations": links} if links else {}


def _embedded(page: AnnotationPageReference) -> dict[str, Any] | None:
    """A page of W3C annotations that came within the manifest, when it is valid Presentation 3."""
    if page.document is None or "items" not in page.document:
        return None
    document = {key: value for key, value in page.document.items() if key in _OF_A_PAGE}
    if page.label:
        document["label"] = texts(page.label)
    try:
        _check(iiif_prezi3.AnnotationPage, {"id": "", **document}, "annotation page")
    except NotPublishable:
        return None
    return document


def _member(member: MemberValue) -> dict[str, Any]:
    return {
        "id": member.uri,
        "type": member.kind.capitalize(),
        "label": texts(member.label) or {"none": [member.uri]},
        **({"thumbnail": [picture(ImageValue(member.thumbnail))]} if member.thumbnail else {}),
        **({"navDate": member.nav_date} if member.nav_date else {}),
    }


def _contexts(value: ManifestValue) -> str | list[str]:
    """Those of extensions stand before IIIF's, which must be the last (Presentation 3.0 §4.6)."""
    places = [value.nav_place, *(canvas.nav_place for canvas in value.canvases)]
    needed = [NAV_PLACE] if any(places) else []
    if any(auth.version == 2 for canvas in value.canvases for auth in _protection(canvas)):
        # Authorization Flow 2.0 §2.1
        needed.append(AUTH_CONTEXT)
    extensions = list(dict.fromkeys([*value.contexts, *needed]))
    return [*extensions, CONTEXT] if extensions else CONTEXT


def _protection(canvas: CanvasValue) -> Iterator[AuthValue]:
    """What the images of a canvas ask of who wants to see them."""
    painted_with = [option for painting in canvas.paintings for option in painting.options]
    for image in (*painted_with, *canvas.choices, *canvas.images, *([canvas.image] if canvas.image else [])):
        yield from (auth for auth in (image.auth, image.service and image.service.auth) if auth)
