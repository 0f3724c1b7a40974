"""Puts annotations from outside on the canvases that they speak of, at once or when their manifest comes later."""

from collections.abc import Iterable
from dataclasses import dataclass
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
from annotation.actions.documents import image_size, leaves, placed_on
from annotation.geometry import Box
from annotation.models import Annotation, AnnotationRevision, Canvas, Manifest
from annotation.permissions import visible_manifests
from annotation.webanno import Reading, Target, canvas_variants, manifest_variants, read, retargeted
from taxonomy.models import Concept, Relation
from taxonomy.permissions import visible_vocabularies

PLACED_BECAUSE = "placed: its manifest was imported"
_BATCH = 2000
# So many looked-up URIs are remembered; a file of more canvases looks some of them up again.
_REMEMBERED = 50_000
# What of a canvas tells where a region lies on it, also one in pixels of its image.
_SPACES = (
    "uri", "width", "height", "image_url", "image_service", "image_service_version", "image_width",
    "image_height", "extra",
)  # fmt: skip
# Words of regions that are measured against a canvas or its image.
_RELATIVE = ("percent", "pct:", "square")


@dataclass(frozen=True, slots=True)
class Placed:
    """A reading on its canvas (None: it is not here), the target that stands there, the concepts that it names."""

    reading: Reading
    canvas: Canvas | None
    target: Target | None
    concept_ids: tuple[UUID, ...] = ()

    @property
    def leaves_canvas(self) -> bool:
        """Whether its region leaves the canvas."""
        return bool(self.canvas and self.target and leaves(self.canvas, self.target))

    @property
    def place(self) -> tuple[Box | None, tuple[float, float] | None]:
        """Its box or its point in units of the canvas; neither: it is about the whole of it."""
        return placed_on(self.canvas, self.target) if self.canvas and self.target else (None, None)


class Places:
    """The canvases and concepts that a long import names, as far as the reader may see them; looked up once."""

    def __init__(self, reader: Person) -> None:
        self._reader = reader
        self._canvases: dict[str, list[Canvas]] = {}
        self._concepts: dict[str, UUID | None] = {}

    def learn(self, readings: Iterable[Reading]) -> None:
        """Look up what these name and is not known yet; two queries at most.

        A canvas is also found under the other ways of writing its URI; a concept also by an exactMatch.
        """
        readings = list(readings)
        for known in (self._canvases, self._concepts):
            if len(known) > _REMEMBERED:
                known.clear()
        sources = {_plain(target.source) for reading in readings for target in reading.targets}
        self._learn_canvases(sources - self._canvases.keys())
        self._learn_concepts({uri for r in readings for uri in r.concepts} - self._concepts.keys())

    def place(self, reading: Reading, *, manifest: str | None = None) -> Placed:
        """On the first of its canvases that is here; `manifest` is where it was filed, if it names none itself.

        Its document then names the canvas as the manifest does.
        """
        concepts = tuple(pk for uri in reading.concepts if (pk := self._concepts.get(uri)))
        for target in reading.targets:
            canvas = self._canvas(target, manifest)
            if canvas:
                return Placed(*_standing(reading, target, canvas), concepts)
        return Placed(reading, None, None, concepts)

    def _canvas(self, target: Target, manifest: str | None) -> Canvas | None:
        found = self._canvases.get(_plain(target.source), [])
        named = target.manifest or manifest
        wanted = manifest_variants(named) if named else ()
        return next((c for c in found if c.manifest.uri in wanted), found[0] if found else None)

    def _learn_canvases(self, sources: set[str]) -> None:
        if not sources:
            return
        variants = {source: canvas_variants(source) for source in sources}
        rows: dict[str, list[Canvas]] = {}
        for canvas in self._rows({uri for uris in variants.values() for uri in uris}):
            rows.setdefault(canvas.uri, []).append(canvas)
        for source, uris in variants.items():
            self._canvases[source] = [canvas for uri in uris for canvas in rows.get(uri, ())]

    def _rows(self, uris: set[str]) -> list[Canvas]:
        """One's own first, then the oldest."""
        mine = self._reader.pk if isinstance(self._reader, User) else None
        names = (*_SPACES, "manifest__uri", "manifest__created_by", "manifest__created_at")
        rows = Canvas.objects.filter(uri__in=uris, manifest__in=visible_manifests(self._reader).values("pk"))
        found = rows.select_related("manifest").only(*names).order_by("manifest__created_at")
        return sorted(found, key=lambda canvas: canvas.manifest.created_by_id != mine)

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


