"""The figures of a campaign: agreement, throughput, people, concepts; read from the rows, never kept."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db.models import Count, Exists, F, FloatField, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Floor, Least, TruncDate

from accounts.models import User
from annotation.models import Annotation, AnnotationConcept
from campaigns.grouped import OUTSIDE, campaign_tree, classes_for
from campaigns.models import Campaign, Contribution, ContributionShape, Participant, Task, TaskConsensus
from campaigns.quality import (
    Agreement,
    BoxAgreement,
    Interval,
    box_agreement,
    label_agreement,
    mean_pairwise,
    set_agreement,
    shape_agreement,
)
from campaigns.quality.answers import Floats, Ints
from campaigns.quality.kinship import kinship
from campaigns.quality.shape_matching import match_outlines, match_points
from campaigns.quality.texts import TextAgreement, text_agreement
from campaigns.questions import get_kind
from campaigns.questions.describe import text_of
from campaigns.questions.parts import part_of
from campaigns.questions.places import REACH
from campaigns.questions.shapes import SHAPES, shape_kind
from campaigns.said import counted_answers
from campaigns.strands import answers_to, grouping_for, on_step, strands_of
from taxonomy.models import Grouping
from taxonomy.queries import labels_in
from taxonomy.tree import Tree

EVERYTHING = Q()
SEED = 20_260_101  # intervals are drawn with a fixed seed: the same answers give the same figures


@dataclass(frozen=True, slots=True)
class Whole:
    """Of a sequence: mean likeness of two people's whole answers, on so many images that several answered."""

    likeness: float
    canvases: int
    answers: int


@dataclass(frozen=True, slots=True)
class Strand:
    """The figures of one step of a sequence."""

    step: str
    figures: "Figures"

    def as_json(self) -> dict[str, Any]:
        return {"step": self.step, **self.figures.as_json()}


@dataclass(frozen=True, slots=True)
class Figures:
    """Agreement over all counted answers: on shapes (locate), on labels (tag), on texts (describe).

    Of a sequence on the `whole`, and each of its `strands` by itself.
    """

    boxes: BoxAgreement | None
    labels: Agreement | None
    coefficient: str
    of_points: bool = False
    texts: TextAgreement | None = None
    strands: Sequence[Strand] = ()
    whole: Whole | None = None

    @property
    def value(self) -> float | None:
        """The chance-corrected or pairwise figure that stands for the whole campaign."""
        if self.boxes:
            return self.boxes.overall.f1
        if self.texts:
            return self.texts.likeness
        if self.whole:
            return self.whole.likeness
        return self.labels.alpha if self.labels else None

    @property
    def interval(self) -> Interval | None:
        source = self.boxes or self.texts or self.labels
        return source.interval if source else None

    def as_json(self) -> dict[str, Any]:
        """Plain values, as the API and the dashboard show them."""
        spread, units = self.interval, self.texts or self.labels
        return {
            "coefficient": self.coefficient,
            "value": self.value,
            "interval": {"low": spread.low, "high": spread.high} if spread else None,
            "percent": self.labels.percent if self.labels else self.texts.identical if self.texts else None,
            "mean_iou": self.boxes.overall.mean_iou if self.boxes and not self.of_points else None,
            "people": source.people if (source := self.boxes or self.texts or self.labels) else 0,
            "canvases": self.boxes.canvases if self.boxes else units.units if units else self._seen,
            **(
                {"steps": [{"step": one.step, **one.figures.as_json()} for one in self.strands]}
                if self.strands
                else {}
            ),
        }

    @property
    def _seen(self) -> int:
        return self.whole.canvases if self.whole else 0


