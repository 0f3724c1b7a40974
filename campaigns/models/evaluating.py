"""Evaluations: what a run of a model or a person said, measured against a release, with what is behind the figures."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from annotation.models import Canvas
from campaigns.models.contributing import Participant
from campaigns.models.predicting import PredictionRun
from campaigns.models.releasing import Release
from work.models import Job


class Evaluation(models.Model):
    """A run, or a person, against a release under given parameters; its job tells how far it is."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    run = models.ForeignKey(PredictionRun, null=True, on_delete=models.CASCADE, related_name="evaluations")
    participant = models.ForeignKey(
        Participant, null=True, on_delete=models.CASCADE, related_name="evaluations",
        help_text="Whose answers are measured; null for those of a run.",
    )  # fmt: skip
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="evaluations")
    parameters = models.JSONField(
        default=dict,
        help_text="iou or reach, shape (not there: box), class_aware, score (null: that of greatest F1), "
        "grouping (as it was; not there: none); of people basis (all, or others: what the others decide alone).",
    )
    parameters_digest = models.CharField(max_length=64, help_text="SHA-256 of the parameters.")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="evaluation")
    figures = models.JSONField(
        default=dict, help_text="The shape stands in docs/quality.md, its version within."
    )
    method = models.CharField(max_length=200, blank=True)
    software = models.JSONField(default=dict, help_text="Program or library → version.")
    predictions_seen = models.JSONField(
        default=dict,
        help_text="The layer, or the answers, when they were read: count, newest revision and moment of change.",
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
            ),
            # Also the evaluations of a person, on their page and when they leave.
            models.UniqueConstraint(
                fields=["participant", "release", "parameters_digest"], name="person_evaluated_once_alike"
            ),
            models.CheckConstraint(
                condition=models.Q(run=None) ^ models.Q(participant=None), name="evaluated_run_or_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id or self.participant_id} against {self.release_id}"

    @property
    def name(self) -> str:
        """Who is measured: the model, or a person under the pseudonym of the campaign."""
        return self.run.predictor.name if self.run else self.participant.pseudonym if self.participant else ""

    @property
    def full_name(self) -> str:
        """The same with the version of a model."""
        return f"{self.name} {self.run.predictor.version}" if self.run else self.name


class EvaluationPair(models.Model):
    """One judgement behind the figures: a true thing, a predicted one, or both where they met.

    `true_label`, `label`: places in the figures' list of labels. `by_label`: as precision and recall count it
    (met by place and label), else as the confusion table does (met by place alone). `counts` is False for a prediction
    below the score from which predictions count: it stands in no table, and in the bins of the calibration. `aside`: a
    row that only shows what a count of what was set aside is made of; it is never `by_label` and never `counts`.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="pairs")
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="+")
    by_label = models.BooleanField()
    counts = models.BooleanField(default=True, db_default=True)
    aside = models.CharField(
        max_length=12,
        blank=True,
        default="",
        db_default="",
        help_text="elsewhere, other_shape, unscored (which counts too, in a row of its own); not there: none.",
    )
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


class EvaluationImage(models.Model):
    """One image that was measured: how much is right, false, missed on it; on a tree, how near labels are."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="images", db_index=False
    )
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="+")
    tp = models.PositiveIntegerField(default=0)
    fp = models.PositiveIntegerField(default=0)
    fn = models.PositiveIntegerField(default=0)
    links = models.FloatField(
        null=True, help_text="Between what is true and what was said, where both are one."
    )
    likeness = models.FloatField(null=True, help_text="2 × concepts in common / concepts at or above both.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Also the images of an evaluation, and those of two beside each other.
            models.UniqueConstraint(fields=["evaluation", "canvas"], name="image_measured_once")
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} on {self.canvas_id}"


class EvaluationVoice(models.Model):
    """An image on which one of the people behind the ceiling stands beside others; `person`: the place in its list."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="voices", db_index=False
    )
    canvas = models.ForeignKey(Canvas, on_delete=models.CASCADE, related_name="+")
    person = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # Also the images of one person.
            models.UniqueConstraint(fields=["evaluation", "person", "canvas"], name="voice_once_an_image")
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id}: {self.person} on {self.canvas_id}"


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
