"""Concepts, what they are called, what is said of them, how they hang together, and what people propose."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Collate, Upper
from django.utils.translation import gettext_lazy as _

from taxonomy.models.vocabularies import Vocabulary


class Concept(models.Model):
    """A `skos:Concept`. `parent` is the main broader concept; further ones are relations."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        DEPRECATED = "deprecated", _("Deprecated")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Its index would say no more than those of the constraint and of the order, which begin with it.
    vocabulary = models.ForeignKey(
        Vocabulary, on_delete=models.CASCADE, related_name="concepts", db_index=False
    )
    uri = models.CharField(max_length=500)
    notation = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    status = models.CharField(max_length=12, choices=Status, default=Status.ACCEPTED)
    # Derived from `parent` and the order of siblings by actions.rebuild_tree, in the same transaction.
    ancestors = ArrayField(models.UUIDField(), default=list, help_text="Root first, parent last.")
    preorder = models.PositiveIntegerField(
        default=0, help_text="Place in the depth-first walk of the vocabulary."
    )
    rank = models.PositiveIntegerField(default=0, help_text="Place among its siblings.")
    extra = models.TextField(blank=True, help_text="N-Triples that no other column holds, kept losslessly.")

    class Meta:
        ordering = ["vocabulary", "preorder"]
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "uri"], name="concept_uri_in_vocabulary")
        ]
        indexes = [
            models.Index(
                fields=["vocabulary", "preorder"], name="concept_in_tree_order"
            ),  # browse, first n of a branch
            GinIndex(fields=["ancestors"], name="concept_of_branch"),  # everything below a concept
            # Search as you type: notations that begin with what was typed.
            models.Index(
                "vocabulary",
                Collate(Upper("notation"), "C"),
                name="concept_by_notation",
                condition=~models.Q(notation=""),
            ),
        ]

    def __str__(self) -> str:
        return self.notation or self.uri

    @property
    def depth(self) -> int:
        return len(self.ancestors)


class Label(models.Model):
    """A preferred, alternative or hidden label in one language."""

    class Kind(models.TextChoices):
        PREF = "pref", _("Preferred")
        ALT = "alt", _("Alternative")
        HIDDEN = "hidden", _("Hidden")

    # The index of `label_once` begins with it.
    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="labels", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind)
    language = models.CharField(max_length=35, help_text="BCP 47; `und` when the source gave none.")
    text = models.CharField(max_length=500)
    folded = models.CharField(max_length=600, help_text="taxonomy.folding.fold of the text.")

    class Meta:
        ordering = ["concept", "kind", "language", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["concept", "language"],
                condition=models.Q(kind="pref"),
                name="one_preferred_label_a_language",
            ),
            models.UniqueConstraint(fields=["concept", "kind", "language", "text"], name="label_once"),
        ]
        indexes = [
            # Search as you type: every typed word is the beginning of a word of the label.
            GinIndex(SearchVector("folded", config="simple"), name="label_words"),
            # Labels that begin with what was typed come first, in the order of their letters.
            models.Index(Collate("folded", "C"), name="label_beginning"),
        ]

    def __str__(self) -> str:
        return self.text


class Note(models.Model):
    """A documentation property: definition, scope note, example, editorial or history note."""

    class Kind(models.TextChoices):
        DEFINITION = "definition", _("Definition")
        SCOPE = "scopeNote", _("Scope note")
        EXAMPLE = "example", _("Example")
        NOTE = "note", _("Note")
        EDITORIAL = "editorialNote", _("Editorial note")
        CHANGE = "changeNote", _("Change note")
        HISTORY = "historyNote", _("History note")

    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=16, choices=Kind)
    language = models.CharField(max_length=35)
    text = models.TextField()

    class Meta:
        ordering = ["concept", "kind", "language"]

    def __str__(self) -> str:
        return self.text


class Relation(models.Model):
    """A further broader concept, a related one, or a match in another vocabulary."""

    class Kind(models.TextChoices):
        BROADER = "broader", _("Also narrower than")
        RELATED = "related", _("Related")
        EXACT = "exactMatch", _("Exact match")
        CLOSE = "closeMatch", _("Close match")
        BROAD = "broadMatch", _("Broad match")
        NARROW = "narrowMatch", _("Narrow match")
        RELATED_MATCH = "relatedMatch", _("Related match")
        REPLACED_BY = "isReplacedBy", _("Replaced by")

    # The index of `relation_once` begins with it.
    concept = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="relations", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    target_uri = models.CharField(max_length=500)
    target = models.ForeignKey(
        Concept, null=True, on_delete=models.CASCADE, related_name="incoming_relations"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concept", "kind", "target_uri"], name="relation_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_uri}"


class Proposal(models.Model):
    """A concept that somebody misses in a vocabulary, waiting for who looks after it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.CASCADE, related_name="proposals")
    label = models.CharField(max_length=500)
    language = models.CharField(max_length=35, help_text="BCP 47, of the label.")
    parent = models.ForeignKey(
        Concept, null=True, on_delete=models.SET_NULL, related_name="+", help_text="Where it should stand."
    )
    reason = models.TextField(blank=True, help_text="Why it is missed, in the proposer's words.")
    example = models.CharField(
        max_length=2000, blank=True, help_text="URI of an annotation or region that shows one."
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    concept = models.ForeignKey(
        Concept, null=True, on_delete=models.SET_NULL, related_name="proposals",
        help_text="What became of it: a new concept, or the one that was meant.",
    )  # fmt: skip
    answer = models.TextField(blank=True, help_text="What the proposer is told.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [
            # The queue of who looks after a vocabulary.
            models.Index(
                fields=["vocabulary", "created_at"],
                name="proposal_waiting",
                condition=models.Q(state="waiting"),
            )
        ]

    def __str__(self) -> str:
        return self.label
