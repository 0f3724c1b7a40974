"""Write W3C documents that come from outside: each is read, checked, placed on its canvas and indexed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.roles import Person
from annotation.actions.annotations import NewAnnotation, add_annotations, replace_row
from annotation.models import Annotation, AnnotationRevision, Canvas, Layer
from annotation.permissions import require_author, require_writable, visible_manifests
from annotation.webanno import Reading, read
from problems import Conflict, Invalid, Stale
from problems.problem import Fault
from taxonomy.models import Concept
from taxonomy.permissions import visible_vocabularies


@dataclass(frozen=True, slots=True)
class Known:
    """What a batch of documents names of what we have: canvases and concepts, by URI."""

    canvases: Mapping[str, Canvas] = field(default_factory=dict)
    concepts: Mapping[str, UUID] = field(default_factory=dict)


def look_up(readings: Iterable[Reading], *, reader: Person) -> Known:
    """The canvases and concepts that the readings name and the reader may see; two queries for all of them.

    Of several copies of a canvas the reader's own is taken, else the oldest; of several concepts of one URI
    the one of the oldest vocabulary.
    """
    readings = list(readings)
    sources = {target.source for reading in readings for target in reading.targets}
    uris = {uri for reading in readings for uri in reading.concepts}
    return Known(_canvases(sources, reader), _concepts(uris, reader))


def _canvases(uris: set[str], reader: Person) -> dict[str, Canvas]:
    rows = Canvas.objects.filter(uri__in=uris, manifest__in=visible_manifests(reader).values("pk"))
    mine = reader.pk if isinstance(reader, User) else None
    found: dict[str, Canvas] = {}
    for canvas in (
        rows.select_related("manifest").defer("manifest__document").order_by("manifest__created_at")
    ):
        if canvas.uri not in found or canvas.manifest.created_by_id == mine:
            found[canvas.uri] = canvas
    return found


def _concepts(uris: set[str], reader: Person) -> dict[str, UUID]:
    rows = Concept.objects.filter(uri__in=uris, vocabulary__in=visible_vocabularies(reader).values("pk"))
    newest_first = rows.order_by("-vocabulary__created_at")
    return dict(newest_first.values_list("uri", "pk"))


def place(document: Mapping[str, Any], known: Known) -> tuple[Reading, Canvas | None]:
    """The document as read on the first of its canvases that is known, whose size percent refer to."""
    reading = read(document)
    canvas = next((known.canvases[t.source] for t in reading.targets if t.source in known.canvases), None)
    if canvas is None:
        return reading, None
    return read(document, canvas_size=(canvas.width, canvas.height)), canvas


def new_annotation(
    reading: Reading,
    canvas: Canvas | None,
    known: Known,
    *,
    id: UUID,  # noqa: A002 - the word of the W3C model
    layer: Layer,
    by: User | None,
) -> NewAnnotation:
    """The row to be of a document that was read and placed; its own `id` is left to the caller."""
    target = next((t for t in reading.targets if canvas and t.source == canvas.uri), None)
    results = [result.confidence for result in reading.model_results if result.confidence is not None]
    return NewAnnotation(
        id=id,
        layer=layer,
        canvas=canvas,
        document={key: value for key, value in reading.document.items() if key != "id"},
        motivations=tuple(word[:100] for word in reading.motivations),
        box=target.box if target else None,
        concept_ids=tuple(known.concepts[uri] for uri in reading.concepts if uri in known.concepts),
        created_by_id=by.pk if by else None,
        confidence=max(results, default=None),
    )


def faults_of(reading: Reading, canvas: Canvas | None) -> tuple[Fault, ...]:
    """Why a document cannot be accepted: its errors, and a region that leaves its canvas."""
    faults = [Fault(p.pointer, p.sentence, "not-w3c") for p in reading.problems if p.severity == "error"]
    for target in reading.targets:
        outside = canvas and target.source == canvas.uri and target.box
        if canvas and outside and not outside.inside(canvas.width, canvas.height):
            said = f"The region leaves its canvas, which is {canvas.width:g} × {canvas.height:g}."
            faults.append(Fault("/target", said, "outside-canvas"))
    return tuple(faults)


def create_annotation(
    layer: Layer,
    document: Mapping[str, Any],
    *,
    by: User,
    id: UUID,  # noqa: A002
) -> tuple[Annotation, bool]:
    """Put a document into a layer under this id; the second value tells whether it is new.

    The same document under the same id again is a retry and changes nothing. Whoever calls has fetched the
    layer with `contribute`. Raises `Refused` (a layer that is not written by hand), `Invalid` with pointers,
    `Conflict` when the id already stands for something else.
    """
    require_writable(layer)
    new = _checked(layer, document, by=by, id=id)
    with transaction.atomic():
        earlier = Annotation.objects.filter(pk=id).exists()
        add_annotations([new])
        row = Annotation.objects.select_related("layer", "canvas").get(pk=id)
        same = row.layer_id == layer.pk and row.deleted_at is None and row.document == new.document
        if not same:
            raise Conflict("This id already stands for another annotation.", code="id-taken")
    return row, not earlier


def replace_annotation(
    annotation: Annotation, document: Mapping[str, Any], *, by: User, revision: int
) -> Annotation:
    """Put a new document in the place of an annotation; what stood there goes into its history.

    `revision` is the one that the caller has seen: raises `Stale` when it is no longer the current one, and
    what `create_annotation` raises.
    """
    require_writable(annotation.layer)
    require_author(annotation, by)
    new = _checked(annotation.layer, document, by=by, id=annotation.pk)
    with transaction.atomic():
        row = _locked(annotation, revision)
        if row.document == new.document:
            return row
        _record(row, by=by)
        return replace_row(row, new)


def delete_annotation(annotation: Annotation, *, by: User, revision: int) -> None:
    """Take an annotation out of its layer; its history stays. Raises `Stale`, `Refused`."""
    require_writable(annotation.layer)
    require_author(annotation, by)
    with transaction.atomic():
        row = _locked(annotation, revision)
        _record(row, by=by)
        Annotation.objects.filter(pk=row.pk).update(
            deleted_at=Now(), modified_at=Now(), revision=row.revision + 1
        )


def _checked(layer: Layer, document: Mapping[str, Any], *, by: User, id: UUID) -> NewAnnotation:  # noqa: A002
    known = look_up([read(document)], reader=by)
    reading, canvas = place(document, known)
    faults = faults_of(reading, canvas)
    if faults:
        raise Invalid("This is not an annotation that can be kept.", code="not-w3c", faults=faults)
    return new_annotation(reading, canvas, known, id=id, layer=layer, by=by)


def _locked(annotation: Annotation, revision: int) -> Annotation:
    row = (
        Annotation.objects.select_for_update(of=("self",))
        .select_related("layer", "canvas")
        .get(pk=annotation.pk)
    )
    if row.revision != revision or row.deleted_at is not None:
        raise Stale("The annotation has changed since you read it. Read it again and repeat your change.")
    return row


def _record(row: Annotation, *, by: User | None, reason: str = "") -> None:
    AnnotationRevision.objects.create(
        annotation=row, revision=row.revision, document=row.document, by=by, reason=reason
    )
