"""What those who run a campaign tell its people, who wants it by e-mail, and to whom it has gone."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign


class Announcement(models.Model):
    """Something told on the page of a campaign, and by e-mail to those who asked for it; a draft until published."""

    id = models.UUIDField(primary_key=True, default=uuid4, help_text="May be made by the client.")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="announcements")
    title = models.JSONField(default=dict, help_text="Language → title.")
    text = models.JSONField(default=dict, help_text="Language → Markdown.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            # What stands on the page of a campaign, the latest first.
            models.Index(
                fields=["campaign", "-published_at"],
                name="announcements_published",
                condition=models.Q(published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"announcement {self.id}"


class Subscription(models.Model):
    """That somebody wants the announcements of a campaign by e-mail."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="subscriptions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "user"], name="subscribed_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.campaign_id}"


class AnnouncementMail(models.Model):
    """One mail of an announcement. Whose address it goes to is read when it leaves, and stands nowhere else."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        DROPPED = "dropped", _("No longer wanted")

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            # An address belongs to one account: each address once.
            models.UniqueConstraint(fields=["announcement", "user"], name="announced_once_a_person")
        ]
        indexes = [
            # What the job that sends them looks for.
            models.Index(
                fields=["announcement"],
                name="announcement_mails_waiting",
                condition=models.Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.state}"
