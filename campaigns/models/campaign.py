"""A campaign: which canvases, which question, which words, how many people, and how far it is."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from annotation.models import Canvas, Layer
from campaigns.questions import Traits, traits_of
from taxonomy.models import Concept, Vocabulary, VocabularyChange


class Campaign(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PILOT = "pilot", _("Pilot")
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")
        ARCHIVED = "archived", _("Archived")

    class Order(models.TextChoices):
        SEQUENTIAL = "sequential", _("Source after source, page after page")
        RANDOM = "random", _("At random")
        STRATIFIED = "stratified", _("A page of each source in turn")
        UNCERTAIN = "uncertain", _("What a model is least sure of first")
        PRIORITY = "priority", _("By the priority that they were given")

    class Weighing(models.TextChoices):
        ALIKE = "alike", _("Everybody’s alike")
        ONE_COIN = "one-coin", _("By how often each person is right")
        DAWID_SKENE = "dawid-skene", _("By what each person takes for what")
        GLAD = "glad", _("By how able each person is, and how easy each thing")
        MACE = "mace", _("By who looks and who only clicks")
        TREE_COIN = "tree-coin", _("By how often each person takes the right turn on the tree")
        TREE_DAWID_SKENE = (
            "tree-dawid-skene",
            _("By what each person takes for what at each fork of the tree"),
        )

    slug = models.SlugField(max_length=60, unique=True)
    languages = models.JSONField(
        default=list, db_default=[],
        help_text="BCP 47 tags in which it is written, the first for who reads none; empty: those of the site.",
    )  # fmt: skip
    title = models.JSONField(default=dict, help_text="Language → title.")
    summary = models.JSONField(default=dict, help_text="Language → one or two sentences.")
    instructions = models.JSONField(default=dict, help_text="Language → Markdown.")
    tutorial = models.JSONField(
        default=list, db_default=[], help_text="Steps as campaigns.teaching reads them, in order."
    )
    faq = models.JSONField(
        default=list, db_default=[], help_text="[{id, question, answer}], texts by language, in order."
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT)
    shows_leaderboard = models.BooleanField(default=False, db_default=False)
    goals = models.JSONField(
        default=list, db_default=[], help_text="[{count, on}]: so many accepted items by a day."
    )
    question_kind = models.CharField(max_length=20, help_text="A kind registered in campaigns.questions.")
    question = models.JSONField(default=dict, help_text="Configuration of the question, incl. its prompt.")
    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.PROTECT, related_name="campaigns")
    branch = models.ForeignKey(Concept, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asks_about = models.ForeignKey(
        VocabularyChange, null=True, blank=True, on_delete=models.SET_NULL, related_name="campaigns",
        help_text="The split of a concept whose parts it asks people to tell apart.",
    )  # fmt: skip
    overlap = models.PositiveSmallIntegerField(default=3, help_text="The most people who see a task.")
    retirement = models.JSONField(
        default=list, help_text="Conditions of campaigns.rules under which fewer people are enough."
    )
    weighing = models.CharField(
        max_length=20, choices=Weighing, default=Weighing.ALIKE, help_text="How votes weigh."
    )
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
    gold_share = models.FloatField(default=0, help_text="Share of tasks whose answer is known, 0 to 0.5.")
    gold_feedback = models.BooleanField(
        default=False, help_text="Whether the known answer is told after handing in."
    )
    qualify_count = models.PositiveSmallIntegerField(
        default=0, help_text="How many known answers come before the first other task; 0: none."
    )
    qualify_share = models.FloatField(default=0.7, help_text="Mean score on them that lets somebody in.")
    requalify = models.BooleanField(
        default=False, db_default=False, help_text="Who falls below it while working passes them anew."
    )
    blind_share = models.FloatField(default=0, help_text="Share of tasks that show no predictions, 0 to 1.")
    pilot_size = models.PositiveIntegerField(
        null=True, blank=True, help_text="So many tasks, the first in order, are offered in the pilot."
    )
    pilot_below = models.BigIntegerField(
        null=True, help_text="While the pilot is not over: its tasks have positions below; null is all."
    )
    opens_at = models.DateTimeField(null=True, blank=True, help_text="When a draft opens by itself.")
    closes_at = models.DateTimeField(null=True, blank=True, help_text="From then on nothing is given out.")
    examples_wanted = models.PositiveSmallIntegerField(
        default=10, db_default=10,
        help_text="Decided examples wanted of each concept; the review begins with what lacks them.",
    )  # fmt: skip
    reviews = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="How many reviewers must say the same: 1 or 2."
    )
    target_on = models.DateField(null=True, blank=True, help_text="The day by which it should be done.")
    order = models.CharField(max_length=10, choices=Order, default=Order.SEQUENTIAL)
    order_seed = models.PositiveIntegerField(default=1, help_text="The same seed gives the same order.")
    order_run = models.ForeignKey(
        "campaigns.PredictionRun", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="Whose confidence tells what is uncertain.",
    )  # fmt: skip
    # An ordering moves tasks to fresh positions: where the walk begins, and below which others may append none.
    queue_from = models.BigIntegerField(default=0)
    reserved_below = models.BigIntegerField(default=0)
    config_version = models.PositiveIntegerField(default=1)
    contributions_layer = models.OneToOneField(Layer, on_delete=models.PROTECT, related_name="+")
    consensus_layer = models.OneToOneField(Layer, on_delete=models.PROTECT, related_name="+")
    decisions_layer = models.OneToOneField(Layer, on_delete=models.PROTECT, related_name="+")
    ground_truth_layer = models.OneToOneField(Layer, on_delete=models.PROTECT, related_name="+")
    cover = models.ForeignKey(Canvas, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_template = models.BooleanField(
        default=False, help_text="Its owner lets others begin new campaigns from its settings."
    )
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
            models.CheckConstraint(condition=models.Q(overlap__gte=1), name="somebody_sees_each_task"),
            models.CheckConstraint(
                condition=models.Q(
                    gold_share__gte=0,
                    gold_share__lte=0.5,
                    qualify_share__gte=0,
                    qualify_share__lte=1,
                    blind_share__gte=0,
                    blind_share__lte=1,
                ),
                name="shares_of_campaign_in_range",
            ),
        ]

    # Of a sequence the one question that a reader looks at (`campaigns.strands`); never kept.
    step = ""

    def __str__(self) -> str:
        return self.slug

    @property
    def traits(self) -> Traits:
        """What its question is like."""
        return traits_of(self.question_kind, self.question if isinstance(self.question, dict) else {})

    @property
    def uses_gold(self) -> bool:
        """Whether anybody may be given a task whose answer is known."""
        return self.gold_share > 0 or self.qualify_count > 0

    @property
    def is_running(self) -> bool:
        """Whether tasks are given out: the end is compared here and in SQL, whether a worker lives or not."""
        in_time = self.closes_at is None or self.closes_at > timezone.now()
        return self.status in {self.Status.OPEN, self.Status.PILOT} and in_time

    @property
    def has_ended(self) -> bool:
        """Whether what is handed in no longer counts: closed, put away, or past its end."""
        over = self.closes_at is not None and self.closes_at <= timezone.now()
        return self.status in {self.Status.CLOSED, self.Status.ARCHIVED} or over


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