def agreement_of(campaign: Campaign, grouping: Grouping | None = None, only: Q = EVERYTHING) -> Figures:
    """Pairwise F1 of boxes and outlines at IoU 0.5, of points within reach; percent agreement and Krippendorff's alpha
    for tags; of texts the mean pairwise likeness. Few queries.

    With a `grouping` labels are its classes (what no class takes in is one class more), and boxes match only
    boxes of the same class. Where the campaign lets people be as specific as they are sure, labels differ by
    how far apart they stand in the tree. `only`: a condition on the contributions.
    """
    says = get_kind(campaign.question_kind).TRAITS.says
    if says == "steps":
        strands = [
            Strand(one.step, agreement_of(one, grouping_for(one, grouping), only))
            for one in strands_of(campaign)
        ]
        return Figures(
            boxes=None,
            labels=None,
            coefficient="mean likeness",
            strands=strands,
            whole=_whole(campaign, only),
        )
    if says == "texts":
        return Figures(boxes=None, labels=None, coefficient="1 - CER", texts=texts_agreement(campaign, only))
    if says == "boxes":
        shape = shape_kind(campaign.question)
        name = f"F1@{REACH:.0%} of the diagonal" if shape is SHAPES["point"] else "F1@0.5"
        found = (_boxes if shape is SHAPES["box"] else _drawn)(campaign, grouping, only)
        return Figures(
            boxes=found,
            labels=None,
            coefficient=f"{name}, same class" if grouping else name,
            of_points=shape is SHAPES["point"],
        )
    return Figures(boxes=None, labels=_tags(campaign, grouping, only), coefficient="alpha")


def _looks(campaign: Campaign, only: Q) -> list[tuple[UUID, UUID, UUID]]:
    """(contribution, task, participant) of every counted contribution."""
    rows = answers_to(campaign, only).order_by("id")
    return list(rows.values_list("pk", "task_id", "participant_id"))


def _boxes(campaign: Campaign, grouping: Grouping | None, only: Q) -> BoxAgreement | None:
    looks = _looks(campaign, only)
    if not looks:
        return None
    rows = ContributionShape.objects.filter(
        on_step(campaign), contribution__in=answers_to(campaign, only), annotation__x__isnull=False
    ).values_list(
        "annotation__x", "annotation__y", "annotation__w", "annotation__h",
        "contribution__task_id", "contribution__participant_id", "annotation_id", "contribution_id",
    )  # fmt: skip
    # What was handed in between the two readings counts the next time.
    known = {pk for pk, _task, _person in looks}
    shapes = [row for row in rows if row[7] in known]
    labels = None
    if grouping:
        said = _said(
            AnnotationConcept.objects.filter(annotation__layer=campaign.contributions_layer_id), grouping
        )
        labels = np.array([" ".join(sorted(said.get(shape[6], ()))) for shape in shapes], dtype=np.str_)
    return box_agreement(
        np.array([shape[:4] for shape in shapes], dtype=np.float64).reshape(-1, 4),
        np.array([str(shape[4]) for shape in shapes]),
        np.array([str(shape[5]) for shape in shapes]),
        seen_canvas=np.array([str(task) for _pk, task, _person in looks]),
        seen_person=np.array([str(person) for _pk, _task, person in looks]),
        label=labels,
        seed=SEED,
    )


