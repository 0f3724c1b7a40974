"""The curator's decision: what the consensus says is accepted, corrected, rejected, or added to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation
from annotation.queries import with_concepts
from campaigns.documents import ConceptNames, annotation_document, person
from campaigns.models import Campaign, ConsensusItem, Decision, Task, TaskConsensus
from campaigns.questions import QuestionError, get_kind
from problems import Conflict, Invalid, Missing

VERDICTS = {"accepted", "corrected", "rejected", "added"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer says about one item: `item` is None for something that nobody had marked."""

    verdict: str
    item: UUID | None = None
    box: tuple[float, float, float, float] | None = None
    concepts: tuple[UUID, ...] = ()
    reason: str = ""


def review_queue(campaign: Campaign) -> QuerySet[Task]:
    """The tasks that wait for a decision, the most disputed first."""
    waiting = campaign.tasks.filter(state=Task.State.RETIRED, consensus__isnull=False)
    return waiting.order_by("-consensus__disagreement", "position")


def decide(campaign: Campaign, task_id: UUID, judgements: Sequence[Judgement], *, request: UUID, by: User) -> Task:
    """Record the decision on a task and write its ground truth, in one transaction.

    `request` is an id made by the client: the same request again changes nothing. A later review of the
    same task replaces the earlier one, which stays on record.
    """
    with transaction.atomic():
        task = (
            Task.objects.select_for_update(of=("self",))
            .select_related("campaign", "canvas__manifest")
            .filter(campaign=campaign, pk=task_id)
            .first()
        )
        if task is None:
            raise Missing("The campaign has no such task.")
        if Decision.objects.filter(task=task, request=request).exists():
            return task
        consensus = TaskConsensus.objects.filter(task=task).first()
        if consensus is None:
            raise Conflict("Nobody's answers to this task have been merged yet.", code="no-consensus")
        items = {item.pk: item for item in consensus.items.select_related("annotation").prefetch_related("annotation__concept_links")}
        _check(judgements, items, task)
        _withdraw(task)
        _record(task, judgements, items, request=request, by=by)
        task.state, task.decided_at = Task.State.DECIDED, timezone.now()
        task.save(update_fields=["state", "decided_at"])
    return task


def _check(judgements: Sequence[Judgement], items: dict[UUID, ConsensusItem], task: Task) -> None:
    judged: set[UUID] = set()
    for index, judgement in enumerate(judgements):
        where = f"/items/{index}"
        if judgement.verdict not in VERDICTS:
            raise Invalid("A verdict is accepted, corrected, rejected or added.", pointer=f"{where}/verdict")
        if (judgement.item is None) != (judgement.verdict == "added"):
            raise Invalid("Name the item that is judged, and none for an added one.", pointer=f"{where}/id")
        if judgement.item is not None:
            if judgement.item not in items:
                raise Conflict(
                    "The merged answer has changed since you opened it. Load the task again.", code="stale-item"
                )
            if judgement.item in judged:
                raise Invalid("An item is judged twice.", pointer=f"{where}/id", code="repeated")
            judged.add(judgement.item)
        if judgement.verdict in {"corrected", "added"}:
            _check_content(judgement, task, where)
    missing = items.keys() - judged
    if missing:
        raise Invalid(f"Decide on every item: {len(missing)} have no verdict yet.", pointer="/items", code="undecided")
    for index, judgement in enumerate(judgements):
        if judgement.verdict == "accepted" and judgement.item and not _has_label(items[judgement.item]):
            raise Invalid(
                "People gave this different labels and none has a majority. Choose one.",
                pointer=f"/items/{index}/verdict",
                code="label-undecided",
            )


def _has_label(item: ConsensusItem) -> bool:
    return bool(item.annotation.concept_links.all()) or not item.votes


def _check_content(judgement: Judgement, task: Task, where: str) -> None:
    """A reviewer's box or label has to satisfy the same question as everybody's."""
    campaign = task.campaign
    allowed = ConceptNames.of(judgement.concepts)
    concepts = [str(concept) for concept in judgement.concepts]
    answer: dict[str, Any] = {"nothing_here": False}
    if campaign.question_kind == "tag":
        answer["concepts"] = concepts
    else:
        if judgement.box is None:
            raise Invalid("Give the box.", pointer=f"{where}/box", code="missing")
        answer["shapes"] = [{"id": str(uuid4()), "box": list(judgement.box), "concepts": concepts}]
    try:
        get_kind(campaign.question_kind).validate_answer(
            answer,
            config=campaign.question,
            canvas_size=(task.canvas.width, task.canvas.height),
            allowed_concepts=allowed,
            region=None,
        )
    except QuestionError as error:
        place = error.pointer.removeprefix("/shapes/0")
        raise Invalid(error.sentence, pointer=f"{where}{place}", code=error.code) from error


