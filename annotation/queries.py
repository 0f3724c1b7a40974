"""Reads of sources and layers that more than one page or endpoint needs."""

from collections.abc import Container, Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, Max, Prefetch, Q, QuerySet, Sum, TextField, UUIDField

from accounts.roles import Person, Role, verbs_of
from annotation import iiif
from annotation.addresses import annotation_uri
from annotation.geometry import Box
from annotation.iiif import AccessService, AuthValue, CanvasValue, ImageService, ImageValue
from annotation.models import (
    Annotation,
    AnnotationConcept,
    Canvas,
    CollectionMember,
    Layer,
    LayerUserObjectPermission,
    Manifest,
    SourceCollection,
)
from annotation.permissions import visible_layers


def annotations_on(layer: Layer, canvas: Canvas) -> QuerySet[Annotation]:
    """The annotations of a layer that stand on a canvas, oldest first."""
    return Annotation.objects.filter(layer=layer, canvas=canvas, deleted_at=None).order_by("created_at", "id")


def count_of(layer: Layer) -> int:
    """How many annotations the layer has."""
    return Annotation.objects.filter(layer=layer, deleted_at=None).count()


def people_of(layer: Layer) -> list[tuple[str, Role]]:
    """Everybody with a grant on the layer, by user name, with the strongest role that it makes up; one query."""
    held: dict[str, set[str]] = {}
    rows = LayerUserObjectPermission.objects.filter(content_object=layer).order_by("user__username")
    for name, codename in rows.values_list("user__username", "permission__codename"):
        held.setdefault(name, set()).add(codename.split("_", 1)[0])
    return [(name, _role(verbs) or Role.OBSERVER) for name, verbs in held.items()]


def role_on(person: Person, layer: Layer) -> Role | None:
    """The person's own role on the layer, None without one; one query."""
    return _role(verbs_of(person, layer))


def _role(verbs: Container[str]) -> Role | None:
    return next((role for verb, role in _STRONGEST if verb in verbs), None)


# A layer knows no reviewers.
_STRONGEST = (
    ("own", Role.OWNER), ("manage", Role.MANAGER), ("contribute", Role.CONTRIBUTOR), ("view", Role.OBSERVER),
)  # fmt: skip


def counts_of(layers: Iterable[Layer]) -> dict[UUID, int]:
    """How many annotations each of the layers has; one query."""
    rows = Annotation.objects.filter(layer__in=layers, deleted_at=None).order_by().values_list("layer")
    return dict(rows.annotate(count=Count("pk")))


def pages_of(layer: Layer) -> QuerySet[Canvas]:
    """The canvases on which the layer speaks, in the order of their manifests, each with its `count`."""
    spoken_of = Q(annotations__layer=layer, annotations__deleted_at=None)
    return (
        Canvas.objects.filter(spoken_of)
        .annotate(count=Count("annotations"))
        .select_related("manifest")
        .defer("manifest__document", "manifest__metadata")
        .order_by("manifest__created_at", "manifest_id", "position")
    )


def slice_of(layer: Layer, start: int, size: int, *, total: int) -> list[UUID]:
    """The ids of `size` annotations of a layer from number `start` on, oldest first.

    Read from the index of containers alone, without the documents, and from the nearer end.
    """
    rows = Annotation.objects.filter(layer=layer, deleted_at=None)
    if start <= total // 2:
        ids = rows.order_by("created_at", "id").values_list("id", flat=True)
        return list(ids[start : start + size])
    ids = rows.order_by("-created_at", "-id").values_list("id", flat=True)
    end = max(0, total - start - size)
    return list(reversed(ids[end : max(end, total - start)]))


def with_concepts(annotations: QuerySet[Annotation]) -> QuerySet[Annotation]:
    """The same annotations with their concepts, in one query more."""
    links = AnnotationConcept.objects.select_related("concept").order_by("position")
    return annotations.prefetch_related(Prefetch("concept_links", queryset=links))


# Of the shorter side of the canvas: how much of it is shown around a point.
AROUND_A_POINT = 0.06


def shown_box(annotation: Annotation, canvas: Canvas) -> Box | None:
    """What to show of the canvas: the box of the annotation, or a square around its point that keeps within
    the canvas; None for the whole canvas.
    """
    if annotation.box:
        return Box(*annotation.box)
    return around(annotation.point, canvas) if annotation.point else None


def fragment_of(annotation: Annotation, canvas: Canvas) -> str:
    """What is shown of the canvas as `xywh=…`; "" for the whole."""
    box = shown_box(annotation, canvas)
    return box.fragment() if box else ""


def around(point: tuple[float, float], canvas: Canvas) -> Box:
    """A square around a point that keeps within the canvas."""
    x, y = point
    side = AROUND_A_POINT * min(canvas.width, canvas.height)
    left = min(max(0.0, x - side / 2), canvas.width - side)
    top = min(max(0.0, y - side / 2), canvas.height - side)
    return Box(left, top, side, side)


def with_counts(layers: QuerySet[Layer]) -> QuerySet[Layer]:
    """Layers with their makers, and how many annotations stand in each as `count`; one query."""
    standing = Count("annotations", filter=Q(annotations__deleted_at=None))
    return layers.select_related("created_by").annotate(count=standing)


