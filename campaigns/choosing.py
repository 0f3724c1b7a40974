"""Which canvases, regions or predictions are wanted as tasks: what was asked, and the rows that answer it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import User
from annotation.models import Annotation, AnnotationConcept, Canvas, Layer
from annotation.permissions import visible_layers, visible_manifests
from campaigns.models import Campaign, PredictionRun

Of = Literal["canvases", "regions", "predictions"]
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Said:
    """Whether a layer says something of a canvas, or says that a concept or one below it is on it."""

    layer: UUID
    concept: UUID | None = None

    @classmethod
    def read(cls, given: Mapping[str, Any] | None) -> Self | None:
        return None if given is None else cls(UUID(str(given["layer"])), _uuid(given.get("concept")))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for; what is left out does not narrow it down.

    Canvases: of these `manifests` or `collections`, with `text` in a label or in the metadata, with something that a
    layer says or lacks, within sizes (canvas units). Regions: the boxes of these `layers`; predictions: those of the
    `run` with a confidence in a range (0 to 1, both ends included); both with one of the `concepts`, or one below it.
    `priority` is the number that the tasks get; of predictions also `confidence` or `doubt` (1 − confidence).
    """

    of: Of
    manifests: tuple[UUID, ...] = ()
    collections: tuple[UUID, ...] = ()
    text: str = ""
    has: Said | None = None
    lacks: Said | None = None
    least_width: float | None = None
    least_height: float | None = None
    most_width: float | None = None
    most_height: float | None = None
    layers: tuple[UUID, ...] = ()
    concepts: tuple[UUID, ...] = ()
    run: UUID | None = None
    least_confidence: float | None = None
    most_confidence: float | None = None
    priority: float | None = None
    priority_by: Literal["", "confidence", "doubt"] = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """From JSON as it is kept, or from values that have been checked."""
        values = {name: value for name, value in given.items() if value not in (None, "", [], ())}
        for name in ("manifests", "collections", "layers", "concepts"):
            if name in values:
                values[name] = tuple(UUID(str(pk)) for pk in values[name])
        for name in ("has", "lacks"):
            if name in values:
                values[name] = Said.read(values[name])
        if "run" in values:
            values["run"] = UUID(str(values["run"]))
        return cls(**values)


class Place(NamedTuple):
    """A canvas, or a region (x, y, w, h) of it, and its priority."""

    canvas: UUID
    x: float | None
    y: float | None
    w: float | None
    h: float | None
    priority: float | None

    @property
    def region(self) -> tuple[float, float, float, float] | None:
        if self.x is None or self.y is None or self.w is None or self.h is None:
            return None
        return (self.x, self.y, self.w, self.h)


def _uuid(given: Any) -> UUID | None:
    return UUID(str(given)) if given else None


def canvases_wanted(wanted: Wanted, by: User) -> QuerySet[Canvas]:
    """The canvases asked for among those that the person may see, in no order."""
    manifests = visible_manifests(by).order_by()
    if wanted.manifests or wanted.collections:
        named = Q(pk__in=wanted.manifests)
        # Members of what somebody else follows are theirs to look through.
        named |= Q(memberships__collection__in=wanted.collections, memberships__collection__created_by=by)
        manifests = manifests.filter(named)
    rows = Canvas.objects.order_by().filter(manifest__in=manifests.values("pk"))
    sizes = {
        "width__gte": wanted.least_width, "height__gte": wanted.least_height,
        "width__lte": wanted.most_width, "height__lte": wanted.most_height,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in sizes.items() if value is not None})
    if wanted.text:
        rows = _with_text(rows, wanted.text)
    if wanted.has:
        rows = rows.filter(Exists(_speaking_of_canvas(wanted.has, by)))
    return rows.exclude(Exists(_speaking_of_canvas(wanted.lacks, by))) if wanted.lacks else rows


