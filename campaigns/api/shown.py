"""What the workbench is given, as plain values: the shapes that `serializers.py` describes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from annotation.cropping import content_state_of
from annotation.geometry import Box
from annotation.models import Canvas, Manifest
from annotation.queries import crop_url
from campaigns.actions import Claim
from campaigns.instructions import render_languages
from campaigns.known import known_answer_for
from campaigns.models import Assignment, Campaign, Participant, Task
from campaigns.queries import Progress, ShownPrediction, predictions_for, progress_of
from campaigns.questions import get_kind
from taxonomy.queries import concepts_of


def reader_language() -> str:
    """The language of the request, without its region."""
    return (get_language() or "en").split("-")[0]


def campaign(row: Campaign, participant: Participant | None) -> dict[str, Any]:
    """A campaign as a volunteer meets it; two queries, three with a branch."""
    return {
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "status": row.status,
        "question": {
            "kind": row.question_kind,
            "draws": get_kind(row.question_kind).TRAITS.draws,
            "prompt": row.question.get("prompt", {}),
            "many": row.question.get("many", False),
            "required_label": row.question.get("required_label", True),
        },
        "instructions_html": render_languages(row.instructions),
        "vocabulary": {
            "slug": row.vocabulary.slug,
            "branch": row.branch_id,
            "count": concepts_of(row.vocabulary, row.branch).count(),
        },
        "overlap": row.overlap,
        "shows_predictions": row.shown_run_id is not None,
        "progress": progress(progress_of(row, participant)),
    }


def progress(value: Progress) -> dict[str, int]:
    return asdict(value)


def claim(given: Claim, row: Campaign, participant: Participant) -> dict[str, Any]:
    """A lease or the reason why there is none; a query for predictions and one for the progress."""
    return {
        "assignment": None if given.assignment is None else assignment(given.assignment),
        "reason": given.reason,
        "retry_after_s": given.retry_after_s,
        "progress": progress(progress_of(row, participant)),
    }


def assignment(lease: Assignment) -> dict[str, Any]:
    said = predictions_for(lease.predictions_shown_id, lease.task, reader_language())
    return {
        "id": lease.pk,
        "expires_at": lease.expires_at,
        "task": task(lease.task),
        "predictions": predictions(said, lease.task.canvas),
    }


def task(row: Task) -> dict[str, Any]:
    return {
        "id": row.pk,
        "canvas": canvas(row.canvas),
        "region": row.region,
        "crop": crop(row.canvas, row.region),
    }


def crop(on: Canvas, box: Sequence[float] | None) -> str:
    """The address of the picture of a region; of the whole canvas without one."""
    return crop_url(on, Box(*box) if box and box[2] > 0 and box[3] > 0 else None)


def canvas(row: Canvas) -> dict[str, Any]:
    return {
        "id": row.pk,
        "uri": row.uri,
        "label": row.label,
        "width": row.width,
        "height": row.height,
        "image": {
            "service": row.image_service or None,
            "version": row.image_service_version,
            "url": row.image_url or None,
            "width": row.image_width or round(row.width),
            "height": row.image_height or round(row.height),
            "auth": row.extra.get("auth"),
        },
        "manifest": manifest(row.manifest),
        "content_state": content_state_of(row),
    }


def manifest(row: Manifest) -> dict[str, Any]:
    return {
        "id": row.pk,
        "label": row.label,
        "rights": row.rights or None,
        "required_statement": row.required_statement,
    }


def predictions(said: Sequence[ShownPrediction], on: Canvas) -> list[dict[str, Any]]:
    return [{**asdict(prediction), "crop": crop(on, prediction.box)} for prediction in said]


def feedback(lease: Assignment, contribution_id: UUID) -> dict[str, Any] | None:
    """The known answer beside the one that was handed in, where the campaign tells it; no query for others."""
    found = known_answer_for(lease, contribution_id, reader_language())
    if found is None:
        return None
    return {
        "score": found.score,
        "sentence": found.sentence,
        "nothing_here": found.nothing_here,
        "concepts": found.concepts,
        "shapes": [
            {"box": box, "concepts": concepts, "crop": crop(lease.task.canvas, box)}
            for box, concepts in found.shapes
        ],
        "crop": crop(lease.task.canvas, lease.task.region),
    }
