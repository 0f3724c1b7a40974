"""The shapes of a campaign as a volunteer meets it, and as it stands in a list."""

from rest_framework import serializers

from campaigns.api.serializers.questions import AskedSerializer
from campaigns.api.serializers.values import LANGUAGES, LanguageMap
from campaigns.models import Campaign


class ProgressSerializer(serializers.Serializer[object]):
    tasks = serializers.IntegerField()
    retired = serializers.IntegerField(help_text="Tasks that enough people have seen.")
    contributions = serializers.IntegerField()
    mine = serializers.IntegerField(help_text="The caller's own contributions.")


class CampaignVocabularySerializer(serializers.Serializer[object]):
    slug = serializers.SlugField()
    branch = serializers.UUIDField(allow_null=True)
    count = serializers.IntegerField(help_text="How many concepts there are to choose from.")


class CampaignTutorialSerializer(serializers.Serializer[object]):
    """How long the tutorial is, and whether the caller has seen it."""

    steps = serializers.IntegerField()
    seen = serializers.BooleanField()


class CampaignSerializer(serializers.Serializer[object]):
    """A campaign as a volunteer meets it."""

    slug = serializers.SlugField()
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="BCP 47 tags of the languages that it can be read in."
    )
    language = serializers.CharField(help_text="The one of them that fits who asks best.")
    title = LanguageMap(help_text=LANGUAGES)
    summary = LanguageMap(help_text=LANGUAGES)
    status = serializers.ChoiceField(choices=Campaign.Status.choices)
    question = AskedSerializer()
    instructions_html = LanguageMap(help_text="Safe HTML by language.")
    tutorial = CampaignTutorialSerializer()
    vocabulary = CampaignVocabularySerializer()
    overlap = serializers.IntegerField(help_text="The most people who see a task.")
    shows_predictions = serializers.BooleanField()
    progress = ProgressSerializer()


class TotalsSerializer(serializers.Serializer[object]):
    tasks = serializers.IntegerField()
    retired = serializers.IntegerField()
    contributions = serializers.IntegerField()


class CampaignSummarySerializer(serializers.Serializer[object]):
    """A campaign in a list."""

    slug = serializers.SlugField()
    title = LanguageMap(help_text=LANGUAGES)
    summary = LanguageMap(help_text=LANGUAGES)
    status = serializers.ChoiceField(choices=Campaign.Status.choices)
    question_kind = serializers.CharField()
    overlap = serializers.IntegerField()
    allows_anonymous = serializers.BooleanField()
    progress = TotalsSerializer()