def _with_text(rows: QuerySet[Canvas], text: str) -> QuerySet[Canvas]:
    names = ("label", "manifest__label", "manifest__metadata")
    rows = rows.alias(**{f"said_{number}": Cast(name, TextField()) for number, name in enumerate(names)})
    anywhere = Q()
    for number in range(len(names)):
        anywhere |= Q(**{f"said_{number}__icontains": text})
    return rows.filter(anywhere)


def _speaking_of_canvas(said: Said, by: User) -> QuerySet[Annotation]:
    rows = Annotation.objects.filter(
        canvas=OuterRef("pk"), layer=said.layer, layer__in=visible_layers(by).values("pk"), deleted_at=None
    )
    return rows.filter(_names((said.concept,))) if said.concept else rows


def _names(concepts: tuple[UUID, ...]) -> Exists:
    """Whether an annotation names one of the concepts, or one below it."""
    links = AnnotationConcept.objects.filter(annotation=OuterRef("pk"))
    return Exists(links.filter(Q(concept__in=concepts) | Q(concept__ancestors__overlap=list(concepts))))


def boxes_wanted(wanted: Wanted, campaign: Campaign, by: User) -> QuerySet[Annotation]:
    """The boxes asked for, on canvases that are wanted as well, in no order."""
    rows = Annotation.objects.order_by().filter(w__gt=0, h__gt=0, deleted_at=None)
    if wanted.of == "predictions":
        runs = campaign_runs(campaign).filter(pk__in=[wanted.run] if wanted.run else [])
        rows = rows.filter(layer__in=runs.values("layer"))
        for end, value in (("gte", wanted.least_confidence), ("lte", wanted.most_confidence)):
            rows = rows.filter(**{f"confidence__{end}": value}) if value is not None else rows
    else:
        rows = rows.filter(layer__in=visible_layers(by).filter(pk__in=wanted.layers).values("pk"))
    if wanted.concepts:
        rows = rows.filter(_names(wanted.concepts))
    return rows.filter(canvas__in=canvases_wanted(wanted, by).values("pk"))


def campaign_runs(campaign: Campaign) -> QuerySet[PredictionRun]:
    return PredictionRun.objects.of(campaign)


def count_wanted(wanted: Wanted, campaign: Campaign, by: User) -> int:
    """How many there are, those included that are tasks already; one query."""
    return _rows(wanted, campaign, by).count()


def _rows(wanted: Wanted, campaign: Campaign, by: User) -> QuerySet[Any]:
    if wanted.of == "canvases":
        return canvases_wanted(wanted, by)
    return boxes_wanted(wanted, campaign, by)


def places_wanted(
    wanted: Wanted, campaign: Campaign, by: User, *, most: int | None = None
) -> Iterator[Place]:
    """The places in the order of reading; however many there are, few are in memory at once."""
    rows = _rows(wanted, campaign, by)
    if wanted.of == "canvases":
        order: list[Any] = ["manifest__created_at", "manifest", "position", "pk"]
        keys = rows.order_by(*order).values_list("pk", flat=True)[:most]
        return (Place(pk, None, None, None, None, wanted.priority) for pk in keys.iterator(chunk_size=CHUNK))
    order = ["canvas__manifest__created_at", "canvas__manifest", "canvas__position", F("y"), F("x"), "pk"]
    boxes = rows.order_by(*order).values_list("canvas", "x", "y", "w", "h", "confidence")[:most]
    return (
        Place(canvas, x, y, w, h, _priority(wanted, confidence))
        for canvas, x, y, w, h, confidence in boxes.iterator(chunk_size=CHUNK)
    )


def _priority(wanted: Wanted, confidence: float | None) -> float | None:
    if not wanted.priority_by or confidence is None:
        return wanted.priority
    return confidence if wanted.priority_by == "confidence" else 1 - confidence


def layers_to_ask_of(by: User) -> QuerySet[Layer]:
    """The layers that a person may choose from by what they say: contributions are still being made."""
    return visible_layers(by).exclude(kind=Layer.Kind.CONTRIBUTIONS)
