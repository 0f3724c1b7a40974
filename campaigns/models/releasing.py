"""Releases: immutable, numbered, checksummed exports of ground truth."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from campaigns.models.campaign import Campaign
from work.models import Job


class Release(models.Model):
    """Once `finished_at` is set nothing about a release changes any more."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    note = models.TextField(blank=True, help_text="What is in it and what changed, in the curator's words.")
    rights = models.CharField(max_length=500, blank=True)
    is_public = models.BooleanField(default=True)
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="release")
    grouping = models.JSONField(
        default=dict,
        help_text="The grouping that its tables and categories follow, as it was then; empty: none.",
    )
    manifest = models.JSONField(default=dict, help_text="Counts, hashes, rights, provenance.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} v{self.number}"


class ReleaseFile(models.Model):
    """One file of a release, in one format."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=30, help_text="A format registered in campaigns.formats.")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to="releases/")

    class Meta:
        ordering = ["release", "name"]
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="file_name_once_in_release")]

    def __str__(self) -> str:
        return self.name
