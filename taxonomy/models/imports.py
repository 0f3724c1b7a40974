"""Imports of vocabularies: the file, what a dry run found in it, and what became of it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from taxonomy.formats import FORMATS
from taxonomy.models.vocabularies import Vocabulary
from work.models import Job


class VocabularyImport(models.Model):
    """One file or address brought in: what it is, what it would change, and whether that was applied."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READY = "ready", _("Waiting for a decision")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        EMPTY = "empty", _("Nothing to do")
        DISCARDED = "discarded", _("Discarded")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.SlugField(max_length=60, help_text="The vocabulary to make or to bring up to date.")
    title = models.JSONField(default=dict, help_text="Language → title; the file's own title where empty.")
    format = models.CharField(max_length=20, blank=True, help_text="A name of taxonomy.formats.")
    file = models.FileField(upload_to="imports/", blank=True)
    url = models.URLField(max_length=500, blank=True, help_text="Where it was fetched from.")
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    at_once = models.BooleanField(default=False, help_text="Applied without anybody looking at it first.")
    skip_conflicts = models.BooleanField(default=False)
    counts = models.JSONField(default=dict, help_text="How many concepts are new, changed, and so on.")
    seen_version = models.PositiveIntegerField(
        default=0, help_text="Running version of the vocabulary that the file was compared with."
    )
    vocabulary = models.ForeignKey(Vocabulary, null=True, on_delete=models.CASCADE, related_name="imports")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="vocabulary_import")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.slug

    @property
    def format_label(self) -> str:
        return FORMATS[self.format].label if self.format in FORMATS else self.url


class ImportFinding(models.Model):
    """One line of a dry run: a concept that would come, change, clash or is missing, or what is broken."""

    class Kind(models.TextChoices):
        BROKEN = "broken", _("Broken")
        CONFLICT = "conflict", _("Conflict")
        ABSENT = "absent", _("Not in the file")
        CHANGED = "changed", _("Changed")
        NEW = "new", _("New")

    record = models.ForeignKey(VocabularyImport, on_delete=models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=8, choices=Kind)
    rank = models.PositiveSmallIntegerField(help_text="Worst first.")
    code = models.CharField(max_length=40, blank=True)
    line = models.PositiveIntegerField(null=True, help_text="In the file, from 1.")
    uri = models.CharField(max_length=500, blank=True)
    label = models.CharField(max_length=500, blank=True)
    sentence = models.TextField(blank=True)
    fields = models.JSONField(default=dict, help_text="Field → what stands here, what the file says.")

    class Meta:
        ordering = ["rank", "pk"]
        indexes = [models.Index(fields=["record", "rank", "id"], name="finding_worst_first")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uri}"
