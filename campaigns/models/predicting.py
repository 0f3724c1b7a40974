"""Models and what they said: predictors, runs over canvases, and predictions as annotations."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotation.models import Annotation, Canvas, Layer
from campaigns.models.campaign import Campaign
from campaigns.models.contributing import Assignment
from work.models import Job


class RunQuerySet(models.QuerySet["PredictionRun"]):
    """Runs of models; what volunteers had looked for stands apart, so that nobody is shown or measured by it."""

    def of(self, campaign: Campaign | None) -> Self:
        """Those of a campaign that those who run it have asked for."""
        return self.filter(predictor__campaign=campaign, predictor__assists=False)


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
    assists = models.BooleanField(
        default=False, db_default=False, help_text="Looks for what volunteers ask for while they draw."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], name="one_assistant_a_campaign", condition=models.Q(assists=True)
            )
        ]

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

    objects = RunQuerySet.as_manager()

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


class SimilarSearch(models.Model):
    """“Find more like this”, asked for by somebody while they draw; that it was is told by the assignment."""

    id = models.UUIDField(primary_key=True, help_text="Made by the client, so that a retry is harmless.")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="searches")
    box = models.JSONField(help_text="[x, y, w, h] of what was drawn, in canvas space.")
    concepts = models.JSONField(default=list, help_text="Ids of its labels; what is found has the same.")
    found = models.JSONField(default=list, help_text="Ids of the predictions, the likeliest first.")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="similar_search")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            # How often somebody has asked within the last minute.
            models.Index(fields=["created_at"], name="similar_searches_lately"),
        ]

    def __str__(self) -> str:
        return str(self.id)
