"""Tell whether one run's average precision is greater than another's: asked for once, computed by a job, kept."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.compared import comparable
from campaigns.evaluated import finished
from campaigns.measured import Codes, sides_of, tables_of
from campaigns.models import Evaluation, RunComparison
from campaigns.permissions import get_campaign_for
from campaigns.quality.evaluation import Detections, compare_ap
from campaigns.quality.evaluation.alike import bar_of
from campaigns.quality.evaluation.plain import plain
from campaigns.quality.evaluation.report import detections_of
from problems import Conflict
from work.actions import request_job
from work.runner import Runner

KIND = "campaigns.compare"
SEED = 20_260_101
SAMPLES = 1000


def compare_runs(first: Evaluation, second: Evaluation, *, by: User) -> RunComparison:
    """The comparison, being made unless it stands; in this order. Raises `Refused` to who does not run the campaign
    of the first run, `Conflict` where both were not measured alike, or not by place."""
    if first.run is None or second.run is None:
        raise Conflict(
            _(
                "People say not how sure they are and have no average precision; their F1 is compared at once."
            ),
            code="no-ap",
        )
    get_campaign_for(by, first.run.predictor.campaign.slug, "manage")
    for one in (first, second):
        finished(one)
    if not comparable(first, second) or first.pk == second.pk:
        raise Conflict(
            _(
                "Only evaluations against the same release, at the same IoU and with the same classes, can be compared."
            ),
            code="not-comparable",
        )
    if first.figures["kind"] != "boxes":
        raise Conflict(
            _("Labels of whole images have no average precision; their F1 is compared at once."), code="no-ap"
        )
    with transaction.atomic():
        row, _new = RunComparison.objects.select_for_update(of=("self",)).get_or_create(
            first=first, second=second
        )
        if not stands(row, first, second) and (row.job is None or row.job.is_finished):
            row.job = request_job(KIND, row.pk, by=by, queue="compute")
            row.save(update_fields=["job"])
    return row


def stands(row: RunComparison, first: Evaluation, second: Evaluation) -> bool:
    """Whether it was computed after both evaluations."""
    newest = max(one.finished_at for one in (first, second) if one.finished_at)
    return row.computed_at is not None and row.computed_at >= newest


def write_comparison(comparison_id: UUID | str, runner: Runner | None = None) -> RunComparison:
    """Compute it from the release and what both runs say. `Conflict` where a run says something else by now."""
    row = RunComparison.objects.select_related(
        *(f"{side}__{way}" for side in ("first", "second") for way in ("run", "release__campaign"))
    ).get(pk=comparison_id)
    now = timezone.now()
    if runner:
        runner.expect(4)
    found, at, bar = zip(*(_detections(one) for one in (row.first, row.second)), strict=True)
    _advance(runner)
    figures: dict[str, Any] = {
        "release": str(row.first.release_id),
        "samples": SAMPLES,
        "seed": SEED,
        "method": "paired bootstrap by canvas (Efron & Tibshirani 1993)",
        "classes": len(found[0].labels),
    }
    points = row.first.parameters.get("shape") == "point"
    for name, pair, threshold in (
        ("ap", found, None),
        ("ap_at_reach" if points else "ap50", at if points else found, bar[0] if points else 0.5),
    ):
        figures[name] = _compared(pair[0], pair[1], threshold)
        _advance(runner)
    row.figures, row.computed_at = figures, now
    _advance(
        runner
    )  # first: whoever has lost the work to another does not write over what that one found later
    row.save(update_fields=["figures", "computed_at"])
    return row


def _detections(evaluation: Evaluation) -> tuple[Detections, Detections, float]:
    sides = sides_of(evaluation)
    if sides.predictions.state != evaluation.predictions_seen:
        raise Conflict(
            _("A run says something else since it was evaluated. Evaluate it anew, then compare."),
            code="predictions-changed",
        )
    shape = evaluation.parameters.get("shape", "box")
    truth, said, _found = tables_of(sides, shape, Codes())
    bar = bar_of(evaluation.parameters["reach"]) if shape == "point" else evaluation.parameters["iou"]
    return *detections_of(truth, said, range(len(sides.truth.canvases)), bar), bar


def _compared(first: Detections, second: Detections, threshold: float | None) -> dict[str, Any]:
    found = compare_ap(first, second, threshold=threshold, seed=SEED, samples=SAMPLES)
    values: dict[str, Any] = plain(
        {
            "first": first.ap(threshold=threshold),
            "second": second.ap(threshold=threshold),
            "difference": found.difference,
            "interval": found.interval,
            "p_value": found.p_value,
        }
    )
    return values


def _advance(runner: Runner | None) -> None:
    if runner:
        runner.job.done += 1
        runner.check()
