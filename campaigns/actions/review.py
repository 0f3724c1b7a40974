"""The curator's decision: what the consensus says is accepted, corrected, rejected, or added to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.addresses import annotation_uri
from annotation.geometry import Box
from annotation.models import Annotation
from campaigns.actions.consensus import locked_task
from campaigns.actions.gold import follow_decision
from campaigns.actions.locking import hold_merged
from campaigns.actions.redrafting import forget_changes_of
from campaigns.actions.review_drafts import drop_review_draft
from campaigns.actions.rulings import Judgement, Ruling, check
from campaigns.actions.second import (
    is_repeated,
    refuse_again,
    require_may_supersede,
    settle,
    spoken_by_request,
)
from campaigns.actions.telling import tell
from campaigns.actions.weighing import follow_examples
from campaigns.beside import motivations_of, paired
from campaigns.documents import (
    ASSESSING,
    MODERATING,
    ConceptNames,
    annotation_document,
    columns,
    decision_document,
    person,
)
from campaigns.models import BulkReview, Campaign, ConsensusItem, Decision, Task, TaskConsensus, Webhook
from campaigns.permissions import refuse_archived
from campaigns.reviewing import answered_by
from campaigns.strands import own_words_of
from campaigns.written import body_of, of_step, question_of
from problems import Conflict, Missing, Refused
from taxonomy.models import Concept
from taxonomy.queries import concepts_of
from work.actions import request_job_once

# Verdicts that put something else in the place of what people said.
CHANGES = {
    Decision.Verdict.CORRECTED,
    Decision.Verdict.ADDED,
    Decision.Verdict.MERGED,
    Decision.Verdict.SPLIT,
}


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

    Where the campaign wants two reviewers it is kept as an opinion, and the task is decided when another says the
    same, or as the third says where two differ (`campaigns.actions.second`).

    `request` is an id made by the client: the same request again changes nothing. With `supersede` a decision
    that stands is replaced (where two reviewers must agree, by those who run the campaign): it stays on record and
    its ground truth leaves the layer; without, that is a `Conflict`, so that of two reviewers at the same task the
    second learns of the first. Raises `Missing` for a task of another campaign, `Refused` (`own-task`) for one
    that they answered themselves, `Invalid` with a pointer into the judgements, `Conflict` when the merged answer
    has changed since (`stale-item`) or the id stands for something else. A constant number of statements.
    """
    refuse_archived(campaign)
    if not campaign.tasks.filter(pk=task_id).exists():
        raise Missing(_("The campaign has no such task."))
    with transaction.atomic():
        task = locked_task(task_id)
        if _is_repeated(task, judgements, request):
            return task
        _refuse_own(task, by)
        if task.state == Task.State.DECIDED and spoken_by_request(task, request):
            return task
        if task.state == Task.State.DECIDED and not supersede:
            raise Conflict(
                _("Somebody else has decided on this task in the meantime. Go on to the next one."),
                code="already-decided",
            )
        if task.state == Task.State.DECIDED and task.campaign.reviews > 1:
            require_may_supersede(task, by)
        _require_consensus(task)
        items = items_of([task])[task.pk]
        allowed = allowed_among(campaign, {pk for judgement in judgements for pk in judgement.concepts_named})
        rulings = check(task, judgements, items, allowed)
        was_decided = task.state == Task.State.DECIDED
        decided: list[tuple[Task, Sequence[Ruling], UUID]] = [(task, rulings, request)]
        if task.campaign.reviews > 1 and not was_decided:
            if is_repeated(task, request, rulings):
                return task
            refuse_again(task, by)
            decided = settle(decided, by=by)
        if decided:
            withdraw_decisions([task])
            record(decided, by=by)
        if was_decided:
            follow_decision(task)
        drop_review_draft(campaign, task.pk, by=by)
    task.refresh_from_db(fields=["state", "decided_at"])
    return task


def _refuse_own(task: Task, by: User) -> None:
    """Whoever answered a task does not judge the answers; under its lock, so that no answer comes in between."""
    if Task.objects.filter(answered_by(by), pk=task.pk).exists():
        raise Refused(
            _(
                "You answered this one yourself. Somebody else who reviews this campaign must decide about it."
            ),
            code="own-task",
        )


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
    said = sorted(
        (str(pk), judgement.verdict, judgement.reason)
        for judgement in judgements
        for pk in (judgement.items * max(1, len(judgement.parts)) or (None,))
    )
    recorded = sorted((str(row.judged_id), row.verdict, row.reason) for row in earlier)
    if said == recorded and {row.task_id for row in earlier} == {task.pk}:
        return True
    raise Conflict(
        _("Another decision with this id is here already. Give each decision an id of its own."),
        pointer="/id",
        code="id-used",
    )


def items_of(tasks: Iterable[Task]) -> dict[UUID, dict[UUID, ConsensusItem]]:
    """The merged items of each task with their annotations and concepts; three queries."""
    found: dict[UUID, dict[UUID, ConsensusItem]] = defaultdict(dict)
    rows = ConsensusItem.objects.filter(consensus__task__in=[task.pk for task in tasks])
    rows = rows.select_related("consensus", "annotation").prefetch_related("annotation__concept_links")
    for item in rows.order_by("id"):
        found[item.consensus.task_id][item.pk] = item
    return found


