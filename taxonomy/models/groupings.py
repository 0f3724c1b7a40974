"""Groupings: named views of a vocabulary as a few classes, chosen when agreement, exports or evaluation want them."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from taxonomy.models.concepts import Concept
from taxonomy.models.vocabularies import Vocabulary


class Grouping(models.Model):
    """Which concepts count as classes; every other concept counts for the nearest of them above it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="groupings")
    title = models.JSONField(default=dict, help_text="Language → title.")
    rule = models.JSONField(
        default=dict, help_text="How the classes were found: kind (chosen, depth, at-least) and its number."
    )
    classes = models.ManyToManyField(Concept, related_name="groupings")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["vocabulary", "created_at"]

    def __str__(self) -> str:
        return str(self.title.get("en") or self.pk)
