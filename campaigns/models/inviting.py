"""Ways into a campaign that is not for everybody: secret links, and invitations by e-mail."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from campaigns.models.campaign import Campaign


class JoinLink(models.Model):
    """A secret address that makes whoever opens it, signed in, a contributor; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="join_links")
    name = models.CharField(max_length=80, help_text="By which those who run the campaign recognise it.")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class JoinLinkUse(models.Model):
    """That somebody came in by a link; how often it was used is counted from these rows."""

    link = models.ForeignKey(JoinLink, on_delete=models.CASCADE, related_name="uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "user"], name="link_used_once_a_person")]

    def __str__(self) -> str:
        return f"{self.link_id} ← {self.user_id}"


class Invitation(models.Model):
    """One address asked into a campaign with a role. Its secret stands in the mail; here is the digest.

    That its time is over is no state: it follows from `expires_at`, whatever runs or does not run.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        ACCEPTED = "accepted", _("Accepted")
        REVOKED = "revoked", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    digest = models.CharField(
        max_length=64, blank=True, default="", help_text="Empty while it opens nothing."
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "email"]
        constraints = [
            # An address is asked into a campaign once; to ask again is to send the same invitation again.
            models.UniqueConstraint("campaign", Lower("email"), name="invited_once_in_campaign"),
            models.UniqueConstraint(
                fields=["digest"], condition=~models.Q(digest=""), name="invitation_by_digest"
            ),
        ]
        indexes = [
            # What the job that sends them looks for.
            models.Index(fields=["campaign"], name="invitations_waiting", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.campaign_id}"
