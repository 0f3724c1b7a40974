"""From the answers of several people to one: computed per task, explained, and made again at will."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

import orjson
from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Mod, Now

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation
from annotation.queries import with_concepts
from campaigns.actions.weighing import concepts_in_question, impact_of
from campaigns.believed import believe, believe_on_tree
from campaigns.beside import motivations_of, paired
from campaigns.documents import (
    ConceptNames,
    annotation_document,
    columns,
    points_of,
    software,
)
from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, ConsensusItem, ConsensusMember, Contribution, Task, TaskConsensus
from campaigns.permissions import refuse_archived
from campaigns.quality import (
    Consensus,
    Rule,
    mean_pairwise,
    overall_disagreement,
)
from campaigns.quality.edge_spread import EdgeSpread
from campaigns.quality.impact import priority
from campaigns.quality.kinship import likeness
from campaigns.quality.labels.fitted import Fitted
from campaigns.questions import Said, get_kind
from campaigns.questions.merging import method_of_places, parameters_of, rule_of
from campaigns.questions.parts import parts_of
from campaigns.questions.places import reach_on
from campaigns.said import counted_answers
from campaigns.written import body_of, of_step, question_of, text_on
from taxonomy.heirs import hold_vocabulary
from taxonomy.tree import Tree
from work.actions import request_job_once
from work.models import Job


@dataclass(frozen=True, slots=True)
class Answers:
    """The counted answers of one task, and the annotations in them, each with its author."""

    contributions: tuple[Contribution, ...]
    annotations: tuple[Annotation, ...]
    person: tuple[UUID, ...]
    concepts: tuple[tuple[str, ...], ...]


def request_consensus(campaign: Campaign, *, by: User | None = None) -> Job:
    """Queue the merging of what `tasks_to_merge` finds when the job begins; two statements, no waiting.

    Called within the transaction that retires a task, it either locks a waiting job, which then cannot begin
    before that transaction has ended, or makes a new one, which exists only from its end on. So the job that
    runs next sees the task; a job that has begun already is never relied upon. A person (`by`) is refused where the
    campaign has been put away.
    """
    if by is not None:
        refuse_archived(campaign)
    return request_job_once("campaigns.consensus", campaign.pk, by=by, queue="compute")


def tasks_to_merge(campaign: Campaign) -> QuerySet[Task]:
    """The retired tasks without a consensus, or whose consensus leaves answers out, merges what was amended since,
    or merges in another way.
    """
    counted = (
        Contribution.objects.filter(task=OuterRef("pk"), counts=True)
        .order_by()
        .values("task")
        .annotate(people=Count("pk"))
        .values("people")
    )
    people = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    retired = campaign.tasks.filter(state=Task.State.RETIRED).annotate(people=people)
    stale = Q(consensus=None, people__gt=0) | (Q(consensus__isnull=False) & ~Q(consensus__seen=F("people")))
    stale |= Q(consensus__isnull=False) & ~Q(consensus__method=method_of(campaign))
    stale |= Q(consensus__outdated_at__isnull=False)
    return retired.filter(stale).order_by("position")


def shard_of(tasks: QuerySet[Task], number: int, shards: int) -> QuerySet[Task]:
    """Part `number` of `shards` equal ones, from 0."""
    return tasks.annotate(shard=Mod(F("position"), shards)).filter(shard=number) if shards > 1 else tasks


def method_of(campaign: Campaign) -> str:
    """The name of the way in which the campaign's answers are merged, as every merge keeps it."""
    method = get_kind(campaign.question_kind).TRAITS.method_for(campaign.question)
    alike = campaign.weighing == Campaign.Weighing.ALIKE
    if places := method_of_places(campaign.question, weighed=not alike):
        method = f"{method}; {places}"
    return method if alike else f"{method}; {campaign.weighing}, 1"


