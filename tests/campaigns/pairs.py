"""Initials of two manuscripts, which tests compare two by two."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation, Canvas, Layer
from annotation.webanno import build
from tests.annotation.conftest import make_layer
from tests.campaigns.conftest import make_manifest


def mark(
    layer: Layer,
    canvas: Canvas,
    boxes: Sequence[tuple[float, float, float, float]],
    concept: UUID | None = None,
) -> list[Annotation]:
    """Boxes on a canvas, in the order in which they are given."""
    ids = [uuid4() for _box in boxes]
    new = []
    for pk, box in zip(ids, boxes, strict=True):
        document = build(id="", canvas=canvas.uri, manifest=canvas.manifest.uri, box=Box(*box))
        del document["id"]
        new.append(
            NewAnnotation(
                id=pk,
                layer=layer,
                canvas=canvas,
                document=document,
                motivations=("tagging",),
                box=Box(*box),
                concept_ids=(concept,) if concept else (),
            )
        )
    add_annotations(new)
    rows = Annotation.objects.in_bulk(ids)
    return [rows[pk] for pk in ids]


def initials(owner: User, each: int = 2, concept: UUID | None = None) -> tuple[Layer, list[Annotation]]:
    """A layer with `each` initials on the first page of each of two manuscripts."""
    layer, found = make_layer(owner), []
    for name in ("first", "second"):
        canvas = make_manifest(2, owner, name=f"{name}-{uuid4().hex[:6]}").canvases.get(position=0)
        boxes = [(50.0 + 120 * place, 60.0, 100.0, 90.0) for place in range(each)]
        found += mark(layer, canvas, boxes, concept)
    return layer, found
