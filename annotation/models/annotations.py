"""W3C annotations as documents with an index, in layers; their history is append-only."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from annotation.models.sources import Canvas, Manifest
from taxonomy.models import Concept, Vocabulary


class Layer(models.Model):
    """A W3C AnnotationCollection: who speaks here, and in which capacity."""

    class Kind(models.TextChoices):
        CONTRIBUTIONS = "contributions", _("Contributions")
        PREDICTIONS = "predictions", _("Predictions")
        CONSENSUS = "consensus", _("Consensus")
        GROUND_TRUTH = "ground-truth", _("Ground truth")
        DECISIONS = "decisions", _("Decisions")
        IMPORTED = "imported", _("Imported")
        PERSONAL = "personal", _("Personal")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    label = models.JSONField(default=dict, help_text="Language → label.")
    kind = models.CharField(max_length=16, choices=Kind)
    is_public = models.BooleanField(default=False)
    manifest = models.ForeignKey(
        Manifest, null=True, on_delete=models.SET_NULL, related_name="layers",
        help_text="The manifest that it came with, when it was imported.",
    )  # fmt: skip
    source_uri = models.CharField(
        max_length=2000, blank=True, help_text="The annotation page or file that it was imported from."
    )
    vocabulary = models.ForeignKey(
        Vocabulary, null=True, on_delete=models.SET_NULL, related_name="layers",
        help_text="Where people who annotate in it together choose their labels.",
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at"]
        default_permissions = ()
        constraints = [
            # The same annotations imported again by the same person bring their layer up to date.
            models.UniqueConstraint(
                fields=["created_by", "manifest", "source_uri"],
                name="one_layer_of_a_source_a_person",
                condition=~models.Q(source_uri=""),
                nulls_distinct=False,
            )
        ]
        permissions = [
            ("view_layer", "May read the layer"),
            ("contribute_layer", "May add annotations"),
            ("manage_layer", "May change and delete annotations"),
            ("own_layer", "May grant roles and delete"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class LayerUserObjectPermission(UserObjectPermissionBase):
    """Guardian's grant on a layer, by a direct foreign key."""

    content_object = models.ForeignKey(Layer, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        pass


class LayerGroupObjectPermission(GroupObjectPermissionBase):
    """Guardian's grant to a group on a layer: what a group may do in a campaign reaches its layers."""

    content_object = models.ForeignKey(Layer, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        pass


class Annotation(models.Model):
    """A W3C Web Annotation.

    `document` holds body, target and every property losslessly (without `id`, which is derived from
    layer and row); the other columns are extracted from it for queries.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="annotations")
    canvas = models.ForeignKey(Canvas, null=True, on_delete=models.PROTECT, related_name="annotations")
    document = models.JSONField()
    motivations = ArrayField(models.CharField(max_length=100), default=list)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    w = models.FloatField(null=True)
    h = models.FloatField(null=True)
    confidence = models.FloatField(null=True, help_text="Share from 0 to 1, as the model gave it.")
    words = models.TextField(
        blank=True, default="", help_text="The texts of its bodies, folded by taxonomy.folding for searching."
    )
    vocabulary_version = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)
    changed_in = models.BigIntegerField(
        default=0, editable=False,
        help_text="The transaction that last wrote the row; a trigger notes it, whoever writes.",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(x__isnull=True, y__isnull=True, w__isnull=True, h__isnull=True)
                | models.Q(x__isnull=False, y__isnull=False, w__gte=0, h__gte=0),
                name="annotation_box_whole_or_absent",
            )
        ]
        indexes = [
            # The page of a layer for a canvas: the most frequent read of every viewer.
            models.Index(
                fields=["layer", "canvas", "created_at", "id"],
                name="annotation_page",
                condition=models.Q(deleted_at__isnull=True),
            ),
            # The pages of a layer's container (W3C Web Annotation Protocol), in the order of their making.
            models.Index(
                fields=["layer", "created_at", "id"],
                name="annotation_in_container",
                condition=models.Q(deleted_at__isnull=True),
            ),
            # Content Search: the annotations whose bodies contain a word.
            GinIndex(
                SearchVector("words", config="simple"),
                name="annotation_words",
                condition=models.Q(deleted_at__isnull=True),
            ),
            # What has changed in a layer on a canvas since somebody looked; what was deleted is news too.
            models.Index(fields=["layer", "canvas", "changed_in"], name="annotation_news"),
            # Everything that stands on a canvas, in whatever layer: search within a manifest, re-anchoring.
            models.Index(
                fields=["canvas"],
                name="annotation_on_canvas",
                condition=models.Q(deleted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """`(x, y, w, h)` in canvas space; None for the whole canvas, and for a `point`."""
        if self.x is None or self.y is None or not self.w or not self.h:
            return None
        return (self.x, self.y, self.w, self.h)

    @property
    def point(self) -> tuple[float, float] | None:
        """`(x, y)` in canvas space of an annotation without extent; its row has zero as width and height."""
        return None if self.x is None or self.y is None or self.box else (self.x, self.y)


class AnnotationConcept(models.Model):
    """That an annotation's body names a concept; in the order of the bodies."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="concept_links")
    concept = models.ForeignKey(Concept, on_delete=models.PROTECT, related_name="annotation_links")
    said = models.ForeignKey(
        Concept, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="The concept that was meant, when it has been merged into this one since.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["annotation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["annotation", "concept"], name="concept_once_an_annotation")
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id} → {self.concept_id}"


class AnnotationRevision(models.Model):
    """An earlier state of an annotation, written when it is changed or deleted."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    document = models.JSONField()
    reason = models.CharField(max_length=200, blank=True, help_text="Why, when no person changed it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["annotation", "revision"]
        constraints = [models.UniqueConstraint(fields=["annotation", "revision"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.annotation_id} · {self.revision}"


class AnnotationDeparture(models.Model):
    """That an annotation stood on a canvas and was moved away; the trigger of `changed_in` writes it.

    Without it nobody who looks at that canvas would learn that the annotation has gone.
    """

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="departures")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="+")
    changed_in = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["canvas", "annotation"], name="departure_once_a_canvas")
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id} ← {self.canvas_id}"
