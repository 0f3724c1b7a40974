"""What somebody did, written down for them on a day, under an address at which anybody can check it."""

import secrets
from uuid import uuid4

from django.conf import settings
from django.db import models

from campaigns.models.campaign import Campaign


def new_code() -> str:
    """The secret part of an address: 128 bits, so that nobody comes upon it by guessing."""
    return secrets.token_urlsafe(16)


class Certificate(models.Model):
    """The figures of somebody's work as they stood when it was made; only `withdrawn_at` changes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=32, unique=True, default=new_code)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="certificates")
    campaign = models.ForeignKey(
        Campaign, null=True, on_delete=models.CASCADE, related_name="+", help_text="None: of all campaigns."
    )
    name = models.CharField(max_length=120, help_text="Who is meant, as they wish to be called on it.")
    orcid = models.CharField(max_length=19, blank=True)
    figures = models.JSONField(
        help_text="images, seconds, days, decided, judged, agreement, first_on, last_on, campaigns: [title by language]"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.code
