"""The rows behind an evaluation: its judgements, its images, what it set aside, and how all of it is kept at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.ceilings import PeopleCeiling
from campaigns.classes import ClassOf
from campaigns.models import Evaluation, EvaluationImage, EvaluationPair, EvaluationVoice
from campaigns.predicted import MOST_ASIDE, AsideThing, PredictedThing, PredictedThings
from campaigns.quality.evaluation import Pair, Report
from campaigns.questions.kind import Points
from campaigns.released import ReleasedTruth

Row = TypeVar("Row", EvaluationPair, EvaluationImage, EvaluationVoice)
METHOD = {
    "box-iou": "COCO AP/AR (Lin et al. 2014); VOC AP (Everingham et al. 2010); P, R, F1, confusion at one IoU",
    "outline-iou": "COCO AP/AR (Lin et al. 2014), VOC AP by exact IoU of outlines; P, R, F1, confusion at one IoU",
    "distance": "AP over distances, shares of the diagonal (Caesar et al. 2020); P, R, F1, confusion at one",
    "labels": "P, R, F1, confusion; LRAP, ranking loss, coverage, NDCG (Tsoumakas et al. 2010)",
}

METHOD_OF_PEOPLE = {
    "box-iou": "P, R, F1, confusion at one IoU",
    "outline-iou": "P, R, F1, confusion at one IoU of outlines",
    "distance": "P, R, F1, confusion at one distance",
    "labels": "P, R, F1, confusion",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Ids, canvases (places), boxes, scores and corners of outlines by the rows that pairs name.

    `of_label`: where a row is an image, the id of what names a label there.
    """

    true_id: Sequence[str | None]
    true_canvas: Sequence[int]
    true_box: Sequence[tuple[float, ...] | None]
    id: Sequence[str | None]
    canvas: Sequence[int]
    box: Sequence[tuple[float, ...] | None]
    score: Sequence[float | None]
    true_points: Sequence[Points] = ()
    points: Sequence[Points] = ()
    true_side: Sequence[float] = ()
    of_label: Mapping[tuple[int, int | None], str | None] = field(default_factory=dict)


def pairs_of(
    evaluation: Evaluation, truth: ReleasedTruth, pairs: list[Pair], rows: Rows
) -> Iterator[EvaluationPair]:
    for pair in pairs:
        true, said = pair.true, pair.predicted
        place = rows.true_canvas[true] if true is not None else rows.canvas[said or 0]
        yield EvaluationPair(
            evaluation=evaluation,
            canvas_id=truth.canvases[place],
            by_label=pair.by_label,
            counts=pair.counts,
            true_label=pair.true_label,
            label=pair.label,
            true_annotation=None if true is None else rows.true_id[true],
            true_box=None if true is None else rows.true_box[true],
            annotation=None if said is None else rows.of_label.get((said, pair.label), rows.id[said]),
            box=None if said is None else rows.box[said],
            true_points=_flat(rows.true_points, true),
            points=_flat(rows.points, said),
            score=pair.score if said is None or pair.score is not None else rows.score[said],
            side=rows.true_side[true] if true is not None and rows.true_side else None,
        )


def images_of(
    evaluation: Evaluation, truth: ReleasedTruth, report: Report, rows: Rows
) -> Iterator[EvaluationImage]:
    """Every image that was measured, also those with nothing on them, with its right, false and missed things."""
    tallies = np.zeros((len(truth.canvases), 3), dtype=np.int64)
    for pair in report.pairs:
        if pair.by_label and pair.counts:
            where = rows.true_canvas[pair.true] if pair.true is not None else rows.canvas[pair.predicted or 0]
            tallies[where, 2 if pair.predicted is None else 1 if pair.true is None else 0] += 1
    for place, (canvas, (tp, fp, fn)) in enumerate(zip(truth.canvases, tallies.tolist(), strict=True)):
        yield EvaluationImage(
            evaluation=evaluation, canvas_id=canvas, tp=tp, fp=fp, fn=fn,
            links=report.links[place] if report.links else None,
            likeness=report.likeness[place] if report.likeness else None,
        )  # fmt: skip


