"""Bring the annotations of one author to what they say now; what they said before stays in their history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations, replace_rows
from annotation.models import Annotation, AnnotationRevision
from annotation.webanno.building import written_time


def amend_annotations(
    rows: Sequence[NewAnnotation], *, withdrawn: Collection[UUID], by: User | None
) -> dict[UUID, int]:
    """Add, change, bring back and take out annotations, within the transaction of the caller.

    What stands there already stays as it is, with its revision and so its ETag; what changes keeps the moment at
    which it was made and says when it was modified. Whoever calls has been through the gate of what the layer
    belongs to. At most a dozen statements. Returns the revision that each known annotation had before.
    """
    wanted = [*(new.id for new in rows), *withdrawn]
    locked = Annotation.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    known = {row.pk: row for row in locked}
    before = {pk: row.revision for pk, row in known.items()}
    changed = [new for new in rows if new.id in known and _differs(known[new.id], new)]
    gone = [known[pk] for pk in withdrawn if pk in known and known[pk].deleted_at is None]
    add_annotations([new for new in rows if new.id not in known])
    _record([*(known[new.id] for new in changed), *gone], by=by)
    replace_rows([(known[new.id], _modified(new, known[new.id])) for new in changed])
    for version in {new.vocabulary_version for new in changed}:
        ids = [new.id for new in changed if new.vocabulary_version == version]
        Annotation.objects.filter(pk__in=ids).update(vocabulary_version=version)
    Annotation.objects.filter(pk__in=[row.pk for row in gone]).update(
        deleted_at=Now(), modified_at=Now(), revision=F("revision") + 1
    )
    return before


def _differs(row: Annotation, new: NewAnnotation) -> bool:
    return row.deleted_at is not None or _said(row.document) != _said(new.document)


def _said(document: dict[str, Any]) -> dict[str, Any]:
    """The document without its times."""
    return {key: value for key, value in document.items() if key not in ("created", "modified")}


def _modified(new: NewAnnotation, row: Annotation) -> NewAnnotation:
    made = row.document.get("created", new.document.get("created"))
    document = {**new.document, "created": made, "modified": written_time(timezone.now())}
    return replace(new, document=document)


def _record(rows: Iterable[Annotation], *, by: User | None) -> None:
    AnnotationRevision.objects.bulk_create(
        AnnotationRevision(annotation=row, revision=row.revision, document=row.document, by=by)
        for row in rows
    )
