"""What somebody has handed in and what became of it: whether it may be amended, what was corrected and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from annotation.models import Annotation
from annotation.queries import with_concepts
from campaigns.actions.amending import Obstacle, obstacle_to_amending
from campaigns.disguise import state_of
from campaigns.documents import box_of, points_of
from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, ConsensusMember, Contribution, Decision, Task
from campaigns.quality.kinship import likeness
from campaigns.quality.verdicts import Outcome, Ruled, Said, judge_boxes, judge_labels, judge_texts
from campaigns.questions import get_kind
from campaigns.questions.describe import as_json as as_text
from campaigns.questions.describe import text_of
from campaigns.questions.parts import parts_of
from campaigns.questions.places import as_points
from campaigns.said import counted_answers
from campaigns.written import step_on, text_on


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an answer: how alike it is to what was decided (0 to 1), and what was changed and why."""

    agreement: float
    outcomes: tuple[Outcome, ...]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class OwnWork:
    """Something handed in, why it cannot be amended (None while it can), and the verdict once there is one."""

    contribution: Contribution
    obstacle: Obstacle | None
    verdict: Verdict | None


def with_tasks(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """The same with their assignments, and campaign, canvas and manifest of their tasks."""
    rows = contributions.select_related("assignment", "task__campaign", "task__canvas__manifest")
    return rows.defer("task__canvas__manifest__document", "task__canvas__manifest__metadata")


def own_work(contributions: Sequence[Contribution]) -> list[OwnWork]:
    """The contributions (with their tasks and campaigns) and what became of them, in their order.

    Half a dozen queries however many they are; one more for each campaign whose broader answers agree in part.
    """
    verdicts = _verdicts([row for row in contributions if state_of(row) == Task.State.DECIDED])
    return [
        OwnWork(
            contribution=row,
            obstacle=obstacle_to_amending(task_state=state_of(row), has_ended=row.task.campaign.has_ended),
            verdict=verdicts.get(row.pk),
        )
        for row in contributions
    ]


def _verdicts(decided: Sequence[Contribution]) -> dict[UUID, Verdict]:
    if not decided:
        return {}
    rulings = _rulings(decided)
    alike = _alike({row.task.campaign_id: row.task.campaign for row in decided})
    answers = counted_answers([row.answer for row in decided])
    return {
        row.pk: _verdict(row, answer, rulings[row.task_id], alike[row.task.campaign_id])
        for row, answer in zip(decided, answers, strict=True)
    }


def _verdict(row: Contribution, answer: Mapping[str, Any], rulings: Sequence[Ruled], compare: Any) -> Verdict:
    assert row.task.decided_at is not None  # a decided task knows when
    outcomes: list[Outcome] = []
    truths: dict[str, dict[str, Any]] = {}
    parts = dict(parts_of(answer))
    for step in dict.fromkeys([*parts, *(one.truth.step for one in rulings if one.truth)]):
        part = parts.get(step)
        here = [one for one in rulings if step in (one.step, one.truth.step if one.truth else one.step)]
        found, truth = _judged(row, part if part is not None else _nothing_like(here), here)
        outcomes += found
        if part is not None or any(one.truth for one in here):
            truths[step] = truth
    truth = truths.get("", {}) if "steps" not in answer else {"steps": truths}
    return Verdict(compare(answer, truth), tuple(outcomes), row.task.decided_at)


def _nothing_like(rulings: Sequence[Ruled]) -> dict[str, Any]:
    """An answer with nothing in it, to a step that the person was not asked, in the form of what is true."""
    truths = [one.truth for one in rulings if one.truth]
    if any(truth.text for truth in truths):
        return {"texts": []}
    return {"shapes": []} if any(truth.id and truth.box for truth in truths) else {"concepts": []}


def _judged(
    row: Contribution, answer: Mapping[str, Any], rulings: Sequence[Ruled]
) -> tuple[Sequence[Outcome], dict[str, Any]]:
    """What became of one answer, and what is true in the form of it."""
    truths = [one.truth for one in rulings if one.truth]
    if "shapes" in answer:
        mine = [
            Said(
                tuple(shape["box"]),
                tuple(shape["concepts"]),
                shape["id"],
                as_points(shape.get("points", ())),
            )
            for shape in answer["shapes"]
        ]
        boxed = [one for one in truths if one.box]
        truth = [
            {"box": list(one.box or ()), "points": list(one.points), "concepts": list(one.concepts)}
            for one in boxed
        ]
        return judge_boxes(mine, [one for one in rulings if one.truth is None or one.truth.box]), {
            "shapes": truth
        }
    if "texts" in answer:
        outcomes = judge_texts(Said(row.task.region, (), text=text_of(answer)), rulings)
        return outcomes, {"texts": [as_text(one.text) for one in truths if one.text]}
    concepts = tuple(answer.get("concepts", ()))
    outcomes = judge_labels(Said(row.task.region, concepts), rulings)
    return outcomes, {"concepts": sorted({pk for one in truths for pk in one.concepts})}


def _alike(campaigns: Mapping[int, Campaign]) -> dict[int, Any]:
    """How the answers to each campaign are compared."""
    found = {}
    for pk, campaign in campaigns.items():
        compare, tree = get_kind(campaign.question_kind).compare, campaign_tree(campaign)
        found[pk] = partial(compare, alike=likeness(tree)) if tree is not None else compare
    return found


def _rulings(decided: Sequence[Contribution]) -> dict[UUID, list[Ruled]]:
    """The decisions in force by task, each with those of the annotations it is about that the answers gave."""
    tasks = {row.task_id for row in decided}
    members: dict[UUID, set[str]] = defaultdict(set)
    for judged, annotation in ConsensusMember.objects.filter(
        item__consensus__task__in=tasks, annotation__contribution_shape__contribution__in=decided
    ).values_list("item__annotation_id", "annotation_id"):
        members[judged].add(str(annotation))
    rows = list(
        Decision.objects.filter(task__in=tasks, superseded_at=None)
        .select_related("judged")
        .order_by("at", "pk")
    )
    results = {
        row.pk: row
        for row in with_concepts(
            Annotation.objects.filter(pk__in=[row.result_id for row in rows]).select_related("canvas")
        )
    }
    found: dict[UUID, list[Ruled]] = defaultdict(list)
    for row in rows:
        if row.verdict != Decision.Verdict.NOTHING and "into" not in row.details:
            result = results.get(row.result_id) if row.result_id else None
            # What was merged or split is told to those whose answers it was made from.
            here = row.details.get("members") or (members[row.judged_id] if row.judged_id else ())
            told = frozenset(here)
            said = result or row.judged
            step = step_on(said) if said else ""
            found[row.task_id].append(Ruled(_said(result), row.reason, told, step))
    return found


def _said(row: Annotation | None) -> Said | None:
    if row is None:
        return None
    concepts = tuple(str(link.concept_id) for link in row.concept_links.all())
    box = box_of(row, row.canvas) if row.canvas else row.box
    return Said(box, concepts, str(row.pk), points_of(row), text_on(row), step_on(row))
