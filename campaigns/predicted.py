"""What a run of a model says at this moment, read in one query so that it describes one state of its layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, OuterRef, QuerySet

from annotation.models import Annotation, AnnotationConcept
from annotation.webanno.corners import corners_in
from campaigns.models import PredictionRun
from campaigns.questions.kind import Points


@dataclass(frozen=True, slots=True)
class PredictedThing:
    """One prediction of one concept (its id, "" without); `canvas` is its place.

    `box` is None for a whole image, and for a point. `points`: the one point, or the corners of an outline where they
    were asked for.
    """

    annotation: str
    canvas: int
    concept: str
    box: tuple[float, float, float, float] | None
    score: float
    points: Points = ()


@dataclass(frozen=True, slots=True)
class AsideThing:
    """One annotation that does not count as others do; `canvas` is its id, `concept` its first ("" without)."""

    annotation: str
    canvas: str
    concept: str
    box: tuple[float, float, float, float] | None
    score: float | None
    points: Points = ()


@dataclass(frozen=True, slots=True)
class PredictedThings:
    """`elsewhere`: how many stand on other canvases; `unscored`: how many say not how sure they are (they count as 1).

    `state`: how many annotations the layer held, their newest revision and the moment of the last change. Of those
    elsewhere and of those without a score the first `MOST_ASIDE` are kept, to be looked at.
    """

    things: tuple[PredictedThing, ...]
    elsewhere: int
    unscored: int
    state: dict[str, Any]
    elsewhere_things: tuple[AsideThing, ...] = ()
    unscored_things: tuple[AsideThing, ...] = ()


MOST_ASIDE = 5000  # of each kind: a run over a whole library may say millions of things elsewhere
COLUMNS = ("pk", "canvas_id", "x", "y", "w", "h", "confidence", "revision", "modified_at", "named")


def predictions_in(run: PredictionRun, canvases: Sequence[str], *, outlines: bool = False) -> PredictedThings:
    """The predictions of a run on these canvases (ids), in the order of canvas, score and id; one query.

    With `outlines` the documents are read for their corners, which takes longer than the columns.
    """
    rows = Annotation.objects.filter(layer=run.layer_id, deleted_at=None)
    return things_in(rows, canvases, outlines=outlines)


def things_in(
    annotations: QuerySet[Annotation], canvases: Sequence[str], *, outlines: bool = False
) -> PredictedThings:
    """The same of any annotations, of a model or a person."""
    place = {canvas: index for index, canvas in enumerate(canvases)}
    links = AnnotationConcept.objects.filter(annotation=OuterRef("pk")).order_by("position")
    rows = (
        annotations.annotate(named=ArraySubquery(links.values("concept_id")))
        .order_by("canvas", "-confidence", "pk")
        .values_list(*COLUMNS, *(["document"] if outlines else []))
    )
    things: list[PredictedThing] = []
    elsewhere = unscored = count = revision = 0
    others: list[AsideThing] = []
    unsure: list[AsideThing] = []
    changed: datetime | None = None
    for pk, canvas, x, y, w, h, confidence, version, modified_at, named, *document in rows.iterator(
        chunk_size=2000
    ):
        count, revision = count + 1, max(revision, version)
        changed = modified_at if changed is None else max(changed, modified_at)
        where = place.get(str(canvas))
        box = (x, y, w, h) if w and h else None
        if where is None or confidence is None:
            kept = others if where is None else unsure
            if len(kept) < MOST_ASIDE:
                spot = ((x, y),) if x is not None and not box else ()
                first = str(named[0]) if named else ""
                kept.append(AsideThing(str(pk), str(canvas), first, box, confidence, spot))
        if where is None:
            elsewhere += 1
            continue
        unscored += confidence is None
        score = 1.0 if confidence is None else confidence
        points = (
            corners_in(document[0])
            if document and box
            else ((x, y),)
            if x is not None and not (w or h)
            else ()
        )
        things += [
            PredictedThing(str(pk), where, str(concept), box, score, points) for concept in named or [""]
        ]
    return PredictedThings(
        tuple(things),
        elsewhere,
        unscored,
        _state(count, revision, changed),
        elsewhere_things=tuple(others),
        unscored_things=tuple(unsure),
    )


def layer_state(run: PredictionRun) -> dict[str, Any]:
    """The `state` of the run's layer as it stands now; one query that reads no annotation."""
    rows = Annotation.objects.filter(layer=run.layer_id, deleted_at=None)
    found = rows.aggregate(count=Count("pk"), revision=Max("revision"), changed=Max("modified_at"))
    return _state(found["count"], found["revision"] or 0, found["changed"])


def _state(count: int, revision: int, changed: datetime | None) -> dict[str, Any]:
    return {"count": count, "revision": revision, "changed_at": changed.isoformat() if changed else None}