def _withdraw(task: Task) -> None:
    """An earlier decision on the task is superseded, and its ground truth leaves the layer."""
    earlier = Decision.objects.filter(task=task, superseded_at=None)
    Annotation.objects.filter(decided_by__in=earlier).update(deleted_at=Now())
    earlier.update(superseded_at=Now())


def _record(
    task: Task, judgements: Sequence[Judgement], items: dict[UUID, ConsensusItem], *, request: UUID, by: User
) -> None:
    merged = {row.pk: row for row in with_concepts(Annotation.objects.filter(consensus_item__in=items))}
    wanted = {concept for judgement in judgements for concept in judgement.concepts}
    wanted |= {link.concept_id for row in merged.values() for link in row.concept_links.all()}
    names = ConceptNames.of(wanted)
    rows, decisions = [], []
    for index, judgement in enumerate(judgements):
        source = merged[items[judgement.item].annotation_id] if judgement.item else None
        truth = _truth(task, judgement, source, names, pk=uuid5(request, str(index)), by=by)
        rows += [truth] if truth else []
        decisions.append(
            Decision(
                request=request,
                task=task,
                judged=source,
                verdict=judgement.verdict,
                result_id=truth.id if truth else None,
                reason=judgement.reason,
                by=by,
            )
        )
    if not rows:
        decisions.append(Decision(request=request, task=task, verdict=Decision.Verdict.NOTHING, by=by))
    add_annotations(rows)
    Decision.objects.bulk_create(decisions)


def _truth(
    task: Task, judgement: Judgement, source: Annotation | None, names: ConceptNames, *, pk: UUID, by: User
) -> NewAnnotation | None:
    """The ground-truth annotation that follows from a judgement; none from a rejection."""
    if judgement.verdict == "rejected":
        return None
    if judgement.verdict == "accepted" and source is not None:
        box, concepts = source.box, tuple(link.concept_id for link in source.concept_links.all())
    else:
        box = judgement.box or (source.box if source else None) or task.region
        concepts = judgement.concepts
    placed = Box(*box) if box else None
    document = annotation_document(
        task.canvas,
        placed,
        concepts,
        names,
        motivation="tagging",
        creator=person(by.public_name),
        created=timezone.now(),
        extension={
            "decision": judgement.verdict,
            **({"derivedFrom": [f"urn:uuid:{source.pk}"]} if source else {}),
        },
    )
    return NewAnnotation(
        id=pk,
        layer=task.campaign.ground_truth_layer,
        canvas=task.canvas,
        document=document,
        motivations=("tagging",),
        box=placed,
        concept_ids=concepts,
        created_by_id=by.pk,
        vocabulary_version=task.campaign.vocabulary.version,
    )


def agreeing_tasks(campaign: Campaign, *, at_most: float) -> QuerySet[Task]:
    """The waiting tasks whose answers differ by no more than this (0 to 1) and whose labels are all decided."""
    undecided = ConsensusItem.objects.filter(consensus__campaign=campaign, annotation__concept_links=None).exclude(votes=[])
    waiting = review_queue(campaign).filter(consensus__disagreement__lte=at_most)
    return waiting.exclude(consensus__items__in=undecided)


def accept_agreeing(campaign: Campaign, *, at_most: float, by: User) -> int:
    """Accept the merged answer of every waiting task that is as good as undisputed; returns how many."""
    if not 0 <= at_most <= 1:
        raise Invalid("The limit of disagreement is a share from 0 to 1.", pointer="/at_most", code="out-of-range")
    count = 0
    for task in list(agreeing_tasks(campaign, at_most=at_most).prefetch_related("consensus__items")):
        judgements = [Judgement("accepted", item=item.pk) for item in task.consensus.items.all()]
        decide(campaign, task.pk, judgements, request=uuid4(), by=by)
        count += 1
    return count