def _drawn(campaign: Campaign, grouping: Grouping | None, only: Q) -> BoxAgreement | None:
    """Of outlines or points: read from the answers, where their corners stand."""
    rows = list(answers_to(campaign, only).order_by("id").values_list("task_id", "participant_id", "answer"))
    if not rows:
        return None
    shapes = [
        (str(task), str(person), shape)
        for task, person, answer in rows
        for shape in (part_of(answer, campaign.step) or {}).get("shapes", ())
    ]
    labels = None
    if grouping:
        said = _said(
            AnnotationConcept.objects.filter(annotation__layer=campaign.contributions_layer_id), grouping
        )
        labels = np.array(
            [" ".join(sorted(said.get(UUID(shape["id"]), ()))) for *_both, shape in shapes], dtype=np.str_
        )
    corners = [np.array(shape.get("points", ()), dtype=np.float64) for *_both, shape in shapes]
    if shape_kind(campaign.question) is SHAPES["point"]:
        reach = np.array([shape["box"][2] / 2 for *_both, shape in shapes], dtype=np.float64)
        points = np.array([one[0] for one in corners], dtype=np.float64).reshape(-1, 2)

        def match(who: Ints, where: Ints) -> tuple[Ints, Ints, Floats]:
            return match_points(points, who, labels, reach=reach, canvas=where)
    else:

        def match(who: Ints, where: Ints) -> tuple[Ints, Ints, Floats]:
            return match_outlines(corners, who, labels, canvas=where)

    return shape_agreement(
        len(shapes),
        np.array([task for task, *_rest in shapes], dtype=np.str_),
        np.array([person for _task, person, _shape in shapes], dtype=np.str_),
        match,
        seen_canvas=np.array([str(task) for task, *_rest in rows]),
        seen_person=np.array([str(person) for _task, person, _answer in rows]),
        seed=SEED,
    )


def _whole(campaign: Campaign, only: Q) -> Whole | None:
    """How like two people's answers to all steps of the same image are, as a mean over images; one query."""
    by_task: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    rows = list(answers_to(campaign, only).order_by("id").values_list("task_id", "answer"))
    answers = counted_answers([answer for _task, answer in rows])
    for (task, _raw), answer in zip(rows, answers, strict=True):
        by_task[task].append(answer)
    compare = get_kind(campaign.question_kind).compare
    means = [mean for given in by_task.values() if (mean := mean_pairwise(given, compare)) is not None]
    return Whole(sum(means) / len(means), len(means), len(rows)) if means else None


def texts_agreement(campaign: Campaign, only: Q = EVERYTHING, *, samples: int = 1000) -> TextAgreement | None:
    """How alike the texts about the same image are; one query, None without answers."""
    rows = answers_to(campaign, only).order_by("id")
    found = list(rows.values_list("task_id", "task__canvas_id", "participant_id", "answer"))
    if not found:
        return None
    tasks, canvases, people, answers = zip(*found, strict=True)
    texts = [text_of(part_of(answer, campaign.step) or {}) for answer in answers]
    return text_agreement(tasks, people, texts, canvas=canvases, seed=SEED, samples=samples)


def _said(
    links: QuerySet[AnnotationConcept], grouping: Grouping | None, by: str = "annotation_id"
) -> dict[UUID, set[str]]:
    """The concepts, or classes, that were given, by annotation or what else `by` names."""
    pairs = list(links.filter(annotation__deleted_at=None).values_list(by, "concept_id"))
    classes = classes_for(grouping, {concept for _pk, concept in pairs}) if grouping else {}
    said: dict[UUID, set[str]] = defaultdict(set)
    for pk, concept in pairs:
        said[pk].add(str(classes[concept] or OUTSIDE) if grouping else str(concept))
    return said


def _tags(campaign: Campaign, grouping: Grouping | None, only: Q) -> Agreement | None:
    looks = _looks(campaign, only)
    if not looks:
        return None
    links = AnnotationConcept.objects.filter(
        on_step(campaign, "annotation__contribution_shape__"),
        annotation__contribution_shape__contribution__in=[pk for pk, _task, _person in looks],
    )
    said = _said(links, grouping, "annotation__contribution_shape__contribution_id")
    sets = [said.get(pk, set()) for pk, _task, _person in looks]
    tasks = np.array([str(task) for _pk, task, _person in looks])
    people = np.array([str(person) for _pk, _task, person in looks])
    if not grouping and (tree := campaign_tree(campaign)):
        return _on_the_tree(tree, tasks, people, sets)
    if campaign.question.get("many"):
        return set_agreement(tasks, people, sets, seed=SEED)
    # Several of one answer may be one class: a label is the set of all that was given.
    labels = np.array([" ".join(sorted(one)) for one in sets])
    return label_agreement(tasks, people, labels, seed=SEED)


