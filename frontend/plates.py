"""Pictures that stand for a campaign: a canvas for its card, a finished page with its boxes to invite."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from annotation.models import AnnotationConcept, Canvas
from annotation.queries import annotations_on
from campaigns.known import gold_in_force
from campaigns.models import Campaign, Release, Task
from campaigns.queries import Totals, shown_tasks, totals_of
from campaigns.questions import get_kind
from campaigns.questions.kind import Region
from campaigns.questions.places import around, reach_on
from taxonomy.queries import labels_in

PIGMENTS = "abcde"
OTHERS = "f"
MOST_MARKS = 400
MOST_SAMPLES = 6


@dataclass(frozen=True, slots=True)
class Card:
    """A campaign as lists show it."""

    campaign: Campaign
    totals: Totals
    canvas: Canvas | None


def cards_of(campaigns: Sequence[Campaign]) -> list[Card]:
    """The campaigns with their totals and a picture each; four queries however many they are."""
    totals, canvases = totals_of(campaigns), covers_of(campaigns)
    return [Card(campaign, totals[campaign.pk], canvases.get(campaign.pk)) for campaign in campaigns]


def covers_of(campaigns: Iterable[Campaign]) -> dict[int, Canvas]:
    """The cover of each campaign, else the canvas of its first task; two queries however many they are."""
    campaigns = list(campaigns)
    bare = [campaign.pk for campaign in campaigns if campaign.cover_id is None]
    tasks = (
        Task.objects.filter(campaign__in=bare)
        .order_by("campaign", "position")
        .distinct("campaign")
        .values_list("campaign", "canvas")
    )
    wanted = {campaign.pk: campaign.cover_id for campaign in campaigns if campaign.cover_id} | dict(tasks)
    canvases = Canvas.objects.select_related("manifest").defer("manifest__document", "manifest__metadata")
    found = canvases.in_bulk(set(wanted.values()))
    return {pk: found[canvas] for pk, canvas in wanted.items() if canvas in found}


def with_pictures(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """The same tasks with whole canvases: how an image lies on its canvas decides what a crop shows."""
    return tasks.defer(None).defer("canvas__manifest__document", "canvas__manifest__metadata")


def samples_of(campaign: Campaign) -> list[Canvas]:
    """The first canvases that people may meet; where many regions of one are asked about, it is shown once."""
    tasks = with_pictures(shown_tasks(campaign))
    if campaign.traits.about:
        firsts = (
            Task.objects.filter(campaign=campaign).order_by("canvas_id", "position").distinct("canvas_id")
        )
        tasks = tasks.filter(pk__in=firsts.values("pk"))
    return [task.canvas for task in tasks[:MOST_SAMPLES]]


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the legend: a pigment, its letter, and what it stands for."""

    pigment: str
    letter: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to draw, in canvas space."""

    x: float
    y: float
    w: float
    h: float
    key: Key


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A canvas with what a public release says is on it."""

    canvas: Canvas
    release: Release
    marks: tuple[Mark, ...]
    legend: tuple[Key, ...]

    @property
    def letter_size(self) -> float:
        """Height of the letters beside the boxes, in canvas units."""
        return round(self.canvas.height / 60, 1)


def finished_page(campaign: Campaign, language: str) -> FinishedPage | None:
    """The first page of the last public release; what is still being asked is never shown. Four queries."""
    if not get_kind(campaign.question_kind).TRAITS.draws:
        return None
    release = campaign.releases.filter(is_public=True, finished_at__isnull=False).order_by("-number").first()
    if release is None:
        return None
    decided = shown_tasks(campaign).filter(
        state=Task.State.DECIDED, decided_at__lte=release.created_at, region_x=None
    )
    if campaign.uses_gold:
        decided = decided.exclude(pk__in=gold_in_force(campaign).values("task"))
    task = with_pictures(decided).first()
    if task is None:
        return None
    marks = _marks(campaign, task.canvas, language)
    legend = tuple(sorted({mark.key for mark in marks}, key=lambda key: key.pigment))
    return FinishedPage(task.canvas, release, marks, legend) if marks else None


def _marks(campaign: Campaign, canvas: Canvas, language: str) -> tuple[Mark, ...]:
    placed = annotations_on(campaign.ground_truth_layer, canvas).filter(x__isnull=False)
    boxes: list[Any] = list(placed.values_list("pk", "x", "y", "w", "h")[:MOST_MARKS])
    links = AnnotationConcept.objects.filter(annotation__in=[box[0] for box in boxes], position=0)
    named = dict(links.values_list("annotation", "concept"))
    keys = _keys(Counter(named.values()), language)
    others = Key(OTHERS, "–", _("Others"))
    size = (canvas.width, canvas.height)
    return tuple(
        Mark(*_extent((x, y, w, h), size), keys.get(named.get(pk), others)) for pk, x, y, w, h in boxes
    )


def _extent(place: Region, size: tuple[float, float]) -> Region:
    """A box; of a point a small square around it, so that there is something to see."""
    return place if place[2] and place[3] else around(place[:2], reach_on(size) / 2)


def _keys(counts: Counter[UUID], language: str) -> dict[UUID | None, Key]:
    """Pigments for the commonest concepts, with initials where these tell them apart, else numbers."""
    concepts = [concept for concept, _count in counts.most_common(len(PIGMENTS))]
    labels = labels_in(concepts, language)
    names = [labels.get(concept, "?") for concept in concepts]
    letters = [name[:1].upper() for name in names]
    if len(set(letters)) < len(letters):
        letters = [str(number) for number in range(1, len(names) + 1)]
    made = zip(concepts, PIGMENTS, letters, names, strict=False)
    return {concept: Key(pigment, letter, name) for concept, pigment, letter, name in made}
