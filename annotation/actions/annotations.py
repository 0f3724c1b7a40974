"""Put annotations into layers; every one is a W3C document with its extracted index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from annotation.geometry import Box
from annotation.inserting import insert_together
from annotation.models import Annotation, AnnotationConcept, Canvas, Layer
from annotation.webanno import texts
from taxonomy.folding import fold
from taxonomy.heirs import heirs_of, hold_vocabularies


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


# A concept that was merged away → the one that counts in its place.
Heirs = Mapping[UUID, UUID]


AT_ONCE = 2000


def add_annotations(
    rows: Sequence[NewAnnotation], *, heirs: Heirs | None = None, along: Sequence[Model] = ()
) -> None:
    """Insert annotations; those whose id is already there stay as they are (a retry is harmless).

    One statement a batch of 2,000, and two before the first to look the heirs up. Whoever calls has been through
    the gate of what the layer belongs to. A concept that was merged away since it was chosen counts as its heir; who
    knows the `heirs`, and holds the vocabulary, says them, else they are looked up. `along` are rows of one other
    model that refer to these annotations, and are refused as a whole where one of them is there already.
    """
    if not rows:
        return
    with transaction.atomic(savepoint=False):
        known = find_heirs(rows) if heirs is None else heirs
        for begin in range(0, len(rows), AT_ONCE):
            part = rows[begin : begin + AT_ONCE]
            links = [link for new in part for link in _links(new, known)]
            last = begin + AT_ONCE >= len(rows)
            insert_together([_row(new) for new in part], links, strictly=along if last else ())


def link_concepts(rows: Sequence[NewAnnotation]) -> None:
    """Note which concepts annotations name; what is noted already stays. Three statements a batch."""
    with transaction.atomic(savepoint=False):
        _link(rows, find_heirs(rows))


def find_heirs(rows: Sequence[NewAnnotation]) -> Heirs:
    """The heirs of the concepts that these name, and no merge comes in between until the transaction ends.

    Before any link is written or deleted: a merge waits for nothing that is held by who waits for it.
    """
    named = {concept for new in rows for concept in new.concept_ids}
    if not named:
        return {}
    hold_vocabularies(named)
    return heirs_of(named)


def _link(rows: Sequence[NewAnnotation], heirs: Heirs) -> None:
    links = [link for new in rows for link in _links(new, heirs)]
    if links:
        AnnotationConcept.objects.bulk_create(links, ignore_conflicts=True, batch_size=2000)


def replace_row(row: Annotation, new: NewAnnotation) -> Annotation:
    """Write what is new over a row that the caller has locked, and raise its revision; five statements.

    Who made it and when stays; the caller has recorded what stood there and is in a transaction.
    """
    heirs, changed = find_heirs([new]), _row(new)
    for name in INDEXED:
        setattr(row, name, getattr(changed, name))
    row.canvas, row.revision, row.modified_at = new.canvas, row.revision + 1, timezone.now()
    row.save(update_fields=[*INDEXED, "canvas", "revision", "modified_at"])
    row.concept_links.all().delete()
    AnnotationConcept.objects.bulk_create(_links(new, heirs))
    return row


def replace_rows(pairs: Sequence[tuple[Annotation, NewAnnotation]]) -> None:
    """The same for many rows, which come back if they were deleted; five statements a batch."""
    heirs = find_heirs([new for _row_, new in pairs])
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
        _link([new for _row_, new in pairs], heirs)


# What is extracted from a document, and the document.
INDEXED = ("document", "motivations", "x", "y", "w", "h", "confidence", "words")


def words_of(document: dict[str, Any]) -> str:
    """The texts of the bodies, folded, as the column `words` holds them."""
    return fold(" ".join(texts(document)))[:MOST_WORDS]


# A tsvector may have up to 1 MiB.
MOST_WORDS = 200_000


def _links(new: NewAnnotation, heirs: Heirs) -> list[AnnotationConcept]:
    """A link for each concept that counts; one that is named itself remembers none that became it."""
    named = dict.fromkeys(new.concept_ids)
    links: dict[UUID, AnnotationConcept] = {}
    for position, said in enumerate(named):
        counted = heirs.get(said, said)
        if counted != said and (counted in named or counted in links):
            continue
        links[counted] = AnnotationConcept(
            annotation_id=new.id,
            concept_id=counted,
            said_id=said if counted != said else None,
            position=position,
        )
    return list(links.values())


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