def allowed_among(campaign: Campaign, wanted: Collection[UUID]) -> frozenset[str]:
    """Those of the wanted concepts that the campaign offers, or offered before they were taken out of use; one query.

    Who had the page open while a concept was merged away may still name it: it counts as its heir.
    """
    if not wanted:
        return frozenset()
    gone = Concept.objects.filter(vocabulary=campaign.vocabulary, status=Concept.Status.DEPRECATED)
    offered = (concepts_of(campaign.vocabulary, campaign.branch) | gone).filter(pk__in=wanted)
    own = own_words_of(campaign).intersection(map(str, wanted))
    return frozenset(str(pk) for pk in offered.values_list("pk", flat=True)) | own


def withdraw_decisions(tasks: Sequence[Task]) -> None:
    """Earlier decisions on tasks of one campaign are superseded; they and their ground truth leave their layers."""
    if not tasks:
        return
    earlier = Decision.objects.filter(task__in=[task.pk for task in tasks], superseded_at=None)
    truth = Annotation.objects.filter(decided_by__in=earlier, deleted_at=None)
    truth.update(deleted_at=Now(), modified_at=Now())
    layer = tasks[0].campaign.decisions_layer_id
    said = Annotation.objects.filter(layer=layer, pk__in=earlier.values("pk"), deleted_at=None)
    said.update(deleted_at=Now(), modified_at=Now())
    earlier.update(superseded_at=Now())


def record(
    decided: Sequence[tuple[Task, Sequence[Ruling], UUID]], *, by: User, bulk: BulkReview | None = None
) -> None:
    """Write ground truth and decisions of tasks of one campaign; a dozen statements however many they are."""
    names = ConceptNames.of(
        pk for _task, rulings, _request in decided for one in rulings for pk in one.concepts
    )
    truths: list[NewAnnotation] = []
    decisions: list[Decision] = []
    told: list[NewAnnotation] = []
    for task, rulings, request in decided:
        for index, ruling in enumerate(rulings):
            truth = None
            if ruling.stands:
                pk = uuid5(request, f"{task.pk}/{index}")
                truth = _truth(task, ruling, names, pk=pk, by=by)
                truths.append(truth)
            decisions.append(_decision(task, ruling, truth, request=request, by=by))
            told.append(_told(decisions[-1], ruling.box, by=by))
        if not any(ruling.stands for ruling in rulings):
            decisions.append(Decision(request=request, task=task, verdict=Decision.Verdict.NOTHING, by=by))
            told.append(_told(decisions[-1], task.region, by=by))
    for row in decisions:
        row.bulk = bulk
    add_annotations([*truths, *told])
    Decision.objects.bulk_create(decisions)
    tasks = Task.objects.filter(pk__in=[task.pk for task, _rulings, _request in decided])
    tasks.update(state=Task.State.DECIDED, decided_at=Now())
    forget_changes_of([task.pk for task, _rulings, _request in decided])
    merged = TaskConsensus.objects.filter(task__in=tasks.values("pk"))
    if len(decided) > 1:
        hold_merged(merged)
    merged.update(priority=None)
    tell(
        decided[0][0].campaign,
        Webhook.Event.DECIDED,
        {"tasks": [{"id": str(task.pk)} for task, _rulings, _request in decided]},
    )
    for campaign in {task.campaign for task, _rulings, _request in decided}:
        follow_examples(campaign, {pk for new in truths for pk in new.concept_ids}, by=by)
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
        details=ruling.details,
        by=by,
    )


def _told(decision: Decision, box: tuple[float, float, float, float] | None, *, by: User) -> NewAnnotation:
    """The decision as an annotation, under its own id, of the merged annotation and its canvas."""
    task, judged = decision.task, decision.judged
    changes = decision.verdict in CHANGES
    place = Box(*box) if box else None
    document = decision_document(
        task.canvas,
        place,
        verdict=decision.verdict,
        changes=changes,
        reason=decision.reason,
        judged=annotation_uri(judged) if judged else None,
        creator=person(by.public_name),
        created=timezone.now(),
    )
    return NewAnnotation(
        id=decision.pk,
        layer=task.campaign.decisions_layer,
        canvas=task.canvas,
        document=document,
        motivations=(MODERATING if changes else ASSESSING,),
        box=place,
        created_by_id=by.pk,
    )


def _truth(task: Task, ruling: Ruling, names: ConceptNames, *, pk: UUID, by: User) -> NewAnnotation:
    """The ground-truth annotation that follows from a judgement."""
    source, box = ruling.source, Box(*ruling.box) if ruling.box else None
    text = body_of(ruling.text, question_of(task.campaign, ruling.step))
    document = annotation_document(
        task.canvas,
        box,
        ruling.concepts,
        names,
        points=ruling.points,
        text=text,
        creator=person(by.public_name),
        created=timezone.now(),
        extension={
            **(of_step(ruling.step) or {}),
            "decision": ruling.verdict,
            **(
                {"derivedFrom": [f"urn:uuid:{pk}" for pk in ruling.members or (source.pk,)]} if source else {}
            ),
        },
    )
    return NewAnnotation(
        id=pk,
        layer=task.campaign.ground_truth_layer,
        canvas=task.canvas,
        document=paired(document, task),
        motivations=motivations_of(task, text),
        **columns(box, ruling.points),
        concept_ids=ruling.concepts,
        created_by_id=by.pk,
        vocabulary_version=task.campaign.vocabulary.version,
    )