def compute_consensus(
    task: Task,
    *,
    names: ConceptNames,
    tree: Tree[str] | None = None,
    rule: Rule | None = None,
    fitted: Fitted | None = None,
    edges: EdgeSpread | None = None,
) -> TaskConsensus | None:
    """Merge the counted answers of one task and put the result into the consensus layer.

    The same answers and rule give the same items and annotations with the same ids, so that repeating changes
    nothing; what no longer follows from the answers is withdrawn. What a curator has decided stays as it is.
    `tree`: `campaign_tree`, if it is at hand already. `fitted`: the model of reliability that decides on labels, where
    the campaign asks for one; without it the plain vote. `edges`: how exactly people draw, where a mean listens to it.
    None while nobody has answered.
    """
    with transaction.atomic():
        task = locked_task(task.pk)
        rule = rule or rule_of(task.campaign.question)
        hold_vocabulary(task.campaign.vocabulary_id)
        answers = _answers(task)
        if not answers.contributions:
            return None
        reach = reach_on((task.canvas.width, task.canvas.height))
        merging = _Merging(task.campaign, rule, tree or campaign_tree(task.campaign), reach, fitted, edges)
        items = merging.items(answers)
        concepts = concepts_in_question(items)
        disagreement, weight = overall_disagreement(items), impact_of(task.campaign, concepts)
        before = _outcome(task) if fitted else None
        consensus, _created = TaskConsensus.objects.update_or_create(
            task=task,
            defaults={
                "campaign": task.campaign,
                "method": method_of(task.campaign),
                "parameters": parameters_of(task.campaign.question, rule),
                "contributions": [str(contribution.pk) for contribution in answers.contributions],
                "seen": len(answers.contributions),
                "agreement": merging.agreement(answers.contributions),
                "disagreement": disagreement,
                "concepts": concepts,
                "impact": weight,
                "priority": priority(disagreement, weight),
                "outdated_at": None,
            },
        )
        _write(consensus, task, items, answers, names)
        if before and before == _outcome(task):
            # Weighed anew it comes to the same: what reviewers have said of it still holds.
            TaskConsensus.objects.filter(pk=consensus.pk).update(computed_at=before.since)
    return consensus


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a reviewer sees of a merge, places and labels, and since when; equal when the same is seen."""

    seen: tuple[tuple[bytes, tuple[str, ...]], ...]
    since: datetime = field(compare=False)


def _outcome(task: Task) -> _Outcome | None:
    row = TaskConsensus.objects.filter(task=task).first()
    if row is None:
        return None
    rows = with_concepts(Annotation.objects.filter(consensus_item__consensus=row, deleted_at=None))
    seen = sorted(
        (
            orjson.dumps(one.document.get("target"), option=orjson.OPT_SORT_KEYS),
            tuple(sorted(str(link.concept_id) for link in one.concept_links.all())),
        )
        for one in rows
    )
    return _Outcome(tuple(seen), row.computed_at)


def locked_task(task_id: UUID) -> Task:
    """The task with campaign and canvas, locked against submissions, merges and decisions until the end."""
    rows = Task.objects.select_for_update(of=("self",), no_key=True).select_related(
        "campaign__vocabulary",
        "campaign__consensus_layer",
        "campaign__decisions_layer",
        "campaign__ground_truth_layer",
        "canvas__manifest",
    )
    return rows.defer("canvas__extra", "canvas__manifest__document", "canvas__manifest__metadata").get(
        pk=task_id
    )


def _answers(task: Task) -> Answers:
    contributions = list(task.contributions.filter(counts=True).order_by("id"))
    authors = {contribution.pk: contribution.participant_id for contribution in contributions}
    rows = list(
        with_concepts(
            Annotation.objects.filter(contribution_shape__contribution__in=contributions, deleted_at=None)
            .select_related("contribution_shape")
            .order_by("id")
        )
    )
    return Answers(
        contributions=tuple(contributions),
        annotations=tuple(rows),
        person=tuple(authors[row.contribution_shape.contribution_id] for row in rows),
        concepts=tuple(tuple(str(link.concept_id) for link in row.concept_links.all()) for row in rows),
    )


@dataclass(frozen=True, slots=True)
class _Merging:
    """How the answers to one campaign are merged. `tree`: where a coarser answer is no contradiction; `reach`: how far
    apart points on this canvas may be."""

    campaign: Campaign
    rule: Rule
    tree: Tree[str] | None
    reach: float
    fitted: Fitted | None
    edges: EdgeSpread | None = None

    def items(self, answers: Answers) -> list[Consensus]:
        said = Said(
            people=tuple(contribution.participant_id for contribution in answers.contributions),
            person=answers.person,
            boxes=tuple(row.box for row in answers.annotations),
            points=tuple(map(points_of, answers.annotations)),
            reach=self.reach,
            concepts=answers.concepts,
            weight=self._weights(answers),
            edge_weight=self._edge_weights(answers),
            texts=tuple(map(text_on, answers.annotations)),
            steps=tuple(row.contribution_shape.step for row in answers.annotations),
            asked=_asked(answers.contributions),
        )
        kind = get_kind(self.campaign.question_kind)
        config = self.campaign.question
        items = kind.merge(said, config=config, rule=self.rule, tree=self.tree)
        if self.fitted is None:
            return items
        if self.tree is not None:
            return believe_on_tree(items, said, self.fitted, self.tree, bar=self.rule.majority)
        many, draws = bool(config.get("many")), kind.TRAITS.draws
        return believe(items, said, self.fitted, draws=draws, many=many, bar=self.rule.majority)

    def _weights(self, answers: Answers) -> tuple[float, ...]:
        """How reliable the author of each shape is, where places are merged by the mean; else nothing."""
        if self.fitted is None or self.edges is not None or self.rule.geometry != "mean":
            return ()
        known, mean = self.fitted.accuracy, self.fitted.mean
        return tuple(known.get(str(person), mean) for person in answers.person)

    def _edge_weights(self, answers: Answers) -> tuple[tuple[float, float, float, float], ...]:
        """The same of each edge, where so much has been drawn that it is known."""
        if self.edges is None or self.rule.geometry != "mean":
            return ()
        rows = self.edges.weights([str(person) for person in answers.person])
        return tuple((left, top, right, bottom) for left, top, right, bottom in rows.tolist())

    def agreement(self, contributions: Sequence[Contribution]) -> float | None:
        """Of the answers as they count now: a concept that was merged away by the one that it became."""
        compare = get_kind(self.campaign.question_kind).compare
        if self.tree is not None:
            compare = partial(compare, alike=likeness(self.tree))
        return mean_pairwise(counted_answers([one.answer for one in contributions]), compare)


def _asked(contributions: Sequence[Contribution]) -> dict[str, tuple[UUID, ...]]:
    """Of a sequence the people who were asked each step."""
    asked: dict[str, tuple[UUID, ...]] = {}
    for one in contributions:
        for step, _part in parts_of(one.answer):
            asked[step] = (*asked.get(step, ()), one.participant_id)
    return asked


def _write(
    consensus: TaskConsensus, task: Task, items: Sequence[Consensus], answers: Answers, names: ConceptNames
) -> None:
    """Items and annotations share their ids; what was there already is left alone."""
    ids = [_id_of(consensus, item, answers) for item in items]
    gone = ConsensusItem.objects.filter(consensus=consensus).exclude(pk__in=ids)
    withdrawn = Annotation.objects.filter(consensus_item__in=gone, deleted_at=None)
    withdrawn.update(deleted_at=Now(), modified_at=Now())
    gone.delete()
    names = names.including(concept for item in items for concept in item.concepts)
    add_annotations(
        [_new(consensus, task, item, answers, names, pk) for pk, item in zip(ids, items, strict=True)]
    )
    back = Annotation.objects.filter(pk__in=ids, deleted_at__isnull=False)
    back.update(deleted_at=None, modified_at=Now())
    ConsensusItem.objects.bulk_create(
        [_item(consensus, item, pk) for pk, item in zip(ids, items, strict=True)], ignore_conflicts=True
    )
    ConsensusMember.objects.bulk_create(
        [
            ConsensusMember(item_id=pk, annotation=answers.annotations[index])
            for pk, item in zip(ids, items, strict=True)
            for index in item.members
        ],
        ignore_conflicts=True,
    )


def _item(consensus: TaskConsensus, item: Consensus, pk: UUID) -> ConsensusItem:
    return ConsensusItem(
        id=pk,
        consensus=consensus,
        annotation_id=pk,
        votes=[{"concept": vote.concept, "count": vote.count} for vote in item.votes],
        support=item.voters,
        seen=item.seen,
        spread=item.spread,
        disagreement=item.disagreement,
        posterior=[list(pair) for pair in item.posterior] or None,
        step=item.step,
    )


def _new(
    consensus: TaskConsensus, task: Task, item: Consensus, answers: Answers, names: ConceptNames, pk: UUID
) -> NewAnnotation:
    """The merged annotation as a document that says how, from what and by how many it came about."""
    box = item.box or (Box(*task.region) if task.region else None)
    text = body_of(item.text, question_of(task.campaign, item.step))
    document = annotation_document(
        task.canvas,
        box,
        item.concepts,
        names,
        points=item.points,
        text=text,
        generator=software(consensus.method),
        extension={
            **(of_step(item.step) or {}),
            "method": consensus.method,
            "parameters": consensus.parameters,
            "support": round(item.support, 6),
            **({"posterior": [list(pair) for pair in item.posterior]} if item.posterior else {}),
            "derivedFrom": [f"urn:uuid:{answers.annotations[index].pk}" for index in item.members],
        },
    )
    return NewAnnotation(
        id=pk,
        layer=task.campaign.consensus_layer,
        canvas=task.canvas,
        document=paired(document, task),
        motivations=motivations_of(task, text),
        **columns(box, item.points),
        concept_ids=tuple(UUID(concept) for concept in item.concepts),
        vocabulary_version=task.campaign.vocabulary.version,
    )


def _id_of(consensus: TaskConsensus, item: Consensus, answers: Answers) -> UUID:
    """An id that follows from all that an item says and comes from: the same merge is the same item."""
    said = {
        "method": consensus.method,
        "parameters": consensus.parameters,
        "members": sorted(str(answers.annotations[index].pk) for index in item.members),
        "seen": item.seen,
        "box": [round(value, 4) for value in item.box.xywh] if item.box else None,
        "concepts": item.concepts,
        "votes": [(vote.concept, vote.count) for vote in item.votes],
        "spread": item.spread and [round(value, 4) for value in item.spread],
        "disagreement": round(item.disagreement, 6),
        # Absent for boxes, whose ids stay what they were.
        **({"points": [[round(x, 4), round(y, 4)] for x, y in item.points]} if item.points else {}),
        **({"posterior": item.posterior} if item.posterior else {}),
        **({"text": [item.text.value, item.text.language]} if item.text else {}),
        **({"step": item.step} if item.step else {}),
    }
    return uuid5(consensus.task_id, orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode())
