"""The figures of a campaign: agreement, throughput, people, concepts; read from the rows, never kept."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate

from accounts.models import User
from annotation.models import Annotation, AnnotationConcept
from campaigns.models import Campaign, Contribution, ContributionShape, Participant, Task, TaskConsensus
from campaigns.quality import Agreement, BoxAgreement, Interval, box_agreement, label_agreement, set_agreement
from taxonomy.queries import labels_in

SEED = 20_260_101  # intervals are drawn with a fixed seed: the same answers give the same figures


@dataclass(frozen=True, slots=True)
class Figures:
    """Agreement over all counted answers: on boxes (locate), on labels (tag, and labels of matched boxes)."""

    boxes: BoxAgreement | None
    labels: Agreement | None
    coefficient: str

    @property
    def value(self) -> float | None:
        """The chance-corrected or pairwise figure that stands for the whole campaign."""
        if self.boxes:
            return self.boxes.overall.f1
        return self.labels.alpha if self.labels else None

    @property
    def interval(self) -> Interval | None:
        source = self.boxes or self.labels
        return source.interval if source else None

    def as_json(self) -> dict[str, Any]:
        """Plain values, as the API and the dashboard show them."""
        spread = self.interval
        return {
            "coefficient": self.coefficient,
            "value": self.value,
            "interval": {"low": spread.low, "high": spread.high} if spread else None,
            "percent": self.labels.percent if self.labels else None,
            "mean_iou": self.boxes.overall.mean_iou if self.boxes else None,
            "people": self.boxes.people if self.boxes else self.labels.people if self.labels else 0,
            "canvases": self.boxes.canvases if self.boxes else self.labels.units if self.labels else 0,
        }


def agreement_of(campaign: Campaign) -> Figures:
    """Pairwise F1 at IoU 0.5 for boxes; percent agreement and Krippendorff's alpha for tags. Few queries."""
    if campaign.question_kind == "locate":
        return Figures(boxes=_boxes(campaign), labels=None, coefficient="F1@0.5")
    return Figures(boxes=None, labels=_tags(campaign), coefficient="alpha")


def _looks(campaign: Campaign) -> list[tuple[UUID, UUID, UUID]]:
    """(contribution, task, participant) of every counted contribution."""
    rows = Contribution.objects.filter(task__campaign=campaign, counts=True).order_by("id")
    return list(rows.values_list("pk", "task_id", "participant_id"))


def _boxes(campaign: Campaign) -> BoxAgreement | None:
    looks = _looks(campaign)
    if not looks:
        return None
    rows = ContributionShape.objects.filter(
        contribution__task__campaign=campaign, contribution__counts=True, annotation__x__isnull=False
    ).values_list(
        "annotation__x", "annotation__y", "annotation__w", "annotation__h",
        "contribution__task_id", "contribution__participant_id",
    )  # fmt: skip
    shapes = list(rows)
    return box_agreement(
        np.array([shape[:4] for shape in shapes], dtype=np.float64).reshape(-1, 4),
        np.array([str(shape[4]) for shape in shapes]),
        np.array([str(shape[5]) for shape in shapes]),
        seen_canvas=np.array([str(task) for _pk, task, _person in looks]),
        seen_person=np.array([str(person) for _pk, _task, person in looks]),
        seed=SEED,
    )


def _tags(campaign: Campaign) -> Agreement | None:
    looks = _looks(campaign)
    if not looks:
        return None
    said: dict[UUID, set[str]] = {pk: set() for pk, _task, _person in looks}
    links = AnnotationConcept.objects.filter(
        annotation__contribution_shape__contribution__in=said, annotation__deleted_at=None
    )
    for pk, concept in links.values_list("annotation__contribution_shape__contribution_id", "concept_id"):
        said[pk].add(str(concept))
    tasks = np.array([str(task) for _pk, task, _person in looks])
    people = np.array([str(person) for _pk, _task, person in looks])
    if campaign.question.get("many"):
        return set_agreement(tasks, people, [said[pk] for pk, _task, _person in looks], seed=SEED)
    labels = np.array([" ".join(sorted(said[pk])) for pk, _task, _person in looks])
    return label_agreement(tasks, people, labels, seed=SEED)


@dataclass(frozen=True, slots=True)
class ConceptCount:
    """How often a concept was given by people, and how often it stands in the ground truth."""

    id: UUID
    label: str
    contributions: int
    ground_truth: int


def concept_counts(campaign: Campaign, language: str) -> list[ConceptCount]:
    """The concepts that were given, most frequent first; three queries."""
    given = _counts(campaign.contributions_layer_id)
    decided = _counts(campaign.ground_truth_layer_id)
    labels = labels_in(given.keys() | decided.keys(), language)
    rows = [
        ConceptCount(pk, labels.get(pk, "?"), given[pk], decided[pk]) for pk in given.keys() | decided.keys()
    ]
    return sorted(rows, key=lambda row: (-row.contributions, -row.ground_truth, row.label))


def _counts(layer_id: UUID) -> Counter[UUID]:
    rows = AnnotationConcept.objects.filter(annotation__layer=layer_id, annotation__deleted_at=None)
    return Counter(dict(rows.values_list("concept_id").annotate(Count("pk")).order_by()))


def contributions_by_day(campaign: Campaign) -> list[tuple[date, int]]:
    """How many contributions came in on each day that had any, oldest first."""
    rows = Contribution.objects.filter(task__campaign=campaign).annotate(day=TruncDate("submitted_at"))
    return list(rows.values_list("day").annotate(Count("pk")).order_by("day"))


def disagreements(campaign: Campaign) -> list[float]:
    """The disagreement (0 to 1) of every task that has a consensus."""
    return list(TaskConsensus.objects.filter(campaign=campaign).values_list("disagreement", flat=True))


def states_of(campaign: Campaign) -> dict[str, int]:
    """How many tasks are open, retired and decided."""
    counts = dict(campaign.tasks.values_list("state").annotate(Count("pk")).order_by())
    return {state: counts.get(state, 0) for state in Task.State.values}


def origins_of(campaign: Campaign) -> dict[str, int]:
    """How many shapes were drawn, accepted from a prediction, or corrected."""
    rows = ContributionShape.objects.filter(contribution__task__campaign=campaign)
    counts = dict(rows.values_list("origin").annotate(Count("pk")).order_by())
    return {origin: counts.get(origin, 0) for origin in ContributionShape.Origin.values}


def participations_of(user: User) -> QuerySet[Participant, Any]:
    """One's campaigns with the number of contributions and the last one; one query."""
    return (
        Participant.objects.filter(user=user)
        .annotate(handed_in=Count("contributions"), last_at=Max("contributions__submitted_at"))
        .filter(handed_in__gt=0)
        .order_by("-last_at")
        .values("campaign__slug", "campaign__title", "pseudonym", "handed_in", "last_at")
    )


def ground_truth_count(campaign: Campaign) -> int:
    """How many annotations stand in the ground truth now."""
    return Annotation.objects.filter(layer=campaign.ground_truth_layer_id, deleted_at=None).count()
