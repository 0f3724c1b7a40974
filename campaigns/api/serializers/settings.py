"""The shapes of a campaign for those who run it: its settings, as they are and as they are sent."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.serializers.values import FiniteFloatField, LanguageMap
from campaigns.models import Campaign
from campaigns.rules import EARLY
from campaigns.teaching import MOST_GOALS


@extend_schema_field(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "rule": {"type": "string", "enum": sorted(EARLY)},
                **{
                    name: {"type": "integer" if parameter.is_whole else "number"}
                    for rule in EARLY.values()
                    for name, parameter in rule.PARAMETERS.items()
                },
            },
            "required": ["rule"],
        },
        "description": "Conditions under which fewer people than the overlap are enough: docs/quality.md.",
    }
)
class ConditionsField(serializers.ListField):
    """A list of conditions; `campaigns.rules` reads it."""

    child = serializers.DictField()


class CampaignSettingsSerializer(serializers.ModelSerializer[Campaign]):
    """A campaign as those see it who run it."""

    vocabulary = serializers.CharField(source="vocabulary.slug", read_only=True)
    languages = serializers.ListField(child=serializers.CharField())
    title = LanguageMap()
    summary = LanguageMap()
    instructions = LanguageMap(help_text="Markdown by language.")
    retirement = ConditionsField()

    class Meta:
        model = Campaign
        fields = [
            "slug", "languages", "title", "summary", "instructions", "status", "question_kind", "question",
            "vocabulary", "branch", "overlap", "retirement", "weighing", "lease_minutes", "allows_anonymous",
            "is_public", "rights",
            "shown_run",
            "gold_share", "gold_feedback", "qualify_count", "qualify_share", "requalify",
            "blind_share",
            "pilot_size", "opens_at", "closes_at", "target_on", "examples_wanted", "reviews",
            "order", "order_seed", "order_run",
            "cover", "config_version", "contributions_layer", "consensus_layer", "decisions_layer",
            "ground_truth_layer",
            "shows_leaderboard", "goals",
            "created_at", "opened_at", "closed_at",
        ]  # fmt: skip


class ConfigureRequest(serializers.Serializer[object]):
    """Settings of a campaign; those left out stay as they are."""

    languages = serializers.ListField(
        child=serializers.CharField(max_length=35), required=False, max_length=40,
        help_text="BCP 47 tags in which it is written, the first for who reads none; empty: those of the site.",
    )  # fmt: skip
    title = LanguageMap(required=False)
    summary = LanguageMap(required=False)
    instructions = LanguageMap(required=False, help_text="Markdown by language.")
    question_kind = serializers.CharField(required=False, max_length=20)
    question = serializers.DictField(required=False, help_text="Settings of the question, with its `prompt`.")
    vocabulary = serializers.SlugField(required=False)
    branch = serializers.UUIDField(required=False, allow_null=True)
    overlap = serializers.IntegerField(
        required=False, min_value=1, max_value=100, help_text="The most people who see a task."
    )
    retirement = ConditionsField(required=False)
    weighing = serializers.ChoiceField(
        required=False, choices=Campaign.Weighing.choices, help_text="How votes weigh when labels are merged."
    )
    lease_minutes = serializers.IntegerField(required=False, min_value=1, max_value=1440)
    allows_anonymous = serializers.BooleanField(required=False)
    is_public = serializers.BooleanField(required=False)
    rights = serializers.CharField(required=False, allow_blank=True, max_length=500)
    shown_run = serializers.UUIDField(required=False, allow_null=True)
    gold_share = FiniteFloatField(
        required=False, min_value=0, max_value=0.5, help_text="Share of tasks whose answer is known."
    )
    gold_feedback = serializers.BooleanField(
        required=False, help_text="Whether the known answer is told after handing in."
    )
    qualify_count = serializers.IntegerField(
        required=False, min_value=0, max_value=100,
        help_text="How many known answers come before the first other task; 0: none.",
    )  # fmt: skip
    qualify_share = FiniteFloatField(
        required=False, min_value=0, max_value=1, help_text="Mean score on them that lets somebody in."
    )
    requalify = serializers.BooleanField(
        required=False, help_text="Who falls below it while working passes known answers anew."
    )
    blind_share = FiniteFloatField(
        required=False, min_value=0, max_value=1, help_text="Share of tasks that show no predictions."
    )
    pilot_size = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1,
        help_text="So many tasks, the first in order, are offered in the pilot.",
    )  # fmt: skip
    opens_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When the draft opens by itself."
    )
    closes_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When it closes by itself."
    )
    shows_leaderboard = serializers.BooleanField(required=False, help_text="Off unless it is asked for.")
    goals = serializers.ListField(
        child=serializers.DictField(), required=False, max_length=MOST_GOALS,
        help_text="[{count, on}]: so many accepted items by a day.",
    )  # fmt: skip
    target_on = serializers.DateField(
        required=False, allow_null=True, help_text="The day by which it should be done; it closes nothing."
    )
    examples_wanted = serializers.IntegerField(
        required=False, min_value=0, max_value=10_000,
        help_text="Decided examples wanted of each concept; the review begins with what lacks them.",
    )  # fmt: skip
    reviews = serializers.IntegerField(
        required=False, min_value=1, max_value=2, help_text="How many reviewers must say the same."
    )
    order = serializers.ChoiceField(
        choices=Campaign.Order.choices,
        required=False,
        help_text="Of the queue; a change is carried out in the background.",
    )
    order_seed = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    order_run = serializers.UUIDField(required=False, allow_null=True)


class CreateRequest(ConfigureRequest):
    slug = serializers.SlugField(max_length=60)
    title = LanguageMap()
    question_kind = serializers.CharField(max_length=20)
    question = serializers.DictField(help_text="Settings of the question, with its `prompt`.")
    vocabulary = serializers.SlugField(
        required=False, help_text="Left out for a kind of question that brings its own answers."
    )
