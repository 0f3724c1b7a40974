"""Images uploaded to us: the file as it came, and the pyramid that the Image API serves."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from annotation.models.sources import Canvas, SourceImport


class StoredImage(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.ForeignKey(
        SourceImport, null=True, on_delete=models.CASCADE, related_name="images",
        help_text="None once whoever uploaded it has left: the image stays where its canvas is.",
    )  # fmt: skip
    canvas = models.OneToOneField(Canvas, null=True, on_delete=models.CASCADE, related_name="stored_image")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=300, help_text="File name as uploaded.")
    original = models.FileField(upload_to="originals/")
    pyramid = models.CharField(
        max_length=300, blank=True, help_text="Path of the pyramidal TIFF below the data folder."
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.TextField(blank=True, help_text="Why it was refused, in a sentence.")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["source", "position"]

    def __str__(self) -> str:
        return self.name
