"""Comments are written, changed, deleted and hidden; what is wrong is reported and seen to."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaigns.actions.participants import find_participant, join_campaign
from campaigns.actions.setting_aside import hold_reported, settle_reported
from campaigns.discussion import comments_seen, standing_of
from campaigns.models import Assignment, Campaign, Comment, Participant, Report, Task
from campaigns.permissions import decide, refuse_archived
from problems import Conflict, Invalid, Missing, Refused

LONGEST = 5_000


def write_comment(campaign: Campaign, comment_id: UUID, text: str, *, task: Task | None, by: User) -> Comment:
    """Say something about an image, after one's own answer to it, or on the board; the same again is a retry."""
    refuse_archived(campaign)
    decision = decide(by, campaign, "join")
    if not decision.allowed:
        raise Refused(decision.reason)
    participant = join_campaign(campaign, user=by)
    if not standing_of(by, campaign, task, participant).reads:
        raise Refused(
            _("Hand in your own answer to this image first; then you see what others say, and may answer."),
            code="answer-first",
        )
    said = _read(text)
    try:
        with transaction.atomic():
            return Comment.objects.create(
                id=comment_id, campaign=campaign, task=task, participant=participant, text=said
            )
    except IntegrityError as error:
        known = Comment.objects.filter(pk=comment_id, participant=participant, task=task, text=said).first()
        if known is None:
            raise Conflict(_("Something else was said under this id."), pointer="/id") from error
        return known


def _read(text: str) -> str:
    said = text.strip()
    if not said:
        raise Invalid(_("Write something."), pointer="/text", code="no-text")
    if len(said) > LONGEST:
        raise Invalid(_("This text is too long."), pointer="/text", code="too-long")
    return said


def edit_comment(campaign: Campaign, comment_id: UUID, text: str, *, by: User) -> Comment:
    """Change one's own words; that they were changed is shown."""
    row = _own(campaign, comment_id, by)
    said = _read(text)
    if said != row.text:
        row.text, row.edited_at = said, timezone.now()
        # Asked again by the statement that writes: what was deleted a moment ago does not come back.
        standing = Comment.objects.filter(pk=row.pk, deleted_at=None, participant=row.participant_id)
        if not standing.update(text=row.text, edited_at=row.edited_at):
            raise Missing(_("This comment is not there any more, or it is not yours."))
    return row


def delete_comment(campaign: Campaign, comment_id: UUID, *, by: User) -> None:
    """Take one's own words back: the text is gone for good."""
    row = _own(campaign, comment_id, by)
    row.text, row.deleted_at = "", timezone.now()
    row.save(update_fields=["text", "deleted_at"])


def _own(campaign: Campaign, comment_id: UUID, by: User) -> Comment:
    refuse_archived(campaign)
    rows = Comment.objects.filter(campaign=campaign, pk=comment_id, participant__user=by, deleted_at=None)
    row = rows.first()
    if row is None:
        raise Missing(_("This comment is not there any more, or it is not yours."))
    return row


def hide_comment(campaign: Campaign, comment_id: UUID, reason: str, *, by: User) -> None:
    """Keep a comment from everybody but its author, who is told why; "" as the reason shows it again.

    The caller has been through the gate with `review`.
    """
    refuse_archived(campaign)
    hidden_at = timezone.now() if reason.strip() else None
    found = Comment.objects.filter(campaign=campaign, pk=comment_id, deleted_at=None).update(
        hidden_at=hidden_at, hidden_by=by if hidden_at else None, hidden_reason=reason.strip()[:500]
    )
    if not found:
        raise Missing(_("This comment is not there any more."))


# --- reports --------------------------------------------------------------------------------------


def report_task(
    campaign: Campaign, report_id: UUID, task: Task, *, reason: str, text: str, participant: Participant,
    by: User | None,
) -> Report:  # fmt: skip
    """Tell those who run the campaign that something is wrong with an image that one was given; visitors may too.

    Where the campaign has a rule for it, the image is set aside once enough people have.
    """
    given = Assignment.objects.filter(task=task, participant=participant).exists()
    if not given and not (by is not None and decide(by, campaign, "review").allowed):
        raise Refused(_("You were not given this image."))
    with transaction.atomic():
        held = hold_reported(task.pk)
        row = Report(id=report_id, campaign=campaign, task=task, participant=participant)
        row = _report(row, reason, text)
        settle_reported(held)
    return row


def report_comment(
    campaign: Campaign, report_id: UUID, comment_id: UUID, *, reason: str, text: str, by: User
) -> Report:
    """Tell them that something is wrong with a comment that one may read."""
    refuse_archived(campaign)
    participant = find_participant(campaign, user=by) or join_campaign(campaign, user=by)
    comment = Comment.objects.select_related("task").filter(campaign=campaign, pk=comment_id).first()
    standing = standing_of(by, campaign, comment.task if comment else None, participant)
    if (
        comment is None
        or not comments_seen(campaign, comment.task, standing, participant).filter(pk=comment.pk).exists()
    ):
        raise Missing(_("This comment is not there any more."))
    row = Report(id=report_id, campaign=campaign, task=comment.task, comment=comment, participant=participant)
    return _report(row, reason, text)


def _report(row: Report, reason: str, text: str) -> Report:
    """Keep it; what the same person has reported already, and nobody has seen to, is the same report."""
    refuse_archived(row.campaign)
    if reason not in Report.Reason.values:
        raise Invalid(_("Choose one of the reasons."), pointer="/reason", code="unknown-reason")
    if len(text) > LONGEST:
        raise Invalid(_("This text is too long."), pointer="/text", code="too-long")
    row.reason, row.text = reason, text.strip()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            return row
    except IntegrityError:
        known = (
            Report.objects.filter(participant=row.participant, task=row.task, comment=row.comment)
            .order_by("resolved_at")
            .last()
        )
        if known is None:
            raise Conflict(_("Something else was said under this id."), pointer="/id") from None
        return known


def resolve_report(campaign: Campaign, report_id: UUID, answer: str, *, by: User) -> Report:
    """Say that it has been seen to, and what was done; harmless to repeat. The caller may review.

    It does not count any more: an image that was set aside for it opens again where too few others wait.
    """
    refuse_archived(campaign)
    about = campaign.reports.filter(pk=report_id, comment=None).values_list("task", flat=True).first()
    with transaction.atomic():
        held = hold_reported(about) if about else None
        row = campaign.reports.select_for_update(of=("self",)).filter(pk=report_id).first()
        if row is None:
            raise Missing(_("There is no such report."))
        if row.resolved_at is None:
            row.resolved_at, row.resolved_by, row.answer = timezone.now(), by, answer.strip()[:LONGEST]
            row.save(update_fields=["resolved_at", "resolved_by", "answer"])
            if held:
                settle_reported(held)
    return row
