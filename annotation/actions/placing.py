"""Puts annotations from outside on the canvases that they speak of, at once or when their manifest comes later."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import User
from accounts.roles import Person
from annotation.actions.annotations import columns_of
from annotation.geometry import Box, GeometryError
from annotation.iiif import to_canvas
from annotation.models import Annotation, AnnotationRevision, Canvas, Manifest
from annotation.permissions import visible_manifests
from annotation.queries import canvas_value
from annotation.webanno import Reading, Target, canvas_variants, manifest_variants, read, retargeted
from taxonomy.models import Concept, Relation
from taxonomy.permissions import visible_vocabularies

PLACED_BECAUSE = "placed: its manifest was imported"
_BATCH = 2000
# So many looked-up URIs are remembered; a file of more canvases looks some of them up again.
_REMEMBERED = 50_000
# What is known of the image of a canvas; needed where a region counts in its pixels.
_OF_IMAGES = (
    "position",
    "label",
    "image_service",
    "image_service_version",
    "image_url",
    "image_width",
    "image_height",
    "extra",
)
# The whole image at its full size, as an image service names it: its pixels are those of the service.
_WHOLE = re.compile(r"(/info\.json|/full/(full|max)/0/\w+\.\w+)?/?$")
_SIZES_MATTER = re.compile("percent|pct:|square")


@dataclass(frozen=True, slots=True)
class Placed:
    """A reading on its canvas (None: it is not here): the box or point in units of the canvas, the concepts named.

    `leaves_canvas` tells that a region of it, also one that counts in pixels of the image, leaves the canvas.
    """

    reading: Reading
    canvas: Canvas | None = None
    box: Box | None = None
    point: tuple[float, float] | None = None
    leaves_canvas: bool = False
    concept_ids: tuple[UUID, ...] = ()


class Places:
    """The canvases, their images and the concepts that documents name, as far as the reader may see them.

    A long import learns batch by batch; what was looked up is remembered. Of several copies of a canvas the
    reader's own is taken, else the oldest; of several concepts of one URI that of the oldest vocabulary, and
    where none has the URI, one that declares it an exact match.
    """

    def __init__(self, reader: Person) -> None:
        self._reader = reader
        self._canvases: dict[str, list[Canvas]] = {}
        self._images: dict[str, list[Canvas]] = {}
        self._concepts: dict[str, UUID | None] = {}

    def learn(self, readings: Iterable[Reading]) -> None:
        """Look up what the readings name and is not known; two queries, two more when some name an image."""
        readings = list(readings)
        for known in (self._canvases, self._images, self._concepts):
            if len(known) > _REMEMBERED:
                known.clear()
        targets = [target for reading in readings for target in reading.targets]
        pictured = {_plain(target.source) for target in targets if _is_of_image(target)}
        sources = {_plain(target.source) for target in targets}
        self._learn_canvases(sources - self._canvases.keys(), whole=bool(pictured))
        self._learn_images({uri for uri in pictured if not self._canvases[uri]} - self._images.keys())
        self._learn_concepts({uri for r in readings for uri in r.concepts} - self._concepts.keys())

    def place(self, reading: Reading, *, manifest: str | None = None, embedded: bool = True) -> Placed:
        """On the first of its canvases that is here; `manifest` is where it was filed, if it names none itself.

        Its document then names the canvas as the manifest does. `embedded` is for a document inside a page,
        which states no context of its own.
        """
        concepts = tuple(pk for uri in reading.concepts if (pk := self._concepts.get(uri)))
        for target in reading.targets:
            source = _plain(target.source)
            known = self._canvases.get(source)
            canvas = _of_manifest(known or self._images.get(source, []), target.manifest or manifest)
            if canvas:
                placed = _placed(reading, target, canvas, of_image=not known, embedded=embedded)
                return replace(placed, concept_ids=concepts)
        return Placed(reading, concept_ids=concepts)

    def _learn_canvases(self, sources: set[str], *, whole: bool) -> None:
        if not sources:
            return
        variants = {source: canvas_variants(source) for source in sources}
        named = Q(uri__in={uri for uris in variants.values() for uri in uris})
        rows = _by(self._rows(named, whole=whole), "uri")
        for source, uris in variants.items():
            self._canvases[source] = [canvas for uri in uris for canvas in rows.get(uri, ())]

    def _learn_images(self, uris: set[str]) -> None:
        """The canvases whose image service, or whose image, has one of these addresses."""
        if not uris:
            return
        services = {uri: _WHOLE.sub("", uri) for uri in uris}
        by_service = _by(self._rows(Q(image_service__in=set(services.values()))), "image_service")
        by_image = _by(self._rows(Q(image_url__in=uris)), "image_url")
        for uri, service in services.items():
            self._images[uri] = [*by_service.get(service, ()), *by_image.get(uri, ())]

    def _rows(self, named: Q, *, whole: bool = True) -> list[Canvas]:
        """One's own first, then the oldest; `whole` with what is known of their images."""
        mine = self._reader.pk if isinstance(self._reader, User) else None
        names = ["uri", "width", "height", "manifest__uri", "manifest__created_by", "manifest__created_at"]
        rows = Canvas.objects.filter(named, manifest__in=visible_manifests(self._reader).values("pk"))
        found = rows.select_related("manifest").only(*names, *(_OF_IMAGES if whole else ()))
        return sorted(
            found.order_by("manifest__created_at"), key=lambda canvas: canvas.manifest.created_by_id != mine
        )

    def _learn_concepts(self, uris: set[str]) -> None:
        if not uris:
            return
        self._concepts |= dict.fromkeys(uris)
        visible = visible_vocabularies(self._reader).values("pk")
        itself = Concept.objects.filter(uri__in=uris, vocabulary__in=visible).annotate(
            said=F("uri"), at=Value(1), since=F("vocabulary__created_at")
        )
        matches = Relation.objects.filter(
            kind=Relation.Kind.EXACT, target_uri__in=uris, concept__vocabulary__in=visible
        ).annotate(said=F("target_uri"), at=Value(0), since=F("concept__vocabulary__created_at"))
        rows = (
            itself.order_by()
            .values_list("said", "pk", "at", "since")
            .union(matches.order_by().values_list("said", "concept_id", "at", "since"), all=True)
        )
        # The last one wins: a concept of that URI before a match, the oldest vocabulary before younger ones.
        for said, pk, _at, _since in sorted(rows, key=lambda row: (row[2], -row[3].timestamp())):
            self._concepts[said] = pk


