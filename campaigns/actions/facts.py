"""What must be known, under the lock of its task, to judge an answer that comes in; one statement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import orjson
from django.db import connection

from annotation.webanno import ConceptBody, corners_in
from campaigns.models import Assignment
from campaigns.questions import About
from campaigns.questions.kind import Points
from campaigns.questions.parts import parts_of
from campaigns.rules import Condition


@dataclass(frozen=True, slots=True)
class Mentions:
    """The ids that an answer names, as far as they are ids; whatever else it says is judged later."""

    concepts: list[UUID]
    predictions: list[UUID]
    shapes: list[UUID]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        parts = [part for _step, part in parts_of(answer)]
        shapes = [shape for part in parts for shape in _items(part, "shapes") if isinstance(shape, Mapping)]
        concepts = [
            *(pk for part in parts for pk in _items(part, "concepts")),
            *(pk for shape in shapes for pk in _items(shape, "concepts")),
        ]
        predictions = [
            *_items(answer, "rejected_predictions"),  # said of the whole, in a sequence too
            *(shape.get("prediction") for shape in shapes),
        ]
        return cls(_uuids(concepts), _uuids(predictions), _uuids([shape.get("id") for shape in shapes]))


def _items(answer: Mapping[str, Any], name: str) -> list[Any]:
    value = answer.get(name)
    return value if isinstance(value, list) else []


def _uuids(values: list[Any]) -> list[UUID]:
    return list(dict.fromkeys(_read(values)))


def _read(values: list[Any]) -> Iterator[UUID]:
    for value in values:
        if isinstance(value, str) and len(value) == 36:
            try:
                yield UUID(value)
            except ValueError:
                continue


@dataclass(frozen=True, slots=True)
class Earlier:
    """A contribution that is here already under the same id."""

    assignment_id: UUID
    digest: str
    counts: bool
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """How things stand for an answer.

    `counted`: ids of the contributions to the task that count; `concepts`: id → URI and label of those it names
    that the campaign offers, or may have offered when the task was given out; `out_of_use`: those of them that are
    deprecated, so perhaps merged; `predictions`: id → box (x, y, w, h) or None of those it names that a run of this
    campaign made on the canvas, `outlines`: id → corners of those of them that have some; `taken`: ids of its
    shapes that are annotations already. `others_live` are the live leases of other people. `canvas_size` and
    `region` are those of this moment; `was_resized` tells that they are not those of when the task was given out.
    `about` is the annotation that the task asks about, if any: one of the `predictions` whoever made it.
    `beside` is the annotation that it is compared with.
    `participant` is whose lease it is now: what a visitor holds becomes a user's when they sign in and ask for it;
    `is_second` tells that it was left behind then, as the user has the task already.
    """

    overlap: int
    retirement: list[Condition]
    campaign_version: int
    campaign_status: str
    task_state: str
    counted: tuple[str, ...]
    others_live: int
    participant: UUID
    is_second: bool
    same: Earlier | None
    handed_in: UUID | None
    concepts: dict[str, ConceptBody]
    out_of_use: frozenset[str]
    vocabulary_version: int
    predictions: dict[str, list[float] | None]
    outlines: dict[str, Points]
    taken: frozenset[str]
    canvas_size: tuple[float, float]
    region: tuple[float, float, float, float] | None
    was_resized: bool
    about: About | None = None
    beside: str | None = None


# Lists stand in a SELECT of their own: the planner then does not look at how long each is, and plans once for all.
# Late work is kept: what has been deprecated since the page was loaded is still taken, and where concepts have found
# other places since, any of the vocabulary.
_FACTS = """
SELECT c.overlap, c.retirement, c.config_version,
       CASE WHEN c.status = 'archived' OR c.closes_at <= clock_timestamp() THEN 'closed' ELSE c.status END, t.state,
       (SELECT coalesce(jsonb_agg(k.id ORDER BY k.id), '[]')
          FROM campaigns_contribution k WHERE k.task_id = t.id AND k.counts),
       (SELECT count(*) FROM campaigns_assignment o
         WHERE o.task_id = t.id AND o.id <> a.id AND o.state = 'live' AND o.expires_at > clock_timestamp()),
       a.participant_id, person.merged_into_id IS NOT NULL,
       same.assignment_id, same.digest, same.counts, same.submitted_at,
       (SELECT k.id FROM campaigns_contribution k WHERE k.assignment_id = a.id),
       (SELECT coalesce(jsonb_object_agg(n.id,
                   jsonb_build_array(n.uri, label.text, nullif(label.language, 'und'))), '{}')
          FROM taxonomy_concept n
          LEFT JOIN LATERAL (
               SELECT text, language FROM taxonomy_label
                WHERE concept_id = n.id AND kind = 'pref'
                ORDER BY language <> 'en', language LIMIT 1) label ON true
         WHERE n.id = ANY((SELECT %(concepts)s::uuid[])::uuid[])
           AND (n.vocabulary_id = c.vocabulary_id OR n.id::text IN (
               SELECT own #>> '{}' FROM jsonb_path_query(c.question, '$.steps[*].question.answers.*') own))
           AND (c.branch_id IS NULL OR n.vocabulary_id <> c.vocabulary_id
                OR n.ancestors @> ARRAY[c.branch_id] OR EXISTS (
                SELECT FROM annotation_annotationconcept shown
                 WHERE shown.annotation_id = t.about_id AND shown.concept_id = n.id) OR EXISTS (
                SELECT FROM taxonomy_vocabularychange h
                 WHERE h.vocabulary_id = c.vocabulary_id AND h.at > a.created_at
                   AND h.operation NOT IN ('add', 'describe')))),
       (SELECT coalesce(jsonb_agg(n.id), '[]') FROM taxonomy_concept n
         WHERE n.id = ANY((SELECT %(concepts)s::uuid[])::uuid[]) AND n.status = 'deprecated'),
       (SELECT v.version FROM taxonomy_vocabulary v WHERE v.id = c.vocabulary_id),
       {suggested},
       (SELECT coalesce(jsonb_agg(taken.id), '[]') FROM annotation_annotation taken
         WHERE taken.id = ANY((SELECT %(shapes)s::uuid[])::uuid[])),
       t.beside_id, t.about_id, (SELECT coalesce(jsonb_agg(link.concept_id ORDER BY link.position), '[]')
                      FROM annotation_annotationconcept link WHERE link.annotation_id = t.about_id),
       canvas.width, canvas.height, coalesce(canvas.resized_at > a.created_at, false),
       t.region_x, t.region_y, t.region_w, t.region_h
  FROM campaigns_assignment a
  JOIN campaigns_task t ON t.id = a.task_id
  JOIN campaigns_campaign c ON c.id = t.campaign_id
  JOIN annotation_canvas canvas ON canvas.id = t.canvas_id
  JOIN campaigns_participant person ON person.id = a.participant_id
  LEFT JOIN campaigns_contribution same ON same.id = %(contribution)s
 WHERE a.id = %(assignment)s
"""

# The box, and the corners, of each suggestion that the answer names.
_SUGGESTED = """(SELECT coalesce(jsonb_object_agg(said.id,
                   CASE WHEN said.x IS NOT NULL
                        THEN jsonb_build_array(said.x, said.y, said.w, said.h) END), '{}')
          FROM annotation_annotation said
          LEFT JOIN campaigns_predictionrun run ON run.layer_id = said.layer_id
          LEFT JOIN campaigns_predictor model ON model.id = run.predictor_id
         WHERE said.id = ANY((SELECT %(predictions)s::uuid[])::uuid[]) AND said.canvas_id = t.canvas_id
           AND (model.campaign_id = c.id OR said.id = t.about_id)),
       (SELECT coalesce(jsonb_object_agg(said.id, jsonb_build_object('target', said.document->'target')), '{}')
          FROM annotation_annotation said
          JOIN campaigns_predictionrun run ON run.layer_id = said.layer_id
          JOIN campaigns_predictor model ON model.id = run.predictor_id
         WHERE said.id = ANY((SELECT %(predictions)s::uuid[])::uuid[]) AND said.canvas_id = t.canvas_id
           AND model.campaign_id = c.id AND c.question->>'shapes' = 'polygon')"""
# Most name none; what looks for them costs a quarter of the statement even if there is nothing to find.
_FACTS_OF_DRAWN = _FACTS.replace("{suggested}", "'{}'::jsonb, '{}'::jsonb")
_FACTS_OF_SUGGESTED = _FACTS.replace("{suggested}", _SUGGESTED)


def facts_for(assignment: Assignment, contribution_id: UUID, mentions: Mentions) -> Facts:
    """How things stand; call it while the task's row is locked, or it may be untrue a moment later."""
    values: dict[str, Any] = {
        "assignment": assignment.pk, "contribution": contribution_id, "concepts": mentions.concepts,
        "predictions": mentions.predictions, "shapes": mentions.shapes,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FACTS_OF_SUGGESTED if mentions.predictions else _FACTS_OF_DRAWN, values)
        row: Any = cursor.fetchone()
    *row, width, height, was_resized, x, y, w, h = row
    overlap, rules, configured, status, state, counted, others, participant, is_second, *row = row
    *same, handed_in, concepts, gone, version, predictions, targets, taken, beside, about, labels = row
    region = None if x is None else (x, y, w, h)
    return Facts(
        overlap=overlap,
        retirement=orjson.loads(rules),
        campaign_version=configured,
        campaign_status=status,
        task_state=state,
        counted=tuple(orjson.loads(counted)),
        others_live=others,
        participant=participant,
        is_second=is_second,
        same=Earlier(*same) if same[0] is not None else None,
        handed_in=handed_in,
        concepts={pk: ConceptBody(*body) for pk, body in orjson.loads(concepts).items()},
        out_of_use=frozenset(orjson.loads(gone)),
        vocabulary_version=version,
        predictions=orjson.loads(predictions),
        outlines={pk: corners_in(document) for pk, document in orjson.loads(targets).items()},
        taken=frozenset(orjson.loads(taken)),
        canvas_size=(width, height),
        region=region,
        was_resized=was_resized,
        about=about
        and About(id=str(about), box=region or (0, 0, width, height), concepts=tuple(orjson.loads(labels))),
        beside=beside and str(beside),
    )
