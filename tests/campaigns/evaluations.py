"""Releases and runs made by hand, to be evaluated: their truth and their predictions are known exactly."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation, Canvas, Layer
from campaigns.actions.evaluations import evaluate_run
from campaigns.documents import ConceptNames, annotation_document, columns
from campaigns.models import (
    Campaign,
    Evaluation,
    PredictionBatch,
    PredictionRun,
    Predictor,
    Release,
    ReleaseFile,
)
from campaigns.questions.kind import Points
from campaigns.questions.places import as_points, bounds
from taxonomy.models import Concept
from tests.campaigns.conftest import nothing_here
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, moved, released
from work.actions import run_job

# Where is a box (four numbers), corners (a list of pairs; one is a point), or the whole image.
Said = Sequence[tuple[Canvas, Sequence[Any] | None, Concept, float | None]]


def run_that_said(
    campaign: Campaign, by: User, said: Said, *, name: str = "Net", **configuration: Any
) -> PredictionRun:
    """A finished run with these predictions; ids rise in the order given."""
    predictor = Predictor.objects.create(
        campaign=campaign, kind="http", name=name, version="1", created_by=by
    )
    layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS, label={"en": name}, created_by=by)
    run = PredictionRun.objects.create(
        predictor=predictor, layer=layer, configuration=configuration, created_by=by
    )
    canvases = Canvas.objects.filter(tasks__campaign=campaign).distinct()
    PredictionBatch.objects.bulk_create(
        PredictionBatch(run=run, canvas=one, state="done") for one in canvases
    )
    names = ConceptNames.of({concept.pk for _canvas, _box, concept, _score in said})
    first = uuid4().int & ~0xFFFFFFFF
    add_annotations(
        [
            NewAnnotation(
                id=UUID(int=first + number), layer=layer, canvas=canvas, **columns(*_placed(where)),
                document=annotation_document(canvas, _placed(where)[0], [concept.pk], names, points=_placed(where)[1]),
                motivations=("classifying",), concept_ids=(concept.pk,), vocabulary_version=1, confidence=score,
            )
            for number, (canvas, where, concept, score) in enumerate(said)
        ]
    )  # fmt: skip
    return run


def _placed(where: Sequence[Any] | None) -> tuple[Box | None, Points]:
    """A box, or the corners of an outline in their box, or a point."""
    if not where:
        return None, ()
    if isinstance(where[0], (int, float)):
        return Box(*where), ()
    return (Box(*bounds(where)) if len(where) > 1 else None), as_points(where)


def release_of_coco(campaign: Campaign, by: User, document: Mapping[str, Any], **values: Any) -> Release:
    """A finished release whose COCO file is this document."""
    number = campaign.releases.count() + 1
    release = Release.objects.create(
        campaign=campaign, number=number, created_by=by, manifest={"counts": {}}, **values
    )
    content = json.dumps(document).encode()
    ReleaseFile.objects.create(
        release=release, format="coco", name="truth.coco.json", media_type="application/json", size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), content=ContentFile(content, f"{release.pk}.json"),
    )  # fmt: skip
    release.finished_at = timezone.now()
    release.save()
    return release


def evaluated(run: PredictionRun, release: Release, by: User, **parameters: Any) -> Evaluation:
    """The evaluation, computed as the worker would."""
    evaluation = evaluate_run(run, release, by=by, **parameters)
    assert evaluation.job is not None
    run_job(str(evaluation.job.pk))
    evaluation = Evaluation.objects.select_related(
        "job", "run__predictor__campaign", "release__campaign"
    ).get(pk=evaluation.pk)
    assert evaluation.job.state == "done", evaluation.job.error
    return evaluation


def pages_of(campaign: Campaign) -> list[Canvas]:
    return [task.canvas for task in campaign.tasks.select_related("canvas__manifest").order_by("position")]


def annotations_of(run: PredictionRun) -> list[Annotation]:
    return list(Annotation.objects.filter(layer=run.layer).order_by("pk"))


THREE = (600.0, 900.0, 40.0, 80.0)


def three_pages(campaign: Campaign, by: User, clef: Callable[[str], Concept], **values: Any) -> Release:
    """Page 0: F at ONE and G at TWO; page 1: nothing; page 2: F at ONE; page 3 is not decided."""
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [located([(ONE, f), (TWO, g)]) for _person in range(3)],
            1: [nothing_here() for _person in range(3)],
            2: [located([(ONE, f)]), located([(ONE, f)]), located([(moved(ONE, 2), g)])],
        },
    )
    merge(campaign)
    decide_everything(campaign, by)
    return released(campaign, by, **values)


def run_on_three_pages(campaign: Campaign, by: User, clef: Callable[[str], Concept]) -> PredictionRun:
    """F found on page 0; G taken for F; F missed on page 2; a false C on page 1; one on a page without truth."""
    one, two, three, four = pages_of(campaign)
    f, c = clef("F"), clef("C")
    said = [
        (one, ONE, f, 0.9),
        (one, TWO, f, 0.8),
        (two, THREE, c, 0.7),
        (four, ONE, f, 0.6),
        (three, THREE, f, 0.1),
    ]
    return run_that_said(campaign, by, said, examples=[])
