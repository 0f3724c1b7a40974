"""Models and what they said: predictors, runs over canvases, and predictions as annotations."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation, Canvas, Layer
from campaigns.models.campaign import Campaign
from work.models import Job


class Predictor(models.Model):
    """A model that can be asked: its kind is a file in campaigns/predictors/."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="predictors")
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=60, blank=True)
    configuration = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class PredictionRun(models.Model):
    """One run of a predictor over the canvases of a campaign, into a layer of its own."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    predictor = models.ForeignKey(Predictor, on_delete=models.CASCADE, related_name="runs")
    layer = models.OneToOneField(Layer, on_delete=models.PROTECT, related_name="prediction_run")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="prediction_run")
    configuration = models.JSONField(
        default=dict, help_text="The predictor's configuration when the run began."
    )
    label_map = models.JSONField(default=dict, help_text="The model's class → concept id.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.id)


class PredictionBatch(models.Model):
    """One canvas of a run: the row that says whether it still has to be asked."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    run = models.ForeignKey(PredictionRun, on_delete=models.CASCADE, related_name="batches")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    error = models.TextField(blank=True)
    quarantined = models.JSONField(
        default=list, help_text="What the model said that could not be used, and why."
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "canvas"], name="a_canvas_once_a_run")]

    def __str__(self) -> str:
        return f"{self.run_id} · {self.canvas_id}"


class Prediction(models.Model):
    """An annotation made by a model in a run; the label as the model wrote it."""

    run = models.ForeignKey(PredictionRun, on_delete=models.CASCADE, related_name="predictions")
    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="prediction")
    model_label = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.run_id} · {self.annotation_id}"