def _on_the_tree(
    tree: Tree[str], tasks: npt.NDArray[Any], people: npt.NDArray[Any], sets: Sequence[set[str]]
) -> Agreement:
    """A coarser answer agrees in part: labels differ by their places in the tree."""
    distinct = sorted({tuple(sorted(one)) for one in sets})
    place = {members: index for index, members in enumerate(distinct)}
    codes = np.array([place[tuple(sorted(one))] for one in sets], dtype=np.int64)
    make = kinship(tree)
    return label_agreement(
        tasks, people, codes, difference=lambda kept: make([distinct[n] for n in kept.tolist()]), seed=SEED
    )


@dataclass(frozen=True, slots=True)
class ConceptCount:
    """How often a concept was given by people, and how often it stands in the ground truth."""

    id: UUID
    label: str
    contributions: int
    ground_truth: int


def concept_counts(campaign: Campaign, language: str) -> list[ConceptCount]:
    """The concepts that were given, but for known answers, most frequent first; three queries."""
    known = ContributionShape.objects.filter(
        annotation=OuterRef("annotation"), contribution__assignment__seeded=True
    )
    given = _counts(campaign.contributions_layer_id, ~Q(Exists(known)))
    decided = _counts(campaign.ground_truth_layer_id)
    labels = labels_in(given.keys() | decided.keys(), language)
    rows = [
        ConceptCount(pk, labels.get(pk, "?"), given[pk], decided[pk]) for pk in given.keys() | decided.keys()
    ]
    return sorted(rows, key=lambda row: (-row.contributions, -row.ground_truth, row.label))


def _counts(layer_id: UUID, *conditions: Q) -> Counter[UUID]:
    rows = AnnotationConcept.objects.filter(
        *conditions, annotation__layer=layer_id, annotation__deleted_at=None
    )
    return Counter(dict(rows.values_list("concept_id").annotate(Count("pk")).order_by()))


def contributions_by_day(campaign: Campaign) -> list[tuple[date, int]]:
    """How many contributions came in on each day that had any, oldest first."""
    rows = Contribution.objects.filter(task__campaign=campaign).annotate(day=TruncDate("submitted_at"))
    return list(rows.values_list("day").annotate(Count("pk")).order_by("day"))


def disagreements(campaign: Campaign, *, bins: int) -> list[tuple[float, int]]:
    """The lower edge of each of `bins` equal parts of 0–1, and how many merged tasks differ so much; 1 is in the last.

    Counted by the database: what comes back does not grow with the tasks.
    """
    # A hair's breadth up, so that 0.3 and the like do not fall below their own edge.
    part = Least(Floor(F("disagreement") * float(bins) + 1e-9), Value(float(bins - 1), FloatField()))
    rows = TaskConsensus.objects.filter(campaign=campaign).values_list(part)
    counts = {int(number): count for number, count in rows.annotate(Count("pk")).order_by()}
    return [(number / bins, counts.get(number, 0)) for number in range(bins)]


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
    return _took_part(Participant.objects.filter(user=user))


def _took_part(participations: QuerySet[Participant]) -> QuerySet[Participant, Any]:
    return (
        participations.annotate(handed_in=Count("contributions"), last_at=Max("contributions__submitted_at"))
        .filter(handed_in__gt=0)
        .order_by("-last_at")
        .values("campaign__slug", "campaign__title", "pseudonym", "handed_in", "last_at")
    )


def visits_of(visitor: str) -> QuerySet[Participant, Any]:
    """Where the visitor (SHA-256 of the cookie's secret) of a browser took part, as for `participations_of`."""
    return _took_part(Participant.objects.filter(visitor=visitor).exclude(visitor=""))


def ground_truth_count(campaign: Campaign) -> int:
    """How many annotations stand in the ground truth now."""
    return Annotation.objects.filter(layer=campaign.ground_truth_layer_id, deleted_at=None).count()
