"""Find more like a box that somebody has just drawn, on the page of their task and for them alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box, iou
from annotation.images import ImageRefused
from annotation.models import Annotation, Canvas, Layer
from annotation.pixels import cut, gray_page
from campaigns.documents import MOTIVATIONS, ConceptNames, annotation_document, columns, software
from campaigns.layer_names import prediction_layer_name
from campaigns.models import (
    Assignment,
    Campaign,
    Participant,
    Prediction,
    PredictionRun,
    Predictor,
    SimilarSearch,
    Task,
)
from campaigns.permissions import refuse_archived, why_not_open
from campaigns.predictors import Predicted, PredictorError, match_template
from campaigns.questions import AnswerError
from campaigns.questions.reading import read_box, read_concepts, read_uuids
from campaigns.questions.shapes import shape_kind
from campaigns.suggested import ShownPrediction
from fetch import FetchError
from problems import Conflict, Invalid, Problem, Refused, TryLater
from taxonomy.queries import concepts_of, labels_in
from work.actions import request_job, stop_job
from work.models import Job
from work.runner import Runner

KIND = "campaigns.similar"
MOST_A_MINUTE = 10
MOST_FOUND = 100
# What overlaps the box that was drawn is that box again.
SAME = 0.3
# The page is as large as its smaller side needs to have so many pixels, within these bounds.
WANTED_SIDE_PX = 24
LEAST_PX, MOST_PX = 1600, 3000


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing is looked for: a stable code and a sentence."""

    code: str
    sentence: str


def why_not_similar(assignment: Assignment) -> Obstacle | None:
    """What stands in the way of a search; None where there may be one. No query.

    Whoever compares work with and without suggestions gets none where there are to be none. A task whose answer is
    known is like any other: a refusal would tell which these are, and what is found comes from the drawn box alone.
    """
    campaign = assignment.task.campaign
    question = campaign.question
    is_asked_for = campaign.traits.draws and not campaign.traits.judges and shape_kind(question).NAME == "box"
    if not is_asked_for or not question.get("find_similar", True):
        return Obstacle("not-offered", _("This campaign does not look for more like what you draw."))
    is_compared = campaign.shown_run_id is not None and campaign.blind_share > 0
    if is_compared and assignment.predictions_shown_id is None:
        return Obstacle(
            "without-suggestions", _("On this image nothing is suggested, so that both can be compared.")
        )
    if not campaign.is_running:
        return Obstacle("campaign-not-open", why_not_open(campaign) or _("This campaign is closed."))
    if assignment.state in {Assignment.State.RELEASED, Assignment.State.SKIPPED}:
        return Obstacle("lease-over", _("You have given this image back."))
    return None


def ask_for_similar(assignment: Assignment, *, pk: UUID, box: Any, concepts: Any) -> SimilarSearch:
    """Have more like `box` (x, y, w, h in canvas space) looked for; harmless to repeat.

    The assignment came through its gate. What the person had asked for on it before is stopped. Raises `Refused` where
    nothing is looked for, `Invalid` with a pointer, `Conflict` for the same id with another content, and `TryLater`
    for the eleventh search within a minute.
    """
    refuse_archived(assignment.task.campaign)
    obstacle = why_not_similar(assignment)
    if obstacle is not None:
        raise Refused(obstacle.sentence, code=obstacle.code)
    place, labels = _read(assignment.task, box, concepts)
    with transaction.atomic():
        # One search of a person at a time passes here, so that the count is right.
        Participant.objects.select_for_update(no_key=True).only("pk").get(pk=assignment.participant_id)
        known = SimilarSearch.objects.select_related("job").filter(pk=pk).first()
        if known is not None:
            return _same(known, assignment, place, labels)
        _refuse_flood(assignment.participant_id)
        stop_searches(assignment)
        job = request_job(KIND, pk, by=None, queue="predict")
        # Somebody else may bring the same id at this moment: the database keeps one of both, and the job with it.
        fresh = SimilarSearch(pk=pk, assignment=assignment, box=place, concepts=labels, job=job)
        SimilarSearch.objects.bulk_create([fresh], ignore_conflicts=True)
        kept = SimilarSearch.objects.select_related("job").get(pk=pk)
        return _same(kept, assignment, place, labels)


