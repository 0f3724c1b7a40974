"""What people said before they amended it; rows are added and never changed."""

from django.db import models

from campaigns.models.contributing import Contribution


class ContributionRevision(models.Model):
    """What a contribution said until an amendment put another answer in its place."""

    id = models.UUIDField(
        primary_key=True, help_text="The amendment's, made by the client, so that a retry is harmless."
    )
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of the amendment, to tell a retry from a conflict."
    )
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField(help_text="The revision that ended; 1 is what was handed in.")
    answer = models.JSONField(help_text="The answer as it stood until then.")
    shapes = models.JSONField(
        default=list, help_text="[{id, revision, origin, prediction, iou}] of its annotations as they stood."
    )
    canvas_size = models.JSONField(help_text="[width, height]: the space in which its boxes stand.")
    campaign_version = models.PositiveIntegerField()
    vocabulary_version = models.PositiveIntegerField()
    time_spent_s = models.FloatField(null=True)
    locale = models.CharField(max_length=12, blank=True)
    device = models.CharField(max_length=10, blank=True)
    stood_since = models.DateTimeField()
    ended_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["contribution", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "revision"], name="revision_of_contribution_ends_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} · {self.revision}"
