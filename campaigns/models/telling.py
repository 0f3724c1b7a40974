"""Webhooks of a campaign: whom to tell about what, and every message to them until it has arrived."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign


class Webhook(models.Model):
    """An address that is told what happens in a campaign."""

    class Event(models.TextChoices):
        SUBMITTED = "contribution.submitted", _("Contributions came in (together, once a minute)")
        RETIRED = "task.retired", _("Enough people have seen a task")
        ASIDE = "task.set_aside", _("A task was set aside, because people reported it")
        DECIDED = "task.decided", _("A task was decided")
        REOPENED = (
            "task.reopened",
            _("A task waits again: a decision was taken back, or more answers are wanted"),
        )
        RELEASED = "release.published", _("A release was published")
        STATUS = "campaign.status", _("The campaign was opened, paused, closed…")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=2000)
    # Not a digest: every message is signed with it.
    secret = models.CharField(max_length=100)
    events = models.JSONField(default=list)
    is_on = models.BooleanField(default=True)
    told_until = models.DateTimeField(help_text="Contributions up to then are in messages.")
    failures = models.PositiveIntegerField(default=0, help_text="How many attempts in a row have failed.")
    failing_since = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True, help_text="After a failure nothing is sent for a while.")
    off_at = models.DateTimeField(null=True, help_text="When it was switched off because it kept failing.")
    off_because = models.TextField(blank=True)
    arrived_at = models.DateTimeField(null=True, help_text="When a message last arrived.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """A message to a webhook: written with what it tells about, sent until it has arrived or a day has passed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ARRIVED = "arrived", _("Arrived")
        DEAD = "dead", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(help_text="The next attempt; while one is made, when it counts as lost.")
    asked_at = models.DateTimeField(help_text="A day after this it is given up.")
    arrived_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, help_text="Why the last attempt failed.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            # What is due, for the clock and for the sender: few rows wait.
            models.Index(
                fields=["webhook", "due_at"], name="delivery_due", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["webhook", "-created_at"], name="delivery_log"),  # the log on its page
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.id}"
