"""Let people change what they handed in, until somebody has decided; what they said before is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from annotation.actions.amending import amend_annotations
from campaigns.actions.consensus import request_consensus
from campaigns.actions.contributions import (
    Submission,
    annotations_of,
    hold_task,
    judge_as_configured,
    origins_of,
    shapes_of,
    validated,
)
from campaigns.actions.facts import Facts, Mentions, facts_for
from campaigns.actions.retiring import settle_task
from campaigns.actions.scoring import score_contribution
from campaigns.disguise import state_told
from campaigns.models import (
    Campaign,
    Contribution,
    ContributionRevision,
    ContributionShape,
    Draft,
    Task,
    TaskConsensus,
)
from campaigns.questions.parts import shapes_in
from problems import Conflict


@dataclass(frozen=True, slots=True)
class Amendment:
    """A new answer under an id of its own; `based_on` is the revision that the person saw, 1 as handed in.

    `time_spent_s` is what was spent on the change alone.
    """

    submission: Submission
    based_on: int

    def digest(self, assignment_id: UUID) -> str:
        """SHA-256 of all that it says: tells a retry from another content."""
        return sha256(f"{self.submission.digest(assignment_id)} {self.based_on}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Amended:
    """What became of it: `is_new` is False for a retry, which changes nothing."""

    contribution: Contribution
    is_new: bool


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a contribution cannot be amended: a stable code and a sentence."""

    code: str
    sentence: str


def obstacle_to_amending(*, task_state: str, has_ended: bool) -> Obstacle | None:
    """What stands in the way, None while it may be amended: until the decision, unless the campaign is closed."""
    if task_state == Task.State.DECIDED:
        return Obstacle(
            "decided", _("This image has been decided, so your answer stands as you handed it in.")
        )
    if has_ended:
        return Obstacle("campaign-closed", _("This campaign is closed, so your answer stands."))
    return None


def amend(contribution: Contribution, amendment: Amendment) -> Amended:
    """Put another answer in the place of one's own, in one transaction; harmless to repeat.

    The contribution came through its gate. What it said until then is kept, its annotations change with their own
    history, and whether it counts stays as it was; a merge that it went into is made anew. Raises `Conflict`:
    `decided` or `campaign-closed`; `changed-meanwhile` when `based_on` is no longer the present revision; `id-used`
    for the same id with another content. Raises `Invalid` like `submit`.
    """
    try:
        with transaction.atomic():
            hold_task(contribution.assignment)
            return _amend_held(contribution, amendment)
    except IntegrityError as error:
        raise Conflict(
            _("Something this answer names has just been used or removed by somebody else. Send it again."),
            code="try-again",
        ) from error


def _amend_held(contribution: Contribution, amendment: Amendment) -> Amended:
    assignment, submission = contribution.assignment, amendment.submission
    # Read now that nobody else can write it.
    contribution.refresh_from_db(fields=["answer", "revision", "amended_at", "counts", "time_spent_s"])
    digest = amendment.digest(assignment.pk)
    if _is_repeated(contribution, submission.id, digest):
        return Amended(contribution, is_new=False)
    facts = facts_for(assignment, contribution.pk, Mentions.of(submission.answer))
    judge_as_configured(assignment, facts)
    _refuse(contribution, amendment, facts)
    mine = _ever_drawn(contribution)
    answer = validated(assignment, submission, replace(facts, taken=facts.taken - mine))
    before = _annotate(contribution, answer, facts)
    _keep_earlier(contribution, submission.id, digest, before, facts)
    _write(contribution, submission, answer, facts)
    # After the answer is locked, as whoever keeps a draft of a change does.
    Draft.objects.filter(assignment=assignment.pk).delete()
    if contribution.counts:
        _merge_anew(contribution, facts)
    if assignment.seeded:
        score_contribution(assignment.task.campaign, assignment.task_id, contribution.pk, answer)
    return Amended(contribution, is_new=True)


def _is_repeated(contribution: Contribution, amendment_id: UUID, digest: str) -> bool:
    """Whether this very amendment was made already; a conflict when its id stands for another one."""
    known = ContributionRevision.objects.filter(pk=amendment_id).first()
    if known is None:
        return False
    if known.contribution_id == contribution.pk and known.digest == digest:
        return True
    raise Conflict(
        _("Another amendment has this id already. Give each amendment an id of its own."),
        pointer="/id",
        code="id-used",
    )


