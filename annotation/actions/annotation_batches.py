"""Brings a layer up to date with annotations from outside, a batch at a time, and respects what people changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import ForeignObjectRel, QuerySet
from django.utils import timezone

from annotation.actions.annotations import NewAnnotation, add_annotations, link_concepts, replace_rows
from annotation.actions.rescaling import RESCALED_BECAUSE
from annotation.models import Annotation, AnnotationConcept, AnnotationDeparture, AnnotationRevision, Layer

BATCH = 2000
# What an annotation owns itself; whatever else points to one hangs on it.
_OWN = (AnnotationConcept, AnnotationDeparture, AnnotationRevision)


@dataclass
class Written:
    """What became of a batch; `conflicts` were changed by people here and differently by their publisher."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: list[NewAnnotation] = field(default_factory=list)


def write_batch(layer: Layer, batch: Sequence[NewAnnotation], *, reason: str) -> Written:
    """Insert what is new, update what changed (its history says `reason`), leave what people changed.

    Ids are unique within the batch. At most ten statements. Whoever calls has been through the gate of the layer.
    """
    with transaction.atomic():
        ids = [new.id for new in batch]
        rows = {row.pk: row for row in _held(ids)}
        fresh = [new for new in batch if new.id not in rows]
        add_annotations(fresh)
        differing = _without_rescaled(
            [new for new in batch if new.id in rows and _differs(rows[new.id], new)], rows
        )
        given = _as_last_given(rows[new.id] for new in differing)
        conflicts = [new for new in differing if new.id in given and given[new.id] != new.document]
        changed = [new for new in differing if new.id not in given]
        _record((rows[new.id] for new in changed), reason=reason)
        replace_rows([(rows[new.id], new) for new in changed])
        settled = {new.id for new in (*fresh, *differing)}
        # A concept may have come since: its vocabulary was brought in later than the annotation.
        link_concepts([new for new in batch if new.id not in settled])
    return Written(
        len(fresh), len(changed), len(batch) - len(fresh) - len(changed) - len(conflicts), conflicts
    )


def take_out_missing(layer: Layer, seen: set[bytes], *, reason: str) -> tuple[int, int]:
    """Take out of a layer what its source no longer has; the second number is what was kept.

    Kept is what something hangs on and what people changed here. What people added (its id was not made from the
    source) is neither. `seen` holds the bytes of the ids that the source still has.
    """
    rows = layer.annotations.filter(deleted_at=None).values_list("pk", flat=True)
    gone = [pk for pk in rows.iterator(chunk_size=BATCH) if pk.version == 5 and pk.bytes not in seen]
    taken = sum(_take_out(gone[start : start + BATCH], reason) for start in range(0, len(gone), BATCH))
    return taken, len(gone) - taken


def _take_out(ids: list[UUID], reason: str) -> int:
    with transaction.atomic():
        held = list(_held(ids).filter(deleted_at=None))
        # Asked under the lock: whoever changes one just now has ended, and is seen.
        kept = _in_use(ids) | set(_by_people(ids).values_list("annotation_id", flat=True))
        rows = [row for row in held if row.pk not in kept]
        _record(rows, reason=reason)
        for row in rows:
            row.deleted_at = row.modified_at = timezone.now()
            row.revision += 1
        Annotation.objects.bulk_update(rows, ["deleted_at", "modified_at", "revision"], batch_size=500)
    return len(rows)


def _held(ids: Sequence[UUID]) -> QuerySet[Annotation]:
    """These annotations, locked in the order of their keys, so that two imports do not wait for each other."""
    return Annotation.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")


def _in_use(ids: list[UUID]) -> set[UUID]:
    """Those on which a row of whatever room hangs; one query for each way to point to an annotation."""
    held: set[UUID] = set()
    for relation in Annotation._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.related_model in _OWN:
            continue
        field = relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{field}__in": ids})
        held |= set(rows.values_list(field, flat=True))
    return held


def _differs(row: Annotation, new: NewAnnotation) -> bool:
    canvas = new.canvas.pk if new.canvas else None
    return row.document != new.document or row.canvas_id != canvas or row.deleted_at is not None


def _without_rescaled(
    differing: Sequence[NewAnnotation], rows: Mapping[UUID, Annotation]
) -> list[NewAnnotation]:
    """Without those that differ only because we moved them along with their canvas.

    What its publisher says word for word as before the canvas had another size was not measured anew.
    """
    given: dict[UUID, object] = {}
    settled: set[UUID] = set()
    revisions = AnnotationRevision.objects.filter(annotation_id__in=[new.id for new in differing])
    facts = revisions.order_by("annotation_id", "-revision").values_list(
        "annotation_id", "reason", "document"
    )
    for pk, reason, document in facts if differing else ():
        if pk not in settled and reason.startswith(RESCALED_BECAUSE):
            given[pk] = document
        else:
            settled.add(pk)
    return [
        new for new in differing if rows[new.id].deleted_at is not None or given.get(new.id) != new.document
    ]


def _as_last_given(rows: Iterable[Annotation]) -> dict[UUID, object]:
    """Of the rows that people changed or deleted here: the document that was given last before they did."""
    ids = [row.pk for row in rows]
    revisions = _by_people(ids).order_by("annotation_id", "revision").distinct("annotation_id") if ids else []
    return {revision.annotation_id: revision.document for revision in revisions}


def _by_people(ids: Iterable[UUID]) -> QuerySet[AnnotationRevision]:
    """The states that a person has ended: whatever else ends one says why."""
    return AnnotationRevision.objects.filter(annotation_id__in=list(ids), reason="")


def _record(rows: Iterable[Annotation], *, reason: str) -> None:
    AnnotationRevision.objects.bulk_create(
        [
            AnnotationRevision(annotation=row, revision=row.revision, document=row.document, reason=reason)
            for row in rows
        ],
        batch_size=BATCH,
    )
