"""What the workbench is given, as plain values: the shapes that `serializers` describes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from annotation.cropping import content_state_of
from annotation.geometry import Box
from annotation.models import Canvas, Manifest
from annotation.painted import painted_images, physical_scale
from annotation.queries import crop_url
from campaigns.actions import Batch, Claim
from campaigns.actions.similar import why_not_similar
from campaigns.beside import beside_of, fetch_beside, left_of
from campaigns.instructions import render_languages
from campaigns.judged import said_about
from campaigns.known import known_answer_for
from campaigns.languages import reading_language, written_in
from campaigns.models import Assignment, Campaign, Participant, Task
from campaigns.queries import Progress, neighbours_of, progress_of
from campaigns.questions.describe import DESCRIBING
from campaigns.questions.shapes import shape_kind
from campaigns.strands import config_of, is_sequence, steps_of, strands_of
from campaigns.suggested import ShownPrediction
from taxonomy.queries import concepts_of


def reader_language() -> str:
    """The language of the request, without its region."""
    return (get_language() or "en").split("-")[0]


def campaign(row: Campaign, participant: Participant | None) -> dict[str, Any]:
    """A campaign as a volunteer meets it; two queries, three with a branch."""
    return {
        "slug": row.slug,
        "languages": written_in(row),
        "language": reading_language(row),
        "title": row.title,
        "summary": row.summary,
        "status": row.status,
        "question": {**question(row), "steps": steps(row)},
        "instructions_html": render_languages(row.instructions),
        "tutorial": {
            "steps": len(row.tutorial),
            "seen": participant is not None and participant.tutorial_seen_at is not None,
        },
        "vocabulary": {
            "slug": row.vocabulary.slug,
            "branch": row.branch_id,
            "count": concepts_of(row.vocabulary, row.branch).count(),
        },
        "overlap": row.overlap,
        "shows_predictions": row.traits.judges or row.shown_run_id is not None,
        "progress": progress(progress_of(row, participant)),
    }


def question(row: Campaign) -> dict[str, Any]:
    """What a campaign asks, or a strand of it; no query."""
    return {
        "kind": row.question_kind,
        "draws": row.traits.draws,
        "judges": row.traits.judges,
        "pairs": row.traits.pairs,
        "takes_nothing": row.traits.takes_nothing and not row.question.get("required", False),
        "answers": answers(row),
        "shapes": shape_kind(row.question).NAME,
        "prompt": row.question.get("prompt", {}),
        "many": row.question.get("many", False),
        "required_label": row.question.get("required_label", True),
        "show": row.question.get("show", "one"),
        "grid": row.question.get("grid", 1),
        "may_correct": row.question.get("may_correct", True),
        "certainty": row.question.get("certainty", False),
        "writes": row.traits.says == "texts",
        "languages": row.question.get("languages", []),
        "max_length": row.question.get("max_length", 1000),
        "multiline": row.question.get("multiline", False),
        "purpose": row.question.get("purpose", DESCRIBING),
    }


def steps(row: Campaign) -> list[dict[str, Any]]:
    """The questions of a sequence with what they depend on; one query where a step depends on concepts."""
    within = config_of(row).get("within", {})
    known = {step["name"]: step["question"].get("answers", {}) for step in steps_of(row)}
    return [
        {
            "name": strand.step,
            "question": {**question(strand), "pairs": row.traits.pairs},
            "condition": _condition(step["condition"], known, within),
        }
        for strand, step in (zip(strands_of(row), steps_of(row), strict=True) if is_sequence(row) else ())
    ]


def _condition(
    said: Mapping[str, Any] | None,
    known: Mapping[str, Mapping[str, str]],
    within: Mapping[str, Collection[str]],
) -> dict[str, Any] | None:
    """A condition in ids alone: answers by their concepts, concepts with all below them."""
    if said is None:
        return None
    if "answers" in said:
        of_step = known.get(said["step"], {})
        return {"step": said["step"], "answers": [of_step[one] for one in said["answers"] if one in of_step]}
    if "concepts" in said:
        below = {pk for concept in said["concepts"] for pk in within.get(concept, (concept,))}
        return {"step": said["step"], "concepts": sorted(below)}
    return dict(said)


def answers(row: Campaign) -> list[dict[str, Any]]:
    """The few answers of a question that brings them, each with its concept."""
    concepts = row.question.get("answers", {})
    return [
        {"name": one.name, "concept": concepts[one.name], "letters": one.letters}
        for one in row.traits.answers_for(row.question)
        if one.name in concepts
    ]


def progress(value: Progress) -> dict[str, int]:
    return asdict(value)


def claim(given: Claim, row: Campaign, participant: Participant) -> dict[str, Any]:
    """A lease or the reason why there is none; a query for predictions and one for the progress, unless it is known."""
    return {
        "assignment": None if given.assignment is None else assignment(given.assignment, row),
        "reason": given.reason,
        "retry_after_s": given.retry_after_s,
        "progress": progress(progress_of(row, participant, mine=given.mine)),
    }


def batch(given: Batch, row: Campaign, participant: Participant) -> dict[str, Any]:
    """Leases by label, and of one label what a model was least sure of first; two queries for any number."""
    tasks = [lease.task for lease in given.assignments]
    for one in tasks:
        one.campaign = row  # it is at hand already
    said = said_about(row, tasks, None, reader_language()) if tasks else {}
    fetch_beside(tasks)
    return {
        "assignments": [
            leased(lease, said[lease.task_id])
            for lease in sorted(given.assignments, key=lambda one: _glance(one, said[one.task_id]))
        ],
        "reason": given.reason,
        "retry_after_s": given.retry_after_s,
        "progress": progress(progress_of(row, participant)),
    }


def _glance(lease: Assignment, said: Sequence[ShownPrediction]) -> tuple[str, float, int]:
    labels = " ".join(concept["label"] for one in said for concept in one.concepts)
    sure = said[0].confidence if said else None
    return labels, 2.0 if sure is None else sure, lease.task.position


def assignment(lease: Assignment, row: Campaign | None = None) -> dict[str, Any]:
    if row is not None:
        lease.task.campaign = row  # it is at hand already
    asking = lease.task.campaign
    said = said_about(asking, [lease.task], lease.predictions_shown_id, reader_language())[lease.task.pk]
    neighbours = neighbours_of(lease.task) if asking.traits.shows_neighbours else []
    return {**leased(lease, said), "neighbours": neighbours}


def leased(lease: Assignment, said: Sequence[ShownPrediction]) -> dict[str, Any]:
    return {
        "id": lease.pk,
        "expires_at": lease.expires_at,
        "task": {**task(lease.task), "left": left_of(lease)},
        "predictions": predictions(said, lease.task.canvas),
        "neighbours": [],
        "finds_similar": why_not_similar(lease) is None,
    }


def task(row: Task) -> dict[str, Any]:
    return {
        "id": row.pk,
        "canvas": canvas(row.canvas),
        "region": row.region,
        "crop": crop(row.canvas, row.region),
        "about": row.about_id,
        "beside": beside(row),
    }


def beside(row: Task) -> dict[str, Any] | None:
    """What stands beside the region that is asked about; one query where it was not fetched."""
    other = beside_of(row)
    if other is None:
        return None
    on, box = other
    return {"annotation": row.beside_id, "canvas": canvas(on), "region": box, "crop": crop(on, box)}


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
        "images": painted_images(row),
        "scale": physical_scale(row),
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
            {"box": box, "points": points, "concepts": concepts, "crop": crop(lease.task.canvas, box)}
            for box, points, concepts in found.shapes
        ],
        "texts": found.texts,
        "crop": crop(lease.task.canvas, lease.task.region),
        "beside": None if (other := beside_of(lease.task)) is None else crop(*other),
    }
