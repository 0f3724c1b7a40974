"""Unfinished answers, as those who draw them left them: to go on with in another browser; they count for nothing."""

from django.db import models

from campaigns.models.contributing import Assignment


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
