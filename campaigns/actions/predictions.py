"""Models are asked: a run goes over the canvases of its campaign, and what is said is kept in a layer of its own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.images import ImageRefused
from annotation.models import Canvas
from campaigns.actions.asking import Ask, asker_of
from campaigns.documents import MOTIVATIONS, ConceptNames, annotation_document, columns, software
from campaigns.models import Prediction, PredictionBatch, PredictionRun
from campaigns.predictors import Predicted, Predictions, PredictorError
from fetch import FetchError
from problems import Problem
from taxonomy.heirs import heirs_of
from work.runner import Runner

MOST_FAILURES_IN_A_ROW = 10
Model = tuple[str, str]  # name and version


def run_predictor(run_id: str, runner: Runner) -> None:
    """Ask about every canvas that still waits or failed before; what is done stays done.

    A canvas that the model cannot deal with is written down and passed over; ten in a row, or all of them,
    end the run as failed.
    """
    run = PredictionRun.objects.select_related("predictor__campaign__vocabulary", "layer").get(pk=run_id)
    states = PredictionBatch.State
    run.batches.filter(state=states.FAILED).update(state=states.WAITING, error="")
    waiting = list(run.batches.filter(state=states.WAITING).values_list("pk", flat=True))
    runner.expect(run.batches.count(), done=run.batches.exclude(state=states.WAITING).count())
    if waiting:
        _ask_all(run, waiting, runner)
    _sum_up(run, runner)


def _ask_all(run: PredictionRun, waiting: Sequence[int], runner: Runner) -> None:
    names = ConceptNames.of_campaign(run.predictor.campaign)
    # The map stays as it was given; what was merged away since is predicted as what it became.
    heirs = heirs_of(UUID(concept) for concept in run.label_map.values())
    run.label_map = {
        label: str(heirs.get(UUID(concept), concept)) for label, concept in run.label_map.items()
    }
    names = names.including(run.label_map.values())
    ask = asker_of(run, runner)
    batches = PredictionBatch.objects.select_related("canvas__manifest").defer(
        "canvas__manifest__document", "canvas__manifest__metadata"
    )
    failures = 0
    for pk in waiting:
        # Asked before as well as after each canvas: a slow model must not look like a dead worker.
        runner.check()
        failures = 0 if _ask_one(run, batches.get(pk=pk), ask, names, runner) else failures + 1
        if failures >= MOST_FAILURES_IN_A_ROW:
            raise Problem(
                _(
                    "The model failed %d times in a row, so the run was ended. The report says why; "
                    "mend the cause and resume the run."
                )
                % failures,
                code="model-failing",
            )
        runner.advance()


def _sum_up(run: PredictionRun, runner: Runner) -> None:
    counts = run.batches.aggregate(
        all=Count("pk"), failed=Count("pk", filter=Q(state=PredictionBatch.State.FAILED))
    )
    if counts["failed"] == counts["all"]:
        raise Problem(
            _("The model failed on every canvas. The report says why; mend the cause and resume the run."),
            code="model-failing",
        )
    found, canvases = run.predictions.count(), counts["all"] - counts["failed"]
    runner.say(
        ngettext(
            "%(found)d prediction on %(canvases)d canvases.",
            "%(found)d predictions on %(canvases)d canvases.",
            found,
        )
        % {"found": found, "canvases": canvases}
    )
    if counts["failed"]:
        sentence = ngettext(
            "%d canvas failed; resume the run to ask about it again.",
            "%d canvases failed; resume the run to ask about them again.",
            counts["failed"],
        )
        runner.say(sentence % counts["failed"], severity="warning")


def _ask_one(
    run: PredictionRun, batch: PredictionBatch, ask: Ask, names: ConceptNames, runner: Runner
) -> bool:
    """Whether the canvas could be dealt with."""
    try:
        said = ask(batch.canvas)
    except (FetchError, PredictorError, ImageRefused, Problem) as error:
        sentence = str(error.detail) if isinstance(error, Problem) else str(error)
        PredictionBatch.objects.filter(pk=batch.pk, state=PredictionBatch.State.WAITING).update(
            state=PredictionBatch.State.FAILED, error=sentence
        )
        runner.say(sentence, severity="error", place=batch.canvas.uri)
        return False
    with transaction.atomic():
        # Another runner may have asked about the same canvas meanwhile: what came first stands, never both.
        held = PredictionBatch.objects.select_for_update().get(pk=batch.pk)
        if held.state == PredictionBatch.State.DONE:
            return True
        _keep(run, batch, said, names)
    if batch.quarantined:
        runner.say(
            ngettext(
                "%(count)d prediction could not be used: %(reason)s",
                "%(count)d predictions could not be used: %(reason)s",
                len(batch.quarantined),
            )
            % {"count": len(batch.quarantined), "reason": batch.quarantined[0]["reason"]},
            severity="warning",
            place=batch.canvas.uri,
        )
    return True


def _keep(run: PredictionRun, batch: PredictionBatch, said: Predictions, names: ConceptNames) -> None:
    """Write what was said about one canvas; ids follow from the content, so that repeating adds nothing."""
    rows, links = [], []
    quarantined = [{"raw": bad.raw, "reason": bad.reason} for bad in said.quarantined]
    model = (said.model or run.predictor.name, said.version or run.predictor.version)
    for one in said.found:
        concept = run.label_map.get(one.label, one.label)
        if concept not in names:
            quarantined.append(
                {"raw": _raw(one), "reason": _("The class “%s” is mapped to no concept.") % one.label[:200]}
            )
            continue
        pk = uuid5(run.pk, f"{batch.canvas_id}|{one.label}|{_key(one)}")
        rows.append(_annotation(run, batch.canvas, one, concept, names, model, pk))
        links.append(Prediction(run=run, annotation_id=pk, model_label=one.label[:200]))
    add_annotations(rows)
    Prediction.objects.bulk_create(links, ignore_conflicts=True)
    batch.state, batch.error, batch.quarantined = PredictionBatch.State.DONE, "", quarantined
    batch.save(update_fields=["state", "error", "quarantined"])


def _raw(one: Predicted) -> dict[str, Any]:
    return {
        "box": list(one.box.xywh) if one.box else None,
        **({"points": [list(point) for point in one.points]} if one.points else {}),
        "label": one.label[:200],
        "confidence": one.confidence,
    }


def _key(one: Predicted) -> str:
    numbers = [value for point in one.points for value in point] or (one.box.xywh if one.box else ())
    return ",".join(f"{value:.2f}" for value in numbers)


def _annotation(
    run: PredictionRun,
    canvas: Canvas,
    one: Predicted,
    concept: str,
    names: ConceptNames,
    model: Model,
    pk: UUID,
) -> NewAnnotation:
    name, version = model
    sure = {} if one.confidence is None else {"confidence": one.confidence}
    document = annotation_document(
        canvas,
        one.box,
        [concept],
        names,
        points=one.points,
        generator=software(" ".join(part for part in model if part)),
        created=run.created_at,
        extension={**sure, "model": name, "modelVersion": version},
    )
    return NewAnnotation(
        id=pk,
        layer=run.layer,
        canvas=canvas,
        document=document,
        motivations=MOTIVATIONS,
        **columns(one.box, one.points),
        concept_ids=(UUID(concept),),
        vocabulary_version=run.predictor.campaign.vocabulary.version,
        confidence=one.confidence,
    )


# --- how each kind of predictor is asked ----------------------------------------------------------