def layers_on(manifest: Manifest, *, reader: Person) -> QuerySet[Layer]:
    """The layers with annotations on the canvases of a manifest, as far as the reader may see them; one query.

    Their `count` is that of the annotations on this manifest.
    """
    here = visible_layers(reader).filter(annotations__canvas__manifest=manifest, annotations__deleted_at=None)
    return here.select_related("created_by").annotate(count=Count("annotations")).order_by("created_at", "pk")


def as_document(annotation: Annotation) -> dict[str, Any]:
    """The W3C document of an annotation with the id under which we publish it."""
    return {**annotation.document, "id": annotation_uri(annotation)}


# A rectangle becomes the fragment of its canvas: the form of the IIIF cookbook, and all that some viewers can
# place. A target that says more than that stays as it is.
_FOR_VIEWERS = """
(CASE WHEN jsonb_typeof(document->'target') = 'object'
       AND (document->'target') - '{type,source,selector}'::text[] = '{}'
       AND jsonb_typeof(document#>'{target,selector}') = 'object'
       AND document#>>'{target,selector,value}' LIKE 'xywh=%%%%'
       AND coalesce(document#>>'{target,source,id}', document#>>'{target,source}') NOT LIKE '%%%%#%%%%'
      THEN jsonb_set(document, '{target}', to_jsonb(
           coalesce(document#>>'{target,source,id}', document#>>'{target,source}')
           || '#' || (document#>>'{target,selector,value}')))
      ELSE document END - '{id,@context}'::text[])::text
"""


def documents_on(layer: Layer, canvas: Canvas) -> list[str]:
    """The W3C documents of a layer on a canvas as JSON texts for viewers, each with its id and without a
    context of its own; the W3C address of each has it as it was written.

    PostgreSQL's text of the stored JSON is taken as it stands: to parse thousands of documents only to write
    them again costs ten times as much (`benchmarks/annotation_page.py`).
    """
    text = Func(template=_FOR_VIEWERS, output_field=TextField())
    rows = annotations_on(layer, canvas).values_list("pk", text)
    before = annotation_uri(Annotation(pk=UUID(int=0), layer_id=layer.pk)).removesuffix(str(UUID(int=0)))
    return [f'{{"id": "{before}{pk}"{_rest(document)}' for pk, document in rows]


def version_of_page(layer: Layer, canvas: Canvas) -> str:
    """An ETag that changes with every annotation added, changed or deleted, and with the layer; one query."""
    facts = annotations_on(layer, canvas).aggregate(Count("pk"), Sum("revision"), Max("modified_at"))
    said = f"{layer.pk} {layer.modified_at} {canvas.pk} {facts}"
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'


def _rest(document: str) -> str:
    """What follows the first property in the text of an object."""
    return "}" if document == "{}" else f", {document[1:]}"


def canvas_value(canvas: Canvas) -> CanvasValue:
    """A canvas with its first image as the value that `annotation.iiif` computes with and writes."""
    service = (
        ImageService(
            url=canvas.image_service,
            version=canvas.image_service_version or 2,
            profile=canvas.extra.get("profile"),
            width=canvas.image_width,
            height=canvas.image_height,
            auth=auth_value(canvas),
        )
        if canvas.image_service
        else None
    )
    image = ImageValue(
        url=canvas.image_url or None,
        service=service,
        width=canvas.image_width,
        height=canvas.image_height,
        placed=_box(canvas, "placed"),
        taken=_box(canvas, "taken"),
    )
    return CanvasValue(
        uri=canvas.uri,
        position=canvas.position,
        label=canvas.label,
        width=canvas.width,
        height=canvas.height,
        image=image if service or image.url else None,
    )


def auth_value(canvas: Canvas) -> AuthValue | None:
    """The login that the institution of an imported canvas asks for, as `write_manifest` kept it."""
    kept = canvas.extra.get("auth")
    if not kept:
        return None
    access = tuple(AccessService(**service) for service in kept["access"])
    return AuthValue(**{**kept, "access": access})


def _box(canvas: Canvas, name: str) -> Box | None:
    numbers = canvas.extra.get(name)
    return Box(*numbers) if numbers else None


def crop_url(canvas: Canvas, box: Box | None, *, longest: int = 400) -> str:
    """The address of the image of a region (or of the whole canvas), at most `longest` pixels a side.

    What has no image service that cuts and scales gives its whole image, and "" when it has none.
    """
    value = canvas_value(canvas)
    if box is None or "level0" in (canvas.extra.get("profile") or ""):
        return iiif.thumbnail_url(value, longest=longest) or ""
    return iiif.crop_url(value, box, longest=longest) or canvas.image_url


def manifests_below(collection: SourceCollection) -> dict[UUID, tuple[int, int]]:
    """Member → how many manifests stand below it, and how many of them are wanted; one query."""
    rows = (
        collection.members.filter(kind=CollectionMember.Kind.MANIFEST)
        .exclude(state=CollectionMember.State.GONE)
        .annotate(above=Func(F("ancestors"), function="unnest", output_field=UUIDField()))
        .order_by()
        .values("above")
        .annotate(count=Count("pk"), wanted=Count("pk", filter=Q(is_wanted=True)))
    )
    return {row["above"]: (row["count"], row["wanted"]) for row in rows}


def concept_totals(layer: UUID) -> dict[UUID, int]:
    """How many annotations of a layer name each concept, those most named first; one query."""
    rows = AnnotationConcept.objects.filter(annotation__layer=layer, annotation__deleted_at=None)
    counted = rows.order_by().values("concept").annotate(count=Count("pk")).order_by("-count", "concept")
    return dict(counted.values_list("concept", "count"))