def _of_manifest(found: Sequence[Canvas], manifest: str | None) -> Canvas | None:
    """The canvas of that manifest, else the first."""
    wanted = manifest_variants(manifest) if manifest else ()
    return next((c for c in found if c.manifest.uri in wanted), found[0] if found else None)


def _placed(
    reading: Reading, target: Target, canvas: Canvas, *, of_image: bool, embedded: bool = True
) -> Placed:
    """The reading on the canvas that the target is, or whose image it is (`of_image`)."""
    place, said, document = reading.targets.index(target), _plain(target.source), reading.document
    if not of_image and said != canvas.uri:
        document = retargeted(document, said, canvas.uri)
    if document is not reading.document or _SIZES_MATTER.search(str(document.get("target"))):
        pixels = (
            (canvas.image_width, canvas.image_height) if canvas.image_width and canvas.image_height else None
        )
        size = pixels if of_image else (canvas.width, canvas.height)
        reading = read(document, canvas_size=size, image_size=pixels, embedded=embedded)
    target = reading.targets[place]
    here = [other for other in reading.targets if _plain(other.source) == _plain(target.source)]
    try:
        places = {other: _in_canvas_units(other, canvas, of_image=of_image) for other in (target, *here)}
    except GeometryError:  # too far away to be counted
        return Placed(reading, canvas, leaves_canvas=True)
    leaves = any(_leaves(canvas, *places[other]) for other in here)
    return Placed(reading, canvas, *places[target], leaves)


def _in_canvas_units(
    target: Target, canvas: Canvas, *, of_image: bool
) -> tuple[Box | None, tuple[float, float] | None]:
    """The box or the point of a target, also where it counts in pixels of the image."""
    if not (of_image or target.in_image):
        return target.box, target.point
    value = canvas_value(canvas)
    if target.box:
        return to_canvas(target.box, value), None
    # A point has no extent to be scaled: a pixel beside it tells where it comes to lie.
    pixel = to_canvas(Box(*target.point, 1, 1), value) if target.point else None
    return None, (pixel.x, pixel.y) if pixel else None


def _leaves(canvas: Canvas, box: Box | None, point: tuple[float, float] | None) -> bool:
    if point:
        return not (0 <= point[0] <= canvas.width and 0 <= point[1] <= canvas.height)
    return box is not None and not box.inside(canvas.width, canvas.height)


def _is_of_image(target: Target) -> bool:
    return target.in_image or (target.kind or "").startswith("Image")


def _by(canvases: Iterable[Canvas], name: str) -> dict[str, list[Canvas]]:
    found: dict[str, list[Canvas]] = {}
    for canvas in canvases:
        found.setdefault(getattr(canvas, name), []).append(canvas)
    return found


