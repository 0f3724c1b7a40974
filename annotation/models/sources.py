"""IIIF sources: a manifest as it was read, its canvases, and the import that brought it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from work.models import Job


class Manifest(models.Model):
    """A IIIF manifest, kept losslessly beside the columns that we query."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    uri = models.CharField(max_length=2000, help_text="The `id` that the manifest gives itself.")
    presentation_version = models.PositiveSmallIntegerField(default=3)
    label = models.JSONField(default=dict, help_text="IIIF language map.")
    summary = models.JSONField(default=dict)
    metadata = models.JSONField(default=list)
    rights = models.CharField(max_length=500, blank=True)
    required_statement = models.JSONField(null=True)
    provider = models.CharField(max_length=300, blank=True)
    homepage = models.CharField(max_length=2000, blank=True)
    thumbnail_url = models.CharField(max_length=2000, blank=True)
    document = models.JSONField(help_text="The manifest as it was read.")
    is_public = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        default_permissions = ()
        permissions = [
            ("view_manifest", "May see the manifest"),
            ("manage_manifest", "May change and re-import the manifest"),
            ("own_manifest", "May grant roles and delete"),
        ]
        constraints = [
            # The same source imported again by the same person is an update; others keep their own copy.
            models.UniqueConstraint(fields=["uri", "created_by"], name="one_copy_of_a_manifest_a_person")
        ]
        indexes = [
            # Our stream of changes: public manifests, oldest change first.
            models.Index(
                fields=["modified_at", "id"], name="manifest_changes", condition=models.Q(is_public=True)
            )
        ]

    def __str__(self) -> str:
        return self.uri


class ManifestUserObjectPermission(UserObjectPermissionBase):
    """Guardian's grant on a manifest, by a direct foreign key."""

    content_object = models.ForeignKey(Manifest, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        pass


class Canvas(models.Model):
    """One canvas: the space (width × height, origin top left) in which annotations have their place."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    manifest = models.ForeignKey(Manifest, on_delete=models.CASCADE, related_name="canvases")
    uri = models.CharField(max_length=2000)
    position = models.PositiveIntegerField()
    label = models.JSONField(default=dict, help_text="IIIF language map.")
    width = models.FloatField()
    height = models.FloatField()
    image_service = models.CharField(max_length=2000, blank=True, help_text="Base URI of the image service.")
    image_service_version = models.PositiveSmallIntegerField(null=True)
    image_url = models.CharField(
        max_length=2000, blank=True, help_text="The static image, or the full image."
    )
    image_width = models.PositiveIntegerField(null=True)
    image_height = models.PositiveIntegerField(null=True)
    extra = models.JSONField(default=dict, help_text="Choices, further images, canvas metadata.")
    resized_at = models.DateTimeField(null=True, help_text="When its space last changed under us.")

    class Meta:
        ordering = ["manifest", "position"]
        verbose_name_plural = "canvases"
        constraints = [
            models.UniqueConstraint(fields=["manifest", "uri"], name="canvas_once_in_manifest"),
            models.CheckConstraint(condition=models.Q(width__gt=0, height__gt=0), name="canvas_has_a_size"),
        ]
        indexes = [
            models.Index(fields=["manifest", "position"], name="canvas_in_order"),  # pages of a manifest
            models.Index(
                fields=["uri"], name="canvas_by_uri"
            ),  # annotations from outside name the canvas by URI
        ]

    def __str__(self) -> str:
        return self.uri


class SourceImport(models.Model):
    """One import: of a manifest, a collection or annotations by address or file, or of uploaded images."""

    class Kind(models.TextChoices):
        URL = "url", _("Manifest at an address")
        FILE = "file", _("Manifest from a file")
        IMAGES = "images", _("Images")
        ANNOTATIONS = "annotations", _("Annotations")
        COLLECTION = "collection", _("Collection")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    url = models.CharField(max_length=2000, blank=True)
    title = models.CharField(max_length=300, blank=True, help_text="Title of the manifest made for images.")
    rights = models.CharField(max_length=500, blank=True)
    file = models.FileField(upload_to="imports/", blank=True)
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="source_import")
    manifest = models.ForeignKey(Manifest, null=True, on_delete=models.SET_NULL, related_name="imports")
    collection = models.ForeignKey(
        "annotation.SourceCollection", null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.url or self.title or str(self.id)
