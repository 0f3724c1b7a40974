"""Why enough people had seen a task: the rule, its numbers and the answers that decided it."""

from uuid import uuid4

from django.db import models

from campaigns.models.contributing import Task


class Retirement(models.Model):
    """That a task was retired and by what; stays on record when a changed rule opens the task again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="retirements")
    rule = models.CharField(max_length=20, help_text="A rule registered in campaigns.rules.")
    parameters = models.JSONField(default=dict)
    campaign_version = models.PositiveIntegerField(help_text="The configuration in force.")
    contributions = models.JSONField(default=list, help_text="Ids of the contributions that decided it.")
    figures = models.JSONField(default=dict, help_text="What the rule measured on them.")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, help_text="When a changed rule opened the task again.")

    class Meta:
        constraints = [
            # Also finds the one in force, for the review.
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(superseded_at=None), name="one_retirement_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.task_id}"
