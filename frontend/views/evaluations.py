"""Pages of evaluations: ask for one, read it, look at what is behind each figure, take its tables along."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import require_user
from campaigns.actions.comparing import compare_runs, stands
from campaigns.actions.evaluating_people import evaluate_participant
from campaigns.actions.evaluations import evaluate_run
from campaigns.answered import ALL
from campaigns.api.outcomes.evaluations import csv_response, may_evaluate, person_to_evaluate, run_to_evaluate
from campaigns.compared import comparable, compare
from campaigns.evaluated import BOUNDS, finished, pairs_behind, shown_pair, with_canvases
from campaigns.evaluated_images import FIRST_WITH_IMAGES
from campaigns.evaluation_tables import label_names
from campaigns.grouped import get_grouping
from campaigns.models import Evaluation, RunComparison
from campaigns.permissions import get_evaluation_for, get_release_for, manageable_runs, visible_evaluations
from frontend.evaluating import ap_rows, compared, listed, page_of, picture_of
from frontend.views.jobs import last_lines
from problems import Conflict, Invalid

A_PAGE = 48
MOST_OTHERS = 20
PLACES = "places"  # instead of a grouping: labels are left out of account


def language() -> str:
    return (get_language() or "en").split("-")[0]


def as_uuid(text: str, pointer: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("Choose one of those offered."), pointer=pointer, code="not-an-id") from None


@require_POST
def evaluation_new(request: HttpRequest) -> HttpResponse:
    """Have a run, or a person, measured against a release; the same question again leads to the same evaluation."""
    by = require_user(request.user)
    may_evaluate(by)
    release = get_release_for(by, as_uuid(request.POST.get("release", ""), "/release"))
    classes = request.POST.get("classes", "")
    grouping = None
    if classes not in {"", PLACES}:
        grouping = get_grouping(release.campaign.vocabulary, as_uuid(classes, "/classes"))
    if who := request.POST.get("participant", ""):
        person = person_to_evaluate(by, as_uuid(who, "/participant"))
        basis = request.POST.get("basis", "") or ALL
        evaluation = evaluate_participant(
            person, release, by=by, class_aware=classes != PLACES, grouping=grouping, basis=basis
        )
    else:
        run = run_to_evaluate(by, as_uuid(request.POST.get("run", ""), "/run"))
        evaluation = evaluate_run(run, release, by=by, class_aware=classes != PLACES, grouping=grouping)
    return redirect("evaluation", evaluation.pk)


@require_GET
def evaluation_detail(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """All figures of an evaluation; `?with=` another one of the same release beside it."""
    evaluation = get_evaluation_for(request.user, evaluation_id)
    context: dict[str, Any] = {"section": "releases", **place_of(evaluation)}
    if evaluation.finished_at:
        context |= page_of(evaluation, language())
        context["classes_asked"] = _classes_asked(evaluation)
        context["counted_in"] = evaluation.parameters.get("grouping") or evaluation.release.grouping
        context["others"] = _others(request, evaluation)
        if other := request.GET.get("with", ""):
            context |= _beside(request, evaluation, other)
    elif evaluation.job:
        context["lines"] = last_lines(evaluation.job)
    return render(request, "evaluations/detail.html", context)


def _classes_asked(evaluation: Evaluation) -> str:
    """What the form of a new evaluation says, so that it counts the same classes."""
    if not evaluation.parameters["class_aware"]:
        return PLACES
    return str((evaluation.parameters.get("grouping") or {}).get("id", ""))


def place_of(evaluation: Evaluation) -> dict[str, Any]:
    run = evaluation.run
    return {
        "evaluation": evaluation,
        "run": run,
        "release": evaluation.release,
        "campaign": evaluation.release.campaign,
        "job": evaluation.job,
        # Models predict, people say.
        "said": _("said") if evaluation.participant_id else _("predicted"),
    }


def _others(request: HttpRequest, evaluation: Evaluation) -> list[Evaluation]:
    """Those of the same release with which this one can be compared."""
    rows = visible_evaluations(request.user).filter(release=evaluation.release, finished_at__isnull=False)
    others = listed(rows.exclude(pk=evaluation.pk))
    return [one for one in others if comparable(evaluation, one)][:MOST_OTHERS]


def _beside(request: HttpRequest, evaluation: Evaluation, other_id: str) -> dict[str, Any]:
    other = get_evaluation_for(request.user, as_uuid(other_id, "/with"))
    try:
        found = compare(evaluation, other)
    except Conflict as problem:  # asked for by a choice that the page offered: the answer stands on it
        return {"other": other, "cannot": str(problem.detail)}
    names: dict[str, str] = {}
    for one in (other, evaluation):
        ids = (label["id"] for label in one.figures["labels"])
        names |= dict(zip(ids, label_names(one.figures, language()), strict=True))
    row = RunComparison.objects.filter(first=evaluation, second=other).select_related("job").first()
    run = evaluation.run_id
    mine = run is not None and manageable_runs(request.user).filter(pk=run).exists()
    return {
        "other": other,
        "comparison": compared(found, names, _apart(evaluation, other)),
        "ap_rows": ap_rows(found["average_precision"]),
        "ap_stands": row is not None and stands(row, evaluation, other),
        "ap_job": row.job if row and row.job and not stands(row, evaluation, other) else None,
        "may_compare": mine and other.run_id is not None and evaluation.figures["kind"] == "boxes",
    }


def _apart(evaluation: Evaluation, other: Evaluation) -> str:
    """The address of the images on which both differ; "" where one is from before images were kept."""
    if min(one.figures["version"] for one in (evaluation, other)) < FIRST_WITH_IMAGES:
        return ""
    return f"{reverse('evaluation-differences', args=[evaluation.pk])}?with={other.pk}"


@require_POST
def evaluation_compare(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """Have the average precision of two runs compared, in the background."""
    first = get_evaluation_for(request.user, evaluation_id)
    by = require_user(request.user)
    second = get_evaluation_for(by, as_uuid(request.POST.get("with", ""), "/with"))
    compare_runs(first, second, by=by)
    address = reverse("evaluation", args=[first.pk])
    return redirect(f"{address}?with={second.pk}#compare")


@require_GET
def evaluation_cells(request: HttpRequest, evaluation_id: UUID) -> HttpResponse:
    """The pictures behind a figure: what is true there, and what was predicted."""
    evaluation = finished(get_evaluation_for(request.user, evaluation_id))
    asked = {name: request.GET.get(name, "") for name in ("row", "column", "kind", *BOUNDS)}
    pairs = with_canvases(pairs_behind(evaluation, **asked))
    page = Paginator(pairs, A_PAGE).get_page(request.GET.get("page"))
    labels = evaluation.figures["labels"]
    names = dict(zip((one["id"] for one in labels), label_names(evaluation.figures, language()), strict=True))
    cells = []
    for pair in page:
        shown = shown_pair(pair, labels)
        cells.append(
            {
                **shown,
                "pair": pair,
                "picture": picture_of(pair.canvas, shown["region"]),
                "mark": shown["region"][2] / 24 if shown["region"] else None,
                "names": (names.get(shown["true"]), names.get(shown["predicted"])),
            }
        )
    context = {
        "section": "releases", **place_of(evaluation), "page": page, "cells": cells, **asked,
        "row_name": names.get(asked["row"]), "column_name": names.get(asked["column"]),
        "boxes": evaluation.figures["kind"] == "boxes",
    }  # fmt: skip
    return render(request, "evaluations/cells.html", context)


@require_GET
def evaluation_table(request: HttpRequest, evaluation_id: UUID, table: str) -> HttpResponse:
    """One table as CSV."""
    return csv_response(get_evaluation_for(request.user, evaluation_id), table)
