"""Long work as rows: what must happen stands here; the broker only wakes somebody up."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work that a person may wait for: state, progress, log, a stop button."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=60, help_text="Name in the registry of work.registry.")
    subject = models.CharField(max_length=64, help_text="Id of the row that the work is about.")
    queue = models.CharField(max_length=20, default="default")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    # Fencing token: a runner whose number is no longer the row's has lost the work to another.
    attempt = models.PositiveIntegerField(default=0)
    interruptions = models.PositiveSmallIntegerField(
        default=0, help_text="How often its worker fell silent since the work last moved on."
    )
    not_before = models.DateTimeField(
        null=True, help_text="Work that waits for somebody else rests until then."
    )
    stop_requested_at = models.DateTimeField(null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # The sweeper's look for forgotten work: few rows are unfinished.
            models.Index(
                fields=["state", "created_at"],
                name="job_unfinished",
                condition=models.Q(state__in=["queued", "running"]),
            ),
            models.Index(
                fields=["subject"], name="job_subject"
            ),  # the latest job of an import, a run, a release
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def is_finished(self) -> bool:
        return self.state in {self.State.STOPPED, self.State.FAILED, self.State.DONE}

    @property
    def is_stopping(self) -> bool:
        return self.stop_requested_at is not None and not self.is_finished

    @property
    def share(self) -> float | None:
        """Progress from 0 to 1; None while the total is unknown."""
        if self.state == self.State.DONE:
            return 1.0
        return min(self.done / self.total, 1.0) if self.total else None

    @property
    def percent(self) -> int | None:
        return None if self.share is None else int(self.share * 100)

    @property
    def eta(self) -> timedelta | None:
        """Time left at the pace so far; None before a tenth of a percent is done."""
        if self.state != self.State.RUNNING or not self.started_at or not self.share or self.share < 0.001:
            return None
        return (timezone.now() - self.started_at) * (1 / self.share - 1)


class JobLine(models.Model):
    """A sentence the work left behind: what it did, what it could not use and why."""

    class Severity(models.TextChoices):
        INFO = "info", _("Information")
        WARNING = "warning", _("Warning")
        ERROR = "error", _("Error")

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField(auto_now_add=True)
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.INFO)
    sentence = models.TextField()
    # Where the fault lies, if it lies in an input: the canvas or subject, and a JSON pointer or line number.
    place = models.CharField(max_length=500, blank=True)
    pointer = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.sentence
