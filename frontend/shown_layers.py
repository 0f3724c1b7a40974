"""The layers on a canvas as the viewer takes them: what each shape says, who said it, how sure, and how many agree."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotation.models import Annotation, Canvas, Layer
from annotation.queries import shown_box, with_concepts
from annotation.webanno import corners_in
from campaigns.models import Decision
from campaigns.questions.places import bounds
from frontend.saying import words_shown
from taxonomy.queries import labels_in

MOST_SHAPES = 5000


def shapes_of(layers: Sequence[Layer], canvas: Canvas, language: str) -> list[dict[str, object]]:
    """Layers that the reader may see, with at most `MOST_SHAPES` annotations in all; three queries.

    Names are pseudonyms of a campaign, which stand in the documents of the same layer as well. How many agreed is told
    of consensus, and of ground truth to those who may see the consensus that it was made from.
    """
    rows = Annotation.objects.filter(layer__in=layers, canvas=canvas, deleted_at=None).defer("words")
    rows = _with_people(rows, layers).order_by("layer__created_at", "created_at", "id")
    annotations = list(with_concepts(rows)[:MOST_SHAPES])
    labels = labels_in({link.concept_id for row in annotations for link in row.concept_links.all()}, language)
    drawn: dict[UUID, list[dict[str, object]]] = {layer.pk: [] for layer in layers}
    for row in annotations:
        drawn[row.layer_id].append(_shape(row, canvas, labels))
    return [
        {"id": layer.pk, "title": layer.label, "kind": layer.kind, "shapes": drawn[layer.pk]}
        for layer in layers
    ]


def _with_people(rows: QuerySet[Annotation], layers: Sequence[Layer]) -> QuerySet[Any]:
    decided = Decision.objects.filter(result=OuterRef("pk"), superseded_at=None, judged__layer__in=layers)
    return rows.annotate(
        person=F("contribution_shape__contribution__participant__pseudonym"),
        support=Coalesce(
            F("consensus_item__support"), Subquery(decided.values("judged__consensus_item__support")[:1])
        ),
        seen=Coalesce(
            F("consensus_item__seen"), Subquery(decided.values("judged__consensus_item__seen")[:1])
        ),
    )


def _shape(row: Any, canvas: Canvas, labels: dict[UUID, str]) -> dict[str, object]:
    return {
        "id": row.pk,
        "box": _mark(row, canvas),
        "points": _corners(row),
        "concepts": [
            {"id": link.concept_id, "label": labels.get(link.concept_id, link.concept.uri)}
            for link in row.concept_links.all()
        ],
        "text": words_shown(row.document),
        "confidence": row.confidence,
        "person": row.person,
        "agreement": {"share": row.support / row.seen, "support": row.support, "seen": row.seen}
        if row.seen
        else None,
    }


def _mark(annotation: Annotation, canvas: Canvas) -> tuple[float, float, float, float] | None:
    """The box that the viewer draws; a point is marked by a small square around it."""
    box = shown_box(annotation, canvas)
    return box.xywh if box else None


def _corners(annotation: Annotation) -> Sequence[tuple[float, float]]:
    """The corners of the outline that the viewer draws within the box, or the point; nothing for a box.

    An outline that does not fill the box counts in other units, those of an image for instance: the box stands for it.
    """
    if annotation.point:
        return [annotation.point]
    corners = corners_in(annotation.document) if annotation.box else ()
    if not corners or not annotation.box:
        return ()
    pairs = zip(bounds(corners), annotation.box, strict=True)
    return corners if all(abs(one - other) < 1 for one, other in pairs) else ()
