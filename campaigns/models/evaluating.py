"""Evaluations: what a run of a model predicted, measured against a release, with the boxes behind the figures."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from annotation.models import Canvas
from campaigns.models.predicting import PredictionRun
from campaigns.models.releasing import Release
from work.models import Job


class Evaluation(models.Model):
    """A run against a release under given parameters; its job tells how far it is."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    run = models.ForeignKey(PredictionRun, on_delete=models.CASCADE, related_name="evaluations")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="evaluations")
    parameters = models.JSONField(
        default=dict,
        help_text="iou or reach, shape (not there: box), class_aware, score (null: that of greatest F1), "
        "grouping (as it was; not there: none).",
    )
    parameters_digest = models.CharField(max_length=64, help_text="SHA-256 of the parameters.")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="evaluation")
    figures = models.JSONField(
        default=dict, help_text="The shape stands in docs/quality.md, its version within."
    )
    method = models.CharField(max_length=200, blank=True)
    software = models.JSONField(default=dict, help_text="Program or library → version.")
    predictions_seen = models.JSONField(
        default=dict, help_text="The layer when it was read: count, newest revision and moment of change."
    )
    canvas_count = models.PositiveIntegerField(default=0)
    truth_count = models.PositiveIntegerField(default=0)
    prediction_count = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "release", "parameters_digest"], name="evaluated_once_with_the_same_parameters"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id} against {self.release_id}"


class EvaluationPair(models.Model):
    """One judgement behind the figures: a true thing, a predicted one, or both where they met.

    `true_label`, `label`: places in the figures' list of labels. `by_label`: as precision and recall count it
    (met by place and label), else as the confusion table does (met by place alone). `counts` is False for a prediction
    below the score from which predictions count: it stands in no table, and in the bins of the calibration.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="pairs")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="+")
    by_label = models.BooleanField()
    counts = models.BooleanField(default=True, db_default=True)
    true_label = models.PositiveIntegerField(null=True)
    label = models.PositiveIntegerField(null=True)
    # Ids, not keys: a release stands, whatever becomes of the annotations that it was made from.
    true_annotation = models.UUIDField(null=True)
    annotation = models.UUIDField(null=True)
    true_box = ArrayField(models.FloatField(), size=4, null=True)
    box = ArrayField(models.FloatField(), size=4, null=True)
    # Corners of outlines, or the one point: x, y, x, y, …; null for boxes.
    true_points = ArrayField(models.FloatField(), null=True)
    points = ArrayField(models.FloatField(), null=True)
    score = models.FloatField(null=True)
    side = models.FloatField(
        null=True, help_text="√area of the true thing, in canvas units; null: none, or a point."
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            # The crops behind a cell, the surest first; and the counts of a canvas for comparisons.
            models.Index(
                fields=["evaluation", "by_label", "true_label", "label", "-score"], name="pairs_of_a_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.true_label} · {self.label}"


class RunComparison(models.Model):
    """Whether the first run's average precision is greater than the second's, or only luckier; made by a job."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    first = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    figures = models.JSONField(default=dict, help_text="The shape stands in docs/quality.md.")
    computed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="runs_compared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} beside {self.second_id}"
