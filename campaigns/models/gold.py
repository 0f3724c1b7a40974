"""Known answers, and how near what people handed in came to them."""

from django.conf import settings
from django.db import models

from campaigns.models.contributing import Contribution, Task


class Gold(models.Model):
    """That the answer to a decided task is known: given out now and then, it tells how reliable people are."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="gold")
    answer = models.JSONField(help_text="What the reviewers decided, as an answer in its normal form.")
    batch = models.UUIDField(
        help_text="The action that marked it: what was marked together is undone together."
    )
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    marked_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="No longer given out, and its scores rest.")

    def __str__(self) -> str:
        return f"gold {self.task_id}"


class GoldScore(models.Model):
    """One contribution beside the known answer."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, related_name="gold_score")
    score = models.FloatField(help_text="Likeness to the known answer, 0 to 1.")
    concepts = models.JSONField(
        default=dict, help_text="Concept id → [found, missed, said without being there]."
    )
    scored_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=1), name="gold_score_is_a_share"
            )
        ]

    def __str__(self) -> str:
        return f"{self.score:.2f} {self.contribution_id}"
