"""What people said of things, as columns for the models of reliability: a thing, a person, a label.

A thing is a task with one label, a concept that anybody gave to a task, or a merged box; whoever saw the task and
did not mark the thing says NONE.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from campaigns.models import Campaign, ConsensusItem, Contribution
from campaigns.questions import get_kind
from campaigns.said import counted_answers

NONE = ""  # what the answer of somebody who did not mark a thing is called
UNNAMED = "?"  # a box without a label
Said = tuple[str, str, str]  # thing, person, label: ids of concepts with spaces between, or NONE


def asks_once(campaign: Campaign) -> bool:
    """Whether “none” is an answer of its own: one label for the whole, and not one of many things."""
    return not get_kind(campaign.question_kind).TRAITS.draws and not campaign.question.get("many")


def things_said(campaign: Campaign, tasks: QuerySet[Any, Any] | None = None) -> Iterable[Said]:
    """Everything that counts, on these tasks (a query of their ids) or on all; few queries."""
    traits = get_kind(campaign.question_kind).TRAITS
    if traits.says in ("texts", "steps"):  # no labels that anybody could take for each other
        return ()
    read = _boxes if traits.draws else _tags
    return read(campaign, campaign.tasks.order_by().values("pk") if tasks is None else tasks)


def _counted(campaign: Campaign, tasks: Any) -> list[tuple[UUID, UUID, dict[str, Any]]]:
    """(task, person, answer as it counts now) of every counted contribution, in the order of handing in."""
    rows = Contribution.objects.filter(task__campaign=campaign, task__in=tasks, counts=True)
    rows = rows.order_by("submitted_at", "pk")
    found = list(rows.values_list("task_id", "participant_id", "answer"))
    answers = counted_answers([answer for *_both, answer in found])
    return [(task, person, said) for (task, person, _raw), said in zip(found, answers, strict=True)]


def _tags(campaign: Campaign, tasks: Any) -> Iterable[Said]:
    """One thing a task; where several labels may be given, one for each label that anybody gave."""
    rows = _counted(campaign, tasks)
    if asks_once(campaign):
        for task, person, answer in rows:
            yield str(task), str(person), " ".join(answer["concepts"])
        return
    given: defaultdict[UUID, set[str]] = defaultdict(set)
    for task, _person, answer in rows:
        given[task].update(answer["concepts"])
    for task, person, answer in rows:
        for concept in given[task]:
            yield f"{task} {concept}", str(person), concept if concept in answer["concepts"] else NONE


def _boxes(campaign: Campaign, tasks: Any) -> Iterable[Said]:
    """One thing for each merged box; everybody who saw the task either marked it or did not."""
    seen: defaultdict[UUID, list[UUID]] = defaultdict(list)
    rows = Contribution.objects.filter(task__campaign=campaign, task__in=tasks, counts=True)
    for task, person in rows.values_list("task_id", "participant_id"):
        seen[task].append(person)
    members: defaultdict[tuple[UUID, UUID], dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
    items = ConsensusItem.objects.filter(
        consensus__campaign=campaign, consensus__task__in=tasks, members__isnull=False
    )
    by = "members__annotation__contribution_shape__contribution__participant"
    label = "members__annotation__concept_links__concept"
    for pk, task, person, concept in items.values_list("pk", "consensus__task", by, label):
        members[pk, task][person].update([str(concept)] if concept else [UNNAMED])
    for (pk, task), marked in members.items():
        for person in seen[task]:
            yield str(pk), str(person), " ".join(sorted(marked[person])) if person in marked else NONE
