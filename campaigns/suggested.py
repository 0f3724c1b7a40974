"""What a model suggests for a task: its predictions there, as the shape that people are to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from annotation.geometry import Box
from annotation.webanno import corners_in
from campaigns.models import Task
from campaigns.questions.kind import Points, Region
from campaigns.questions.places import around, corners_of, reach_on
from campaigns.questions.shapes import SHAPES, shape_kind

MOST_PREDICTIONS = 2000


@dataclass(frozen=True, slots=True)
class ShownPrediction:
    """What a model said about a task: box in canvas space (x, y, w, h) or None for the whole canvas.

    `points`: what the question asks for, outlines or points, is made of it where the model gave something else.
    """

    id: UUID
    box: tuple[float, float, float, float] | None
    concepts: tuple[dict[str, str], ...]
    confidence: float | None
    points: Points = ()


# The labels of the annotation `said`, in the reader's %(language)s.
CONCEPTS_SAID = """
       (SELECT coalesce(jsonb_agg(
                   jsonb_build_object('id', link.concept_id, 'label', coalesce(label.text, concept.uri))
                   ORDER BY link.position), '[]')
          FROM annotation_annotationconcept link
          JOIN taxonomy_concept concept ON concept.id = link.concept_id
          LEFT JOIN LATERAL (
               -- the reader's language before English before any other
               SELECT text FROM taxonomy_label
                WHERE concept_id = link.concept_id AND kind = 'pref'
                ORDER BY language <> %(language)s, language <> 'en', language LIMIT 1) label ON true
         WHERE link.annotation_id = said.id)
"""
_PREDICTIONS = f"""
SELECT said.id, said.x, said.y, said.w, said.h, said.confidence, {CONCEPTS_SAID},
       CASE WHEN %(outlined)s THEN said.document->'target' END
  FROM annotation_annotation said
  JOIN campaigns_predictionrun run ON run.layer_id = said.layer_id
 WHERE run.id = %(run)s AND said.canvas_id = %(canvas)s AND said.deleted_at IS NULL
   AND (%(x)s::float IS NULL OR said.x IS NULL
        OR (said.x < %(right)s AND said.y < %(bottom)s
            AND said.x + said.w > %(x)s AND said.y + said.h > %(y)s))
 ORDER BY said.confidence DESC NULLS LAST, said.id
 LIMIT %(most)s
"""  # noqa: S608 - constants


def predictions_for(run_id: UUID | None, task: Task, language: str) -> list[ShownPrediction]:
    """What the run says about the task's canvas or region, surest first; at most 2,000. One query."""
    if run_id is None:
        return []
    x, y, right, bottom = Box(*task.region).xyxy if task.region else (None, None, None, None)
    values: dict[str, Any] = {
        "run": run_id, "canvas": task.canvas_id, "language": language, "most": MOST_PREDICTIONS,
        "x": x, "y": y, "right": right, "bottom": bottom,
        "outlined": task.campaign.question.get("shapes") == "polygon",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PREDICTIONS, values)
        rows = cursor.fetchall()
    found = []
    for pk, *place, confidence, concepts, target in rows:
        asked = _as_asked(task, place, target)
        if asked is not None:
            box, points = asked
            found.append(ShownPrediction(pk, box, tuple(orjson.loads(concepts)), confidence, points))
    return found


def _as_asked(
    task: Task, place: Sequence[float | None], target: str | None
) -> tuple[Region | None, Points] | None:
    """Where a prediction is, as the shape that people are to draw; None for a point where they draw no points.

    Of a box the outline is its corners and the point its middle; the box of an outline is the smallest around it.
    """
    if place[0] is None:
        return None, ()
    x, y, w, h = (value or 0.0 for value in place)
    wanted, size = shape_kind(task.campaign.question), (task.canvas.width, task.canvas.height)
    if wanted is SHAPES["point"]:
        middle = (x + w / 2, y + h / 2)
        return around(middle, reach_on(size)), (middle,)
    if not (w and h):
        return None
    if wanted is SHAPES["polygon"]:
        corners = corners_in({"target": orjson.loads(target)}) if target else ()
        return (x, y, w, h), corners or corners_of(Box(x, y, w, h))
    return (x, y, w, h), ()
