"""Reads the field guide of a campaign: its concepts with notes, and examples from what has been decided."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from annotation.geometry import Box
from annotation.models import Annotation, Canvas, Manifest
from annotation.queries import crop_url
from campaigns.documents import box_of
from campaigns.models import Campaign
from taxonomy.queries import ShownConcept, label_maps

MOST_EXAMPLES = 4
EXAMPLE_PX = 240

# Of each concept some examples, whatever there are; no image whose answer is known and given out, in any campaign.
# The inner limit bounds the cost where a concept has been decided a hundred thousand times.
_EXAMPLES = """
SELECT wanted.concept, example.id
  FROM unnest(%(concepts)s::uuid[]) AS wanted(concept)
 CROSS JOIN LATERAL (
       SELECT one.id, one.created_at
         FROM (SELECT a.id, a.created_at
                 FROM annotation_annotationconcept link
                 JOIN annotation_annotation a ON a.id = link.annotation_id
                WHERE link.concept_id = wanted.concept AND a.layer_id = %(layer)s AND a.deleted_at IS NULL
                  AND NOT EXISTS (
                      SELECT 1 FROM campaigns_gold gold JOIN campaigns_task t ON t.id = gold.task_id
                       WHERE t.canvas_id = a.canvas_id AND gold.withdrawn_at IS NULL)
                LIMIT 200) one
        ORDER BY one.created_at, one.id
        LIMIT %(most)s) example
"""


@dataclass(frozen=True, slots=True)
class Example:
    """A decided example: its canvas and the address of its picture."""

    canvas: Canvas
    crop: str


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """A concept, what it is called in other languages (`(language, label)`), and examples of it."""

    concept: ShownConcept
    elsewhere: Sequence[tuple[str, str]]
    examples: Sequence[Example]


def guide_entries(campaign: Campaign, concepts: Sequence[ShownConcept], language: str) -> list[GuideEntry]:
    """The entries for these concepts in their order; three queries however many they are."""
    labels = label_maps([concept.id for concept in concepts])
    examples = examples_in(campaign.ground_truth_layer_id, [concept.id for concept in concepts])
    return [
        GuideEntry(
            concept=concept,
            elsewhere=[
                (code, text)
                for code, text in sorted(labels.get(concept.id, {}).items())
                if code != language and text != concept.label
            ],
            examples=examples.get(concept.id, ()),
        )
        for concept in concepts
    ]


def examples_in(
    layer: UUID | None, concepts: Sequence[UUID], *, seen: QuerySet[Manifest] | None = None
) -> dict[UUID, list[Example]]:
    """Some examples of each concept from a layer, from these manifests only where they are given; two queries."""
    if not concepts:
        return {}
    values: dict[str, Any] = {"concepts": concepts, "layer": layer, "most": MOST_EXAMPLES}
    with connection.cursor() as cursor:
        cursor.execute(_EXAMPLES, values)
        pairs = cursor.fetchall()
    rows = Annotation.objects.select_related("canvas__manifest")
    if seen is not None:
        rows = rows.filter(canvas__manifest__in=seen.order_by().values("pk"))
    known = rows.in_bulk({pk for _concept, pk in pairs})
    found: dict[UUID, list[Example]] = defaultdict(list)
    for concept, pk in pairs:
        example = _example(known[pk]) if pk in known else None
        if example is not None:
            found[concept].append(example)
    return found


def _example(row: Annotation) -> Example | None:
    """None where there is no picture, or the institution shows it after a login only."""
    canvas = row.canvas
    if canvas is None or canvas.extra.get("auth"):
        return None
    place = box_of(row, canvas)
    crop = crop_url(canvas, _with_air(place, canvas) if place else None, longest=EXAMPLE_PX)
    return Example(canvas, crop) if crop else None


def _with_air(box: tuple[float, float, float, float], canvas: Canvas) -> Box:
    """The box with a tenth of its longer side around it, as far as the canvas goes."""
    air = max(box[2], box[3]) / 10
    left, top = max(box[0] - air, 0.0), max(box[1] - air, 0.0)
    right, bottom = min(box[0] + box[2] + air, canvas.width), min(box[1] + box[3] + air, canvas.height)
    return Box(left, top, right - left, bottom - top)
