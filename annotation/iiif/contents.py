"""Says in Presentation 3 what the table of contents says: ranges, nested, with canvases and parts of them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from annotation.iiif.describing import described, link, texts
from annotation.iiif.values import AnnotationPageReference, CanvasReference, RangeReference, RangeValue

Item = RangeValue | RangeReference | CanvasReference


@dataclass(frozen=True, slots=True)
class Publication:
    """What the ranges are written for: the address of the manifest, for ranges whose identifier is no HTTP(S)
    URI; the canvases that are not published; and whether labels and parts are all that is wanted.
    """

    base: str
    without: frozenset[str] = frozenset()
    bare: bool = False


def range_document(value: RangeValue, publication: Publication) -> dict[str, Any] | None:
    """A range with everything below it; None when nothing in it is published."""
    items = [document for item in value.items if (document := _item(item, publication))]
    if not items:
        return None
    return {
        "id": _name(value.uri, publication.base),
        "type": "Range",
        **({"label": texts(value.label)} if value.label else {}),
        **({} if publication.bare else _more(value, publication)),
        "items": items,
    }


def canvas(reference: CanvasReference) -> dict[str, Any]:
    """A canvas, or a part of it, as a range or `start` points to it."""
    if reference.selector:
        whole = {"id": reference.uri, "type": "Canvas"}
        return {"type": "SpecificResource", "source": whole, "selector": reference.selector}
    # As the cookbook writes it (recipe 26), which more viewers follow than a FragmentSelector.
    fragment = f"#{reference.fragment}" if reference.fragment else ""
    return {"id": f"{reference.uri}{fragment}", "type": "Canvas"}


def _more(value: RangeValue, publication: Publication) -> dict[str, Any]:
    started = value.start and value.start.uri not in publication.without and value.start
    return {
        **described(value, "Range"),
        **({"viewingDirection": value.viewing_direction} if value.viewing_direction else {}),
        **({"start": canvas(started)} if started else {}),
        **({"supplementary": link(value.supplementary)} if value.supplementary else {}),
        **({"annotations": list(map(_page, value.annotations))} if value.annotations else {}),
    }


def _page(page: AnnotationPageReference) -> dict[str, Any]:
    label = {"label": texts(page.label)} if page.label else {}
    embedded = page.document if page.document and "items" in page.document else {}
    return {"id": page.uri or "", "type": "AnnotationPage", **embedded, **label}


def _item(item: Item, publication: Publication) -> dict[str, Any] | None:
    if isinstance(item, RangeValue):
        return range_document(item, publication)
    if isinstance(item, RangeReference):
        label = {"label": texts(item.label)} if item.label else {}
        return {"id": _name(item.uri, publication.base), "type": "Range", **label}
    return None if item.uri in publication.without or not item.uri.startswith("http") else canvas(item)


def _name(uri: str, base: str) -> str:
    return uri if uri.startswith(("http://", "https://")) else f"{base}#range-{quote(uri, safe='')}"
