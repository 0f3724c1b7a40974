"""What waits for a decision, for whom, and what was decided: reads of the review."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from annotation.models import Annotation
from annotation.queries import with_concepts
from campaigns.models import Campaign, ConsensusItem, Contribution, Decision, KeptRuling, Opinion, Task


def waiting_tasks(campaign: Campaign) -> QuerySet[Task]:
    """The tasks that wait for a decision by anybody, in no order; none that is being merged anew."""
    return campaign.tasks.filter(
        state=Task.State.RETIRED,
        consensus__campaign=campaign,
        consensus__outdated_at=None,
        consensus__priority__isnull=False,
    )


def review_queue(campaign: Campaign, *, by: User | None = None) -> QuerySet[Task]:
    """The tasks that wait for a decision, the most worthwhile first; `by` whom: none that they answered themselves."""
    waiting = waiting_tasks(campaign)
    if by is not None:
        waiting = waiting.exclude(answered_by(by))
        if campaign.reviews > 1:
            waiting = waiting.exclude(spoken_by(by))
    # In the order of an index on one table: the first of a hundred thousand is found without sorting them.
    return waiting.order_by("-consensus__priority", "consensus__pk")


def answered_by(person: User) -> Exists:
    """A condition on tasks: that the person handed something in, also as a visitor whose work they took over."""
    theirs = Q(participant__user=person) | Q(participant__merged_into__user=person)
    return Exists(Contribution.objects.filter(theirs, task=OuterRef("pk")))


def spoken_by(person: User) -> Exists:
    """A condition on tasks: that this reviewer has said what they think of the answers as they are merged now."""
    rows = Opinion.objects.filter(task=OuterRef("pk"), by=person, superseded_at=None)
    return Exists(rows.filter(at__gte=OuterRef("consensus__computed_at")))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many tasks wait for a reviewer, and how many for somebody else: the reviewer answered them (`own`), or has
    decided and another must say the same (`second`).
    """

    theirs: int
    own: int
    second: int = 0


def waiting_for(campaign: Campaign, *, by: User) -> Waiting:
    """One query, a second where two reviewers must agree."""
    tasks = waiting_tasks(campaign).order_by().annotate(is_own=answered_by(by))
    counts = dict(tasks.values_list("is_own").annotate(Count("pk")))
    theirs, own = counts.get(False, 0), counts.get(True, 0)
    if campaign.reviews < 2:
        return Waiting(theirs, own)
    second = waiting_tasks(campaign).filter(spoken_by(by)).exclude(answered_by(by)).count()
    return Waiting(theirs - second, own, second)


def agreeing_tasks(campaign: Campaign, *, at_most: float, by: User | None = None) -> QuerySet[Task]:
    """The waiting tasks whose answers differ by no more than this (0 to 1), all their labels decided."""
    undecided = ConsensusItem.objects.filter(consensus__campaign=campaign, annotation__concept_links=None)
    waiting = review_queue(campaign, by=by).filter(consensus__disagreement__lte=at_most)
    return waiting.exclude(consensus__items__in=undecided.exclude(votes=[]))


def kept_by(person: User, tasks: Sequence[Task]) -> dict[UUID, KeptRuling]:
    """What a reviewer said last of merged items of these tasks while the others wait, by item; one query."""
    rows = KeptRuling.objects.filter(item__consensus__task__in=[task.pk for task in tasks], by=person)
    return {row.item_id: row for row in rows.order_by("pk")}


def decisions_in_force(tasks: Sequence[Task]) -> defaultdict[UUID, list[Decision]]:
    """The decisions that stand on these tasks, in the order of their making, with their results; three queries."""
    rows = Decision.objects.filter(task__in=[task.pk for task in tasks], superseded_at=None)
    decisions = list(rows.order_by("at", "pk"))
    results = with_concepts(Annotation.objects.filter(decided_by__in=[row.pk for row in decisions]))
    by_id = {row.pk: row for row in results}
    found: defaultdict[UUID, list[Decision]] = defaultdict(list)
    for row in decisions:
        row.result = by_id.get(row.result_id) if row.result_id else None
        found[row.task_id].append(row)
    return found


def judged_before(task: Task) -> dict[UUID, Decision]:
    """The decision in force on each merged annotation of a task, with its result; three queries."""
    rows = Decision.objects.filter(task=task, superseded_at=None, judged__isnull=False).select_related(
        "result"
    )
    decisions = list(rows)
    results = with_concepts(Annotation.objects.filter(decided_by__in=decisions))
    by_id = {row.pk: row for row in results}
    for decision in decisions:
        decision.result = by_id.get(decision.result_id) if decision.result_id else None
    return {decision.judged_id: decision for decision in decisions if decision.judged_id}
