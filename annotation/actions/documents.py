"""Write W3C documents that come from outside: each is read, checked, placed on its canvas and indexed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from accounts.roles import Person
from annotation.actions.annotations import NewAnnotation, add_annotations, replace_row
from annotation.geometry import Box, GeometryError
from annotation.iiif import to_canvas
from annotation.models import Annotation, AnnotationRevision, Canvas, Layer
from annotation.permissions import require_author, require_writable, visible_manifests
from annotation.queries import canvas_value
from annotation.webanno import Reading, Target, read
from problems import Conflict, Invalid, Stale
from problems.problem import Fault
from taxonomy.models import Concept
from taxonomy.permissions import visible_vocabularies


@dataclass(frozen=True, slots=True)
class Known:
    """What a batch of documents names of what we have: canvases, their images, and concepts, by URI."""

    canvases: Mapping[str, Canvas] = field(default_factory=dict)
    concepts: Mapping[str, UUID] = field(default_factory=dict)
    images: Mapping[str, Canvas] = field(default_factory=dict)

    def canvas_of(self, target: Target) -> Canvas | None:
        """The canvas that a target is, or whose image it is."""
        return self.canvases.get(target.source) or self.images.get(target.source)


def look_up(readings: Iterable[Reading], *, reader: Person) -> Known:
    """The canvases and concepts that the readings name and the reader may see; two queries for all of them,
    and two more when some name an image instead of a canvas.

    Of several copies of a canvas the reader's own is taken, else the oldest; of several concepts of one URI
    the one of the oldest vocabulary.
    """
    readings = list(readings)
    sources = {target.source for reading in readings for target in reading.targets}
    uris = {uri for reading in readings for uri in reading.concepts}
    canvases = _canvases(Q(uri__in=sources), "uri", reader)
    images = {
        target.source
        for reading in readings
        for target in reading.targets
        if target.source not in canvases and (target.in_image or (target.kind or "").startswith("Image"))
    }
    return Known(canvases, _concepts(uris, reader), _by_image(images, reader) if images else {})


def _canvases(named: Q, key: str, reader: Person) -> dict[str, Canvas]:
    rows = Canvas.objects.filter(named, manifest__in=visible_manifests(reader).values("pk"))
    mine = reader.pk if isinstance(reader, User) else None
    found: dict[str, Canvas] = {}
    for canvas in (
        rows.select_related("manifest").defer("manifest__document").order_by("manifest__created_at")
    ):
        name = getattr(canvas, key)
        if name not in found or canvas.manifest.created_by_id == mine:
            found[name] = canvas
    return found


# The whole image at its full size, as an image service names it: its pixels are those of the service.
_WHOLE = re.compile(r"(/info\.json|/full/(full|max)/0/\w+\.\w+)?/?$")


def _by_image(uris: set[str], reader: Person) -> dict[str, Canvas]:
    """The canvases whose image, or whose image service, has one of these addresses."""
    services = {uri: _WHOLE.sub("", uri) for uri in uris}
    by_service = _canvases(Q(image_service__in=set(services.values())), "image_service", reader)
    found = {uri: by_service[service] for uri, service in services.items() if service in by_service}
    return {**_canvases(Q(image_url__in=uris - set(found)), "image_url", reader), **found}


def _concepts(uris: set[str], reader: Person) -> dict[str, UUID]:
    rows = Concept.objects.filter(uri__in=uris, vocabulary__in=visible_vocabularies(reader).values("pk"))
    newest_first = rows.order_by("-vocabulary__created_at")
    return dict(newest_first.values_list("uri", "pk"))


def place(
    document: Mapping[str, Any], known: Known, *, embedded: bool = True
) -> tuple[Reading, Canvas | None]:
    """The document as read on the first of its canvases that is known, whose size percent refer to.

    `embedded` is for a document inside a page, which states no context of its own.
    """
    reading = read(document, embedded=embedded)
    target = next((target for target in reading.targets if known.canvas_of(target)), None)
    canvas = known.canvas_of(target) if target else None
    if target is None or canvas is None:
        return reading, None
    pixels = image_size(canvas)
    size = (canvas.width, canvas.height) if target.source in known.canvases else pixels
    return read(document, canvas_size=size, image_size=pixels, embedded=embedded), canvas


def image_size(canvas: Canvas) -> tuple[float, float] | None:
    """Width and height of the canvas's image in pixels, where they are known."""
    return (canvas.image_width, canvas.image_height) if canvas.image_width and canvas.image_height else None


def placed_on(canvas: Canvas, target: Target) -> tuple[Box | None, tuple[float, float] | None]:
    """The box or the point of a target in units of the canvas, also where it counts in pixels of the image."""
    if target.source == canvas.uri and not target.in_image:
        return target.box, target.point
    value = canvas_value(canvas)
    if target.box:
        return to_canvas(target.box, value), None
    # A point has no extent to be scaled: a pixel beside it tells where it comes to lie.
    pixel = to_canvas(Box(*target.point, 1, 1), value) if target.point else None
    return None, (pixel.x, pixel.y) if pixel else None


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
    target = next((t for t in reading.targets if canvas and known.canvas_of(t) == canvas), None)
    box, point = placed_on(canvas, target) if canvas and target else (None, None)
    results = [result.confidence for result in reading.model_results if result.confidence is not None]
    return NewAnnotation(
        id=id,
        layer=layer,
        canvas=canvas,
        document={key: value for key, value in reading.document.items() if key != "id"},
        motivations=tuple(word[:100] for word in reading.motivations),
        box=box,
        point=point,
        concept_ids=tuple(known.concepts[uri] for uri in reading.concepts if uri in known.concepts),
        created_by_id=by.pk if by else None,
        confidence=max(results, default=None),
    )


def faults_of(reading: Reading, canvas: Canvas | None, known: Known | None = None) -> tuple[Fault, ...]:
    """Why a document cannot be accepted: its errors, and a region that leaves its canvas.

    With `known`, regions of the canvas's image are looked at as well.
    """
    faults = [Fault(p.pointer, p.sentence, "not-w3c") for p in reading.problems if p.severity == "error"]
    for target in reading.targets if canvas else ():
        if canvas and _leaves(canvas, target, known):
            said = f"The region leaves its canvas, which is {canvas.width:g} × {canvas.height:g}."
            faults.append(Fault("/target", said, "outside-canvas"))
    return tuple(faults)


def _leaves(canvas: Canvas, target: Target, known: Known | None) -> bool:
    if target.source != canvas.uri and not (known and known.images.get(target.source) == canvas):
        return False
    return leaves(canvas, target)


def leaves(canvas: Canvas, target: Target) -> bool:
    """Whether the region of a target lies not wholly on the canvas on which it stands."""
    try:
        box, point = placed_on(canvas, target)
    except GeometryError:  # too far away to be counted
        return True
    if point:
        return not (0 <= point[0] <= canvas.width and 0 <= point[1] <= canvas.height)
    return box is not None and not box.inside(canvas.width, canvas.height)


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
    new = _checked(annotation.layer, document, by=by, id=annotation.pk, embedded=embedded)
    with transaction.atomic():
        row = _locked(annotation)
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
    known = look_up([read(document, embedded=embedded)], reader=by)
    reading, canvas = place(document, known, embedded=embedded)
    faults = faults_of(reading, canvas, known)
    if faults:
        raise Invalid("This is not an annotation that can be kept.", code="not-w3c", faults=faults)
    return new_annotation(reading, canvas, known, id=id, layer=layer, by=by)


def _locked(annotation: Annotation) -> Annotation:
    return (
        Annotation.objects.select_for_update(of=("self",))
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