def _read(task: Task, box: Any, concepts: Any) -> tuple[list[float], list[str]]:
    campaign, canvas = task.campaign, task.canvas
    try:
        x, y, w, h = read_box(box, "/box")
        named = read_uuids({"concepts": concepts}, "concepts")
        offered = concepts_of(campaign.vocabulary, campaign.branch).filter(pk__in=named)
        allowed = set(map(str, offered.values_list("pk", flat=True)))
        labels = read_concepts({"concepts": concepts}, allowed, many=bool(campaign.question.get("many")))
    except AnswerError as error:
        raise Invalid(error.sentence, pointer=error.pointer, code=error.code) from error
    # Before a `Box` is made of it, which cannot be as large as any number.
    if x < 0 or y < 0 or x + w > canvas.width + 0.01 or y + h > canvas.height + 0.01:
        raise Invalid(_("The box leaves its canvas."), pointer="/box", code="box-outside")
    return list(Box(x, y, w, h).xywh), labels


def _same(
    known: SimilarSearch, assignment: Assignment, box: Sequence[float], concepts: Sequence[str]
) -> SimilarSearch:
    if (known.assignment_id, known.box, known.concepts) != (assignment.pk, list(box), list(concepts)):
        raise Conflict(
            _("Another search has this id already. Give each search an id of its own."),
            pointer="/id",
            code="id-used",
        )
    return known


def _refuse_flood(participant: UUID) -> None:
    lately = SimilarSearch.objects.filter(
        assignment__participant=participant, created_at__gt=Now() - timedelta(minutes=1)
    )
    if lately.count() >= MOST_A_MINUTE:
        raise TryLater(
            _("That was often. Wait a moment before you have more looked for."),
            code="too-often",
            headers={"Retry-After": "20"},
        )


def stop_searches(assignment: Assignment) -> None:
    """Whoever asks anew, or leaves the image, waits for none of these any more."""
    _stop(Q(similar_search__assignment=assignment))


def stop_searches_of(participants: Sequence[UUID]) -> None:
    """Whoever leaves the campaign, or the site, waits for none either."""
    _stop(Q(similar_search__assignment__participant__in=participants))


def _stop(whose: Q) -> None:
    for job in Job.objects.filter(whose, state__in=[Job.State.QUEUED, Job.State.RUNNING]):
        stop_job(job)


def found_by(search: SimilarSearch, language: str) -> list[ShownPrediction]:
    """What a search has found so far, the likeliest first, with labels in a language; two queries, or none."""
    if not search.found:
        return []
    labels = labels_in(map(UUID, search.concepts), language)
    concepts = tuple({"id": pk, "label": labels.get(UUID(pk), "?")} for pk in search.concepts)
    rows = Annotation.objects.filter(pk__in=search.found).order_by("-confidence", "pk")
    places: Any = rows.values_list("pk", "x", "y", "w", "h", "confidence")
    return [
        ShownPrediction(id=pk, box=(x, y, w, h), concepts=concepts, confidence=confidence)
        for pk, x, y, w, h, confidence in places
    ]


# --- the search itself ----------------------------------------------------------------------------


def find_similar(search_id: str, runner: Runner) -> int:
    """Look for what was asked for and keep it as predictions; returns how many."""
    rows = SimilarSearch.objects.select_related(
        "assignment__task__campaign__vocabulary", "assignment__task__canvas__manifest"
    ).defer("assignment__task__canvas__manifest__document", "assignment__task__canvas__manifest__metadata")
    search = rows.get(pk=search_id)
    task, box = search.assignment.task, Box(*search.box)
    runner.check()
    found = look_on_page(task.canvas, box, runner)
    wanted = [one for one in found if one.box and iou(one.box, box) < SAME and _touches(one.box, task)]
    runner.check()  # nobody may wait for it any more
    with transaction.atomic():
        _keep(search, wanted)
    return len(wanted)


