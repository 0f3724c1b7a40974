"""What is followed: collections and streams with their members, where manifests came from, what changed."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotation.models.sources import Manifest
from work.models import Job


class Every(models.TextChoices):
    """How often a source is looked at again."""

    NEVER = "never", _("Never")
    DAY = "day", _("Every day")
    WEEK = "week", _("Every week")


class SourceCollection(models.Model):
    """A IIIF collection, or a stream of changes, that somebody follows."""

    class Kind(models.TextChoices):
        COLLECTION = "collection", _("Collection")
        STREAM = "stream", _("Activity stream")

    class Wants(models.TextChoices):
        CHOSEN = "chosen", _("Only what I choose")
        KNOWN = "known", _("What is here already")
        ALL = "all", _("Everything, also what comes later")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    uri = models.CharField(max_length=2000, help_text="Its address, or the id of one that came as a file.")
    label = models.JSONField(default=dict, help_text="IIIF language map.")
    wants = models.CharField(
        max_length=8, choices=Wants, default=Wants.CHOSEN, help_text="What becomes of new members."
    )
    # Members read in an earlier round are due again; within a round nothing is fetched twice.
    round = models.PositiveIntegerField(default=1)
    # A stream's walk backwards: newest change of the finished walk, and where an unfinished one stands.
    last_change_at = models.DateTimeField(null=True)
    last_change_id = models.CharField(max_length=2000, blank=True)
    walk = models.JSONField(
        default=dict, help_text="The unfinished walk: {page, pages, only_going, newest…}."
    )
    every = models.CharField(max_length=5, choices=Every, default=Every.NEVER)
    checked_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["uri", "created_by"], name="one_following_of_a_collection_a_person"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                name="collection_due",
                condition=models.Q(next_check_at__isnull=False),
            )  # what is to be looked at again
        ]

    def __str__(self) -> str:
        return self.uri


class CollectionMember(models.Model):
    """A manifest or collection in a followed source; each URI once, where it was met first."""

    class Kind(models.TextChoices):
        MANIFEST = "manifest", _("Manifest")
        COLLECTION = "collection", _("Collection")

    class State(models.TextChoices):
        LISTED = "listed", _("Listed")
        READ = "read", _("Read")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Could not be read")
        GONE = "gone", _("Gone")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    collection = models.ForeignKey(SourceCollection, on_delete=models.CASCADE, related_name="members")
    # From the root to the parent; empty for the root itself and for the members of a stream.
    ancestors = ArrayField(models.UUIDField(), default=list)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    kind = models.CharField(max_length=10, choices=Kind)
    uri = models.CharField(max_length=2000)
    label = models.JSONField(default=dict, help_text="IIIF language map.")
    thumbnail_url = models.CharField(max_length=2000, blank=True)
    position = models.PositiveIntegerField(default=0)
    document = models.JSONField(null=True, help_text="The member itself, when the collection embeds it.")
    is_wanted = models.BooleanField(default=False, help_text="Whether it is brought in, or all below it.")
    state = models.CharField(max_length=9, choices=State, default=State.LISTED)
    reason = models.TextField(blank=True, help_text="Why it could not be read, in a sentence.")
    tries = models.PositiveSmallIntegerField(default=0)
    first_round = models.PositiveIntegerField(default=1, help_text="The round in which it was met first.")
    listed_round = models.PositiveIntegerField(default=0)
    read_round = models.PositiveIntegerField(default=0)
    next_page = models.CharField(
        max_length=2000, blank=True, help_text="Where a half-read collection goes on."
    )
    pages = models.PositiveIntegerField(default=0, help_text="Pages read of a half-read collection.")
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    manifest = models.ForeignKey(Manifest, null=True, on_delete=models.SET_NULL, related_name="memberships")
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["collection", "position"]
        constraints = [models.UniqueConstraint(fields=["collection", "uri"], name="member_once_a_collection")]
        indexes = [
            models.Index(
                fields=["collection", "kind", "read_round", "tries", "position"], name="member_due"
            ),  # what the crawl does next
            models.Index(
                fields=["parent", "kind", "position"], name="members_of_parent"
            ),  # a page of the tree
        ]

    def __str__(self) -> str:
        return self.uri


class Origin(models.Model):
    """Where a manifest was last read from, with the validators of that answer, and how often to look again."""

    manifest = models.OneToOneField(
        Manifest, primary_key=True, on_delete=models.CASCADE, related_name="origin"
    )
    url = models.CharField(max_length=2000)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    every = models.CharField(max_length=5, choices=Every, default=Every.NEVER)
    checked_at = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_check_at"], name="origin_due", condition=models.Q(next_check_at__isnull=False)
            )  # what is to be looked at again
        ]

    def __str__(self) -> str:
        return self.url


class SourceChange(models.Model):
    """Something that is no longer as it was at an institution, and whether somebody must look at it."""

    class Kind(models.TextChoices):
        MANIFEST_GONE = "manifest-gone", _("The manifest is gone")
        MANIFEST_MOVED = "manifest-moved", _("The manifest has moved")
        MANIFEST_UNREADABLE = "manifest-unreadable", _("The manifest can no longer be read")
        IMAGE_GONE = "image-gone", _("An image is gone")
        IMAGE_RESIZED = "image-resized", _("An image has another size")
        SERVICE_MOVED = "service-moved", _("An image service has moved")
        CANVAS_RESCALED = "canvas-rescaled", _("A canvas has another size; its annotations were scaled")
        CANVAS_RESHAPED = (
            "canvas-reshaped",
            _("A canvas has another shape; its annotations may no longer fit"),
        )
        NOT_RESCALED = "not-rescaled", _("An annotation could not be scaled with its canvas")
        RIGHTS = "rights", _("The rights have changed")
        STATEMENT = "statement", _("The required statement has changed")
        CANVASES_ADDED = "canvases-added", _("Canvases were added")
        CANVASES_REMOVED = "canvases-removed", _("Canvases were removed")
        CANVASES_KEPT = "canvases-kept", _("Canvases that are in use are gone at the source")
        CANVASES_REORDERED = "canvases-reordered", _("Canvases stand in another order")
        MEMBERS_ADDED = "members-added", _("The collection has new members")
        MEMBERS_REMOVED = "members-removed", _("Members have left the collection")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    manifest = models.ForeignKey(Manifest, null=True, on_delete=models.CASCADE, related_name="changes")
    collection = models.ForeignKey(
        SourceCollection, null=True, on_delete=models.CASCADE, related_name="changes"
    )
    # By URI and not by key: a canvas that is only remembered here may go.
    place = models.CharField(max_length=2000, blank=True, help_text="URI of what changed within the source.")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    needs_attention = models.BooleanField(help_text="Whether a person has to look at it.")
    follower = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    found_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True, help_text="When it was last found to be so.")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-found_at"]
        indexes = [
            models.Index(fields=["follower", "-found_at"], name="changes_newest"),  # the page of changes
            models.Index(
                fields=["follower"],
                name="changes_open",
                condition=models.Q(needs_attention=True, resolved_at__isnull=True),
            ),  # the count beside the list of sources
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"

    @property
    def is_open(self) -> bool:
        return self.needs_attention and self.resolved_at is None
