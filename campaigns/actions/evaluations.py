"""Measure what a model or a person said against a release: asked for once, computed by a job, kept with its crops."""

import hashlib
import json
from collections.abc import Mapping
from itertools import chain
from math import isfinite
from typing import Any, cast
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.models import Annotation
from campaigns.actions.evaluation_rows import (
    Rows,
    images_of,
    keep,
    pairs_aside,
    pairs_of,
    set_aside,
    voices_of,
)
from campaigns.answered import answers_state
from campaigns.ceilings import ceiling_of
from campaigns.classes import UNNAMED
from campaigns.grouped import grouping_as_json, text_tree
from campaigns.measured import Codes, Sides, has_several, is_place, shape_of, sides_of, tables_of
from campaigns.models import (
    Contribution,
    Evaluation,
    Participant,
    PredictionBatch,
    PredictionRun,
    Release,
)
from campaigns.permissions import get_campaign_for
from campaigns.predicted import PredictedThing, PredictedThings, layer_state
from campaigns.quality.evaluation import Report, report_on_boxes, report_on_labels
from campaigns.quality.evaluation.points import REACH
from campaigns.questions import get_kind
from campaigns.released import ReleasedTruth, coco_file_of
from problems import Conflict, Invalid
from taxonomy.models import Grouping
from taxonomy.queries import label_maps
from taxonomy.tree import Tree
from work.actions import request_job
from work.models import Job
from work.runner import Runner

MOST_REACH = 0.2


def evaluate_run(
    run: PredictionRun,
    release: Release,
    *,
    by: User,
    iou: float | None = None,
    reach: float | None = None,
    class_aware: bool = True,
    score: float | None = None,
    grouping: Grouping | None = None,
) -> Evaluation:
    """The evaluation with these parameters; queued when it is new, has failed, or the predictions have changed since.

    `iou`: from which overlap on a box or an outline is right (None: 0.5); `reach`: within which share of the diagonal
    a point is right (None: 0.02); `score`: from which on predictions count in precision, recall and
    confusion, None for the one of greatest F1; `grouping`: count its classes as they are now, instead of the
    concepts or the classes of the release. Raises `Refused` to who does not run the campaign of the run,
    `Invalid` with a pointer for parameters out of range, `Conflict` while run or release are not finished.
    """
    get_campaign_for(by, run.predictor.campaign.slug, "manage")
    parameters = {
        **place_parameters(shape_of(release), iou, reach),
        **_parameters(score, class_aware=class_aware),
    }
    if grouping is not None:
        parameters["grouping"] = grouping_allowed(grouping, release)
    require_measurable(release)
    if run.job and run.job.state in {Job.State.QUEUED, Job.State.RUNNING}:
        raise Conflict(
            _("The model is still looking; evaluate it when its run has ended."), code="run-not-finished"
        )
    return asked_for(release, parameters, by=by, run=run)


def require_measurable(release: Release) -> None:
    """Raises `Conflict` for a release of texts, of several questions or of pairs, and for one that is not finished."""
    if release.campaign.traits.released_as in ("texts", "steps"):
        raise Conflict(
            _("This release is of texts that people wrote; only places and labels are measured.")
            if release.campaign.traits.released_as == "texts"
            else _("This release answers several questions; models are evaluated against one question only."),
            code="not-evaluable",
        )
    if release.campaign.traits.pairs:
        raise Conflict(
            _("A model is measured against boxes, outlines or labels; this release holds pairs."),
            code="pairs-not-measured",
        )
    coco_file_of(release)


def asked_for(
    release: Release,
    parameters: dict[str, Any],
    *,
    by: User,
    run: PredictionRun | None = None,
    participant: Participant | None = None,
) -> Evaluation:
    """The row with these parameters, of a run or a person; its job is on its way unless the figures stand."""
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        evaluation, _new = Evaluation.objects.select_for_update(of=("self",)).get_or_create(
            run=run, participant=participant, release=release, parameters_digest=digest,
            defaults={"parameters": parameters, "created_by": by},
        )  # fmt: skip
        if _needs_work(evaluation):
            evaluation.job = request_job("campaigns.evaluate", evaluation.pk, by=by, queue="compute")
            evaluation.save(update_fields=["job"])
    return evaluation


def place_parameters(shape: str, iou: float | None, reach: float | None) -> dict[str, Any]:
    """How near is right. Raises `Invalid` for a measure that the shapes of the release do not have."""
    if shape != "point" and reach is not None:
        raise Invalid(
            _("A reach is for points; this release is measured by IoU."), pointer="/reach", code="not-points"
        )
    if shape == "point":
        if iou is not None:
            raise Invalid(
                _("Points have no IoU; say how far they may be as “reach”."), pointer="/iou", code="points"
            )
        if reach is not None and not (isfinite(reach) and 0 < reach <= MOST_REACH):
            raise Invalid(
                _("The reach lies above 0 and is at most a fifth of the diagonal."),
                pointer="/reach",
                code="out-of-range",
            )
        return {"shape": shape, "reach": REACH if reach is None else float(reach)}
    if iou is not None and not (isfinite(iou) and 0 < iou <= 1):
        raise Invalid(_("The IoU lies above 0 and is at most 1."), pointer="/iou", code="out-of-range")
    value = {"iou": 0.5 if iou is None else float(iou)}
    # Boxes go without, so that what was asked before there was a choice is the same question still.
    return value if shape == "box" else {**value, "shape": shape}


