"""Why enough people had seen a task: the rule, its numbers, and the answers or reports that decided it."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from campaigns.models.contributing import Task


class Retirement(models.Model):
    """That a task was retired or set aside and by what; stays on record when the task opens again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="retirements")
    rule = models.CharField(max_length=20, help_text="A rule registered in campaigns.rules.")
    parameters = models.JSONField(default=dict)
    campaign_version = models.PositiveIntegerField(help_text="The configuration in force.")
    contributions = models.JSONField(default=list, help_text="Ids of the contributions that decided it.")
    reports = models.JSONField(
        default=list, db_default=[], help_text="Ids of the reports for which it was set aside."
    )
    figures = models.JSONField(default=dict, help_text="What the rule measured on them.")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(
        null=True, help_text="When a changed rule, or somebody who reviews, opened the task again."
    )
    left_out_at = models.DateTimeField(
        null=True, help_text="When somebody who reviews said that it stays aside, whatever the rule becomes."
    )
    left_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            # Also finds the one in force, for the review.
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(superseded_at=None), name="one_retirement_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.task_id}"
