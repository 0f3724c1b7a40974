"""A campaign: which canvases, which question, which words, how many people, and how far it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from annotation.models import Canvas, Layer
from taxonomy.models import Concept, Vocabulary, VocabularyChange


class Campaign(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")

    slug = models.SlugField(max_length=60, unique=True)
    title = models.JSONField(default=dict, help_text="Language → title.")
    summary = models.JSONField(default=dict, help_text="Language → one or two sentences.")
    instructions = models.JSONField(default=dict, help_text="Language → Markdown.")
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    question_kind = models.CharField(max_length=20, help_text="A kind registered in campaigns.questions.")
    question = models.JSONField(default=dict, help_text="Configuration of the question, incl. its prompt.")
    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.PROTECT, related_name="campaigns")
    branch = models.ForeignKey(Concept, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asks_about = models.ForeignKey(
        VocabularyChange, null=True, blank=True, on_delete=models.SET_NULL, related_name="campaigns",
        help_text="The split of a concept whose parts it asks people to tell apart.",
    )  # fmt: skip
    overlap = models.PositiveSmallIntegerField(default=3, help_text="How many people see each task.")
    lease_minutes = models.PositiveSmallIntegerField(default=30)
    allows_anonymous = models.BooleanField(default=False)
    is_public = models.BooleanField(default=True, help_text="Anybody may see it and, signed in, contribute.")
    rights = models.CharField(
        max_length=500, blank=True, help_text="Licence of the contributions and releases."
    )
    shown_run = models.ForeignKey(
        "campaigns.PredictionRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="The predictions shown to contributors.",
    )  # fmt: skip
    config_version = models.PositiveIntegerField(default=1)
    contributions_layer = models.OneToOneField(Layer, on_delete=models.PROTECT, related_name="+")
    consensus_layer = models.OneToOneField(Layer, on_delete=models.PROTECT, related_name="+")
    ground_truth_layer = models.OneToOneField(Layer, on_delete=models.PROTECT, related_name="+")
    cover = models.ForeignKey(Canvas, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_simulated = models.BooleanField(default=False, help_text="Part of the demonstration.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        default_permissions = ()
        permissions = [
            ("view_campaign", "May see the campaign"),
            ("contribute_campaign", "May contribute"),
            ("translate_campaign", "May write its texts in other languages"),
            ("review_campaign", "May review"),
            ("manage_campaign", "May configure, run predictions and release"),
            ("own_campaign", "May grant roles and delete"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(overlap__gte=1), name="somebody_sees_each_task")
        ]

    def __str__(self) -> str:
        return self.slug


class CampaignUserObjectPermission(UserObjectPermissionBase):
    """Guardian's grant on a campaign, by a direct foreign key."""

    content_object = models.ForeignKey(Campaign, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        pass


class CampaignGroupObjectPermission(GroupObjectPermissionBase):
    """Guardian's grant to a group on a campaign, by a direct foreign key."""

    content_object = models.ForeignKey(Campaign, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        pass


class CampaignVersion(models.Model):
    """The configuration under which contributions were made."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    configuration = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["campaign", "version"]
        constraints = [models.UniqueConstraint(fields=["campaign", "version"], name="campaign_version_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} · {self.version}"
