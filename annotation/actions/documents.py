"""Write W3C documents that come from outside: each is read, checked, placed on its canvas and indexed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.roles import Person
from annotation.actions.annotations import NewAnnotation, add_annotations, replace_row
from annotation.actions.placing import Placed, Places, facts_of
from annotation.models import Annotation, AnnotationRevision, Layer
from annotation.permissions import require_author, require_writable
from annotation.webanno import read
from problems import Conflict, Invalid, Stale
from problems.problem import Fault


def placed_for(document: Mapping[str, Any], *, reader: Person, embedded: bool = True) -> Placed:
    """The document as read on the first of its canvases that is here and the reader may see."""
    places = Places(reader)
    reading = read(document, embedded=embedded)
    places.learn([reading])
    return places.place(reading, embedded=embedded)


def faults_of(placed: Placed) -> tuple[Fault, ...]:
    """Why a document cannot be accepted: its errors, and a region that leaves its canvas."""
    problems = placed.reading.problems
    faults = [Fault(p.pointer, p.sentence, "not-w3c") for p in problems if p.severity == "error"]
    if placed.leaves_canvas and placed.canvas:
        said = f"The region leaves its canvas, which is {placed.canvas.width:g} × {placed.canvas.height:g}."
        faults.append(Fault("/target", said, "outside-canvas"))
    return tuple(faults)


def create_annotation(
    layer: Layer,
    document: Mapping[str, Any],
    *,
    by: User,
    id: UUID,  # noqa: A002
    embedded: bool = True,
) -> tuple[Annotation, bool]:
    """Put a document into a layer under this id; the second value tells whether it is new.

    The same document under the same id again is a retry and changes nothing. Whoever calls has fetched the
    layer with `contribute`. A document that is not `embedded` must state its context. Raises `Refused` (a
    layer that is not written by hand), `Invalid` with pointers, `Conflict` when the id already stands for
    something else.
    """
    require_writable(layer)
    new = _checked(layer, document, by=by, id=id, embedded=embedded)
    with transaction.atomic():
        earlier = Annotation.objects.filter(pk=id).exists()
        add_annotations([new])
        row = Annotation.objects.select_related("layer", "canvas").get(pk=id)
        same = row.layer_id == layer.pk and row.deleted_at is None and row.document == new.document
        if not same:
            raise Conflict("This id already stands for another annotation.", code="id-taken")
    return row, not earlier


def replace_annotation(
    annotation: Annotation,
    document: Mapping[str, Any],
    *,
    by: User,
    revision: int | None,
    embedded: bool = True,
) -> Annotation:
    """Put a new document in the place of an annotation; what stood there goes into its history.

    `revision` is the one that the caller has seen, None for whichever: raises `Stale` when it is no longer the
    current one, and what `create_annotation` raises. What stands there already is a retry and changes nothing,
    whatever the revision (RFC 9110 §13.1.1).
    """
    require_writable(annotation.layer)
    require_author(annotation, by)
    with transaction.atomic():
        row = _locked(annotation)
        # Placed under the lock: its manifest may have come, or its canvas have got another size, just now.
        new = _checked(row.layer, document, by=by, id=row.pk, embedded=embedded)
        if row.deleted_at is None and row.document == new.document:
            return row
        _require_current(row, revision)
        _record(row, by=by)
        return replace_row(row, new)


def delete_annotation(annotation: Annotation, *, by: User, revision: int | None) -> None:
    """Take an annotation out of its layer; its history stays. Raises `Stale` (see above), `Refused`."""
    require_writable(annotation.layer)
    require_author(annotation, by)
    with transaction.atomic():
        row = _locked(annotation)
        _require_current(row, revision)
        _record(row, by=by)
        Annotation.objects.filter(pk=row.pk).update(
            deleted_at=Now(), modified_at=Now(), revision=row.revision + 1
        )


def _checked(
    layer: Layer,
    document: Mapping[str, Any],
    *,
    by: User,
    id: UUID,  # noqa: A002
    embedded: bool,
) -> NewAnnotation:
    faults = faults_of(placed := placed_for(document, reader=by, embedded=embedded))
    if faults:
        raise Invalid("This is not an annotation that can be kept.", code="not-w3c", faults=faults)
    return NewAnnotation(id=id, layer=layer, created_by_id=by.pk, **facts_of(placed))


def _locked(annotation: Annotation) -> Annotation:
    return (
        Annotation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("layer", "canvas")
        .get(pk=annotation.pk)
    )


def _require_current(row: Annotation, revision: int | None) -> None:
    if row.deleted_at is not None or revision not in (None, row.revision):
        raise Stale("The annotation has changed since you read it. Read it again and repeat your change.")


def _record(row: Annotation, *, by: User | None, reason: str = "") -> None:
    AnnotationRevision.objects.create(
        annotation=row, revision=row.revision, document=row.document, by=by, reason=reason
    )