def _parameters(score: float | None, *, class_aware: bool) -> dict[str, Any]:
    if score is not None and not (isfinite(score) and 0 <= score <= 1):
        raise Invalid(_("A score lies between 0 and 1."), pointer="/score", code="out-of-range")
    return {"class_aware": class_aware, "score": None if score is None else float(score)}


def grouping_allowed(grouping: Grouping, release: Release) -> dict[str, Any]:
    if grouping.vocabulary_id != release.campaign.vocabulary_id:
        raise Invalid(
            _("This grouping is none of the campaign's vocabulary."),
            pointer="/grouping",
            code="unknown-grouping",
        )
    return grouping_as_json(grouping)


def _needs_work(evaluation: Evaluation) -> bool:
    if evaluation.job and not evaluation.job.is_finished:
        return False
    if evaluation.finished_at is None:
        return True
    state = (
        layer_state(evaluation.run)
        if evaluation.run
        else answers_state(cast(Participant, evaluation.participant))
    )
    return bool(state != evaluation.predictions_seen)


def write_evaluation(evaluation_id: UUID | str, runner: Runner | None = None) -> Evaluation:
    """Compute the figures and keep them with the boxes behind them; harmless to repeat, and the release stands."""
    evaluation = Evaluation.objects.select_related(
        "run__predictor__campaign", "release__campaign", "participant__campaign"
    ).get(pk=evaluation_id)
    _expect(runner, 4)
    sides = sides_of(evaluation)
    truth, predictions = sides.truth, sides.predictions
    _advance(runner)
    seen = (
        _seen_by_the_model(evaluation.run, evaluation.release, truth)
        if evaluation.run
        else {"examples": [], "shown": [], "unasked": []}
    )
    _advance(runner)
    classes = Codes()
    of_boxes = get_kind(evaluation.release.campaign.question_kind).TRAITS.released_as == "boxes"
    many = not of_boxes and has_several(evaluation.release, truth)
    ranked = evaluation.run is not None
    if of_boxes:
        report, rows = _boxes(sides, classes, evaluation.parameters, seen["examples"], ranked=ranked)
    else:
        report, rows = _labels(
            truth,
            predictions,
            classes,
            evaluation.parameters,
            seen["examples"],
            many=many,
            tree=_tree(evaluation),
            ranked=ranked,
        )
    _advance(runner)
    ceiling = ceiling_of(
        evaluation.release, evaluation.parameters, sides.class_of, many=many, labels=classes.names
    )
    shape = evaluation.parameters.get("shape", "box") if of_boxes else None
    aside = set_aside(predictions, truth, lambda one: is_measured(one, shape))
    figures = {
        **report.figures,
        "labels": _named(classes.names, truth),
        "ceiling": ceiling and ceiling.figures,
        "leakage": {name: [truth.canvases[place] for place in places] for name, places in seen.items()},
        "shape": shape,
        "counts": _counts(truth, predictions, shape),
        "kept_aside": {name: len(things) for name, things in aside.items()},
        "truth": {"file": truth.file, "sha256": truth.sha256},
        "person": _of_person(sides, evaluation.parameters),
    }
    if not ranked:
        figures["score"] = {"value": None, "chosen": "all", "below": 0}
    images = images_of(evaluation, truth, report, rows)
    pairs = chain(
        pairs_of(evaluation, truth, report.pairs, rows),
        pairs_aside(evaluation, aside, sides.class_of, classes.names),
    )
    keep(evaluation, figures, pairs, images, voices_of(evaluation, ceiling), predictions)
    _advance(runner)
    return evaluation


def _of_person(sides: Sides, parameters: Mapping[str, Any]) -> dict[str, Any] | None:
    """On how many images the person answered, and had a voice in what is true; None for a model."""
    found = sides.answered
    if found is None:
        return None
    return {
        "basis": parameters["basis"],
        **{name: getattr(found, name) for name in ("answered", "voiced", "settled", "late")},
    }


def _expect(runner: Runner | None, steps: int) -> None:
    if runner:
        runner.expect(steps)


def _advance(runner: Runner | None) -> None:
    if runner:
        runner.job.done += 1
        runner.check()


