"""What the review page is given for one task: the merged items and what every person said."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.cropping import content_state_of
from annotation.models import Annotation, Canvas
from annotation.queries import crop_url, with_concepts
from campaigns.api import shown
from campaigns.documents import box_of, points_of
from campaigns.models import (
    Campaign,
    ConsensusItem,
    ConsensusMember,
    Contribution,
    Decision,
    KeptRuling,
    Retirement,
    Task,
    TaskConsensus,
)
from campaigns.placed import place_in_words
from campaigns.quality.texts import choose
from campaigns.questions.describe import as_json as as_text
from campaigns.questions.describe import text_of
from campaigns.questions.kind import Truth
from campaigns.questions.parts import part_of
from campaigns.questions.places import on_canvas
from campaigns.questions.sequence import truth_in
from campaigns.questions.steps import is_asked
from campaigns.reasons import reason_of
from campaigns.reviewing import Waiting, judged_before, kept_by, review_queue, waiting_for
from campaigns.said import counted_votes
from campaigns.second_looks import standing_of
from campaigns.strands import config_of, is_sequence, steps_of, strands_of
from campaigns.urgency import urgency_of
from campaigns.written import text_on
from problems import Missing
from taxonomy.heirs import heirs_of
from taxonomy.models import Concept
from taxonomy.queries import labels_in


def next_review(campaign: Campaign, *, by: User, skip: int = 0) -> dict[str, Any]:
    """The waiting task after `skip` others (beginning anew at the end), as `ReviewSerializer` describes it.

    None that the reviewer answered. About a dozen queries, however many people and boxes.
    """
    queue = review_queue(campaign, by=by)
    waiting = waiting_for(campaign, by=by)
    task = _with_canvas(queue)[skip % waiting.theirs :].first() if waiting.theirs else None
    return _shown(campaign, task, waiting, by)


def one_review(campaign: Campaign, task_id: UUID, *, by: User) -> dict[str, Any]:
    """One task whatever its state, with the decision in force; to look at, or to decide again."""
    task = (
        _with_canvas(Task.objects.filter(campaign=campaign, consensus__isnull=False))
        .filter(pk=task_id)
        .first()
    )
    if task is None:
        raise Missing(_("The campaign has no such task, or nobody's answers to it have been merged yet."))
    return _shown(campaign, task, waiting_for(campaign, by=by), by)


def _with_canvas(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.select_related("canvas__manifest", "consensus").defer(
        "canvas__manifest__document", "canvas__manifest__metadata"
    )


def _shown(campaign: Campaign, task: Task | None, waiting: Waiting, by: User) -> dict[str, Any]:
    counts = {"remaining": waiting.theirs, "own": waiting.own, "second": waiting.second}
    if task is None:
        empty: dict[str, Any] = {"task": None, "items": [], "people": [], "disagreement": None}
        return {**empty, "retirement": None, "why": None, "standing": None, **counts}
    people = _people(task)
    items = list(ConsensusItem.objects.filter(consensus=task.consensus).order_by("-disagreement", "id"))
    order = [step["name"] for step in steps_of(campaign)]
    items.sort(
        key=lambda item: order.index(item.step) if item.step in order else 0
    )  # stable: by step, else as they were
    return {
        "task": shown.task(task),
        "items": _items(campaign, task, items, people, by),
        "people": list(people.values()),
        "disagreement": task.consensus.disagreement,
        "retirement": _retirement(task),
        "standing": standing_of(campaign, task),
        "why": urgency_of(campaign, task.consensus, items, shown.reader_language()),
        **counts,
    }


def _retirement(task: Task) -> dict[str, Any] | None:
    """Why nobody else was asked; None for a task that is open again."""
    row = Retirement.objects.filter(task=task, superseded_at=None).first()
    if row is None:
        return None
    fields = ("rule", "parameters", "campaign_version", "contributions", "reports", "figures", "at")
    return {"sentence": reason_of(row), **{name: getattr(row, name) for name in fields}}


def _people(task: Task) -> dict[UUID, str]:
    """Pseudonym by contribution, of everybody whose answer counted."""
    rows = Contribution.objects.filter(task=task, counts=True).order_by("submitted_at")
    return dict(rows.values_list("pk", "participant__pseudonym"))


def _asked(
    campaign: Campaign, items: list[ConsensusItem], annotations: Mapping[UUID, Annotation]
) -> set[str]:
    """The steps that are asked after what more than half said of the steps before; a query at most."""
    if not is_sequence(campaign):
        return {""}
    truths = [
        Truth(
            id=str(item.pk),
            box=annotations[item.annotation_id].box,
            concepts=tuple(
                str(link.concept_id) for link in annotations[item.annotation_id].concept_links.all()
            ),
            text=text_on(annotations[item.annotation_id]),
            step=item.step,
        )
        for item in items
        if 2 * item.support > item.seen
    ]
    steps, within = steps_of(campaign), config_of(campaign).get("within", {})
    parts = truth_in(truths, {"steps": [{**step, "condition": None} for step in steps]})[0]["steps"]
    asked: dict[str, Any] = {}
    for step in steps:
        if is_asked(step, asked, steps, within):
            asked[step["name"]] = parts[step["name"]]
    return set(asked)


def _written(people: Mapping[UUID, str], step: str) -> list[dict[str, Any]]:
    """Everything that was written about the task, each text once, first what is most like all others; one query."""
    rows = Contribution.objects.filter(pk__in=people.keys()).order_by("submitted_at")
    parts = [(pk, part_of(answer, step) or {}) for pk, answer in rows.values_list("pk", "answer")]
    said = [(pk, text) for pk, part in parts if (text := text_of(part))]
    chosen = choose([text for _pk, text in said])
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in chosen.order if chosen else ():
        pk, text = said[row]
        entry = found.setdefault((text.value, text.language), {**as_text(text), "people": []})
        entry["people"].append(people[pk])
    return list(found.values())


def _text(row: Annotation) -> dict[str, str] | None:
    text = text_on(row)
    return as_text(text) if text else None


def _items(
    campaign: Campaign, task: Task, items: list[ConsensusItem], people: dict[UUID, str], by: User
) -> list[dict[str, Any]]:
    heirs = heirs_of(UUID(vote["concept"]) for item in items for vote in item.votes)
    votes = {item.pk: counted_votes(item.votes, heirs) for item in items}
    above = _above(vote["concept"] for counted in votes.values() for vote in counted)
    members: dict[UUID, list[UUID]] = defaultdict(list)
    # Without what its author has withdrawn since the merge.
    standing = ConsensusMember.objects.filter(item__in=items, annotation__contribution_shape__isnull=False)
    for item_id, annotation_id in standing.values_list("item_id", "annotation_id"):
        members[item_id].append(annotation_id)
    wanted = {item.annotation_id for item in items} | {pk for ids in members.values() for pk in ids}
    rows = with_concepts(Annotation.objects.filter(pk__in=wanted).select_related("contribution_shape"))
    annotations = {row.pk: row for row in rows}
    named = {link.concept_id for row in annotations.values() for link in row.concept_links.all()}
    named |= {UUID(vote["concept"]) for counted in votes.values() for vote in counted}
    kin = {pk: _kin([vote["concept"] for vote in counted], above) for pk, counted in votes.items()}
    named |= {UUID(one) for one in kin.values() if one}
    decisions = judged_before(task)
    results = [decision.result for decision in decisions.values() if decision.result]
    named |= {link.concept_id for result in results for link in result.concept_links.all()}
    kept = {} if decisions else kept_by(by, [task])
    named |= {row.concept_id for row in kept.values() if row.concept_id}
    labels = labels_in(named, shown.reader_language())
    writing = {strand.step for strand in strands_of(campaign) if strand.traits.says == "texts"}
    drawing = {strand.step for strand in strands_of(campaign) if strand.traits.draws}
    standing_steps = _asked(campaign, items, annotations)
    return [
        {
            "id": item.pk,
            **_place(annotations[item.annotation_id], task.canvas),
            **_addresses(task.canvas, annotations[item.annotation_id]),
            "concepts": _concepts(annotations[item.annotation_id], labels),
            "kin": _named(kin[item.pk], labels),
            "votes": [
                {
                    **vote,
                    "probability": _probability(item, vote["concept"]),
                    "label": labels.get(UUID(vote["concept"]), "?"),
                    "coarser": any(vote["concept"] in above[other["concept"]] for other in votes[item.pk]),
                }
                for vote in votes[item.pk]
            ],
            "support": item.support,
            "seen": item.seen,
            "disagreement": item.disagreement,
            "place": _how_placed(task.consensus, item, annotations, members[item.pk])
            if item.step in drawing
            else "",
            "members": [_member(annotations[pk], people, labels, task.canvas) for pk in members[item.pk]],
            "text": _text(annotations[item.annotation_id]),
            "written": _written(people, item.step) if item.step in writing else [],
            "step": item.step,
            "moot": bool(item.step) and item.step not in standing_steps,
            "decision": _decision(decisions.get(item.annotation_id), labels, task.canvas),
            "kept": _kept(kept.get(item.pk), labels),
        }
        for item in items
    ]


def _above(concepts: Iterable[str]) -> dict[str, list[str]]:
    """What stands above each concept, root first; one query. Who said that contradicts nobody who said the concept."""
    ids = set(concepts)
    rows = Concept.objects.filter(pk__in=ids).values_list("pk", "ancestors")
    found = {str(pk): [str(above) for above in ancestors] for pk, ancestors in rows}
    return {pk: found.get(pk, []) for pk in ids}


def _kin(concepts: list[str], above: dict[str, list[str]]) -> str | None:
    """The nearest concept above two or more others, below the roots, that is none of them."""
    if len(concepts) < 2:
        return None
    ways = [[*above[one], one] for one in concepts]
    common = [step[0] for step in zip(*ways, strict=False) if len(set(step)) == 1]
    return common[-1] if len(common) > 1 and common[-1] not in concepts else None


def _named(concept: str | None, labels: dict[UUID, str]) -> dict[str, Any] | None:
    return {"id": concept, "label": labels.get(UUID(concept), "?")} if concept else None


def _probability(item: ConsensusItem, concept: str) -> float | None:
    """Of the label, where a model of reliability has weighed the votes."""
    return dict(item.posterior).get(concept) if item.posterior else None


def _addresses(canvas: Canvas, annotation: Annotation) -> dict[str, str]:
    """The picture of an item and the IIIF link to its region; of a tag those of the whole canvas."""
    place = box_of(annotation, canvas)
    box = on_canvas(place, (canvas.width, canvas.height)) if place else None
    return {"crop": crop_url(canvas, box), "content_state": content_state_of(canvas, box)}


def _place(annotation: Annotation, canvas: Canvas) -> dict[str, Any]:
    return {"box": box_of(annotation, canvas), "points": points_of(annotation)}


def _how_placed(
    consensus: TaskConsensus, item: ConsensusItem, annotations: Mapping[UUID, Annotation], members: list[UUID]
) -> str:
    corners = points_of(annotations[item.annotation_id])
    return place_in_words(
        consensus.parameters,
        corners=len(corners),
        people=item.support,
        step=item.step,
        drawn=bool(corners) and any(points_of(annotations[pk]) == corners for pk in members),
    )


def _concepts(annotation: Annotation, labels: dict[UUID, str]) -> list[dict[str, Any]]:
    links = annotation.concept_links.all()
    return [{"id": link.concept_id, "label": labels.get(link.concept_id, "?")} for link in links]


def _member(
    annotation: Annotation, people: dict[UUID, str], labels: dict[UUID, str], canvas: Canvas
) -> dict[str, Any]:
    return {
        "annotation": annotation.pk,
        "participant": people.get(annotation.contribution_shape.contribution_id, ""),
        **_place(annotation, canvas),
        "concepts": _concepts(annotation, labels),
        "text": _text(annotation),
    }


def _kept(row: KeptRuling | None, labels: dict[UUID, str]) -> dict[str, Any] | None:
    """What the reviewer said of an item among the crops, before the rest of its task."""
    if row is None:
        return None
    concepts = [{"id": row.concept_id, "label": labels.get(row.concept_id, "?")}] if row.concept_id else []
    return {"verdict": row.verdict, "concepts": concepts, "reason": row.reason}


def _decision(decision: Decision | None, labels: dict[UUID, str], canvas: Canvas) -> dict[str, Any] | None:
    if decision is None:
        return None
    result = decision.result
    return {
        "verdict": decision.verdict,
        **(_place(result, canvas) if result else {"box": None, "points": ()}),
        "concepts": _concepts(result, labels) if result else [],
        "text": _text(result) if result else None,
        "reason": decision.reason,
    }
