"""The volunteer's side: tasks, participants, leases, and what was handed in."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation, Canvas
from campaigns.models.campaign import Campaign


class Task(models.Model):
    """One unit of work: a canvas or a region of it, and the campaign's question."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        RETIRED = "retired", _("Seen by enough people")
        ASIDE = "aside", _("Set aside")
        DECIDED = "decided", _("Decided")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="tasks")
    # Looked up by the index `task_of_canvas` below.
    canvas = models.ForeignKey(Canvas, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    region_x = models.FloatField(null=True)
    region_y = models.FloatField(null=True)
    region_w = models.FloatField(null=True)
    region_h = models.FloatField(null=True)
    about = models.ForeignKey(
        Annotation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="The annotation that is asked about; the region is its box.",
    )  # fmt: skip
    beside = models.ForeignKey(
        Annotation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="The annotation that it is compared with, perhaps on another canvas.",
    )  # fmt: skip
    position = models.BigIntegerField()
    # What the order “by priority” goes by; the queue itself walks along the positions.
    priority = models.FloatField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    retired_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["campaign", "position"]
        constraints = [
            # Also the map, which looks at every task in its place and at nothing else of it.
            models.UniqueConstraint(
                fields=["campaign", "position"], include=["state", "id"], name="task_position_once"
            ),
            # Whoever makes pairs at the same time: two regions are compared once, whichever was named first.
            models.UniqueConstraint(
                F("campaign"), Least("about", "beside"), Greatest("about", "beside"),
                condition=models.Q(beside__isnull=False),
                name="pair_once_in_campaign",
            ),
            models.CheckConstraint(
                condition=models.Q(beside=None) | (models.Q(about__isnull=False) & ~models.Q(about=F("beside"))),
                name="pair_of_two",
            ),
        ]  # fmt: skip
        indexes = [
            # The next task for somebody: open ones in order, so that the cost does not grow with retired ones.
            models.Index(fields=["campaign", "position"], name="task_open", condition=models.Q(state="open")),
            models.Index(fields=["campaign", "state"], name="task_by_state"),  # progress
            # Whether a task stands on an annotation, when its layer is to be deleted; most tasks have none.
            models.Index(fields=["about"], name="task_about", condition=models.Q(about__isnull=False)),
            models.Index(fields=["beside"], name="task_beside", condition=models.Q(beside__isnull=False)),
            # Whether a campaign asks about a canvas already, for each of a million that are added.
            models.Index(fields=["canvas", "campaign"], name="task_of_canvas"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} #{self.position}"

    @property
    def region(self) -> tuple[float, float, float, float] | None:
        """`(x, y, w, h)` in canvas space; None for the whole canvas."""
        if self.region_x is None or self.region_y is None or self.region_w is None or self.region_h is None:
            return None
        return (self.region_x, self.region_y, self.region_w, self.region_h)


class Participant(models.Model):
    """A contributor within one campaign, under a pseudonym of that campaign."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="participations"
    )
    visitor = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of an anonymous visitor's cookie secret."
    )
    pseudonym = models.CharField(max_length=60)
    is_simulated = models.BooleanField(default=False)
    # Where the search for the next task begins, so that it does not walk over one's own finished work.
    cursor = models.BigIntegerField(default=0)
    tutorial_seen_at = models.DateTimeField(
        null=True, help_text="When the tutorial was gone through, or passed over."
    )
    hides_rank = models.BooleanField(default=False, db_default=False, help_text="Stands in no leaderboard.")
    qualified_at = models.DateTimeField(null=True, help_text="When the known answers were passed or waived.")
    lapsed_at = models.DateTimeField(null=True, help_text="When the scores last fell below what is asked.")
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="merged",
        help_text="Whose work a visitor's has become; what they did twice stays with the visitor.",
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="one_participant_a_user"),
            models.UniqueConstraint(
                fields=["campaign", "visitor"],
                condition=~models.Q(visitor=""),
                name="one_participant_a_visitor",
            ),
            models.UniqueConstraint(fields=["campaign", "pseudonym"], name="pseudonym_once_in_campaign"),
        ]
        indexes = [
            # What the visitor of this browser has done, in whatever campaigns.
            models.Index(fields=["visitor"], name="visits", condition=~models.Q(visitor="")),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class Assignment(models.Model):
    """A lease on a task, with an end that SQL compares: an abandoned one frees itself."""

    class State(models.TextChoices):
        LIVE = "live", _("Being worked on")
        SUBMITTED = "submitted", _("Handed in")
        RELEASED = "released", _("Given back")
        SKIPPED = "skipped", _("Skipped")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="assignments")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.LIVE)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    # What this person is shown is settled when the task is given out, whatever the campaign shows later.
    predictions_shown = models.ForeignKey(
        "campaigns.PredictionRun", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seeded = models.BooleanField(
        default=False, db_default=False, help_text="Given out because its answer is known; never counted."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "participant"], name="a_task_once_a_person")]
        indexes = [
            models.Index(
                fields=["participant", "expires_at"], name="live_leases", condition=models.Q(state="live")
            ),  # a page load takes the person's own lease up again
        ]

    def __str__(self) -> str:
        return f"{self.task_id} → {self.participant_id}"


class Contribution(models.Model):
    """What one participant handed in for one task, with everything needed to judge it later."""

    id = models.UUIDField(primary_key=True, help_text="Made by the client, so that a retry is harmless.")
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="contribution")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="contributions")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="contributions")
    answer = models.JSONField(help_text="The answer as its kind of question defines it.")
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of the request, to tell a retry from a conflict."
    )
    nothing_here = models.BooleanField(default=False)
    counts = models.BooleanField(help_text="False for work that arrived after enough people had answered.")
    comment = models.TextField(blank=True)
    campaign_version = models.PositiveIntegerField()
    vocabulary_version = models.PositiveIntegerField()
    predictions_shown = models.ForeignKey(
        "campaigns.PredictionRun", null=True, on_delete=models.PROTECT, related_name="+"
    )
    time_spent_s = models.FloatField(null=True)
    locale = models.CharField(max_length=12, blank=True)
    device = models.CharField(max_length=10, blank=True)
    submitted_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1, db_default=1, help_text="1 as handed in.")
    amended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["task", "counts"], name="contributions_of_task"),  # retirement, consensus
            models.Index(fields=["participant", "-submitted_at"], name="my_contributions"),  # my work
        ]

    def __str__(self) -> str:
        return str(self.id)


class ContributionShape(models.Model):
    """An annotation of a contribution, and where its shape came from."""

    class Origin(models.TextChoices):
        DRAWN = "drawn", _("Drawn")
        COPIED = "copied", _("Copied from the image before")
        ACCEPTED = "accepted", _("Prediction accepted")
        EDITED = "edited", _("Prediction corrected")

    class Certainty(models.TextChoices):
        SURE = "sure", _("Sure")
        LIKELY = "likely", _("Likely")
        UNSURE = "unsure", _("Unsure")

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="shapes")
    annotation = models.OneToOneField(Annotation, on_delete=models.PROTECT, related_name="contribution_shape")
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.DRAWN)
    prediction = models.ForeignKey(Annotation, null=True, on_delete=models.PROTECT, related_name="+")
    prediction_iou = models.FloatField(
        null=True, help_text="IoU between the shape and the prediction it came from."
    )
    certainty = models.CharField(
        max_length=8,
        blank=True,
        db_default="",
        choices=Certainty,
        help_text="As the person says; empty: not said.",
    )
    step = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="Of a sequence the question it answers.",
    )

    def __str__(self) -> str:
        return f"{self.origin} {self.annotation_id}"
