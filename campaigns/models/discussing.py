"""What people say to each other about images and the campaign, and what they report to those who run it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.contributing import Participant, Task


class Comment(models.Model):
    """Something said about an image (`task`), or on the board of the campaign, under the pseudonym of the campaign."""

    id = models.UUIDField(primary_key=True, help_text="Made by the client, so that a retry is harmless.")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="comments")
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="comments")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(help_text="Markdown.")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    hidden_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            # A thread, and the board where no task is named.
            models.Index(
                fields=["campaign", "task", "created_at"],
                name="comments_in_thread",
                condition=models.Q(deleted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"comment {self.id}"


class Report(models.Model):
    """That something is wrong with an image or a comment; waits until somebody who reviews has seen to it."""

    class Reason(models.TextChoices):
        IMAGE = "image", _("The image does not load or cannot be read")
        FOREIGN = "foreign", _("The image does not belong here")
        QUESTION = "question", _("The question does not fit this image")
        MISSING = "missing", _("The label that I need is missing")
        RUDE = "rude", _("Somebody is rude, or says what should not be public")
        OTHER = "other", _("Something else")

    id = models.UUIDField(primary_key=True, default=uuid4, help_text="Made by the client.")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reports")
    task = models.ForeignKey(Task, null=True, on_delete=models.CASCADE, related_name="reports")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.CASCADE, related_name="reports")
    participant = models.ForeignKey(Participant, null=True, on_delete=models.SET_NULL, related_name="reports")
    reason = models.CharField(max_length=10, choices=Reason)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(blank=True, help_text="What was done about it.")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(task__isnull=False) | models.Q(comment__isnull=False),
                name="report_is_about_something",
            ),
            # Who reports a thing twice before anybody has looked reports it once.
            models.UniqueConstraint(
                fields=["participant", "task"],
                condition=models.Q(resolved_at__isnull=True, comment__isnull=True),
                name="task_reported_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["participant", "comment"],
                condition=models.Q(resolved_at__isnull=True),
                name="comment_reported_once_a_person",
            ),
        ]
        indexes = [
            # What waits for somebody who reviews.
            models.Index(
                fields=["campaign", "created_at"],
                name="reports_waiting",
                condition=models.Q(resolved_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.id}"
