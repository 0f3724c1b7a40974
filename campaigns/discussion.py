"""Reads threads as somebody may see them: others' words about an image only after one's own answer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Person
from campaigns.instructions import render_markdown
from campaigns.models import (
    Assignment,
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    Comment,
    Participant,
    Report,
    Task,
)
from campaigns.permissions import decide
from problems import Missing


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands towards a thread: may read it (what is said from `since` on), and moderates."""

    reads: bool
    moderates: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as it is shown: by whom, whether it is one's own, or of somebody who runs the campaign."""

    row: Comment
    html: str
    is_mine: bool
    is_curator: bool


def get_task_in(campaign: Campaign, task_id: UUID) -> Task:
    """A task of a campaign that came through the gate, with canvas and manifest."""
    rows = Task.objects.select_related("canvas__manifest").defer(
        "canvas__manifest__document", "canvas__manifest__metadata"
    )
    task = rows.filter(campaign=campaign, pk=task_id).first()
    if task is None:
        raise Missing(_("The campaign has no such image."))
    return task


def standing_of(
    person: Person, campaign: Campaign, task: Task | None, participant: Participant | None
) -> Standing:
    """Who runs or reviews the campaign reads everything; others the board, and of an image what their answer opens.

    The thread of an image whose known answer was given out unseen begins with one's own answer: what others said
    before would tell that it is one. One query about a task.
    """
    if decide(person, campaign, "review").allowed:
        return Standing(reads=True, moderates=True)
    if task is None:
        return Standing(reads=True)
    if participant is None:
        return Standing(reads=False)
    rows = Assignment.objects.filter(task=task, participant=participant, state=Assignment.State.SUBMITTED)
    handed_in = rows.values_list("seeded", "contribution__submitted_at").first()
    if handed_in is None:
        return Standing(reads=False)
    seeded, submitted_at = handed_in
    hides = seeded and not (campaign.gold_feedback or campaign.has_ended)
    return Standing(reads=True, since=submitted_at if hides else None)


def comments_seen(
    campaign: Campaign, task: Task | None, standing: Standing, participant: Participant | None
) -> QuerySet[Comment]:
    """The comments of a thread that somebody may see, the oldest first; of hidden ones only their own."""
    rows = Comment.objects.filter(campaign=campaign, task=task, deleted_at=None).select_related("participant")
    mine = Q(participant=participant) if participant else Q(pk__in=[])
    if not standing.reads:
        return rows.filter(mine)
    if not standing.moderates:
        rows = rows.filter(mine | Q(hidden_at=None))
    if standing.since is not None:
        rows = rows.filter(mine | Q(created_at__gte=standing.since))
    return rows


def shown_comments(
    campaign: Campaign, rows: Sequence[Comment], participant: Participant | None
) -> list[Said]:
    """Comments as they are shown; two queries however many they are."""
    if not rows:
        return []
    curators = _curators(campaign)
    return [
        Said(
            row=row,
            html=render_markdown(row.text),
            is_mine=participant is not None and row.participant_id == participant.pk,
            is_curator=row.participant.user_id in curators,
        )
        for row in rows
    ]


def _curators(campaign: Campaign) -> set[int]:
    """The ids of those who review or run the campaign."""
    wanted = {"content_object": campaign, "permission__codename": "review_campaign"}
    own = CampaignUserObjectPermission.objects.filter(**wanted).values_list("user", flat=True)
    of_groups = CampaignGroupObjectPermission.objects.filter(**wanted)
    grouped = User.objects.filter(groups__in=of_groups.values("group")).values_list("pk", flat=True)
    return set(own) | set(grouped)


def threads_seen(person: Person, campaign: Campaign, participant: Participant | None) -> QuerySet[Task]:
    """The images that are talked about and whose threads somebody may read, the latest first; `last_at` annotated."""
    seen = Q(comments__deleted_at=None, comments__hidden_at=None)
    tasks = Task.objects.filter(campaign=campaign)
    if not decide(person, campaign, "review").allowed:
        if participant is None:
            return tasks.none()
        own = Comment.objects.filter(task=OuterRef("task"), participant=participant, deleted_at=None)
        handed_in = Assignment.objects.filter(
            task=OuterRef("pk"), participant=participant, state=Assignment.State.SUBMITTED
        )
        if not (campaign.gold_feedback or campaign.has_ended):
            handed_in = handed_in.filter(Q(seeded=False) | Exists(own))
        tasks = tasks.filter(Exists(handed_in))
    return (
        tasks.annotate(last_at=Max("comments__created_at", filter=seen))
        .filter(last_at__isnull=False)
        .select_related("canvas__manifest")
        .defer("canvas__manifest__document", "canvas__manifest__metadata")
        .order_by("-last_at")
    )


def reports_waiting(campaign: Campaign) -> QuerySet[Report]:
    """What was reported and nobody has seen to, the oldest first."""
    return campaign.reports.filter(resolved_at=None)
