"""Where the catalogue, a model and people say different things of an image: the queue for the curator's eye.

Three witnesses: the *catalogue* (annotations that came with the images), the *model* (a prediction run), and the
*crowd* (what stands after review, else what people's answers were merged to). Each says a set of concepts of an image.
Their difference is the mean Jaccard distance over all pairs of witnesses that speak of it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils.translation import gettext as _

from accounts.roles import Person
from annotation.models import Canvas, Layer
from annotation.permissions import visible_layers
from campaigns.models import Campaign, PredictionRun
from problems import Conflict
from taxonomy.heirs import heirs_of
from taxonomy.queries import labels_in

WITNESSES = ("catalogue", "model", "crowd")
A_PAGE = 50

# A row for each image on which two witnesses or more speak, most different first; ids break ties, so that pages
# follow on each other. A canvas of which a witness knows and says nothing is the empty set.
_QUEUE = """
WITH canvases AS MATERIALIZED (
    SELECT canvas_id, min(position) AS place, bool_or(state <> 'open') AS seen
      FROM campaigns_task WHERE campaign_id = %(campaign)s GROUP BY canvas_id
), said AS (
    SELECT a.canvas_id, CASE WHEN a.layer_id = ANY(%(catalogue)s::uuid[]) THEN 1
                             WHEN a.layer_id = %(model)s::uuid THEN 2 ELSE 3 END AS witness,
           coalesce(array_agg(DISTINCT link.concept_id) FILTER (WHERE link.concept_id IS NOT NULL), '{}') AS concepts
      FROM annotation_annotation a
      JOIN canvases ON canvases.canvas_id = a.canvas_id
      LEFT JOIN annotation_annotationconcept link ON link.annotation_id = a.id
       AND link.concept_id IN (SELECT id FROM taxonomy_concept WHERE vocabulary_id = %(vocabulary)s)
     WHERE a.deleted_at IS NULL
       AND (a.layer_id = ANY(%(catalogue)s::uuid[])
            OR (a.layer_id = %(model)s::uuid AND coalesce(a.confidence, 1) >= %(least)s)
            OR (a.layer_id = %(truth)s::uuid)
            OR (a.layer_id = %(merged)s::uuid AND NOT EXISTS (
                SELECT FROM campaigns_task t WHERE t.campaign_id = %(campaign)s AND t.canvas_id = a.canvas_id
                   AND t.state = 'decided')))
     GROUP BY 1, 2
), spoken AS (
    SELECT canvas_id, witness, concepts FROM said
    UNION ALL  -- people saw it, or the model looked at all of it, and found nothing
    SELECT c.canvas_id, w.witness, '{}'::uuid[] FROM canvases c
     CROSS JOIN (VALUES (2, %(model)s::uuid IS NOT NULL), (3, true)) AS w(witness, looked)
     WHERE w.looked AND (w.witness = 2 OR c.seen)
       AND NOT EXISTS (SELECT FROM said WHERE said.canvas_id = c.canvas_id AND said.witness = w.witness)
), apart AS (
    SELECT a.canvas_id,
           avg(CASE WHEN cardinality(a.concepts) + cardinality(b.concepts) = 0 THEN 0
                    ELSE 1 - (SELECT count(*) FROM unnest(a.concepts) x WHERE x = ANY(b.concepts))::float
                           / (SELECT count(DISTINCT x) FROM unnest(a.concepts || b.concepts) x) END) AS difference
      FROM spoken a JOIN spoken b ON b.canvas_id = a.canvas_id AND b.witness > a.witness
     GROUP BY a.canvas_id
)
SELECT apart.canvas_id, apart.difference, count(*) OVER () AS whole,
       (SELECT jsonb_object_agg(s.witness, s.concepts) FROM spoken s WHERE s.canvas_id = apart.canvas_id)
  FROM apart JOIN canvases c ON c.canvas_id = apart.canvas_id
 WHERE apart.difference > 0
 ORDER BY apart.difference DESC, c.place
 LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A concept that a witness says, and whether all the others who speak say it too."""

    id: UUID
    label: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """An image on which they differ: what each says (None: does not speak of it), and by how much, 0 to 1."""

    canvas: Canvas
    difference: float
    catalogue: tuple[Word, ...] | None
    model: tuple[Word, ...] | None
    crowd: tuple[Word, ...] | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue, and how many images there are in all."""

    count: int
    rows: tuple[Difference, ...]


