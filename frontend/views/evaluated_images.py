"""Pages of images behind evaluations: those that a figure counts, and those on which two evaluations differ."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from campaigns.api.outcomes.evaluations import other_asked
from campaigns.evaluated import finished
from campaigns.evaluated_images import BETTER, differing, images_behind, shown_images
from campaigns.evaluation_tables import label_names
from campaigns.models import Evaluation
from campaigns.permissions import get_evaluation_for
from frontend.measured_images import drawn_images
from frontend.views.evaluations import language, place_of

A_PAGE = 24


def _names(*evaluations: Evaluation) -> dict[str, str]:
    """The labels of the classes of all of them in the reader's language."""
    names: dict[str, str] = {}
    for one in reversed(evaluations):
        ids = (label["id"] for label in one.figures["labels"])
        names |= dict(zip(ids, label_names(one.figures, language()), strict=True))
    return names


def _person(evaluation: Evaluation, place: str) -> str:
    """Who stands at this place in the list of people; "" where it is no place."""
    people = (evaluation.figures["ceiling"] or {}).get("people", [])
    return {str(number): str(one["person"]) for number, one in enumerate(people)}.get(place, "")


@require_GET
def evaluation_images(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """The images that a figure counts, with what is true there and what was said."""
    evaluation = finished(get_evaluation_for(request.user, evaluation_id))
    kind, row = request.GET.get("kind", "") or "all", request.GET.get("row", "")
    links, person = request.GET.get("links", ""), request.GET.get("person", "")
    images: Any = images_behind(evaluation, kind=kind, row=row, links=links, person=person)
    page = Paginator(images, A_PAGE).get_page(request.GET.get("page"))
    names = _names(evaluation)
    shown = shown_images([one.canvas_id for one in page], [evaluation])
    context: dict[str, Any] = {
        "section": "releases", **place_of(evaluation), "page": page, "kind": kind, "links": links,
        "images": drawn_images(shown, names), "row_name": names.get(row),
        "person_name": _person(evaluation, person), "boxes": evaluation.figures["kind"] == "boxes",
    }  # fmt: skip
    return render(request, "evaluations/images.html", context)


@require_GET
def evaluation_differences(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """The images that two evaluations judge differently, with both answers, the most different first."""
    first = get_evaluation_for(request.user, evaluation_id)
    second = get_evaluation_for(request.user, other_asked(request.GET.get("with", "")))
    better, row = request.GET.get("better", "") or "any", request.GET.get("row", "")
    whole = differing(first, second, better=better, row=row, limit=0)
    page = Paginator(range(whole.counts[better]), A_PAGE).get_page(request.GET.get("page"))
    offset = max(page.start_index() - 1, 0)
    found = differing(first, second, better=better, row=row, offset=offset, limit=A_PAGE)
    names = _names(first, second)
    words = {
        "any": _("all"), "first": _("fewer mistakes here"), "second": _("fewer mistakes there"),
        "only-first": _("without a mistake here alone"), "only-second": _("without a mistake there alone"),
    }  # fmt: skip
    context: dict[str, Any] = {
        "section": "releases", **place_of(first), "other": second, "page": page, "row": row,
        "row_name": names.get(row), "better": better, "boxes": first.figures["kind"] == "boxes",
        "images": drawn_images(shown_images(found.canvases, [first, second]), names),
        "choices": [{"name": name, "word": words[name], "count": whole.counts[name]} for name in BETTER],
    }  # fmt: skip
    return render(request, "evaluations/differences.html", context)
