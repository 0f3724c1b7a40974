"""What people who annotate together have more of looked for: candidates, which are nobody's annotations yet."""

from django.conf import settings
from django.db import models

from annotation.models import Canvas, Layer
from work.models import Job


class LayerSearch(models.Model):
    """“Find more like this” on a canvas of a layer: of use while somebody sits there, gone when they ask anew."""

    id = models.UUIDField(primary_key=True, help_text="Made by the client, so that a retry is harmless.")
    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="searches")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    box = models.JSONField(help_text="[x, y, w, h] of what was drawn, in canvas space.")
    found = models.JSONField(default=list, help_text="[x, y, w, h, confidence] each, the likeliest first.")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="layer_search")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            # How often somebody has asked within the last minute, and what of theirs is old.
            models.Index(fields=["by", "created_at"], name="layer_searches_lately"),
        ]

    def __str__(self) -> str:
        return str(self.id)
