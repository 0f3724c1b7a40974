"""Put annotations into layers; every one is a W3C document with its extracted index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from annotation.geometry import Box
from annotation.models import Annotation, AnnotationConcept, Canvas, Layer
from annotation.webanno import texts
from taxonomy.folding import fold


@dataclass(frozen=True, slots=True)
class NewAnnotation:
    """What the index needs besides the document; `document` is W3C JSON without `id`.

    Its place on the canvas is a `box`, or a `point` (x, y), or neither: the whole canvas.
    """

    id: UUID
    layer: Layer
    canvas: Canvas | None
    document: dict[str, Any]
    motivations: tuple[str, ...]
    box: Box | None = None
    concept_ids: tuple[UUID, ...] = ()
    created_by_id: int | None = None
    vocabulary_version: int | None = None
    confidence: float | None = None
    point: tuple[float, float] | None = None


def add_annotations(rows: Sequence[NewAnnotation]) -> None:
    """Insert annotations; those whose id is already there stay as they are (a retry is harmless).

    Two statements a batch of 2,000. Whoever calls has been through the gate of what the layer belongs to.
    """
    if not rows:
        return
    Annotation.objects.bulk_create([_row(new) for new in rows], ignore_conflicts=True, batch_size=2000)
    link_concepts(rows)


def link_concepts(rows: Sequence[NewAnnotation]) -> None:
    """Note which concepts annotations name; what is noted already stays. One statement a batch."""
    links = [link for new in rows for link in _links(new)]
    if links:
        AnnotationConcept.objects.bulk_create(links, ignore_conflicts=True, batch_size=2000)


def replace_row(row: Annotation, new: NewAnnotation) -> Annotation:
    """Write what is new over a row that the caller has locked, and raise its revision; three statements.

    Who made it and when stays; the caller has recorded what stood there.
    """
    changed = _row(new)
    for name in INDEXED:
        setattr(row, name, getattr(changed, name))
    row.canvas, row.revision, row.modified_at = new.canvas, row.revision + 1, timezone.now()
    row.save(update_fields=[*INDEXED, "canvas", "revision", "modified_at"])
    row.concept_links.all().delete()
    AnnotationConcept.objects.bulk_create(_links(new))
    return row


def replace_rows(pairs: Sequence[tuple[Annotation, NewAnnotation]]) -> None:
    """The same for many rows, which come back if they were deleted; three statements a batch."""
    for row, new in pairs:
        changed = _row(new)
        for name in INDEXED:
            setattr(row, name, getattr(changed, name))
        row.canvas, row.revision, row.modified_at = new.canvas, row.revision + 1, timezone.now()
        row.deleted_at = None
    if pairs:
        fields = [*INDEXED, "canvas", "revision", "modified_at", "deleted_at"]
        Annotation.objects.bulk_update([row for row, _new in pairs], fields, batch_size=500)
        AnnotationConcept.objects.filter(annotation__in=[row.pk for row, _new in pairs]).delete()
        link_concepts([new for _row, new in pairs])


# What is extracted from a document, and the document.
INDEXED = ("document", "motivations", "x", "y", "w", "h", "confidence", "words")


def words_of(document: dict[str, Any]) -> str:
    """The texts of the bodies, folded, as the column `words` holds them."""
    return fold(" ".join(texts(document)))[:MOST_WORDS]


# A tsvector may have up to 1 MiB.
MOST_WORDS = 200_000


def _links(new: NewAnnotation) -> list[AnnotationConcept]:
    return [
        AnnotationConcept(annotation_id=new.id, concept_id=concept_id, position=position)
        for position, concept_id in enumerate(dict.fromkeys(new.concept_ids))
    ]


def _row(new: NewAnnotation) -> Annotation:
    x, y, w, h = columns_of(new.box, new.point)
    return Annotation(
        id=new.id,
        layer=new.layer,
        canvas=new.canvas,
        document=new.document,
        words=words_of(new.document),
        motivations=list(new.motivations),
        x=x,
        y=y,
        w=w,
        h=h,
        confidence=new.confidence,
        vocabulary_version=new.vocabulary_version,
        created_by_id=new.created_by_id,
    )


def columns_of(box: Box | None, point: tuple[float, float] | None) -> tuple[float | None, ...]:
    """The columns x, y, w and h: a point is a box without extent."""
    if box:
        return box.xywh
    return (*point, 0.0, 0.0) if point else (None,) * 4