def _boxes(
    sides: Sides, classes: Codes, parameters: dict[str, Any], known: list[int], *, ranked: bool
) -> tuple[Report, Rows]:
    shape = parameters.get("shape", "box")
    true, said, found = tables_of(sides, shape, classes)
    things = sides.truth.boxes
    report = report_on_boxes(
        true,
        said,
        canvases=len(sides.truth.canvases),
        iou=parameters.get("iou") or 0.5,
        reach=parameters.get("reach") or REACH,
        score=parameters["score"],
        known=known,
        scored=sides.predictions.unscored == 0,
        ranked=ranked,
    )
    return report, Rows(
        [one.annotation for one in things],
        [one.canvas for one in things],
        [one.box for one in things],
        [one.annotation for one in found],
        [one.canvas for one in found],
        [tuple(row) for row in said.boxes.tolist()],
        [one.score for one in found],
        true_points=[one.points for one in things] if shape != "box" else (),
        points=[one.points for one in found] if shape != "box" else (),
        true_side=np.sqrt(true.area).tolist() if shape != "point" else (),
    )


def _labels(
    truth: ReleasedTruth,
    said: PredictedThings,
    classes: Codes,
    parameters: dict[str, Any],
    known: list[int],
    *,
    many: bool,
    tree: Tree[str] | None,
    ranked: bool,
) -> tuple[Report, Rows]:
    true = [{classes.code(concept) for concept in sorted(tags)} for tags in truth.tags]
    found = [
        (one, classes.code(one.concept))
        for one in said.things
        if one.box is None and not one.points and one.concept
    ]
    scores = np.full((len(true), len(classes.names)), np.nan)
    ids: list[str | None] = [None] * len(true)
    naming: dict[tuple[int, int | None], str | None] = {}
    for one, code in found:
        if not scores[one.canvas, code] >= one.score:
            scores[one.canvas, code], naming[one.canvas, code] = one.score, one.annotation
        ids[one.canvas] = ids[one.canvas] or one.annotation
    report = report_on_labels(
        true,
        scores,
        many=many,
        names=classes.names,
        tree=tree,
        score=parameters["score"],
        known=known,
        scored=said.unscored == 0,
        ranked=ranked,
    )
    everywhere = list(range(len(true)))
    nothing: list[None] = [None] * len(true)
    best = [None if np.isnan(row).all() else float(np.nanmax(row)) for row in scores]
    return report, Rows(nothing, everywhere, nothing, ids, everywhere, nothing, best, of_label=naming)


def _tree(evaluation: Evaluation) -> Tree[str] | None:
    """The tree that concepts stand in; None where classes of a grouping, or places alone, count."""
    parameters, release = evaluation.parameters, evaluation.release
    if parameters.get("grouping") or release.grouping or not parameters["class_aware"]:
        return None
    return text_tree(release.campaign.vocabulary)


def _seen_by_the_model(run: PredictionRun, release: Release, truth: ReleasedTruth) -> dict[str, list[int]]:
    """Places of canvases whose truth the model, or whose predictions the people, had seen; and those not asked about.

    examples   an example that the run was given lies on it
    shown      somebody who answered for this release was shown this run's predictions there
    unasked    the run has no answer about it
    """
    place = {canvas: index for index, canvas in enumerate(truth.canvases)}
    examples = Annotation.objects.filter(pk__in=run.configuration.get("examples", []))
    answers = Contribution.objects.filter(task__campaign=release.campaign, predictions_shown=run)
    asked = PredictionBatch.objects.filter(run=run, state=PredictionBatch.State.DONE)
    known = {
        "examples": set(map(str, examples.values_list("canvas_id", flat=True))),
        "shown": set(map(str, answers.values_list("task__canvas_id", flat=True))),
        "unasked": set(place) - set(map(str, asked.values_list("canvas_id", flat=True))),
    }
    return {name: sorted(place[one] for one in ids if one in place) for name, ids in known.items()}


def _named(names: list[str], truth: ReleasedTruth) -> list[dict[str, Any]]:
    """The classes with their labels as released; those that only the model names with today's."""
    missing = [UUID(name) for name in names if name not in truth.labels and name not in UNNAMED]
    today = label_maps(missing)
    return [
        {
            "id": name,
            "labels": dict(
                truth.labels.get(name) or (today.get(UUID(name), {}) if name not in UNNAMED else {})
            ),
        }
        for name in names
    ]


def is_measured(thing: PredictedThing, shape: str | None) -> bool:
    """Whether a prediction is of the kind that is measured; `shape` None: labels of whole images."""
    return is_place(thing, shape) if shape else thing.box is None and not thing.points


def _counts(truth: ReleasedTruth, said: PredictedThings, shape: str | None) -> dict[str, int]:
    """`shape`: what is measured, None for labels of whole images."""
    measured = sum(is_measured(one, shape) for one in said.things)
    return {
        "canvases": len(truth.canvases),
        "truths": len(truth.boxes) if shape else sum(map(len, truth.tags)),
        "predictions": measured,
        "elsewhere": said.elsewhere,
        "other_shape": len(said.things) - measured,
        "unscored": said.unscored,
    }
