"""From many answers to one: consensus with its reasons, and the curator's decisions on it."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation
from campaigns.models.campaign import Campaign
from campaigns.models.contributing import Task
from taxonomy.models import Concept
from work.models import Job


class TaskConsensus(models.Model):
    """The merged answer of one task: how it was made, from whom, and how much they differ."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="consensus")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="consensuses")
    method = models.CharField(max_length=120)
    parameters = models.JSONField(default=dict)
    contributions = models.JSONField(default=list, help_text="Ids of the contributions it was made from.")
    seen = models.PositiveSmallIntegerField(help_text="How many people saw the task.")
    agreement = models.FloatField(null=True, help_text="Mean pairwise agreement, 0 to 1; F1 for boxes.")
    disagreement = models.FloatField(default=0, help_text="0 to 1: that of the most disputed item.")
    concepts = ArrayField(
        models.UUIDField(), default=list, db_default=[], help_text="Concepts that are in question."
    )
    impact = models.FloatField(default=1, db_default=1, help_text="What a decision is worth, 1 to 3.")
    priority = models.FloatField(
        null=True,
        help_text="Disagreement × impact; the review begins with the highest. None once it is decided.",
    )
    computed_at = models.DateTimeField(auto_now=True)
    outdated_at = models.DateTimeField(
        null=True, help_text="When an answer that it was made from was amended; the next merge clears it."
    )

    class Meta:
        indexes = [
            # The review queue; what is decided has left it, so that its first is near however much is decided.
            models.Index(
                fields=["campaign", "-priority", "id"],
                name="review_priority",
                condition=models.Q(priority__isnull=False),
            ),
            models.Index(fields=["campaign", "disagreement"], name="review_undisputed"),  # accepted together
            GinIndex(fields=["concepts"], name="consensus_about_concepts"),  # weighing them anew
        ]

    def __str__(self) -> str:
        return f"consensus of {self.task_id}"


class ConceptWeight(models.Model):
    """What a decision about a concept is worth within a campaign, and the counts that this was reckoned from."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="weights")
    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="+")
    said = models.PositiveIntegerField(help_text="How often people said it.")
    decided = models.PositiveIntegerField(help_text="How often it stands in the ground truth.")
    impact = models.FloatField()
    weighed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "concept"], name="weight_once_a_concept")]

    def __str__(self) -> str:
        return f"{self.concept_id} {self.impact:.2f}"


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
    step = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="Of a sequence the question it answers.",
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


class BulkReview(models.Model):
    """One action of a reviewer on many tasks: what it was about, how far it came, and whether it was undone."""

    id = models.UUIDField(primary_key=True, help_text="Made by the client, so that a retry is harmless.")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="bulk_reviews")
    verdict = models.CharField(
        max_length=10, help_text="Accepted, rejected, or corrected: given another label."
    )
    concept = models.ForeignKey(Concept, null=True, on_delete=models.PROTECT, related_name="+")
    wanted = models.JSONField(default=dict, help_text="What an item must be like; see campaigns.sifting.")
    reason = models.TextField()
    foreseen = models.PositiveIntegerField(help_text="How many tasks it was about when it was asked for.")
    decided = models.PositiveIntegerField(default=0)
    taken_back = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0, help_text="Decided by somebody since, so not taken back.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    told = models.JSONField(
        default=dict, db_default={},
        help_text="Of items ruled on one by one: what became of each (`results`); by task, the id of the request "
        "whose decision it replaced (`before`).",
    )  # fmt: skip

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["campaign", "-at"], name="bulk_reviews_of_campaign")]

    def __str__(self) -> str:
        return f"{self.verdict} {self.decided} of {self.foreseen}"


class KeptRuling(models.Model):
    """What a reviewer said of one merged item while the others of its task wait; the latest of theirs counts.

    It goes with the item: when the answers are merged otherwise, there is nothing left that it was about.
    """

    item = models.ForeignKey(ConsensusItem, on_delete=models.CASCADE, related_name="kept_rulings")
    bulk = models.ForeignKey(BulkReview, on_delete=models.CASCADE, related_name="kept_rulings")
    verdict = models.CharField(max_length=10, help_text="Accepted, rejected, or corrected.")
    concept = models.ForeignKey(Concept, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "bulk"], name="kept_once_an_action")]
        indexes = [
            models.Index(
                fields=["item", "by", "-id"], name="kept_rulings_latest"
            )  # what a reviewer said last
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.item_id}"


class Opinion(models.Model):
    """What one reviewer says of a task that two must agree on; the others learn of it when they have spoken."""

    id = models.UUIDField(primary_key=True, help_text="The request's, made by the client.")
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="opinions")
    said = models.JSONField(help_text="A list of {judged, source, verdict, box, concepts, stands, reason}.")
    bulk = models.ForeignKey(BulkReview, null=True, on_delete=models.SET_NULL, related_name="opinions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, help_text="When it was taken back.")

    class Meta:
        indexes = [
            # Who has spoken about a task; each reviewer's, to leave it out of their queue.
            models.Index(
                fields=["task", "by"], name="opinions_in_force", condition=models.Q(superseded_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.by_id} on {self.task_id}"


class Decision(models.Model):
    """A curator's decision on one item; what was accepted or corrected becomes ground truth."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        CORRECTED = "corrected", _("Corrected")
        REJECTED = "rejected", _("Rejected")
        ADDED = "added", _("Added")
        MERGED = "merged", _("Merged")
        SPLIT = "split", _("Split")
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
    details = models.JSONField(
        default=dict, db_default={},
        help_text="Of clusters merged or split: ids of the answers (`members`), of what it became (`into`).",
    )  # fmt: skip
    bulk = models.ForeignKey(BulkReview, null=True, on_delete=models.SET_NULL, related_name="decisions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, help_text="When a later review of the task replaced it.")

    class Meta:
        indexes = [
            models.Index(fields=["task"], name="decisions_in_force", condition=models.Q(superseded_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.task_id}"