def _standing(reading: Reading, target: Target, canvas: Canvas) -> tuple[Reading, Canvas, Target]:
    """The reading with the target on the canvas: percent measured against it, its URI as the manifest writes it."""
    place = reading.targets.index(target)
    document, said = reading.document, _plain(target.source)
    if said != canvas.uri:
        document = retargeted(document, said, canvas.uri)
    elif target.box or not any(word in str(document.get("target")) for word in _RELATIVE):
        return reading, canvas, target
    reading = read(document, canvas_size=(canvas.width, canvas.height), image_size=image_size(canvas))
    return reading, canvas, reading.targets[place]


def place_waiting(manifest: Manifest) -> tuple[int, tuple[Annotation, ...]]:
    """Put annotations that waited for this manifest on its canvases: how many, and those that do not fit.

    Those of its importer's own layers, and of everybody's when the manifest is public. One query finds them;
    each batch of 2,000 takes two more. A region that leaves its canvas goes on waiting.
    """
    canvases = {canvas.uri: canvas for canvas in manifest.canvases.only("manifest", *_SPACES)}
    known = {
        variant: canvas for uri, canvas in canvases.items() for variant in canvas_variants(uri)
    } | canvases
    waiting = _waiting(manifest, list(canvases)).iterator(chunk_size=_BATCH)
    placed, left = 0, []
    while batch := list(islice(waiting, _BATCH)):
        done = []
        for row in batch:
            fitting = _fit(row, known)
            if fitting is None:
                continue
            if fitting.leaves_canvas:
                left.append(row)
            else:
                done.append((row, fitting))
        _write(done)
        placed += len(done)
    return placed, tuple(left)


def _waiting(manifest: Manifest, uris: list[str]) -> QuerySet[Annotation]:
    """Annotations without a canvas whose target has in it what all canvases of the manifest begin with."""
    # http and https, slashes at the end, and zeros before the page are told apart later.
    shared = _beginning([uri.partition("://")[2].rstrip("/") or uri for uri in uris])
    whose = Q() if manifest.is_public else Q(layer__created_by=manifest.created_by_id)
    rows = Annotation.objects.filter(whose, canvas=None, deleted_at=None)
    return (
        rows.annotate(spoken_of=Cast(F("document__target"), TextField()))
        .filter(spoken_of__contains=shared.rstrip("0123456789"))
        .order_by("pk")
    )


def _beginning(texts: list[str]) -> str:
    """What all the texts begin with: what the first and the last in order do."""
    first, last = min(texts, default=""), max(texts, default="")
    length = next(
        (place for place, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
    )
    return first[:length]


def _fit(row: Annotation, known: dict[str, Canvas]) -> Placed | None:
    reading = read(row.document)
    for target in reading.targets:
        names = canvas_variants(target.source)
        canvas = next((known[name] for name in names if name in known), None)
        if canvas:
            return Placed(*_standing(reading, target, canvas))
    return None


def _write(pairs: list[tuple[Annotation, Placed]]) -> None:
    renamed = [row for row, placed in pairs if placed.reading.document != row.document]
    with transaction.atomic():
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
            row.x, row.y, row.w, row.h = columns_of(*placed.place)
        names = ["canvas", "document", "x", "y", "w", "h", "revision", "modified_at"]
        Annotation.objects.bulk_update([row for row, _placed in pairs], names, batch_size=500)


def _plain(uri: str) -> str:
    return uri.partition("#")[0]


def facts_of(placed: Placed) -> dict[str, Any]:
    """The columns of an annotation that its place and its document give."""
    reading = placed.reading
    results = [result.confidence for result in reading.model_results if result.confidence is not None]
    box, point = placed.place
    return {
        "canvas": placed.canvas,
        "document": {key: value for key, value in reading.document.items() if key != "id"},
        "motivations": tuple(word[:100] for word in reading.motivations),
        "box": box,
        "point": point,
        "concept_ids": placed.concept_ids,
        "confidence": max(results, default=None),
    }
