"""How well the people behind a release do by the same measure: what a model's figure has to stand beside."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from annotation.models import AnnotationConcept
from annotation.webanno.corners import corners_in
from campaigns.classes import ClassOf
from campaigns.models import Contribution, ContributionShape, Release, Task
from campaigns.quality.answers import answers_of
from campaigns.quality.evaluation import (
    BoxCeiling,
    DrawnShape,
    ceiling_of_boxes,
    ceiling_of_labels,
    ceiling_of_outlines,
    ceiling_of_points,
)
from campaigns.quality.evaluation.many_ceiling import ManyFigures, ceiling_of_sets
from campaigns.quality.evaluation.plain import plain
from campaigns.quality.left_out import others_vote
from campaigns.questions import get_kind
from campaigns.released import UNLABELLED

SEED = 20_260_101
MOST_PEOPLE = 50  # those who answered most: merging the rest anew for each person takes its time


@dataclass(frozen=True, slots=True)
class PeopleCeiling:
    """The figures; `who`: the people in their order, by id; `judged`: (task, person) of every answer behind them."""

    figures: dict[str, Any]
    who: tuple[str, ...]
    judged: frozenset[tuple[str, str]]

    def voices(self) -> list[tuple[int, Any]]:
        """(place in the list of people, canvas) of all images on which each is measured; one query."""
        place = {person: number for number, person in enumerate(self.who)}
        tasks = {task for task, _person in self.judged}
        canvas = dict(Task.objects.filter(pk__in=tasks).values_list("pk", "canvas_id"))
        at = {str(task): where for task, where in canvas.items()}
        found = {(place[who], at[task]) for task, who in self.judged if who in place and task in at}
        return sorted(found, key=lambda one: (one[0], str(one[1])))


def ceiling_of(
    release: Release,
    parameters: Mapping[str, Any],
    class_of: ClassOf,
    *,
    many: bool = False,
    labels: Collection[str] = (),
) -> PeopleCeiling | None:
    """Each person against the rest, from the answers that were in when the release was made; None if they cannot tell.

    `parameters`: of the evaluation. Boxes and outlines: F1 at the IoU; points: F1 within the reach; one label an image:
    the share of right answers. `many`: an image may have several of the `labels`; then F1 over all labels, with its
    mean over labels and the label ranking average precision.
    """
    campaign = release.campaign
    looks = Contribution.objects.filter(task__campaign=campaign, counts=True)
    looks = looks.filter(submitted_at__lte=release.finished_at).order_by("id")
    seen = list(looks.values_list("pk", "task_id", "participant_id", "participant__pseudonym"))
    most = {pk for pk, _count in Counter(row[2] for row in seen).most_common(MOST_PEOPLE)}
    rows = [row for row in seen if row[2] in most]
    if len(most) < 2:
        return None
    if get_kind(campaign.question_kind).TRAITS.released_as == "boxes":
        shape = parameters.get("shape", "box")
        if shape == "box":
            return _told(rows, _of_boxes(rows, parameters["iou"], class_of))
        return _told(rows, _of_shapes(rows, shape, parameters, class_of))
    return _of_sets(rows, class_of, labels) if many else _of_labels(rows, class_of)


def _of_boxes(rows: list[Any], iou: float, class_of: ClassOf) -> list[BoxCeiling]:
    links = AnnotationConcept.objects.filter(annotation=OuterRef("annotation")).order_by("position")
    shapes = ContributionShape.objects.filter(
        contribution__in=[row[0] for row in rows], annotation__x__isnull=False, annotation__deleted_at=None
    ).annotate(named=ArraySubquery(links.values("concept_id")))
    drawn = list(
        shapes.order_by("annotation").values_list(
            "annotation__x", "annotation__y", "annotation__w", "annotation__h",
            "contribution__task_id", "contribution__participant_id", "named",
        )
    )  # fmt: skip
    return ceiling_of_boxes(
        np.array([shape[:4] for shape in drawn], dtype=np.float64).reshape(-1, 4),
        np.array([str(shape[4]) for shape in drawn], dtype=str),
        np.array([str(shape[5]) for shape in drawn], dtype=str),
        seen_canvas=np.array([str(row[1]) for row in rows]),
        seen_person=np.array([str(row[2]) for row in rows]),
        label=np.array(
            [class_of(str(shape[6][0]) if shape[6] else UNLABELLED) for shape in drawn], dtype=str
        ),
        threshold=iou,
    )


def _of_shapes(
    rows: list[Any], shape: str, parameters: Mapping[str, Any], class_of: ClassOf
) -> list[BoxCeiling]:
    drawn = shapes_drawn([row[0] for row in rows], shape, class_of)
    looks = [(str(row[1]), str(row[2])) for row in rows]
    if shape == "polygon":
        return ceiling_of_outlines(drawn, looks, threshold=parameters["iou"])
    tasks = Task.objects.filter(pk__in={row[1] for row in rows})
    far = {
        str(pk): parameters["reach"] * hypot(width, height)
        for pk, width, height in tasks.values_list("pk", "canvas__width", "canvas__height")
    }
    return ceiling_of_points(drawn, looks, reach=far.__getitem__)


def shapes_drawn(contributions: Collection[Any], shape: str, class_of: ClassOf) -> list[DrawnShape]:
    """What was drawn in these contributions, under their tasks; the corners of a box are `x, y, w, h`; one query."""
    links = AnnotationConcept.objects.filter(annotation=OuterRef("annotation")).order_by("position")
    shapes = ContributionShape.objects.filter(
        contribution__in=contributions, annotation__x__isnull=False, annotation__deleted_at=None
    ).annotate(named=ArraySubquery(links.values("concept_id")))
    columns = ("contribution__task_id", "contribution__participant_id", "named")
    place = {"point": "xy", "box": "xywh"}.get(shape, "")
    where = [f"annotation__{name}" for name in place] or ["annotation__document"]
    drawn = []
    for task, person, named, *found in shapes.order_by("annotation").values_list(*columns, *where).iterator():
        corners: Any = {"point": (tuple(found),), "box": tuple(found)}.get(shape) or corners_in(found[0])
        if shape != "polygon" or len(corners) > 2:
            label = class_of(str(named[0]) if named else UNLABELLED)
            drawn.append(DrawnShape(str(task), str(person), label, corners))
    return drawn


def _beside_others(rows: Iterable[Any]) -> frozenset[tuple[str, str]]:
    """(task, person) of every answer to a task that somebody else answered too."""
    looks = {(str(row[1]), str(row[2])) for row in rows}
    voices = Counter(task for task, _person in looks)
    return frozenset(look for look in looks if voices[look[0]] > 1)


def _told(rows: list[Any], found: Sequence[BoxCeiling]) -> PeopleCeiling | None:
    names = {str(row[2]): row[3] for row in rows}
    matched, total = sum(one.matched for one in found), sum(one.drawn + one.wanted for one in found)
    people = [
        {"person": names[one.person], "value": one.f1, "n": one.drawn + one.wanted}
        for one in found
        if one.f1 is not None
    ]
    if not total:
        return None
    who = tuple(one.person for one in found if one.f1 is not None)
    return PeopleCeiling(
        {"figure": "f1", "value": 2 * matched / total, "people": people}, who, _beside_others(rows)
    )


def _of_sets(rows: list[Any], class_of: ClassOf, labels: Collection[str]) -> PeopleCeiling | None:
    said: dict[Any, set[str]] = defaultdict(set)
    for pk, concept in concepts_said([row[0] for row in rows]):
        said[pk].add(class_of(str(concept)))
    found = ceiling_of_sets(
        np.array([str(row[1]) for row in rows]),
        np.array([str(row[2]) for row in rows]),
        [said.get(row[0], set()) for row in rows],
        labels=labels,
        seed=SEED,
    )
    names = {str(row[2]): row[3] for row in rows}
    if found.overall.f1 is None:
        return None
    who = tuple(str(name) for name, one in found.people if one.f1 is not None)
    figures = {
        "figure": "f1",
        "value": found.overall.f1,
        "interval": plain(found.interval),
        **_of_many(found.overall),
        "people": [
            {"person": names[who], "value": one.f1, "n": one.judged, **_of_many(one)}
            for who, one in found.people
            if one.f1 is not None
        ],
    }
    return PeopleCeiling(figures, who, _beside_others(rows))


def _of_many(one: ManyFigures) -> dict[str, float | None]:
    return {"macro_f1": one.macro_f1, "average_precision": one.average_precision}


def concepts_said(contributions: Collection[Any]) -> Any:
    """(contribution, concept) of every label that was given; one query."""
    links = AnnotationConcept.objects.filter(
        annotation__contribution_shape__contribution__in=contributions, annotation__deleted_at=None
    )
    return links.values_list("annotation__contribution_shape__contribution_id", "concept_id")


def _of_labels(rows: list[Any], class_of: ClassOf) -> PeopleCeiling | None:
    said = {pk: class_of(str(concept)) for pk, concept in concepts_said([row[0] for row in rows])}
    answers = answers_of(
        np.array([str(row[1]) for row in rows]),
        np.array([str(row[2]) for row in rows]),
        np.array([said.get(row[0], "") for row in rows]),
    )
    found = ceiling_of_labels(answers, seed=SEED)
    names = {str(row[2]): row[3] for row in rows}
    if found.accuracy is None:
        return None
    people = [
        {"person": names[one.person], "value": one.accuracy, "interval": plain(one.interval), "n": one.judged}
        for one in found.people
    ]
    figures = {
        "figure": "accuracy",
        "value": found.accuracy,
        "interval": plain(found.interval),
        "people": people,
    }
    told = others_vote(answers).label >= 0
    items, names_of = answers.items[answers.item[told]], answers.people[answers.person[told]]
    judged = frozenset(zip(map(str, items.tolist()), map(str, names_of.tolist()), strict=True))
    return PeopleCeiling(figures, tuple(str(one.person) for one in found.people), judged)
