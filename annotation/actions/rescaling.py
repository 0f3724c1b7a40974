"""When a canvas comes back with another size, what stands on it moves along, with a record, or is left alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.utils import timezone

from annotation.models import Annotation, AnnotationRevision, Canvas, Manifest
from annotation.signals import RescaledCanvas, canvas_rescaled, same_shape
from annotation.webanno.scaling import NotScalable, scaled

BATCH = 500
RESCALED_BECAUSE = "The canvas has another size: scaled by"


@dataclass(frozen=True, slots=True)
class NotMoved:
    """An annotation that stayed where it was, and why."""

    id: UUID
    canvas_uri: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rescaling:
    """What the new sizes of a manifest's canvases did.

    `sizes`: URI → (before, after) of every canvas with another size; `scaled`: URI → annotations moved along, for
    those of the same shape; `reshaped`: those of another shape, with how many annotations stand on them.
    """

    sizes: Mapping[str, tuple[tuple[float, float], tuple[float, float]]]
    scaled: Mapping[str, int]
    reshaped: Mapping[str, int]
    not_moved: tuple[NotMoved, ...]


@transaction.atomic
def rescale_canvases(manifest: Manifest, sizes: Mapping[str, tuple[float, float]]) -> Rescaling:
    """Scale what stands on the canvases that `sizes` (URI → width, height) gives another size.

    Part of the transaction that writes the sizes. Three statements for each 500 annotations.
    """
    rows = [
        (pk, uri, (width, height), sizes[uri])
        for pk, uri, width, height in manifest.canvases.values_list("pk", "uri", "width", "height")
        if uri in sizes and sizes[uri] != (width, height)
    ]
    if not rows:
        return Rescaling({}, {}, {}, ())
    Canvas.objects.filter(pk__in=[pk for pk, *_rest in rows]).update(resized_at=Now())
    moving = tuple(
        RescaledCanvas(pk, uri, after[0] / before[0], after[1] / before[1])
        for pk, uri, before, after in rows
        if same_shape(before, after)
    )
    # First: whoever is writing under a lock of the rooms above finishes before the annotations are read.
    canvas_rescaled.send(sender=Canvas, canvases=moving)
    scaled_on, not_moved = _scale_annotations(moving)
    reshaped = {pk: uri for pk, uri, *_sizes in rows if uri not in scaled_on}
    return Rescaling(
        sizes={uri: (before, after) for _pk, uri, before, after in rows},
        scaled=scaled_on,
        reshaped=_counts(reshaped),
        not_moved=not_moved,
    )


def _counts(canvases: Mapping[UUID, str]) -> dict[str, int]:
    rows = Annotation.objects.filter(canvas__in=canvases, deleted_at=None).order_by()
    counted = rows.values_list("canvas_id").annotate(Count("pk"))
    return dict.fromkeys(canvases.values(), 0) | {canvases[pk]: count for pk, count in counted if pk}


def _scale_annotations(canvases: Sequence[RescaledCanvas]) -> tuple[dict[str, int], tuple[NotMoved, ...]]:
    by_id = {canvas.id: canvas for canvas in canvases}
    counts = dict.fromkeys((canvas.uri for canvas in canvases), 0)
    not_moved: list[NotMoved] = []
    for batch in _batches(list(by_id)):
        moved: list[Annotation] = []
        records: list[AnnotationRevision] = []
        for row in batch:
            canvas = by_id[row.canvas_id] if row.canvas_id else None
            if canvas is None:
                continue
            record = AnnotationRevision(
                annotation=row, revision=row.revision, document=row.document, reason=_reason(canvas)
            )
            try:
                _move(row, canvas)
            except NotScalable as error:
                not_moved.append(NotMoved(row.pk, canvas.uri, str(error)))
                continue
            records.append(record)
            moved.append(row)
            counts[canvas.uri] += 1
        AnnotationRevision.objects.bulk_create(records)
        # All of them are there: the conflict is certain, and the whole batch is one statement.
        Annotation.objects.bulk_create(
            moved,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["document", "x", "y", "w", "h", "revision", "modified_at"],
        )
    return counts, tuple(not_moved)


def _batches(canvas_ids: Sequence[UUID]) -> Iterator[list[Annotation]]:
    rows = Annotation.objects.filter(canvas__in=canvas_ids, deleted_at=None).order_by("pk")
    rows = rows.select_for_update(of=("self",), no_key=True)
    batch = list(rows[:BATCH]) if canvas_ids else []
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH]) if len(batch) == BATCH else []


def _move(row: Annotation, canvas: RescaledCanvas) -> None:
    row.document = scaled(row.document, source=canvas.uri, sx=canvas.sx, sy=canvas.sy)
    for name, factor in (("x", canvas.sx), ("y", canvas.sy), ("w", canvas.sx), ("h", canvas.sy)):
        value = getattr(row, name)
        setattr(row, name, None if value is None else value * factor)
    row.revision, row.modified_at = row.revision + 1, timezone.now()


def _reason(canvas: RescaledCanvas) -> str:
    return f"{RESCALED_BECAUSE} {canvas.sx:.6g} × {canvas.sy:.6g}."
