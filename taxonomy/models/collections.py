"""Collections: groups of concepts that are no concepts themselves, as facets of a vocabulary."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from taxonomy.models.vocabularies import Vocabulary


class ConceptCollection(models.Model):
    """A `skos:Collection`, or a group or array of ISO 25964 (whose types stand in `extra`)."""

    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="collections")
    uri = models.CharField(max_length=500)
    labels = models.JSONField(default=list, help_text="Lists of kind, language, text.")
    notes = models.JSONField(default=list, help_text="Lists of kind, language, text.")
    members = ArrayField(models.CharField(max_length=500), default=list, help_text="URIs, in order.")
    is_ordered = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    extra = models.TextField(blank=True, help_text="N-Triples that no other column holds.")

    class Meta:
        ordering = ["vocabulary", "position"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "uri"], name="collection_uri_in_vocabulary")
        ]

    def __str__(self) -> str:
        return self.uri
