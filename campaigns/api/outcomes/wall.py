"""What the wall of crops is given for one page of items: pictures, labels, votes, reasons, and what is beside them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.models import User
from annotation.models import Annotation
from annotation.queries import crop_url, with_concepts
from campaigns.api import shown
from campaigns.crops import Placed
from campaigns.documents import box_of
from campaigns.models import ConsensusItem, Decision, KeptRuling, Task
from campaigns.outlying import reasons_of
from campaigns.questions.places import on_canvas
from campaigns.reviewing import answered_by, kept_by
from taxonomy.queries import labels_in

LONGEST_PX = 320


def wall_of(placed: Sequence[Placed], state: str, *, by: User) -> list[dict[str, Any]]:
    """One dictionary for each, as `CropSerializer` describes it; ten queries, however many they are."""
    decisions, items = _rows(placed, state)
    tasks = _tasks({one.row.task for one in placed})
    annotations = _annotations(decisions, items)
    votes = {pk: item.votes for pk, item in items.items()}
    named = {link.concept_id for row in annotations.values() for link in row.concept_links.all()}
    named |= {UUID(vote["concept"]) for counted in votes.values() for vote in counted}
    kept = kept_by(by, list(tasks.values())) if state == "merged" else {}
    named |= {row.concept_id for row in kept.values() if row.concept_id}
    labels = labels_in(named, shown.reader_language())
    beside = _beside(tasks, kept) if state == "merged" else {}
    own = set(Task.objects.filter(answered_by(by), pk__in=tasks).values_list("pk", flat=True))
    found = []
    for one in placed:
        pk, task = one.row.pk, tasks[one.row.task]
        annotation = annotations[pk]
        decision, ruling = decisions.get(pk), kept.get(pk)
        found.append(
            {
                "id": pk,
                "state": state,
                "task": task.pk,
                "canvas": task.canvas_id,
                "canvas_label": task.canvas.label,
                **_picture(annotation, task),
                "concepts": _concepts(annotation, ruling, labels),
                "votes": [
                    {**vote, "label": labels.get(UUID(vote["concept"]), "?")} for vote in votes.get(pk, [])
                ],
                "support": one.row.said,
                "seen": one.row.seen,
                "probability": one.row.probability,
                "score": one.standing.score,
                "reasons": reasons_of(one),
                "verdict": decision.verdict if decision else ruling.verdict if ruling else None,
                "reason": decision.reason if decision else ruling.reason if ruling else None,
                "beside": [other for other in beside.get(task.pk, []) if other != pk],
                "own": task.pk in own,
            }
        )
    return found


def _rows(placed: Sequence[Placed], state: str) -> tuple[dict[UUID, Decision], dict[UUID, ConsensusItem]]:
    ids = [one.row.pk for one in placed]
    if state == "merged":
        return {}, ConsensusItem.objects.in_bulk(ids)
    return Decision.objects.in_bulk(ids), {}


def _tasks(ids: set[UUID]) -> dict[UUID, Task]:
    rows = Task.objects.filter(pk__in=ids).select_related("canvas__manifest")
    return rows.defer("canvas__manifest__document", "canvas__manifest__metadata").in_bulk()


def _annotations(decisions: dict[UUID, Decision], items: dict[UUID, ConsensusItem]) -> dict[UUID, Annotation]:
    """What is true or was said, by the id of its decision or item."""
    of = {pk: item.annotation_id for pk, item in items.items()}
    of |= {pk: row.result_id or row.judged_id for pk, row in decisions.items()}  # type: ignore[misc]
    rows = with_concepts(Annotation.objects.filter(pk__in=of.values())).in_bulk()
    return {pk: rows[annotation] for pk, annotation in of.items()}


def _picture(annotation: Annotation, task: Task) -> dict[str, Any]:
    canvas = task.canvas
    place = box_of(annotation, canvas) or task.region
    box = on_canvas(place, (canvas.width, canvas.height)) if place else None
    return {
        "box": [box.x, box.y, box.w, box.h] if box else None,
        "crop": crop_url(canvas, box, longest=LONGEST_PX),
    }


def _concepts(
    annotation: Annotation, ruling: KeptRuling | None, labels: dict[UUID, str]
) -> list[dict[str, Any]]:
    ids = [link.concept_id for link in annotation.concept_links.all()]
    if ruling is not None and ruling.concept_id:
        ids = [ruling.concept_id]
    return [{"id": pk, "label": labels.get(pk, "?")} for pk in ids]


def _beside(tasks: dict[UUID, Task], kept: dict[UUID, KeptRuling]) -> dict[UUID, list[UUID]]:
    """The items of each task of which the reviewer has said nothing."""
    found: defaultdict[UUID, list[UUID]] = defaultdict(list)
    rows = ConsensusItem.objects.filter(consensus__task__in=tasks)
    for pk, task in rows.values_list("pk", "consensus__task").order_by("pk"):
        if pk not in kept:
            found[task].append(pk)
    return found
