"""A vocabulary, its log of changes, and its frozen versions."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from guardian.models import UserObjectPermissionBase


class Vocabulary(models.Model):
    """A `skos:ConceptScheme` with a version number that every change raises."""

    slug = models.SlugField(max_length=60, unique=True)
    uri = models.CharField(max_length=500, unique=True)
    title = models.JSONField(default=dict, help_text="Language → title.")
    description = models.JSONField(default=dict, help_text="Language → description.")
    licence = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0, help_text="Raised by every logged change.")
    extra = models.TextField(
        blank=True, help_text="N-Triples about anything but concepts: collections, properties."
    )
    is_public = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["slug"]
        default_permissions = ()
        permissions = [
            ("view_vocabulary", "May see the vocabulary"),
            ("manage_vocabulary", "May change the vocabulary"),
            ("own_vocabulary", "May grant roles and delete"),
        ]

    def __str__(self) -> str:
        return self.slug


class VocabularyUserObjectPermission(UserObjectPermissionBase):
    """Guardian's grant on a vocabulary, by a direct foreign key."""

    content_object = models.ForeignKey(Vocabulary, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        pass


class VocabularyChange(models.Model):
    """One logged operation on a vocabulary: what, by whom, and which version it made.

    `detail` holds for an edit `concepts`: URI → [before, after] as taxonomy.skos.values writes them, None for
    a concept that was not there; and what the operation was asked for.
    """

    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    operation = models.CharField(max_length=20)
    detail = models.JSONField(default=dict)
    undoes = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="undone_by",
        help_text="The change taken back.",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["vocabulary", "version"], name="one_change_a_version")]

    def __str__(self) -> str:
        return f"{self.operation} → {self.version}"


class VocabularyVersion(models.Model):
    """A vocabulary as it stood at one moment, frozen under a number and an address to cite."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(help_text="Counted within the vocabulary, from 1.")
    version = models.PositiveIntegerField(help_text="The vocabulary's running version at that moment.")
    note = models.TextField(blank=True)
    concepts = models.PositiveIntegerField()
    turtle = models.FileField(upload_to="vocabularies/")
    sha256 = models.CharField(max_length=64, help_text="Of the Turtle file.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["vocabulary", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "number"], name="vocabulary_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.vocabulary_id} · {self.number}"
