"""Take in what a volunteer hands in: once, under a lock on its task, and never more than enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import orjson
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box, iou
from annotation.models import Layer
from annotation.signals import same_shape
from campaigns.actions.consensus import request_consensus
from campaigns.actions.facts import Facts, Mentions, facts_for
from campaigns.actions.keeping import keep_answer
from campaigns.actions.rescaling import scaled_answer
from campaigns.actions.scoring import score_contribution
from campaigns.beside import motivations_of, paired
from campaigns.documents import ConceptNames, annotation_document, columns, person
from campaigns.enough import enough_with
from campaigns.models import Assignment, Campaign, ContributionShape, Participant, Task
from campaigns.quality.overlay import overlay
from campaigns.questions import JUDGING, AnswerError, get_kind
from campaigns.questions.parts import parts_of, shapes_in
from campaigns.questions.places import corners_of
from campaigns.rules import Given
from campaigns.strands import config_of
from campaigns.written import body_of, of_step, question_of
from problems import Conflict, Invalid
from taxonomy.heirs import heirs_of


@dataclass(frozen=True, slots=True)
class Submission:
    """What the client sends. `id` is its own UUID; `answer` is as it came, read by the kind of question.

    `canvas_size` (width, height) is the space in which its boxes were drawn; None when the client does not say.
    """

    id: UUID
    answer: Mapping[str, Any]
    time_spent_s: float | None = None
    locale: str = ""
    device: str = ""
    canvas_size: tuple[float, float] | None = None

    def digest(self, assignment_id: UUID) -> str:
        """SHA-256 of the canonical JSON (sorted keys, no spaces): tells a retry from another content."""
        whole = [assignment_id, self.answer, self.time_spent_s, self.locale, self.device]
        whole += [] if self.canvas_size is None else [list(self.canvas_size)]
        return sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of it: `is_new` is False for a retry, which changes nothing."""

    id: UUID
    assignment_id: UUID
    submitted_at: datetime
    counts: bool
    is_new: bool
    seeded: bool = False
    mine: int | None = None  # how much the person has handed in with this, where that was counted along

    def looks_counted(self, campaign: Campaign) -> bool:
        """What the person is told: with a known answer the same as with any other that comes in time."""
        in_time = campaign.closed_at is None or self.submitted_at < campaign.closed_at
        return self.counts or (self.seeded and in_time)


def submit(assignment: Assignment, submission: Submission) -> Submitted:
    """Keep an answer, in one transaction; harmless to repeat.

    The assignment came through its gate. It counts while the task is open and fewer people than the overlap have
    answered or hold a live lease; otherwise (late work, a closed campaign) it is kept without counting. Raises
    `Invalid` with a pointer into the answer; `Conflict` for the same id with another content, or when the task was
    handed in already.
    Shapes drawn before the canvas got another size are scaled to it, or refused when that cannot be done.
    An answer to a task whose answer is known is scored and never counts. Four statements, and one more where fewer
    people than the overlap may be enough; a few more to score.
    """
    mentions = Mentions.of(submission.answer)
    digest = submission.digest(assignment.pk)
    try:
        with transaction.atomic():
            hold_task(assignment)
            facts = facts_for(assignment, submission.id, mentions)
            known = _known(facts, assignment, submission, digest)
            if known is not None:
                return known
            judge_as_configured(assignment, facts)
            answer = validated(assignment, submission, facts)
            if facts.participant != assignment.participant_id:
                # The visitor has signed in, and made this their own, while the answer was on its way.
                assignment.participant = Participant.objects.get(pk=facts.participant)
            return _keep(assignment, submission, facts, answer, digest)
    except IntegrityError as error:
        raise Conflict(
            _("Something this answer names has just been used or removed by somebody else. Send it again."),
            code="changed-meanwhile",
        ) from error


# The task against other answers; its vocabulary against a merge, which would not see what is being written.
_HOLD = """
SELECT t.id FROM campaigns_task t
  JOIN campaigns_campaign c ON c.id = t.campaign_id
  JOIN taxonomy_vocabulary v ON v.id = c.vocabulary_id
 WHERE t.id = %s FOR NO KEY UPDATE OF t FOR KEY SHARE OF v
"""