def catalogues_of(campaign: Campaign, person: Person) -> list[Layer]:
    """The layers that came with the images of the campaign and that the person may read; one query."""
    rows = visible_layers(person).filter(
        kind=Layer.Kind.IMPORTED, annotations__canvas__tasks__campaign=campaign, annotations__deleted_at=None
    )
    return list(rows.distinct().order_by("created_at", "pk"))


def differences(
    campaign: Campaign,
    person: Person,
    *,
    run: PredictionRun | None,
    language: str,
    least: float = 0.5,
    offset: int = 0,
) -> Queue:
    """Where they differ most first, fifty from `offset`; some six queries.

    `run`: the prediction run that speaks for the model, or None; of it counts what is at least so confident (`least`).
    Raises `Conflict` where pairs are compared: nobody else says anything of these.
    """
    if campaign.traits.pairs:
        raise Conflict(
            _("A catalogue and a model say what is on an image; of pairs of regions only people speak here."),
            code="pairs-not-triangulated",
        )
    values: dict[str, Any] = {
        "campaign": campaign.pk, "vocabulary": campaign.vocabulary_id, "least": least,
        "catalogue": [layer.pk for layer in catalogues_of(campaign, person)],
        "model": run.layer_id if run else None, "truth": campaign.ground_truth_layer_id,
        "merged": campaign.consensus_layer_id, "limit": A_PAGE, "offset": offset,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, values)
        found = cursor.fetchall()
    said = {row[0]: _sets(row[3]) for row in found}
    named = {pk for sets in said.values() for words in sets.values() for pk in words}
    heirs = heirs_of(named)
    labels = labels_in(named | set(heirs.values()), language)
    canvases = Canvas.objects.select_related("manifest").defer("manifest__document", "manifest__metadata")
    pictures = canvases.in_bulk(said)
    rows = [
        Difference(pictures[pk], float(difference), *_told(said[pk], heirs, labels))
        for pk, difference, _whole, _raw in found
    ]
    return Queue(found[0][2] if found else 0, tuple(rows))


def _sets(raw: Any) -> dict[int, set[UUID]]:
    read = orjson.loads(raw) if isinstance(raw, str) else raw
    return {int(witness): {UUID(pk) for pk in concepts} for witness, concepts in read.items()}


def _told(
    sets: dict[int, set[UUID]], heirs: dict[UUID, UUID], labels: dict[UUID, str]
) -> Sequence[tuple[Word, ...] | None]:
    """What each witness says, in the order of WITNESSES; merged concepts by their heirs."""
    counted = {witness: {heirs.get(pk, pk) for pk in words} for witness, words in sets.items()}
    everybody: Collection[UUID] = set.intersection(*counted.values()) if counted else set()
    return [
        tuple(
            sorted(
                (Word(pk, labels.get(pk, "?"), pk in everybody) for pk in counted[number]),
                key=lambda word: (word.shared, word.label),
            )
        )
        if number in counted
        else None
        for number in range(1, len(WITNESSES) + 1)
    ]


def run_for(campaign: Campaign, asked: str) -> PredictionRun | None:
    """The run of the campaign with this id; without one the run that is shown, else the newest that has ended."""
    runs = PredictionRun.objects.of(campaign).select_related("predictor")
    if asked:
        return next((row for row in runs if str(row.pk) == asked), None)
    shown = runs.filter(pk=campaign.shown_run_id).first() if campaign.shown_run_id else None
    return shown or runs.order_by("-created_at").first()
