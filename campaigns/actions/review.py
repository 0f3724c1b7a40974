"""The curator's decision: what the consensus says is accepted, corrected, rejected, or added to."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID, uuid4, uuid5

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation
from annotation.queries import with_concepts
from campaigns.actions.consensus import locked_task
from campaigns.actions.gold import follow_decision
from campaigns.actions.rulings import Judgement, Ruling, check
from campaigns.documents import MOTIVATIONS, ConceptNames, annotation_document, person
from campaigns.models import Campaign, ConsensusItem, Decision, Task, TaskConsensus
from campaigns.permissions import refuse_archived
from problems import Conflict, Invalid, Missing, Problem
from taxonomy.models import Concept
from taxonomy.queries import concepts_of
from work.actions import request_job_once

AT_ONCE = 100
log = logging.getLogger(__name__)


def review_queue(campaign: Campaign) -> QuerySet[Task]:
    """The tasks that wait for a decision, the most disputed first; none that is being merged anew."""
    waiting = campaign.tasks.filter(
        state=Task.State.RETIRED, consensus__isnull=False, consensus__outdated_at=None
    )
    return waiting.order_by("-consensus__disagreement", "position")


def decide(
    campaign: Campaign,
    task_id: UUID,
    judgements: Sequence[Judgement],
    *,
    request: UUID,
    by: User,
    supersede: bool = False,
) -> Task:
    """Record the decision on a task and write its ground truth, in one transaction.

    `request` is an id made by the client: the same request again changes nothing. With `supersede` a decision
    that stands is replaced: it stays on record and its ground truth leaves the layer; without, that is a
    `Conflict`, so that of two reviewers at the same task the second learns of the first. Raises `Missing`
    for a task of another campaign, `Invalid` with a pointer into the judgements, `Conflict` when the merged
    answer has changed since (`stale-item`) or the id stands for something else. A constant number of
    statements.
    """
    refuse_archived(campaign)
    if not campaign.tasks.filter(pk=task_id).exists():
        raise Missing(_("The campaign has no such task."))
    with transaction.atomic():
        task = locked_task(task_id)
        if _is_repeated(task, judgements, request):
            return task
        if task.state == Task.State.DECIDED and not supersede:
            raise Conflict(
                _("Somebody else has decided on this task in the meantime. Go on to the next one."),
                code="already-decided",
            )
        _require_consensus(task)
        items = _items([task])[task.pk]
        allowed = _allowed(campaign, {pk for judgement in judgements for pk in judgement.concepts})
        rulings = check(task, judgements, items, allowed)
        was_decided = task.state == Task.State.DECIDED
        _withdraw(task)
        _record([(task, rulings, request)], by=by)
        if was_decided:
            follow_decision(task)
    task.refresh_from_db(fields=["state", "decided_at"])
    return task


def _require_consensus(task: Task) -> None:
    """That the answers have been merged as they stand now."""
    outdated = list(TaskConsensus.objects.filter(task=task).values_list("outdated_at", flat=True))
    if not outdated:
        raise Conflict(_("Nobody's answers to this task have been merged yet."), code="no-consensus")
    if outdated[0] is not None and task.state != Task.State.DECIDED:
        raise Conflict(
            _(
                "Somebody has just amended their answer, and the answers are merged anew. Load the task again."
            ),
            code="stale-item",
        )


def _is_repeated(task: Task, judgements: Sequence[Judgement], request: UUID) -> bool:
    """Whether this very request was carried out already; a conflict when its id stands for another one."""
    earlier = list(Decision.objects.filter(request=request).exclude(verdict=Decision.Verdict.NOTHING))
    if not earlier:
        return Decision.objects.filter(request=request, task=task).exists() and not judgements
    said = sorted((str(judgement.item), judgement.verdict, judgement.reason) for judgement in judgements)
    recorded = sorted((str(row.judged_id), row.verdict, row.reason) for row in earlier)
    if said == recorded and {row.task_id for row in earlier} == {task.pk}:
        return True
    raise Conflict(
        _("Another decision with this id is here already. Give each decision an id of its own."),
        pointer="/id",
        code="id-used",
    )


def _items(tasks: Iterable[Task]) -> dict[UUID, dict[UUID, ConsensusItem]]:
    """The merged items of each task with their annotations and concepts; three queries."""
    found: dict[UUID, dict[UUID, ConsensusItem]] = defaultdict(dict)
    rows = ConsensusItem.objects.filter(consensus__task__in=[task.pk for task in tasks])
    rows = rows.select_related("consensus", "annotation").prefetch_related("annotation__concept_links")
    for item in rows.order_by("id"):
        found[item.consensus.task_id][item.pk] = item
    return found


def _allowed(campaign: Campaign, wanted: Collection[UUID]) -> frozenset[str]:
    """Those of the wanted concepts that the campaign offers, or offered before they were taken out of use; one query.

    Who had the page open while a concept was merged away may still name it: it counts as its heir.
    """
    if not wanted:
        return frozenset()
    gone = Concept.objects.filter(vocabulary=campaign.vocabulary, status=Concept.Status.DEPRECATED)
    offered = (concepts_of(campaign.vocabulary, campaign.branch) | gone).filter(pk__in=wanted)
    return frozenset(str(pk) for pk in offered.values_list("pk", flat=True))


def _withdraw(task: Task) -> None:
    """An earlier decision on the task is superseded, and its ground truth leaves the layer."""
    earlier = Decision.objects.filter(task=task, superseded_at=None)
    truth = Annotation.objects.filter(decided_by__in=earlier, deleted_at=None)
    truth.update(deleted_at=Now(), modified_at=Now())
    earlier.update(superseded_at=Now())


def _record(decided: Sequence[tuple[Task, Sequence[Ruling], UUID]], *, by: User) -> None:
    """Write ground truth and decisions of tasks of one campaign; six statements however many they are."""
    names = ConceptNames.of(
        pk for _task, rulings, _request in decided for one in rulings for pk in one.concepts
    )
    truths: list[NewAnnotation] = []
    decisions: list[Decision] = []
    for task, rulings, request in decided:
        for index, ruling in enumerate(rulings):
            truth = None
            if ruling.stands:
                pk = uuid5(request, f"{task.pk}/{index}")
                truth = _truth(task, ruling, names, pk=pk, by=by)
                truths.append(truth)
            decisions.append(_decision(task, ruling, truth, request=request, by=by))
        if not any(ruling.stands for ruling in rulings):
            decisions.append(Decision(request=request, task=task, verdict=Decision.Verdict.NOTHING, by=by))
    add_annotations(truths)
    Decision.objects.bulk_create(decisions)
    tasks = Task.objects.filter(pk__in=[task.pk for task, _rulings, _request in decided])
    tasks.update(state=Task.State.DECIDED, decided_at=Now())
    for campaign in {task.campaign for task, _rulings, _request in decided}:
        if campaign.asks_about_id:
            request_job_once("campaigns.relink", campaign.pk, by=by, queue="compute")


def _decision(
    task: Task, ruling: Ruling, truth: NewAnnotation | None, *, request: UUID, by: User
) -> Decision:
    return Decision(
        request=request,
        task=task,
        judged=ruling.source,
        verdict=ruling.verdict,
        result_id=truth.id if truth else None,
        reason=ruling.reason,
        by=by,
    )


def _truth(task: Task, ruling: Ruling, names: ConceptNames, *, pk: UUID, by: User) -> NewAnnotation:
    """The ground-truth annotation that follows from a judgement."""
    source, box = ruling.source, Box(*ruling.box) if ruling.box else None
    document = annotation_document(
        task.canvas,
        box,
        ruling.concepts,
        names,
        creator=person(by.public_name),
        created=timezone.now(),
        extension={
            "decision": ruling.verdict,
            **({"derivedFrom": [f"urn:uuid:{source.pk}"]} if source else {}),
        },
    )
    return NewAnnotation(
        id=pk,
        layer=task.campaign.ground_truth_layer,
        canvas=task.canvas,
        document=document,
        motivations=MOTIVATIONS,
        box=box,
        concept_ids=ruling.concepts,
        created_by_id=by.pk,
        vocabulary_version=task.campaign.vocabulary.version,
    )


# --- many at once ---------------------------------------------------------------------------------


def agreeing_tasks(campaign: Campaign, *, at_most: float) -> QuerySet[Task]:
    """The waiting tasks whose answers differ by no more than this (0 to 1), all their labels decided."""
    undecided = ConsensusItem.objects.filter(consensus__campaign=campaign, annotation__concept_links=None)
    waiting = review_queue(campaign).filter(consensus__disagreement__lte=at_most)
    return waiting.exclude(consensus__items__in=undecided.exclude(votes=[]))


def accept_agreeing(campaign: Campaign, *, at_most: float, by: User) -> int:
    """Accept the merged answer of every waiting task that is as good as undisputed; returns how many.

    A task that somebody else is deciding right now, or whose merged answer the question does not allow, is
    left waiting. A dozen statements for every hundred tasks.
    """
    refuse_archived(campaign)
    if not 0 <= at_most <= 1:
        raise Invalid(
            _("The limit of disagreement is a share from 0 to 1."), pointer="/at_most", code="out-of-range"
        )
    waiting = list(agreeing_tasks(campaign, at_most=at_most).values_list("pk", flat=True))
    return sum(
        _accept(campaign, waiting[start : start + AT_ONCE], at_most=at_most, by=by)
        for start in range(0, len(waiting), AT_ONCE)
    )


def _accept(campaign: Campaign, task_ids: Sequence[UUID], *, at_most: float, by: User) -> int:
    try:
        with transaction.atomic():
            return _accept_locked(campaign, task_ids, at_most=at_most, by=by)
    except (DatabaseError, ValueError, LookupError):
        log.exception("%d tasks could not be accepted together", len(task_ids))
    if len(task_ids) == 1:
        return 0
    # One of them is broken: the others are accepted one by one.
    return sum(_accept(campaign, [pk], at_most=at_most, by=by) for pk in task_ids)


def _accept_locked(campaign: Campaign, task_ids: Sequence[UUID], *, at_most: float, by: User) -> int:
    rows = Task.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related(
        "campaign__vocabulary", "campaign__ground_truth_layer", "canvas__manifest"
    )
    rows = rows.defer("canvas__extra", "canvas__manifest__document", "canvas__manifest__metadata")
    locked = list(rows.filter(pk__in=task_ids, state=Task.State.RETIRED).order_by("position"))
    # Under the lock nobody merges anew: what is read now is what is accepted.
    agreeing = agreeing_tasks(campaign, at_most=at_most).filter(pk__in=[task.pk for task in locked])
    still = set(agreeing.values_list("pk", flat=True))
    items = _items(locked)
    accepted = []
    for task in locked:
        if task.pk not in still:
            continue
        judgements = [Judgement("accepted", item=pk) for pk in items[task.pk]]
        try:
            accepted.append((task, check(task, judgements, items[task.pk], frozenset()), uuid4()))
        except Problem as problem:
            log.warning("task %s was left to the reviewers: %s", task.pk, problem)
    if accepted:
        _record(accepted, by=by)
    return len(accepted)


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
