"""Makes decided tasks known answers, and takes that back; what the reviewers change, the known answer follows."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.models import Annotation
from annotation.queries import with_concepts
from campaigns.actions.locking import hold_tasks
from campaigns.actions.scoring import score_again
from campaigns.documents import box_of, points_of
from campaigns.known import gold_candidates, gold_in_force
from campaigns.models import Campaign, Decision, Gold, Task
from campaigns.permissions import refuse_archived
from campaigns.questions import get_kind
from campaigns.questions.describe import as_json as as_text
from campaigns.questions.steps import is_asked
from campaigns.strands import config_of, is_sequence, steps_of, strands_of
from campaigns.written import step_on, text_on
from problems import Invalid

MOST_AT_ONCE = 500


def mark_gold(campaign: Campaign, task_ids: Sequence[UUID], *, by: User) -> list[Gold]:
    """Make these decided tasks known answers; returns those that were none before, under one batch.

    What was taken back earlier comes back with its scores, measured against the truth of today. Raises `Invalid`
    naming a task that is not of this campaign or not decided. A constant number of statements.
    """
    refuse_archived(campaign)
    with transaction.atomic():
        held = hold_tasks(campaign.tasks.filter(pk__in=task_ids))
        tasks = {task.pk: task for task in Task.objects.filter(pk__in=held).order_by("pk")}
        for index, pk in enumerate(task_ids):
            if pk not in tasks or tasks[pk].state != Task.State.DECIDED:
                raise Invalid(
                    _("Only a decided task of this campaign has a known answer."),
                    pointer=f"/tasks/{index}",
                    code="not-decided",
                )
        known = set(gold_in_force(campaign).filter(task__in=tasks).values_list("task", flat=True))
        return _mark(campaign, [task for pk, task in tasks.items() if pk not in known], by=by)


def mark_clearest(campaign: Campaign, count: int, *, by: User) -> list[Gold]:
    """Make so many decided tasks known answers, those first about which people differed least."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise Invalid(
            _("Choose between 1 and %(most)d.") % {"most": MOST_AT_ONCE},
            pointer="/clearest",
            code="out-of-range",
        )
    chosen = gold_candidates(campaign)[:count].values_list("pk", flat=True)
    return mark_gold(campaign, list(chosen), by=by)


def _mark(campaign: Campaign, tasks: Sequence[Task], *, by: User) -> list[Gold]:
    if not tasks:
        return []
    batch, answers = uuid4(), known_answers(campaign, tasks)
    golds = [Gold(task=task, answer=answers[task.pk], batch=batch, marked_by=by) for task in tasks]
    Gold.objects.bulk_create(
        golds,
        update_conflicts=True,
        unique_fields=["task"],
        update_fields=["answer", "batch", "marked_by", "marked_at", "withdrawn_at"],
    )
    score_again(campaign, golds)
    return golds


def withdraw_gold(
    campaign: Campaign, *, by: User, tasks: Sequence[UUID] = (), batch: UUID | None = None
) -> int:
    """Give these tasks, or all that were marked by one action, out no more; returns how many.

    Their scores rest and count again when a task is marked again; harmless to repeat.
    """
    refuse_archived(campaign)
    rows = gold_in_force(campaign)
    rows = rows.filter(task__in=tasks) if batch is None else rows.filter(batch=batch)
    return rows.update(withdrawn_at=Now())


def follow_decision(task: Task) -> None:
    """A task was decided anew: its known answer becomes the new truth, and all scores are measured again."""
    gold = Gold.objects.filter(task=task).first()
    if gold is not None:
        gold.answer = known_answers(task.campaign, [task])[task.pk]
        gold.save(update_fields=["answer"])
        score_again(task.campaign, [gold])


def known_answers(campaign: Campaign, tasks: Sequence[Task]) -> dict[UUID, dict[str, Any]]:
    """The ground truth of each task as an answer in its normal form; three queries."""
    standing = Decision.objects.filter(task__in=tasks, superseded_at=None, result__deleted_at=None)
    tasks_of = dict(standing.exclude(result=None).values_list("result", "task"))
    by_task: defaultdict[UUID, list[Annotation]] = defaultdict(list)
    rows = Annotation.objects.filter(pk__in=tasks_of).select_related("canvas")
    for row in with_concepts(rows).order_by("y", "x", "pk"):
        by_task[tasks_of[row.pk]].append(row)
    read = partial(_as_steps, campaign) if is_sequence(campaign) else _reader_of(campaign)
    return {task.pk: {**read(by_task[task.pk]), "rejected_predictions": [], "comment": ""} for task in tasks}


def _reader_of(campaign: Campaign) -> Callable[[Sequence[Annotation]], dict[str, Any]]:
    traits = get_kind(campaign.question_kind).TRAITS
    return _as_texts if traits.says == "texts" else _as_shapes if traits.draws else _as_tags


def _as_steps(campaign: Campaign, rows: Sequence[Annotation]) -> dict[str, Any]:
    """Every step that the truth asks, those of which nothing stands included."""
    steps, within = steps_of(campaign), config_of(campaign).get("within", {})
    read: dict[str, dict[str, Any]] = {}
    for strand, step in zip(strands_of(campaign), steps, strict=True):
        if is_asked(step, read, steps, within):
            read[strand.step] = _reader_of(strand)([row for row in rows if step_on(row) == strand.step])
    nothing = bool(read) and all(part["nothing_here"] for part in read.values())
    return {"nothing_here": nothing, "steps": read}


def _as_shapes(rows: Sequence[Annotation]) -> dict[str, Any]:
    shapes = [
        {
            "id": str(row.pk),
            **_place(row),
            "concepts": _concepts(row),
            "origin": "drawn",
            "prediction": None,
        }
        for row in rows
        if row.x is not None
    ]
    return {"nothing_here": not shapes, "shapes": shapes}


def _place(row: Annotation) -> dict[str, Any]:
    assert row.canvas is not None  # what was drawn stands on a canvas
    points = [list(point) for point in points_of(row)]
    return {"box": list(box_of(row, row.canvas) or ()), **({"points": points} if points else {})}


def _as_tags(rows: Sequence[Annotation]) -> dict[str, Any]:
    given = sorted({concept for row in rows for concept in _concepts(row)})
    return {"nothing_here": not given, "concepts": given}


def _as_texts(rows: Sequence[Annotation]) -> dict[str, Any]:
    texts = [as_text(text) for row in rows if (text := text_on(row))]
    return {"nothing_here": not texts, "texts": texts}


def _concepts(row: Annotation) -> list[str]:
    links = sorted(row.concept_links.all(), key=lambda link: link.position)
    return [str(link.concept_id) for link in links]