def look_on_page(canvas: Canvas, box: Box, runner: Runner) -> Sequence[Predicted]:
    """Everything on the page of a canvas that looks like a box of it, itself included. Raises `Problem`."""

    def keep_on() -> bool:
        runner.check()  # raises when it is time to leave
        return False

    try:
        page = gray_page(canvas, longest=page_px(canvas, box))
        runner.check()
        exemplar = match_template.Exemplar(cut(page, canvas, box), "")
        fault = match_template.unusable(exemplar)
        if fault:
            raise Problem(_("There is too little in this box to find more like it."), code="unusable-example")
        said = match_template.find(
            page,
            [exemplar],
            canvas_size=(canvas.width, canvas.height),
            config={"most": MOST_FOUND},
            should_stop=keep_on,
        )
    except (FetchError, ImageRefused, PredictorError) as error:
        raise Problem(
            _("The picture could not be had for the search: %s") % error, code="no-picture"
        ) from error
    return said.found


def page_px(canvas: Canvas, box: Box) -> int:
    """How many pixels the longer side of the page needs for the smaller side of the box to be recognised."""
    wanted = WANTED_SIDE_PX * max(canvas.width, canvas.height) / min(box.w, box.h)
    return round(min(max(wanted, LEAST_PX), MOST_PX))


def _touches(box: Box, task: Task) -> bool:
    """Whether it may be an answer: where the task is a region, it must reach into it."""
    if task.region is None:
        return True
    (left, top, right, bottom), region = box.xyxy, Box(*task.region).xyxy
    return left < region[2] and region[0] < right and top < region[3] and region[1] < bottom


def _keep(search: SimilarSearch, found: Sequence[Predicted]) -> None:
    """Write what was found; ids follow from the content, so that repeating adds nothing."""
    task = search.assignment.task
    run = assisting_run(task.campaign)
    names = ConceptNames.of(search.concepts)
    new = [_annotation(search, run, one, names) for one in found]
    add_annotations(new)
    Prediction.objects.bulk_create(
        (Prediction(run=run, annotation_id=one.id, model_label="") for one in new), ignore_conflicts=True
    )
    search.found = [str(one.id) for one in new]
    search.save(update_fields=["found"])


def _annotation(
    search: SimilarSearch, run: PredictionRun, one: Predicted, names: ConceptNames
) -> NewAnnotation:
    task = search.assignment.task
    model = f"{match_template.KIND} {match_template.VERSION}"
    assert one.box is not None
    document = annotation_document(
        task.canvas,
        one.box,
        search.concepts,
        names,
        generator=software(model),
        created=search.created_at,
        extension={
            "confidence": one.confidence,
            "model": match_template.KIND,
            "modelVersion": match_template.VERSION,
            "similarTo": Box(*search.box).fragment(),
        },
    )
    return NewAnnotation(
        id=uuid5(search.pk, ",".join(f"{value:.2f}" for value in one.box.xywh)),
        layer=run.layer,
        canvas=task.canvas,
        document=document,
        motivations=MOTIVATIONS,
        **columns(one.box, ()),
        concept_ids=tuple(UUID(pk) for pk in search.concepts),
        vocabulary_version=task.campaign.vocabulary.version,
        confidence=one.confidence,
    )


def assisting_run(campaign: Campaign) -> PredictionRun:
    """The run that keeps what people of a campaign had looked for, made with the first search.

    Nobody has a role in its layer: what one person has found is shown to no other.
    """
    Campaign.objects.select_for_update(no_key=True).only("pk").get(pk=campaign.pk)
    rows = PredictionRun.objects.filter(predictor__campaign=campaign, predictor__assists=True)
    found = rows.select_related("layer").first()
    if found is not None:
        return found
    predictor = Predictor.objects.create(
        campaign=campaign, kind=match_template.KIND, name=match_template.LABEL, version=match_template.VERSION,
        assists=True,
    )  # fmt: skip
    layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS, label=prediction_layer_name(predictor))
    return PredictionRun.objects.create(predictor=predictor, layer=layer)
