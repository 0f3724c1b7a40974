"""Somebody's own data, put together for them alone to take along."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from work.models import Job


class PersonalExport(models.Model):
    """One ZIP of everything about a person; it is theirs alone, and goes when its time is over."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="personal_export")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="en")
    content = models.FileField(upload_to="exports/", blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(
        null=True, help_text="From then on nobody can have it; set when finished."
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.id)
