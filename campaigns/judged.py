"""Reads what a task shows to be judged: one annotation, as it stood when the task was made."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from campaigns.models import Campaign, Task
from campaigns.suggested import CONCEPTS_SAID, ShownPrediction, predictions_for

Shown = dict[UUID, list[ShownPrediction]]

_JUDGED = f"""
SELECT said.id, said.confidence, {CONCEPTS_SAID}
  FROM annotation_annotation said
 WHERE said.id = ANY(%(annotations)s::uuid[])
"""  # noqa: S608 - constants


def said_about(campaign: Campaign, tasks: Sequence[Task], run_id: UUID | None, language: str) -> Shown:
    """For each task what is shown on it; one query where something is judged, else one for each task.

    Predictions of the run, or the one thing that is to be judged.
    """
    if not campaign.traits.judges:
        return {task.pk: predictions_for(run_id, task, language) for task in tasks}
    found = judged_in(tasks, language)
    return {task.pk: [found[task.pk]] if task.pk in found else [] for task in tasks}


def judged_in(tasks: Sequence[Task], language: str) -> dict[UUID, ShownPrediction]:
    """The annotation that each of the tasks asks about, on the place that is shown; one query.

    Each task comes with its canvas. What was withdrawn since is shown as it was.
    """
    values: dict[str, Any] = {"language": language, "annotations": [task.about_id for task in tasks]}
    with connection.cursor() as cursor:
        cursor.execute(_JUDGED, values)
        rows = {row[0]: row for row in cursor.fetchall()}
    return {
        task.pk: ShownPrediction(
            id=task.about_id,
            box=task.region or (0.0, 0.0, task.canvas.width, task.canvas.height),
            concepts=tuple(orjson.loads(rows[task.about_id][2])),
            confidence=rows[task.about_id][1],
        )
        for task in tasks
        if task.about_id is not None and task.about_id in rows
    }
