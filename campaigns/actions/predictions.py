"""Ask models: set one up, run it over a campaign's canvases, keep what it says in a layer of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import Role, grant
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.images import ImageRefused
from annotation.models import Annotation, Canvas, Layer
from annotation.pixels import cut, gray_page, page_address, page_size
from annotation.queries import with_concepts
from campaigns.documents import MOTIVATIONS, ConceptNames, annotation_document, columns, software
from campaigns.models import (
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    Prediction,
    PredictionBatch,
    PredictionRun,
    Predictor,
)
from campaigns.permissions import refuse_archived
from campaigns.predictors import KINDS, Predicted, Predictions, PredictorError, http, match_template
from fetch import FetchError, fetch
from problems import Conflict, Invalid, Problem
from taxonomy.heirs import heirs_of
from work.actions import request_job
from work.runner import Runner

LONGEST = 1600  # pixels a side of a page that is searched for examples
MOST_EXAMPLES = 200
MOST_FAILURES_IN_A_ROW = 10
MODEL_TIMEOUT_S = 60  # below the silence after which a run counts as abandoned
Ask = Callable[[Canvas], Predictions]
Model = tuple[str, str]  # name and version


def create_predictor(
    campaign: Campaign, *, kind: str, name: str, version: str = "", configuration: Mapping[str, Any], by: User
) -> Predictor:
    """Set a model up for a campaign.

    The configuration is what the kind of predictor defines; that of *match_template* also names `examples`
    (ids of annotations). Raises `Invalid` with a pointer.
    """
    refuse_archived(campaign)
    if campaign.traits.pairs:
        raise Conflict(
            _("A model is asked what is on an image; this campaign asks how two regions belong together."),
            code="pairs-not-predicted",
        )
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise Invalid(_("A predictor is one of: %s.") % known, pointer="/kind", code="unknown-kind")
    if not name.strip():
        raise Invalid(_("Give the model a name."), pointer="/name", code="blank")
    settings = dict(configuration)
    examples = settings.pop("examples", None) if kind == match_template.KIND else None
    try:
        settings = dict(KINDS[kind].validate_config(settings))
    except PredictorError as error:
        raise Invalid(str(error), pointer="/configuration", code="bad-configuration") from error
    if kind == match_template.KIND:
        settings["examples"] = _checked_examples(campaign, examples)
    return Predictor.objects.create(
        campaign=campaign,
        kind=kind,
        name=name.strip()[:120],
        version=version.strip()[:60],
        configuration=settings,
        created_by=by,
    )


def _checked_examples(campaign: Campaign, examples: Any) -> list[str]:
    """The ids of labelled boxes of this campaign, whoever made them."""
    where = "/configuration/examples"
    if not isinstance(examples, list) or not 1 <= len(examples) <= MOST_EXAMPLES:
        raise Invalid(
            _("Name between 1 and %d examples: labelled boxes of this campaign.") % MOST_EXAMPLES,
            pointer=where,
            code="no-examples",
        )
    ids = [_as_uuid(value, f"{where}/{index}") for index, value in enumerate(examples)]
    usable = set(
        Annotation.objects.filter(
            Q(layer__in=_layers(campaign)) | Q(layer__prediction_run__predictor__campaign=campaign),
            pk__in=ids,
            w__gt=0,
            deleted_at=None,
            concept_links__isnull=False,
        ).values_list("pk", flat=True)
    )
    for index, pk in enumerate(ids):
        if pk not in usable:
            raise Invalid(
                _("This is not a labelled box of this campaign."),
                pointer=f"{where}/{index}",
                code="unknown-example",
            )
    return [str(pk) for pk in dict.fromkeys(ids)]


def _as_uuid(value: Any, where: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise Invalid(
            _("An example is named by the id of its annotation."), pointer=where, code="not-an-id"
        ) from error


def _layers(campaign: Campaign) -> list[UUID]:
    return [campaign.contributions_layer_id, campaign.consensus_layer_id, campaign.ground_truth_layer_id]


def best_examples(campaign: Campaign, *, per_concept: int) -> list[UUID]:
    """For each concept the boxes that people agree on most: decided ones first, then the best supported.

    At most one box of a concept from a canvas while other canvases have some: those differ more.
    """
    layers = [campaign.ground_truth_layer_id, campaign.consensus_layer_id]
    boxes = with_concepts(
        Annotation.objects.filter(layer__in=layers, w__gt=0, deleted_at=None)
        .select_related("consensus_item")
        .defer("document")
    )
    found: dict[UUID, list[Annotation]] = {}
    for box in boxes:
        for link in box.concept_links.all():
            found.setdefault(link.concept_id, []).append(box)
    chosen: dict[UUID, None] = {}
    # One concept after the other by their ids: the same examples in the same order, however the rows come.
    for _concept, rows in sorted(found.items()):
        chosen.update(
            dict.fromkeys(_spread(sorted(rows, key=lambda row: _worth(row, campaign)), per_concept))
        )
    return list(chosen)


def _spread(rows: Sequence[Annotation], count: int) -> list[UUID]:
    """The first `count` rows (best first), those on canvases that are not yet among them before others."""
    seen: set[UUID | None] = set()
    fresh: list[UUID] = []
    more: list[UUID] = []
    for row in rows:
        (more if row.canvas_id in seen else fresh).append(row.pk)
        seen.add(row.canvas_id)
    return [*fresh, *more][:count]


def _worth(row: Annotation, campaign: Campaign) -> tuple[object, ...]:
    item = getattr(row, "consensus_item", None)
    decided = row.layer_id == campaign.ground_truth_layer_id
    return (not decided, item.disagreement if item else 0.0, -(item.support if item else 0), str(row.pk))


def start_run(predictor: Predictor, *, label_map: Mapping[str, str] | None = None, by: User) -> PredictionRun:
    """Plan a run over the campaign's canvases and queue it; `label_map`: the model's class → concept id."""
    campaign = predictor.campaign
    refuse_archived(campaign)
    names = ConceptNames.of_campaign(campaign)
    for label, concept in (label_map or {}).items():
        if concept not in names:
            raise Invalid(
                _("The campaign has no concept %s.") % concept,
                pointer=f"/label_map/{label.replace('~', '~0').replace('/', '~1')}",
                code="unknown-concept",
            )
    if not campaign.tasks.exists():
        raise Conflict(_("Choose canvases first: there is nothing to look at yet."), code="no-canvases")
    with transaction.atomic():
        title = f"{predictor.name} {predictor.version}".strip()
        layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS, label={"en": title}, created_by=by)
        _share(campaign, layer)
        run = PredictionRun.objects.create(
            predictor=predictor,
            layer=layer,
            configuration=predictor.configuration,
            label_map=dict(label_map or {}),
            created_by=by,
        )
        canvases = (
            campaign.tasks.order_by().values("canvas").annotate(first=Min("position")).order_by("first")
        )
        PredictionBatch.objects.bulk_create(
            (PredictionBatch(run=run, canvas_id=row["canvas"]) for row in canvases.iterator()),
            batch_size=2000,
        )
        run.job = request_job("campaigns.predict", run.pk, by=by, queue="predict")
        run.save(update_fields=["job"])
    return run


def _share(campaign: Campaign, layer: Layer) -> None:
    """Who runs the campaign looks after its predictions; reviewers may read them."""
    people = CampaignUserObjectPermission.objects.filter(content_object=campaign).select_related("user")
    groups = CampaignGroupObjectPermission.objects.filter(content_object=campaign).select_related("group")
    for codename, role in (("review_campaign", Role.OBSERVER), ("manage_campaign", Role.MANAGER)):
        for row in people.filter(permission__codename=codename):
            grant(row.user, layer, role)
        for of_group in groups.filter(permission__codename=codename):
            grant(of_group.group, layer, role)


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
    ask = _asker(run, runner)
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
        batch.state, batch.error = PredictionBatch.State.FAILED, sentence
        batch.save(update_fields=["state", "error"])
        runner.say(sentence, severity="error", place=batch.canvas.uri)
        return False
    with transaction.atomic():
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


def _asker(run: PredictionRun, runner: Runner) -> Ask:
    settings = dict(run.configuration)
    if run.predictor.kind == match_template.KIND:
        return _template_asker(settings.pop("examples", []), settings, runner)
    return _http_asker(settings)


def _template_asker(examples: Sequence[str], settings: Mapping[str, Any], runner: Runner) -> Ask:
    exemplars = _exemplars(examples, runner)
    if not exemplars:
        raise Problem(_("None of the examples can be used; the report says why."), code="no-examples")

    def keep_on() -> bool:
        runner.advance(0)  # raises when it is time to leave
        return False

    def ask(canvas: Canvas) -> Predictions:
        page, size = gray_page(canvas, longest=LONGEST), (canvas.width, canvas.height)
        return match_template.find(page, exemplars, canvas_size=size, config=settings, should_stop=keep_on)

    return ask


def _exemplars(examples: Sequence[str], runner: Runner) -> list[match_template.Exemplar]:
    """The pixels of the examples, each page opened once; what cannot be used is said."""
    rows = Annotation.objects.filter(pk__in=examples, canvas__isnull=False, w__gt=0)
    rows = with_concepts(rows.select_related("canvas").defer("document").order_by("canvas", "id"))
    found: list[match_template.Exemplar] = []
    for _canvas, boxes in groupby(rows, key=lambda row: row.canvas_id):
        try:
            found += _cut_out(list(boxes), runner)
        except (FetchError, ImageRefused, Problem) as error:
            runner.say(str(error), severity="warning", place=str(_canvas))
    return found


def _cut_out(rows: Sequence[Annotation], runner: Runner) -> Iterable[match_template.Exemplar]:
    """The examples on one canvas."""
    canvas = rows[0].canvas
    assert canvas is not None
    page = gray_page(canvas, longest=LONGEST)
    found = []
    for row in rows:
        assert row.box is not None
        pixels = cut(page, canvas, Box(*row.box))
        for link in row.concept_links.all():
            exemplar = match_template.Exemplar(pixels, str(link.concept_id))
            fault = match_template.unusable(exemplar)
            if fault:
                runner.say(fault, severity="warning", place=str(row.pk))
            else:
                found.append(exemplar)
    return found


def _http_asker(settings: Mapping[str, Any]) -> Ask:
    longest = int(settings["longest_side"])

    def send(request: http.Request) -> bytes:
        answer = fetch(
            request.url,
            accept="application/json",
            method="POST",
            json=dict(request.json),
            max_bytes=20 * 2**20,
            timeout_s=MODEL_TIMEOUT_S,
        )
        return answer.body

    def ask(canvas: Canvas) -> Predictions:
        target = http.Target(
            canvas=canvas.uri,
            canvas_size=(canvas.width, canvas.height),
            image_url=page_address(canvas, longest=longest),
            image_size=page_size(canvas, longest=longest),
        )
        if not target.image_url:
            raise Problem(_("The canvas has no image."), code="no-image")
        return http.predict(target, settings, send)

    return ask
