"""Put annotations into layers; every one is a W3C document with its extracted index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotation.geometry import Box
from annotation.models import Annotation, AnnotationConcept, Canvas, Layer


@dataclass(frozen=True, slots=True)
class NewAnnotation:
    """What the index needs besides the document; `document` is W3C JSON without `id`."""

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


def add_annotations(rows: Sequence[NewAnnotation]) -> None:
    """Insert annotations; those whose id is already there stay as they are (a retry is harmless).

    Two statements a batch of 2,000. Whoever calls has been through the gate of what the layer belongs to.
    """
    if not rows:
        return
    Annotation.objects.bulk_create([_row(new) for new in rows], ignore_conflicts=True, batch_size=2000)
    links = [
        AnnotationConcept(annotation_id=new.id, concept_id=concept_id, position=position)
        for new in rows
        for position, concept_id in enumerate(dict.fromkeys(new.concept_ids))
    ]
    if links:
        AnnotationConcept.objects.bulk_create(links, ignore_conflicts=True, batch_size=2000)


def _row(new: NewAnnotation) -> Annotation:
    box = new.box
    return Annotation(
        id=new.id,
        layer=new.layer,
        canvas=new.canvas,
        document=new.document,
        motivations=list(new.motivations),
        x=box.x if box else None,
        y=box.y if box else None,
        w=box.w if box else None,
        h=box.h if box else None,
        confidence=new.confidence,
        vocabulary_version=new.vocabulary_version,
        created_by_id=new.created_by_id,
    )