def place_waiting(manifest: Manifest) -> tuple[int, tuple[Annotation, ...]]:
    """Put annotations that waited for this manifest on its canvases: how many, and those that do not fit.

    Those of its importer's own layers, and of everybody's when the manifest is public. One query finds them;
    each batch of 2,000 takes three more. A region that leaves its canvas goes on waiting.
    """
    canvases = list(manifest.canvases.only("manifest", "uri", "width", "height", *_OF_IMAGES))
    waiting = _waiting(manifest, canvases).values_list("pk", flat=True).iterator(chunk_size=_BATCH)
    known = {variant: canvas for canvas in canvases for variant in canvas_variants(canvas.uri)}
    known |= {canvas.uri: canvas for canvas in canvases}
    images = {uri: canvas for canvas in canvases for uri in (canvas.image_service, canvas.image_url) if uri}
    placed, left = 0, []
    while batch := list(islice(waiting, _BATCH)):
        with transaction.atomic():
            done = []
            for row in _held(batch):
                fitting = _fit(row, known, images)
                if fitting is None:
                    continue
                if fitting.leaves_canvas:
                    left.append(row)
                else:
                    done.append((row, fitting))
            _write(done)
        placed += len(done)
    return placed, tuple(left)


def _held(ids: Sequence[UUID]) -> QuerySet[Annotation]:
    """Those that still wait, locked and as they are now: somebody may have written one anew since it was found."""
    rows = Annotation.objects.filter(pk__in=ids, canvas=None, deleted_at=None).order_by("pk")
    return rows.select_for_update(no_key=True)


def _waiting(manifest: Manifest, canvases: Sequence[Canvas]) -> QuerySet[Annotation]:
    """Annotations without a canvas whose target has in it what all canvases, or all images, begin with."""
    whose = Q() if manifest.is_public else Q(layer__created_by=manifest.created_by_id)
    spoken_of = Q(spoken_of__contains=_shared(canvas.uri for canvas in canvases))
    for name in ("image_service", "image_url"):
        shared = _shared(filter(None, (getattr(canvas, name) for canvas in canvases)))
        spoken_of |= Q(spoken_of__contains=shared) if shared else Q()
    rows = Annotation.objects.filter(whose, canvas=None, deleted_at=None)
    return rows.annotate(spoken_of=Cast(F("document__target"), TextField())).filter(spoken_of).order_by("pk")


def _shared(uris: Iterable[str]) -> str:
    # http and https, slashes at the end, and zeros before the page are told apart later.
    bare = [uri.partition("://")[2].rstrip("/") or uri for uri in uris]
    return _beginning(bare).rstrip("0123456789")


def _beginning(texts: list[str]) -> str:
    """What all the texts begin with: what the first and the last in order do."""
    first, last = min(texts, default=""), max(texts, default="")
    length = next(
        (place for place, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
    )
    return first[:length]


def _fit(row: Annotation, known: Mapping[str, Canvas], images: Mapping[str, Canvas]) -> Placed | None:
    reading = read(row.document)
    for target in reading.targets:
        source = _plain(target.source)
        canvas = next((known[name] for name in canvas_variants(source) if name in known), None)
        image = images.get(_WHOLE.sub("", source), images.get(source)) if _is_of_image(target) else None
        if found := canvas or image:
            return _placed(reading, target, found, of_image=canvas is None)
    return None


def _write(pairs: list[tuple[Annotation, Placed]]) -> None:
    """Rows that the caller has locked."""
    renamed = [row for row, placed in pairs if placed.reading.document != row.document]
    AnnotationRevision.objects.bulk_create(
        AnnotationRevision(
            annotation=row, revision=row.revision, document=row.document, reason=PLACED_BECAUSE
        )
        for row in renamed
    )
    for row in renamed:
        row.revision += 1
    for row, placed in pairs:
        row.canvas, row.document, row.modified_at = placed.canvas, placed.reading.document, timezone.now()
        row.x, row.y, row.w, row.h = columns_of(placed.box, placed.point)
    names = ["canvas", "document", "x", "y", "w", "h", "revision", "modified_at"]
    Annotation.objects.bulk_update([row for row, _placed in pairs], names, batch_size=500)


def _plain(uri: str) -> str:
    return uri.partition("#")[0]


def facts_of(placed: Placed) -> dict[str, Any]:
    """The columns of an annotation that its place and its document give."""
    reading = placed.reading
    results = [result.confidence for result in reading.model_results if result.confidence is not None]
    return {
        "canvas": placed.canvas,
        "document": {key: value for key, value in reading.document.items() if key != "id"},
        "motivations": tuple(word[:100] for word in reading.motivations),
        "box": placed.box,
        "point": placed.point,
        "concept_ids": placed.concept_ids,
        "confidence": max(results, default=None),
    }