def _flat(points: Sequence[Points], row: int | None) -> list[float] | None:
    """The corners of an outline one after the other; None for a box."""
    corners = points[row] if row is not None and points else ()
    return [value for corner in corners for value in corner] or None


def set_aside(
    said: PredictedThings, truth: ReleasedTruth, measured: Callable[[PredictedThing], bool]
) -> dict[str, list[AsideThing]]:
    """What the counts elsewhere, of another kind and without confidence are made of, `MOST_ASIDE` of each at most."""
    other = (one for one in said.things if not measured(one))
    return {
        "elsewhere": list(said.elsewhere_things),
        "other_shape": [
            AsideThing(
                one.annotation, truth.canvases[one.canvas], one.concept, one.box, one.score, one.points
            )
            for one in islice(other, MOST_ASIDE)
        ],
        "unscored": list(said.unscored_things),
    }


def pairs_aside(
    evaluation: Evaluation, aside: Mapping[str, Sequence[AsideThing]], to: ClassOf, names: Sequence[str]
) -> Iterator[EvaluationPair]:
    """Their rows; a class that nothing else names has none."""
    place = {name: number for number, name in enumerate(names)}
    for kind, things in aside.items():
        for one in things:
            # Those on measured images have been put into their class before.
            name = one.concept if kind == "other_shape" else to(one.concept) if one.concept else ""
            yield EvaluationPair(
                evaluation=evaluation, canvas_id=one.canvas, by_label=False, counts=False, aside=kind,
                label=place.get(name), annotation=one.annotation, box=one.box, score=one.score,
                points=_flat([one.points], 0) if len(one.points) != 1 or one.box is None else None,
            )  # fmt: skip


def voices_of(evaluation: Evaluation, ceiling: PeopleCeiling | None) -> Iterator[EvaluationVoice]:
    """The images on which each of the people behind the ceiling is measured."""
    for person, canvas in ceiling.voices() if ceiling else ():
        yield EvaluationVoice(evaluation=evaluation, canvas_id=canvas, person=person)


def keep(
    evaluation: Evaluation,
    figures: dict[str, Any],
    pairs: Iterator[EvaluationPair],
    images: Iterator[EvaluationImage],
    voices: Iterator[EvaluationVoice],
    said: PredictedThings,
) -> None:
    evaluation.figures = figures
    methods = METHOD if evaluation.run_id else METHOD_OF_PEOPLE
    evaluation.method = methods[figures.get("measure", figures["kind"])]
    evaluation.software = {"Rubricator": settings.VERSION, "numpy": np.__version__}
    evaluation.predictions_seen = said.state
    evaluation.canvas_count = figures["counts"]["canvases"]
    evaluation.truth_count = figures["counts"]["truths"]
    evaluation.prediction_count = figures["counts"]["predictions"]
    evaluation.finished_at = timezone.now()
    with transaction.atomic():
        # One at a time: two attempts at the same evaluation must not leave the pairs of both.
        Evaluation.objects.select_for_update().only("pk").get(pk=evaluation.pk)
        _replace(EvaluationPair, evaluation, pairs)
        _replace(EvaluationImage, evaluation, images)
        _replace(EvaluationVoice, evaluation, voices)
        evaluation.save(
            update_fields=[
                "figures", "method", "software", "predictions_seen", "canvas_count", "truth_count",
                "prediction_count", "finished_at",
            ]
        )  # fmt: skip


def _replace(model: type[Row], evaluation: Evaluation, rows: Iterator[Row]) -> None:
    model.objects.filter(evaluation=evaluation).delete()
    while some := list(islice(rows, 2000)):
        model.objects.bulk_create(some)
