"""Tables of priorities that curators bring: what was sent, what it means for the tasks, which lines mean nothing."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.contributing import Task
from work.models import Job


class PriorityTable(models.Model):
    """One table: read and looked at, then applied as one action, and perhaps taken back."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READY = "ready", _("Waits to be applied")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="priority_tables")
    name = models.CharField(max_length=200, help_text="What the file is called.")
    content = models.FileField(
        upload_to="priorities/", blank=True, help_text="As it was sent, until it is read."
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was sent: a retry is known by it.")
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    lines = models.PositiveIntegerField(default=0, help_text="Read so far, without the head.")
    matched = models.PositiveIntegerField(default=0, help_text="Tasks that get a priority.")
    aside = models.PositiveIntegerField(default=0, help_text="Lines that were laid aside.")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class TaskPriority(models.Model):
    """The priority that a table gives to a task, and the one that it had before."""

    table = models.ForeignKey(
        PriorityTable, on_delete=models.CASCADE, related_name="priorities", db_index=False
    )
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    priority = models.FloatField()
    before = models.FloatField(null=True)
    is_applied = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "task"], name="task_once_in_table")]
        indexes = [
            models.Index(
                fields=["table", "id"], name="table_in_steps"
            ),  # applied and taken back in small steps
            models.Index(fields=["table", "-priority", "line"], name="table_highest"),  # what will come first
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.priority}"


class LineAside(models.Model):
    """A line of a table that means nothing here, with the reason."""

    class Reason(models.TextChoices):
        NO_KEY = "no-key", _("It names no image.")
        NO_NUMBER = "no-number", _("Its priority is not a number.")
        UNKNOWN = "unknown", _("No task of this campaign has this id or address.")
        REPEATED = "repeated", _("An earlier line says it of the same task.")
        UNREADABLE = "unreadable", _("It cannot be read as a line of a table.")

    table = models.ForeignKey(
        PriorityTable, on_delete=models.CASCADE, related_name="lines_aside", db_index=False
    )
    number = models.PositiveIntegerField(help_text="Of the line in the file, from 1.")
    said = models.TextField(blank=True)
    value = models.TextField(blank=True)
    reason = models.CharField(max_length=12, choices=Reason)

    class Meta:
        ordering = ["table", "number"]
        constraints = [models.UniqueConstraint(fields=["table", "number"], name="line_aside_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_reason_display()}"
