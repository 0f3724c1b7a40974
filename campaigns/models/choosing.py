"""A choice of images or regions by a question to the database, which became tasks or is becoming them."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from campaigns.models.campaign import Campaign
from work.models import Job


class TaskChoice(models.Model):
    """What was asked for, by whom, and how many tasks it has made so far."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="choices")
    query = models.JSONField(help_text="As campaigns.choosing.Wanted reads it.")
    added = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.campaign_id} · {self.created_at:%Y-%m-%d}"