def _refuse(contribution: Contribution, amendment: Amendment, facts: Facts) -> None:
    assignment = contribution.assignment
    state = state_told(assignment, assignment.task.campaign, facts.task_state)
    obstacle = obstacle_to_amending(
        task_state=state, has_ended=facts.campaign_status == Campaign.Status.CLOSED
    )
    if obstacle is not None:
        raise Conflict(obstacle.sentence, code=obstacle.code)
    if amendment.based_on != contribution.revision:
        raise Conflict(
            _("You have changed this answer elsewhere in the meantime. Choose which of the two is right."),
            pointer="/based_on",
            code="changed-meanwhile",
            extra={"revision": contribution.revision},
        )


def _ever_drawn(contribution: Contribution) -> frozenset[str]:
    """The ids of all shapes that the contribution has or had: they may stay, change and come back."""
    answers = [contribution.answer, *contribution.revisions.values_list("answer", flat=True)]
    return frozenset(shape["id"] for answer in answers for _place, shape in shapes_in(answer))


def _annotate(contribution: Contribution, answer: Mapping[str, Any], facts: Facts) -> list[dict[str, object]]:
    """Bring annotations and origins to the new answer; returns how they stood."""
    origins = list(contribution.shapes.order_by("annotation_id"))
    shapes = shapes_of(contribution.assignment, answer, facts, contribution.pk)
    named = {UUID(shape["id"]) for shape in shapes}
    versions = amend_annotations(
        annotations_of(contribution.assignment, shapes, facts),
        withdrawn=[row.annotation_id for row in origins if row.annotation_id not in named],
        by=contribution.participant.user,
    )
    ContributionShape.objects.filter(contribution=contribution).delete()
    ContributionShape.objects.bulk_create(origins_of(contribution.pk, shapes, facts))
    return [
        {
            "id": str(row.annotation_id),
            "revision": versions[row.annotation_id],
            "origin": row.origin,
            "prediction": row.prediction_id and str(row.prediction_id),
            "iou": row.prediction_iou,
            **({"certainty": row.certainty} if row.certainty else {}),
        }
        for row in origins
    ]


def _keep_earlier(
    contribution: Contribution, amendment_id: UUID, digest: str, shapes: list[dict[str, object]], facts: Facts
) -> None:
    ContributionRevision.objects.create(
        id=amendment_id,
        digest=digest,
        contribution=contribution,
        revision=contribution.revision,
        answer=contribution.answer,
        shapes=shapes,
        canvas_size=list(facts.canvas_size),
        campaign_version=contribution.campaign_version,
        vocabulary_version=contribution.vocabulary_version,
        time_spent_s=contribution.time_spent_s,
        locale=contribution.locale,
        device=contribution.device,
        stood_since=contribution.amended_at or contribution.submitted_at,
    )


def _write(contribution: Contribution, submission: Submission, answer: dict[str, Any], facts: Facts) -> None:
    """The contribution as it is from now on; its own digest stays that of what was handed in first."""
    contribution.answer, contribution.nothing_here = answer, answer["nothing_here"]
    contribution.comment = answer["comment"]
    contribution.campaign_version = contribution.assignment.task.campaign.config_version
    contribution.vocabulary_version = facts.vocabulary_version
    contribution.time_spent_s = _together(contribution.time_spent_s, submission.time_spent_s)
    contribution.locale, contribution.device = submission.locale, submission.device
    contribution.revision, contribution.amended_at = contribution.revision + 1, timezone.now()
    contribution.save(
        update_fields=[
            "answer", "nothing_here", "comment", "campaign_version", "vocabulary_version", "time_spent_s",
            "locale", "device", "revision", "amended_at",
        ]
    )  # fmt: skip


def _together(before: float | None, more: float | None) -> float | None:
    return more if before is None else before + (more or 0)


def _merge_anew(contribution: Contribution, facts: Facts) -> None:
    """Nobody decides on the merge that this answer went into before it has been made again."""
    task = contribution.assignment.task
    TaskConsensus.objects.filter(task=task).update(outdated_at=Now())
    if facts.retirement:  # whether people agree may be another matter now
        settle_task(task, facts.retirement, facts.overlap)
    if facts.task_state == Task.State.RETIRED:
        request_consensus(task.campaign)
