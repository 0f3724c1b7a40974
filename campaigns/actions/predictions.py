"""Ask models: set one up, run it over a campaign's canvases, keep what it says in a layer of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import User
from accounts.roles import Role, grant
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.fetch import FetchError, fetch
from annotation.geometry import Box
from annotation.models import Annotation, Canvas, Layer
from annotation.pixels import cut, gray_page, page_address
from annotation.queries import with_concepts
from campaigns.documents import ConceptNames, annotation_document, software
from campaigns.models import (
    Campaign,
    CampaignUserObjectPermission,
    Prediction,
    PredictionBatch,
    PredictionRun,
    Predictor,
)
from campaigns.predictors import KINDS, Predicted, Predictions, PredictorError, Stopped, http, match_template
from problems import Invalid, Problem
from work.actions import request_job
from work.runner import Runner
from work.runner import Stopped as WorkStopped

LONGEST = 1600  # pixels a side of a page that is searched for examples
MOST_FAILURES_IN_A_ROW = 10
Ask = Callable[[Canvas], Predictions]
Model = tuple[str, str]  # name and version


def create_predictor(
    campaign: Campaign, *, kind: str, name: str, version: str = "", configuration: Mapping[str, Any], by: User
) -> Predictor:
    """Set a model up for a campaign. `examples` (ids of annotations) of *match_template* stand in the configuration."""
    if kind not in KINDS:
        raise Invalid(f"A predictor is one of: {', '.join(KINDS)}.", pointer="/kind", code="unknown-kind")
    if not name.strip():
        raise Invalid("Give the model a name.", pointer="/name", code="blank")
    settings = dict(configuration)
    examples = settings.pop("examples", None)
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
        version=version[:60],
        configuration=settings,
        created_by=by,
    )


def _checked_examples(campaign: Campaign, examples: Any) -> list[str]:
    """The ids of labelled boxes on canvases of the campaign."""
    ids = [str(pk) for pk in examples] if isinstance(examples, list) else []
    try:
        usable = set(
            Annotation.objects.filter(
                pk__in=[UUID(pk) for pk in ids], x__isnull=False, deleted_at=None,
                canvas__tasks__campaign=campaign, concept_links__isnull=False,
            ).values_list("pk", flat=True)
        )  # fmt: skip
    except ValueError as error:
        raise Invalid(
            "An example is named by the id of its annotation.", pointer="/configuration/examples"
        ) from error
    kept = [pk for pk in ids if UUID(pk) in usable]
    if not kept or len(kept) < len(ids):
        raise Invalid(
            "Name at least one example: labelled boxes on canvases of this campaign.",
            pointer="/configuration/examples",
            code="no-examples",
        )
    return kept


def best_examples(campaign: Campaign, *, per_concept: int) -> list[UUID]:
    """For each concept the boxes that people agree on most: decided ones first, then the best supported."""
    layers = [campaign.ground_truth_layer_id, campaign.consensus_layer_id]
    boxes = with_concepts(
        Annotation.objects.filter(
            layer__in=layers, x__isnull=False, deleted_at=None, concept_links__isnull=False
        )
        .select_related("consensus_item")
        .distinct()
    )
    best: dict[UUID, list[Annotation]] = {}
    for box in boxes:
        for link in box.concept_links.all():
            best.setdefault(link.concept_id, []).append(box)
    chosen: dict[UUID, None] = {}
    for rows in best.values():
        rows.sort(key=lambda row: _worth(row, campaign))
        chosen.update(dict.fromkeys(row.pk for row in rows[:per_concept]))
    return list(chosen)


def _worth(row: Annotation, campaign: Campaign) -> tuple[object, ...]:
    item = getattr(row, "consensus_item", None)
    decided = row.layer_id == campaign.ground_truth_layer_id
    return (not decided, item.disagreement if item else 0.0, -(item.support if item else 0), str(row.pk))


def start_run(predictor: Predictor, *, label_map: Mapping[str, str] | None = None, by: User) -> PredictionRun:
    """Plan a run over every canvas of the campaign and queue it; `label_map`: the model's class → concept id."""
    campaign = predictor.campaign
    names = ConceptNames.of_campaign(campaign)
    unknown = [concept for concept in (label_map or {}).values() if concept not in names]
    if unknown:
        raise Invalid(
            f"The campaign has no concept {unknown[0]}.", pointer="/label_map", code="unknown-concept"
        )
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
        canvases = campaign.tasks.order_by().values_list("canvas", flat=True).distinct()
        PredictionBatch.objects.bulk_create(
            (PredictionBatch(run=run, canvas_id=pk) for pk in canvases.iterator()), batch_size=2000
        )
        run.job = request_job("campaigns.predict", run.pk, by=by, queue="predict")
        run.save(update_fields=["job"])
    return run


def _share(campaign: Campaign, layer: Layer) -> None:
    """Who runs the campaign looks after its predictions; reviewers may read them."""
    grants = CampaignUserObjectPermission.objects.filter(content_object=campaign).select_related("user")
    for row in grants.filter(permission__codename="review_campaign"):
        grant(row.user, layer, Role.OBSERVER)
    for row in grants.filter(permission__codename="manage_campaign"):
        grant(row.user, layer, Role.MANAGER)


