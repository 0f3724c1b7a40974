"""Unfinished answers and decisions, as people left them: to go on with in another browser; they count for nothing."""

from django.conf import settings
from django.db import models

from campaigns.models.contributing import Assignment, Task


class Draft(models.Model):
    """The draft of one lease, or of what shall take the place of the answer that ended it.

    The browser's own JSON: nothing on the server reads what it says.
    """

    assignment = models.OneToOneField(
        Assignment, primary_key=True, on_delete=models.CASCADE, related_name="draft"
    )
    sequence = models.BigIntegerField(help_text="Counts the changes, wherever they were made.")
    writer = models.CharField(max_length=64, help_text="The browser in which it was changed last.")
    body = models.JSONField()
    based_on = models.PositiveIntegerField(
        null=True,
        help_text="The revision of the answer that it shall replace; null before one was handed in.",
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.assignment_id} #{self.sequence}"


class ReviewDraft(models.Model):
    """What a reviewer has begun to decide about one task. The browser's own JSON, as that of a draft."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="review_drafts")
    # Looked up with the task, and all of one person's when they leave or ask for their data.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_drafts")
    sequence = models.BigIntegerField(help_text="Counts the changes, wherever they were made.")
    writer = models.CharField(max_length=64, help_text="The browser in which it was changed last.")
    body = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "by"], name="one_review_draft_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} #{self.sequence}"
