"""Which pairs of regions are wanted as tasks: what was asked, the regions there are, and the pairs among them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, NamedTuple, Self
from uuid import UUID

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from accounts.models import User
from annotation.geometry import Box
from annotation.images import ImageRefused
from annotation.models import Annotation, AnnotationConcept, Canvas
from annotation.permissions import visible_manifests
from annotation.pixels import cut, gray_page
from campaigns.beside import LINKING
from campaigns.choosing import layers_to_ask_of
from campaigns.predictors.alike import glance
from campaigns.quality.pairs import nearest, pairs_within, sampled
from fetch import FetchError
from problems import Problem

PAIRS = "pairs"  # as what a choice of tasks asks for
By = Literal["label", "chance", "alike"]
MOST_REGIONS = 20_000
MOST_ALIKE = 3000  # regions that are cut out of their pages
MOST_PAIRS = 100_000
LONGEST = 1600  # pixels a side of a page from which crops are cut


@dataclass(frozen=True, slots=True)
class PairsWanted:
    """Pairs of the regions of these `layers`.

    By `label`: at most `most` pairs within each label. By `chance`: `most` pairs of all. `alike`: each region beside
    the `each` that look most like it. `across`: only regions of different sources.
    """

    by: By
    layers: tuple[UUID, ...]
    most: int = 100
    each: int = 3
    across: bool = False
    seed: int = 1

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """From JSON as it is kept, or from values that have been checked."""
        names = ("by", "most", "each", "across", "seed")
        values = {name: given[name] for name in names if given.get(name) is not None}
        return cls(layers=tuple(UUID(str(pk)) for pk in given.get("layers", ())), **values)


class Region(NamedTuple):
    """An annotation on a box of a canvas, or on all of it, with its labels."""

    id: UUID
    canvas: UUID
    manifest: UUID
    box: tuple[float, float, float, float] | None
    labels: tuple[UUID, ...]


class WantedPair(NamedTuple):
    about: UUID
    beside: UUID
    priority: float | None = None


def regions() -> QuerySet[Annotation]:
    """Annotations of one place: boxes and whole canvases; what links two of them is about neither."""
    somewhere = Q(x=None) | Q(w__gt=0, h__gt=0)
    rows = Annotation.objects.order_by().filter(somewhere, canvas__isnull=False, deleted_at=None)
    return rows.exclude(motivations__contains=list(LINKING))


def pairable(by: User) -> QuerySet[Annotation]:
    """Whatever can stand in a pair and the person may see: boxes and whole canvases, in no order."""
    return regions().filter(
        canvas__manifest__in=visible_manifests(by).order_by().values("pk"),
        layer__in=layers_to_ask_of(by).values("pk"),
    )


def regions_of(layers: Sequence[UUID], by: User) -> list[Region]:
    """The regions of these layers, the oldest first; of several on one place the first. One query."""
    concepts = AnnotationConcept.objects.filter(annotation=OuterRef("pk")).order_by("position")
    rows = (
        pairable(by)
        .filter(layer__in=layers)
        .annotate(labels=ArraySubquery(concepts.values("concept_id")))
        .order_by("created_at", "pk")
        .values_list("pk", "canvas", "canvas__manifest", "x", "y", "w", "h", "labels")
    )
    found: dict[tuple[Any, ...], Region] = {}
    for pk, canvas, manifest, x, y, w, h, labels in rows.iterator(chunk_size=2000):
        box = None if x is None or y is None or w is None or h is None else (x, y, w, h)
        found.setdefault((canvas, box), Region(pk, canvas, manifest, box, tuple(labels)))
    return list(found.values())


def pairs_wanted(
    wanted: PairsWanted,
    regions: Sequence[Region],
    *,
    looked: Callable[[int], None] = lambda _count: None,
    left_out: Callable[[Canvas, str], None] = lambda _canvas, _why: None,
) -> list[WantedPair]:
    """The pairs, none twice and none of a region with itself; the same question gives the same pairs.

    `looked` hears how many crops were cut out, `left_out` of pages that could not be had.
    """

    def may(one: int, other: int) -> bool:
        return not wanted.across or regions[one].manifest != regions[other].manifest

    if wanted.by == "alike":
        return [
            WantedPair(regions[i].id, regions[j].id, round(likeness, 4))
            for (i, j), likeness in _alike(wanted, regions, looked, left_out)
        ]
    if wanted.by == "label":
        labels = [region.labels for region in regions]
        found = pairs_within(labels, most=wanted.most, seed=wanted.seed, may=may)
    else:
        found = sampled(range(len(regions)), most=wanted.most, seed=wanted.seed, may=may)
    return [WantedPair(regions[i].id, regions[j].id) for i, j in found]


def _alike(
    wanted: PairsWanted,
    regions: Sequence[Region],
    looked: Callable[[int], None],
    left_out: Callable[[Canvas, str], None],
) -> list[tuple[tuple[int, int], float]]:
    """Each page is opened once; regions whose page cannot be had are beside nothing."""
    seen: list[int] = []
    rows: list[Any] = []
    order = sorted(range(len(regions)), key=lambda place: regions[place].canvas.int)
    for canvas_id, places in groupby(order, key=lambda place: regions[place].canvas):
        here = list(places)
        canvas = Canvas.objects.select_related("manifest").get(pk=canvas_id)
        try:
            page = gray_page(canvas, longest=LONGEST)
        except (FetchError, ImageRefused, Problem) as error:
            left_out(canvas, str(error))
        else:
            whole = (0.0, 0.0, canvas.width, canvas.height)
            rows += [glance(cut(page, canvas, Box(*(regions[place].box or whole)))) for place in here]
            seen += here
        looked(len(here))
    if not rows:
        return []

    def may(one: int, other: int) -> bool:
        a, b = regions[seen[one]], regions[seen[other]]
        return not wanted.across or a.manifest != b.manifest

    found = nearest(np.vstack(rows), each=wanted.each, may=may)
    return [((min(seen[i], seen[j]), max(seen[i], seen[j])), likeness) for (i, j), likeness in found]


class Listed(NamedTuple):
    """A row of a table that names a pair."""

    row: int
    a: UUID
    b: UUID


class Fault(NamedTuple):
    """Why a row of a table makes no pair."""

    row: int
    sentence: str


def chunks(pairs: Sequence[WantedPair], size: int) -> Iterator[Sequence[WantedPair]]:
    for begin in range(0, len(pairs), size):
        yield pairs[begin : begin + size]