def run_predictor(run_id: str, runner: Runner) -> None:
    """Ask about every canvas that is still waiting; what is done stays done when the run is stopped or dies."""
    run = PredictionRun.objects.select_related("predictor__campaign__vocabulary", "layer").get(pk=run_id)
    run.batches.filter(state=PredictionBatch.State.FAILED).update(
        state=PredictionBatch.State.WAITING, error=""
    )
    total = run.batches.count()
    waiting = list(run.batches.filter(state=PredictionBatch.State.WAITING).values_list("pk", flat=True))
    runner.expect(total, done=total - len(waiting))
    names = ConceptNames.of_campaign(run.predictor.campaign)
    ask = _asker(run, runner)
    failures = 0
    for pk in waiting:
        batch = PredictionBatch.objects.select_related("canvas__manifest").get(pk=pk)
        failures = 0 if _ask_one(run, batch, ask, names, runner) else failures + 1
        if failures >= MOST_FAILURES_IN_A_ROW:
            raise Problem(
                f"The model failed {failures} times in a row, so the run was ended. The report says why; "
                "mend the cause and resume the run.",
                code="model-failing",
            )
        runner.advance()


def _ask_one(
    run: PredictionRun, batch: PredictionBatch, ask: Ask, names: ConceptNames, runner: Runner
) -> bool:
    try:
        said = ask(batch.canvas)
    except Stopped as stopped:
        raise WorkStopped from stopped
    except (FetchError, PredictorError, Problem) as error:
        sentence = str(error.detail) if isinstance(error, Problem) else str(error)
        batch.state, batch.error = PredictionBatch.State.FAILED, sentence
        batch.save(update_fields=["state", "error"])
        runner.say(sentence, severity="error", place=batch.canvas.uri)
        return False
    with transaction.atomic():
        _keep(run, batch, said, names)
    if batch.quarantined:
        runner.say(
            f"{len(batch.quarantined)} predictions could not be used: {batch.quarantined[0]['reason']}",
            severity="warning",
            place=batch.canvas.uri,
        )
    return True


def _keep(run: PredictionRun, batch: PredictionBatch, said: Predictions, names: ConceptNames) -> None:
    """Write what was said about one canvas; the ids follow from the content, so that repeating adds nothing."""
    rows, links = [], []
    quarantined = [{"raw": bad.raw, "reason": bad.reason} for bad in said.quarantined]
    model = (said.model or run.predictor.name, said.version or run.predictor.version)
    for one in said.found:
        concept = run.label_map.get(one.label, one.label)
        if concept not in names:
            quarantined.append(
                {"raw": one.label, "reason": f"The class “{one.label}” is mapped to no concept."}
            )
            continue
        pk = uuid5(run.pk, f"{batch.canvas_id}|{one.label}|{_key(one.box)}")
        rows.append(_annotation(run, batch.canvas, one, concept, names, model, pk))
        links.append(Prediction(run=run, annotation_id=pk, model_label=one.label[:200]))
    add_annotations(rows)
    Prediction.objects.bulk_create(links, ignore_conflicts=True)
    batch.state, batch.error, batch.quarantined = PredictionBatch.State.DONE, "", quarantined
    batch.save(update_fields=["state", "error", "quarantined"])


def _key(box: Box | None) -> str:
    return ",".join(f"{value:.2f}" for value in box.xywh) if box else ""


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
        motivation="tagging",
        generator=software(" ".join(part for part in model if part)),
        created=run.created_at,
        extension={**sure, "model": name, "modelVersion": version},
    )
    return NewAnnotation(
        id=pk,
        layer=run.layer,
        canvas=canvas,
        document=document,
        motivations=("tagging",),
        box=one.box,
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
    exemplars = list(_exemplars(examples, runner))
    if not exemplars:
        raise Problem("None of the examples can be used; the report says why.", code="no-examples")

    def ask(canvas: Canvas) -> Predictions:
        page = gray_page(canvas, longest=LONGEST)
        runner.check()
        return match_template.find(
            page, exemplars, canvas_size=(canvas.width, canvas.height), config=settings
        )

    return ask


def _exemplars(examples: Sequence[str], runner: Runner) -> list[match_template.Exemplar]:
    """The pixels of the examples, each page opened once."""
    rows = with_concepts(
        Annotation.objects.filter(pk__in=examples).select_related("canvas").order_by("canvas", "id")
    )
    found: list[match_template.Exemplar] = []
    pages: dict[UUID, Any] = {}
    for row in rows:
        if row.canvas is None or row.box is None:
            continue
        if row.canvas.pk not in pages:
            pages = {row.canvas.pk: gray_page(row.canvas, longest=LONGEST)}
        pixels = cut(pages[row.canvas.pk], row.canvas, Box(*row.box))
        for link in row.concept_links.all():
            exemplar = match_template.Exemplar(pixels, str(link.concept_id))
            fault = match_template.unusable(exemplar)
            if fault:
                runner.say(fault, severity="warning", place=str(row.pk))
            else:
                found.append(exemplar)
    return found


def _http_asker(settings: Mapping[str, Any]) -> Ask:
    def send(request: http.Request) -> bytes:
        answer = fetch(
            request.url,
            accept="application/json",
            method="POST",
            json=dict(request.json),
            max_bytes=20 * 2**20,
            timeout_s=120,
        )
        return answer.body

    def ask(canvas: Canvas) -> Predictions:
        longest = int(settings["longest_side"])
        width, height = canvas.image_width or canvas.width, canvas.image_height or canvas.height
        factor = min(1.0, longest / max(width, height)) if canvas.image_service else 1.0
        target = http.Target(
            canvas=canvas.uri,
            canvas_size=(canvas.width, canvas.height),
            image_url=page_address(canvas, longest=longest),
            image_size=(round(width * factor), round(height * factor)),
        )
        return http.predict(target, settings, send)

    return ask
