"""From the answers of several people to one: computed per task, explained, and made again at will."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Annotation
from annotation.queries import with_concepts
from campaigns.documents import ConceptNames, annotation_document, software
from campaigns.models import Campaign, ConsensusItem, ConsensusMember, Contribution, Task, TaskConsensus
from campaigns.quality import (
    BOXES_METHOD,
    TAGS_METHOD,
    Consensus,
    Rule,
    mean_pairwise,
    merge_boxes,
    merge_tags,
    overall_disagreement,
)
from campaigns.questions import get_kind
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
    """Queue the computation for every task of the campaign that has been seen enough and has none yet."""
    return request_job_once("campaigns.consensus", campaign.pk, by=by, queue="compute")


def compute_consensus(task: Task, *, names: ConceptNames, rule: Rule | None = None) -> TaskConsensus | None:
    """Merge the counted answers of one task and put the result into the consensus layer.

    The same answers and rule give the same annotations with the same ids, so that repeating changes
    nothing; what no longer follows from the answers is withdrawn. None while nobody has answered.
    """
    rule = rule or Rule()
    with transaction.atomic():
        task = Task.objects.select_for_update(of=("self",)).select_related("campaign", "canvas__manifest").get(pk=task.pk)
        answers = _answers(task)
        if not answers.contributions:
            return None
        tags = task.campaign.question_kind == "tag"
        items = _merge_tags(task.campaign, answers, rule) if tags else _merge_boxes(answers, rule)
        consensus, _created = TaskConsensus.objects.update_or_create(
            task=task,
            defaults={
                "campaign": task.campaign,
                "method": TAGS_METHOD if tags else BOXES_METHOD,
                "parameters": rule.parameters(),
                "contributions": [str(contribution.pk) for contribution in answers.contributions],
                "seen": len(answers.contributions),
                "agreement": _agreement(task.campaign, answers.contributions),
                "disagreement": overall_disagreement(items),
            },
        )
        _write(consensus, task, items, answers, names)
    return consensus


def _answers(task: Task) -> Answers:
    contributions = list(task.contributions.filter(counts=True).order_by("submitted_at", "id"))
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


def _merge_boxes(answers: Answers, rule: Rule) -> list[Consensus]:
    placed = [index for index, row in enumerate(answers.annotations) if row.box]
    if not placed:
        return []
    return [
        _with_rows(item, placed)
        for item in merge_boxes(
            [answers.annotations[index].box or () for index in placed],
            [answers.person[index] for index in placed],
            [answers.concepts[index] for index in placed],
            seen=len(answers.contributions),
            rule=rule,
        )
    ]


def _merge_tags(campaign: Campaign, answers: Answers, rule: Rule) -> list[Consensus]:
    """One row a person: all the concepts of that person's annotations; members are then those annotations."""
    people = [contribution.participant_id for contribution in answers.contributions]
    said = {person: set[str]() for person in people}
    for person, concepts in zip(answers.person, answers.concepts, strict=True):
        said[person].update(concepts)
    items = merge_tags(people, [said[p] for p in people], many=bool(campaign.question.get("many")), rule=rule)
    merged = []
    for item in items:
        givers = {people[index] for index in item.members}
        counted = set(item.concepts) or {vote.concept for vote in item.votes}
        rows = [
            index
            for index, (person, concepts) in enumerate(zip(answers.person, answers.concepts, strict=True))
            if person in givers and counted & set(concepts)
        ]
        merged.append(_with_members(item, rows))
    return merged


def _with_rows(item: Consensus, rows: Sequence[int]) -> Consensus:
    return _with_members(item, [rows[index] for index in item.members])


def _with_members(item: Consensus, members: Sequence[int]) -> Consensus:
    fields = {name: getattr(item, name) for name in Consensus.__dataclass_fields__}
    return Consensus(**{**fields, "members": tuple(members)})


def _agreement(campaign: Campaign, contributions: Sequence[Contribution]) -> float | None:
    compare = get_kind(campaign.question_kind).compare
    return mean_pairwise([contribution.answer for contribution in contributions], compare)


def _write(
    consensus: TaskConsensus, task: Task, items: Sequence[Consensus], answers: Answers, names: ConceptNames
) -> None:
    layer = task.campaign.consensus_layer
    ids = [_id_of(task, consensus.method, item, answers) for item in items]
    old = ConsensusItem.objects.filter(consensus=consensus)
    Annotation.objects.filter(consensus_item__in=old).exclude(pk__in=ids).update(deleted_at=timezone.now())
    old.delete()
    add_annotations(
        [
            NewAnnotation(
                id=pk,
                layer=layer,
                canvas=task.canvas,
                document=annotation_document(
                    task.canvas,
                    item.box or (Box(*task.region) if task.region else None),
                    item.concepts,
                    names,
                    motivation="tagging",
                    generator=software(consensus.method),
                    extension={
                        "method": consensus.method,
                        "parameters": consensus.parameters,
                        "support": round(item.support, 4),
                        "derivedFrom": [f"urn:uuid:{answers.annotations[index].pk}" for index in item.members],
                    },
                ),
                motivations=("tagging",),
                box=item.box or (Box(*task.region) if task.region else None),
                concept_ids=tuple(UUID(concept) for concept in item.concepts),
            )
            for pk, item in zip(ids, items, strict=True)
        ]
    )
    Annotation.objects.filter(pk__in=ids).update(deleted_at=None)
    rows = ConsensusItem.objects.bulk_create(
        ConsensusItem(
            consensus=consensus,
            annotation_id=pk,
            votes=[{"concept": vote.concept, "count": vote.count} for vote in item.votes],
            support=item.voters,
            seen=item.seen,
            spread=item.spread,
            disagreement=item.disagreement,
        )
        for pk, item in zip(ids, items, strict=True)
    )
    ConsensusMember.objects.bulk_create(
        ConsensusMember(item=row, annotation=answers.annotations[index])
        for row, item in zip(rows, items, strict=True)
        for index in item.members
    )


def _id_of(task: Task, method: str, item: Consensus, answers: Answers) -> UUID:
    """An id that follows from what was merged and what came out, so that the same merge is the same annotation."""
    members = ",".join(str(answers.annotations[index].pk) for index in sorted(item.members))
    box = ",".join(f"{value:.4f}" for value in item.box.xywh) if item.box else ""
    return uuid5(task.pk, f"{method}|{members}|{','.join(item.concepts)}|{box}")
