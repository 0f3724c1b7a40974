"""From many answers to one: consensus with its reasons, and the curator's decisions on it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation
from campaigns.models.campaign import Campaign
from campaigns.models.contributing import Task


class TaskConsensus(models.Model):
    """The merged answer of one task: how it was made, from whom, and how much they differ."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="consensus")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="consensuses")
    method = models.CharField(max_length=120)
    parameters = models.JSONField(default=dict)
    contributions = models.JSONField(default=list, help_text="Ids of the contributions it was made from.")
    seen = models.PositiveSmallIntegerField(help_text="How many people saw the task.")
    agreement = models.FloatField(null=True, help_text="Mean pairwise agreement, 0 to 1; F1 for boxes.")
    disagreement = models.FloatField(default=0, help_text="0 to 1; the review begins with the highest.")
    computed_at = models.DateTimeField(auto_now=True)
    outdated_at = models.DateTimeField(
        null=True, help_text="When an answer that it was made from was amended; the next merge clears it."
    )

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "-disagreement"], name="review_order")
        ]  # the review queue

    def __str__(self) -> str:
        return f"consensus of {self.task_id}"


class ConsensusItem(models.Model):
    """One merged annotation: a box or a tag, with its votes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    consensus = models.ForeignKey(TaskConsensus, on_delete=models.CASCADE, related_name="items")
    annotation = models.OneToOneField(Annotation, on_delete=models.PROTECT, related_name="consensus_item")
    votes = models.JSONField(default=list, help_text="[{concept, count}], most voted first.")
    support = models.PositiveSmallIntegerField(help_text="How many people gave it.")
    seen = models.PositiveSmallIntegerField()
    spread = models.JSONField(
        null=True, help_text="Standard deviation of left, top, right, bottom in canvas units."
    )
    disagreement = models.FloatField(default=0)
    posterior = models.JSONField(
        null=True,
        help_text="[[label, probability]] by a model of reliability, likeliest first; null by vote.",
    )

    def __str__(self) -> str:
        return str(self.id)


class ConsensusMember(models.Model):
    """That a participant's annotation went into a merged one."""

    item = models.ForeignKey(ConsensusItem, on_delete=models.CASCADE, related_name="members")
    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="consensus_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "annotation"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.item_id} ← {self.annotation_id}"


class Decision(models.Model):
    """A curator's decision on one item; what was accepted or corrected becomes ground truth."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        CORRECTED = "corrected", _("Corrected")
        REJECTED = "rejected", _("Rejected")
        ADDED = "added", _("Added")
        NOTHING = "nothing", _("Nothing is here")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    request = models.UUIDField(help_text="Id made by the client for the whole review of the task.")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="decisions")
    # Which merged annotation was judged; kept by annotation, since a recomputation makes new items.
    judged = models.ForeignKey(Annotation, null=True, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict)
    result = models.ForeignKey(
        Annotation, null=True, on_delete=models.PROTECT, related_name="decided_by",
        help_text="The ground-truth annotation; none when rejected.",
    )  # fmt: skip
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, help_text="When a later review of the task replaced it.")

    class Meta:
        indexes = [
            models.Index(fields=["task"], name="decisions_in_force", condition=models.Q(superseded_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.task_id}"