def hold_task(assignment: Assignment) -> None:
    """Lock the task of an assignment, and its vocabulary against merges, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [assignment.task_id])


def judge_as_configured(assignment: Assignment, facts: Facts) -> None:
    """Where the campaign was configured anew while the answer was on its way, its question is read anew."""
    campaign = assignment.task.campaign
    if campaign.config_version != facts.campaign_version:
        assignment.task.campaign = Campaign.objects.select_related("vocabulary").get(pk=campaign.pk)


def _known(facts: Facts, assignment: Assignment, submission: Submission, digest: str) -> Submitted | None:
    """The answer to a retry; a conflict when the id, or the task, stands for other work."""
    if facts.same is not None:
        if facts.same.assignment_id != assignment.pk or facts.same.digest != digest:
            raise Conflict(
                _("Another contribution has this id already. Give each contribution an id of its own."),
                pointer="/id",
                code="id-used",
            )
        return Submitted(
            submission.id,
            assignment.pk,
            facts.same.submitted_at,
            facts.same.counts,
            is_new=False,
            seeded=assignment.seeded,
        )
    if facts.handed_in is not None:
        raise Conflict(
            _("You have handed this task in already; that contribution stands."),
            pointer="/assignment",
            code="handed-in",
            extra={"existing": str(facts.handed_in)},
        )
    return None


def validated(assignment: Assignment, submission: Submission, facts: Facts) -> dict[str, Any]:
    """The answer in its normal form, everything it names being there."""
    task = assignment.task
    try:
        kind = get_kind(task.campaign.question_kind)
        answer = kind.validate_answer(
            _in_space(submission, facts),
            config=config_of(task.campaign),
            canvas_size=facts.canvas_size,
            allowed_concepts=facts.concepts,
            region=facts.region,
        )
        _judge(task.campaign, answer, facts)
    except AnswerError as error:
        raise Invalid(error.sentence, pointer=error.pointer, code=error.code) from error
    named = [(f"{place}/prediction", shape["prediction"]) for place, shape in shapes_in(answer)]
    named += [(f"/rejected_predictions/{i}", pk) for i, pk in enumerate(answer["rejected_predictions"])]
    for pointer, pk in named:
        if pk is not None and pk not in facts.predictions:
            raise Invalid(
                _("No such prediction was shown for this task."), pointer=pointer, code="unknown-prediction"
            )
    for place, shape in shapes_in(answer):
        if shape["id"] in facts.taken:
            raise Conflict(
                _("An annotation with this id is here already. Give each shape an id of its own."),
                pointer=f"{place}/id",
                code="id-used",
            )
    return answer


def _judge(campaign: Campaign, answer: Mapping[str, Any], facts: Facts) -> None:
    """Where something is shown, the answer speaks of that. Raises AnswerError."""
    kind = JUDGING.get(campaign.question_kind)
    if facts.about is not None and answer.get("left") not in (None, facts.about.id, facts.beside):
        raise AnswerError("/left", "not-of-the-pair", "On the left stands one of the two that are compared.")
    if kind is not None and facts.about is not None:
        kind.check_judgement(answer, facts.about, config=campaign.question, moved_on=bool(facts.out_of_use))


def _in_space(submission: Submission, facts: Facts) -> Mapping[str, Any]:
    """The answer in the canvas space of this moment, whatever size the canvas had when it was drawn."""
    drawn_on, now = submission.canvas_size, facts.canvas_size
    if drawn_on == now or (drawn_on is None and not facts.was_resized):
        return submission.answer
    if not any(part.get("shapes") for _step, part in parts_of(submission.answer)):
        return submission.answer
    if drawn_on is None or not same_shape(drawn_on, now):
        raise Conflict(
            _(
                "The picture has another size since this task was given out. Load the task again and draw anew."
            ),
            pointer="/canvas_size",
            code="canvas-resized",
            extra={"canvas_size": list(now)},
        )
    return scaled_answer(submission.answer, now[0] / drawn_on[0], now[1] / drawn_on[1])


def _keep(
    assignment: Assignment, submission: Submission, facts: Facts, answer: dict[str, Any], digest: str
) -> Submitted:
    task = assignment.task
    counts = (
        not assignment.seeded
        and not facts.is_second
        and facts.campaign_status != Campaign.Status.CLOSED
        and facts.task_state == Task.State.OPEN
        and len(facts.counted) + facts.others_live < facts.overlap
    )
    stop = enough_with(task, facts, Given(str(submission.id), answer)) if counts else None
    values: dict[str, Any] = {
        "id": submission.id, "assignment": assignment.pk, "task": task.pk,
        "participant": assignment.participant_id, "answer": orjson.dumps(answer).decode(),
        "digest": digest, "nothing_here": answer["nothing_here"], "counts": counts,
        "comment": answer["comment"], "campaign_version": facts.campaign_version,
        "vocabulary_version": facts.vocabulary_version,
        "predictions_shown": assignment.predictions_shown_id, "time_spent_s": submission.time_spent_s,
        "locale": submission.locale, "device": submission.device,
        "campaign": task.campaign_id, "slug": task.campaign.slug,
    }  # fmt: skip
    row = keep_answer(values, stop)
    if row is None:  # the id came in for another task at this very moment
        raise Conflict(
            _("Another contribution has this id already. Give each contribution an id of its own."),
            pointer="/id",
            code="id-used",
        )
    _annotate(assignment, submission.id, answer, facts)
    if stop:
        retire(task.campaign)
    if assignment.seeded:
        score_contribution(task.campaign, task.pk, submission.id, answer)
    at, mine = row
    return Submitted(
        submission.id, assignment.pk, at, counts, is_new=True, seeded=assignment.seeded, mine=mine
    )


def retire(campaign: Campaign) -> None:
    """Enough people have seen tasks of it: what follows from that is asked for here, in the same transaction."""
    request_consensus(campaign)


def _annotate(assignment: Assignment, contribution_id: UUID, answer: Mapping[str, Any], facts: Facts) -> None:
    """The answer as W3C annotations in the contributions layer, each with where its shape came from."""
    shapes = shapes_of(assignment, answer, facts, contribution_id)
    # What was merged away since the page was loaded counts as its heir, and the link remembers what was said.
    heirs = heirs_of(map(UUID, facts.out_of_use)) if facts.out_of_use else {}
    origins = origins_of(contribution_id, shapes, facts)
    add_annotations(annotations_of(assignment, shapes, facts), heirs=heirs, along=origins)


def annotations_of(
    assignment: Assignment, shapes: Sequence[Mapping[str, Any]], facts: Facts
) -> list[NewAnnotation]:
    """The shapes as documents of the contributions layer, by their participant, of this moment; no query."""
    task, participant = assignment.task, assignment.participant
    layer = Layer(pk=task.campaign.contributions_layer_id)  # its key is all that is needed
    names = ConceptNames(facts.concepts)
    creator, now = person(participant.pseudonym, f"urn:uuid:{participant.pk}"), timezone.now()
    new = []
    for shape in shapes:
        box = Box(*shape["box"]) if shape["box"] else None
        points, text = shape["points"], body_of(shape["text"], question_of(task.campaign, shape["step"]))
        document = annotation_document(
            task.canvas, box, shape["concepts"], names,
            points=points, text=text, creator=creator, created=now, extension=_extension(shape),
        )  # fmt: skip
        new.append(
            NewAnnotation(
                id=UUID(shape["id"]),
                layer=layer,
                canvas=task.canvas,
                document=paired(document, task),
                motivations=motivations_of(task, text),
                **columns(box, points),
                concept_ids=tuple(UUID(pk) for pk in shape["concepts"]),
                created_by_id=participant.user_id,
                vocabulary_version=facts.vocabulary_version,
            )
        )
    return new


def _extension(shape: Mapping[str, Any]) -> dict[str, str] | None:
    """What the document of a shape says in words of ours: its step, and how sure the person is."""
    said = {**(of_step(shape["step"]) or {})}
    if shape["certainty"]:
        said["certainty"] = shape["certainty"]
    return said or None


def origins_of(
    contribution_id: UUID, shapes: Sequence[Mapping[str, Any]], facts: Facts
) -> list[ContributionShape]:
    """Where each shape of a contribution came from; no query."""
    return [
        ContributionShape(
            contribution_id=contribution_id,
            annotation_id=UUID(shape["id"]),
            origin=shape["origin"],
            prediction_id=None if shape["prediction"] is None else UUID(shape["prediction"]),
            prediction_iou=_iou_to_prediction(shape, facts),
            certainty=shape["certainty"],
            step=shape["step"],
        )
        for shape in shapes
    ]


def shapes_of(
    assignment: Assignment, answer: Mapping[str, Any], facts: Facts, contribution_id: UUID
) -> list[dict[str, Any]]:
    """What the answer comes down to, each on its own box or on the task's region; the whole canvas is None."""
    kind = get_kind(assignment.task.campaign.question_kind)
    return [
        {
            "id": mark.id or str(uuid5(contribution_id, f"tag/{mark.step}" if mark.step else "tag")),
            "box": mark.box or facts.region,
            "points": mark.points,
            "concepts": mark.concepts,
            "origin": mark.origin,
            "prediction": mark.prediction,
            "certainty": mark.certainty,
            "text": mark.text,
            "step": mark.step,
        }
        for mark in kind.marks(answer)
    ]


def _iou_to_prediction(shape: Mapping[str, Any], facts: Facts) -> float | None:
    """How far a shape and the prediction that it came from overlap; None for points, which have no extent."""
    predicted: Sequence[float] | None = facts.predictions.get(shape["prediction"] or "")
    if facts.about is not None and facts.about.id == shape["prediction"]:
        predicted = facts.about.box  # its place as it was shown
    if predicted is None or shape["box"] is None or len(shape["points"]) == 1:
        return None
    corners = facts.outlines.get(shape["prediction"])
    if shape["points"]:
        # What was taken over from a box has the corners of the box.
        said = corners or corners_of(Box(*predicted))
        return float(overlay([shape["points"], said]).iou()[0, 1])
    return iou(Box(*shape["box"]), Box(*predicted))
