"""The search on the page of a source: what was found, as crops with labels, texts and ways to the image."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from annotation.finding import Found, Scope, matching, with_quotes
from annotation.iiif.searchrequest import SearchRequestError, Term, read_search
from annotation.models import Annotation, Layer, Manifest
from annotation.queries import shown_box, with_concepts
from annotation.webanno import texts
from frontend.sharing import canvas_page
from taxonomy.queries import labels_in

PAGE_SIZE = 24
MOST_LINES = 3


@dataclass(frozen=True, slots=True)
class Result:
    """One annotation as the page shows it: `lines` are parts of texts with what was found between.

    What only repeats the labels is left out of the lines.
    """

    annotation: Annotation
    box: tuple[float, float, float, float] | None
    layer: dict[str, str]
    labels: list[str]
    lines: list[dict[str, str]]
    text: str
    address: str


def search_in(manifest: Manifest, request: HttpRequest, language: str) -> dict[str, Any]:
    """What the search box and its results need; no query while nothing is asked, seven at most when it is."""
    q = request.GET.get("q", "").strip()
    if not q:
        return {"q": ""}
    try:
        wanted = read_search({"q": q})
    except SearchRequestError as error:
        return {"q": q, "problem": _(str(error))}
    rows = matching(Scope(request.user, manifest), wanted)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("found"))
    return {"q": q, "page": page, "results": _results(page, wanted.terms, language)}


def _results(page: Page[Annotation], terms: Sequence[Term], language: str) -> list[Result]:
    start = max(page.start_index() - 1, 0)
    rows: Any = page.paginator.object_list
    found = with_quotes(with_concepts(rows)[start : start + PAGE_SIZE], terms)
    links = {
        one.annotation.pk: [link.concept_id for link in one.annotation.concept_links.all()] for one in found
    }
    labels = labels_in({pk for named in links.values() for pk in named}, language)
    layers = dict(
        Layer.objects.filter(pk__in={one.annotation.layer_id for one in found}).values_list("pk", "label")
    )
    names = {
        pk: list(dict.fromkeys(labels[concept] for concept in named if concept in labels))
        for pk, named in links.items()
    }
    return [
        Result(
            annotation=one.annotation,
            box=_shown(one.annotation),
            layer=layers[one.annotation.layer_id],
            labels=names[one.annotation.pk],
            lines=_lines(one, names[one.annotation.pk]),
            text=" ".join(texts(one.annotation.document)),
            address=_address(one.annotation),
        )
        for one in found
    ]


def _shown(annotation: Annotation) -> tuple[float, float, float, float] | None:
    box = shown_box(annotation, annotation.canvas) if annotation.canvas else None
    return box.xywh if box else None


def _lines(one: Found, labels: Sequence[str]) -> list[dict[str, str]]:
    lines = [
        {"prefix": quote.prefix, "exact": quote.exact, "suffix": quote.suffix}
        for quote in (one.own or one.labels)
    ]
    return [line for line in lines if "".join(line.values()) not in labels][:MOST_LINES]


def _address(annotation: Annotation) -> str:
    assert annotation.canvas is not None
    return canvas_page(annotation.canvas, None, annotation)
