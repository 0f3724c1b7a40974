"""Matches to authorities elsewhere: runs that ask for a whole vocabulary, and what waits for a person's answer."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from taxonomy.models.concepts import Concept, Relation
from taxonomy.models.vocabularies import Vocabulary
from work.models import Job


class MatchRun(models.Model):
    """One walk through a vocabulary that asks an authority about every concept without a match to it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="match_runs")
    authority = models.CharField(max_length=60, help_text="Its name in the registry or the configuration.")
    language = models.CharField(
        max_length=35, help_text="Of the labels that are sent, where a concept has one."
    )
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="match_run")
    # The walk goes by id, which no edit changes: taken up again, it goes on behind the last concept asked about.
    reached = models.UUIDField(null=True)
    asked = models.PositiveIntegerField(default=0, help_text="Concepts asked about.")
    found = models.PositiveIntegerField(default=0, help_text="Concepts with candidates.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Vain attempts since the last answer.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.vocabulary_id} · {self.authority}"


class MatchCandidate(models.Model):
    """A concept of an authority that may be the same as one of ours, until somebody who knows has answered."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="match_candidates")
    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="match_candidates")
    run = models.ForeignKey(MatchRun, null=True, on_delete=models.SET_NULL, related_name="candidates")
    authority = models.CharField(max_length=60)
    place = models.PositiveSmallIntegerField(help_text="Among the candidates of its concept, best first.")
    uri = models.CharField(max_length=500)
    label = models.CharField(max_length=500)
    language = models.CharField(max_length=35, default="und")
    description = models.CharField(max_length=2000, blank=True)
    type = models.CharField(max_length=500, blank=True)
    broader_label = models.CharField(max_length=500, blank=True)
    score = models.FloatField(null=True, help_text="As the authority gives it, on its own scale.")
    asked = models.CharField(max_length=500, help_text="The label that was looked up.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    kind = models.CharField(
        max_length=12, choices=Relation.Kind, blank=True, help_text="The match that was made of it."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["concept", "authority", "place"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "authority", "uri"], name="match_candidate_once")
        ]
        indexes = [
            # The queue of who looks after a vocabulary, concept by concept.
            models.Index(
                fields=["vocabulary", "concept", "authority", "place"],
                name="match_candidate_waiting",
                condition=models.Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return self.label
