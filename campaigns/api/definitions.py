"""Definitions of campaigns over REST: taken along, started from, copied."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_curator
from campaigns.actions.definitions import (
    MOST_SOURCES,
    campaign_from,
    copy_campaign,
    definition_of,
    offer_as_template,
    question_elsewhere,
)
from campaigns.api.serializers.settings import CampaignSettingsSerializer, ConditionsField
from campaigns.api.serializers.values import FiniteFloatField, LanguageMap
from campaigns.blueprints import BLUEPRINTS
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from campaigns.teaching import MOST_GOALS
from campaigns.templates import MOST_TEMPLATES, PASSED_ON, offered_templates
from problems.api import problem_from


class NamedVocabulary(serializers.Serializer[object]):
    uri = serializers.CharField(max_length=500)
    title = LanguageMap(required=False)


class DefinitionSerializer(serializers.Serializer[object]):
    """A campaign as another site can start from it."""

    type = serializers.CharField(help_text="CampaignDefinition")
    version = serializers.IntegerField(help_text="1")
    slug = serializers.CharField(
        max_length=60, required=False, help_text="What it was called where it came from."
    )
    languages = serializers.ListField(
        child=serializers.CharField(max_length=35), required=False, default=list, max_length=40,
        help_text="BCP 47 tags in which it is written, the first for who reads none; empty: those of the site.",
    )  # fmt: skip
    title = LanguageMap()
    summary = LanguageMap(required=False, default=dict)
    instructions = LanguageMap(required=False, default=dict, help_text="Markdown by language.")
    shows_leaderboard = serializers.BooleanField(required=False, default=False)
    goals = serializers.ListField(
        child=serializers.DictField(), required=False, default=list, max_length=MOST_GOALS,
        help_text="[{count, on}]: so many accepted items by a day.",
    )  # fmt: skip
    faq = serializers.ListField(
        child=serializers.DictField(), required=False, default=list,
        help_text="Questions with answers: [{id, question, answer}], texts by language.",
    )  # fmt: skip
    tutorial = serializers.ListField(
        child=serializers.DictField(), required=False, default=list,
        help_text="Steps: [{text, canvas, region, example}], canvas and concepts by their addresses.",
    )  # fmt: skip
    question_kind = serializers.CharField(max_length=20)
    question = serializers.DictField(help_text="Settings of the question, with its `prompt`.")
    vocabulary = NamedVocabulary(
        allow_null=True, required=False, default=None,
        help_text="None for a question that brings its own answers, which stand in its settings by their labels.",
    )  # fmt: skip
    branch = serializers.CharField(
        max_length=500, required=False, allow_null=True, default=None, help_text="URI of a concept."
    )
    overlap = serializers.IntegerField(required=False, default=3, min_value=1, max_value=100)
    retirement = ConditionsField(required=False, default=list)
    weighing = serializers.ChoiceField(choices=Campaign.Weighing.choices, required=False, default="alike")
    lease_minutes = serializers.IntegerField(required=False, default=30, min_value=1, max_value=1440)
    allows_anonymous = serializers.BooleanField(required=False, default=False)
    is_public = serializers.BooleanField(required=False, default=True)
    rights = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)
    gold_share = FiniteFloatField(required=False, default=0.0, min_value=0, max_value=0.5)
    gold_feedback = serializers.BooleanField(required=False, default=False)
    qualify_count = serializers.IntegerField(required=False, default=0, min_value=0, max_value=100)
    qualify_share = FiniteFloatField(required=False, default=0.7, min_value=0, max_value=1)
    requalify = serializers.BooleanField(required=False, default=False)
    blind_share = FiniteFloatField(required=False, default=0.0, min_value=0, max_value=1)
    pilot_size = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)
    opens_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    closes_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    target_on = serializers.DateField(required=False, allow_null=True, default=None)
    examples_wanted = serializers.IntegerField(required=False, default=10, min_value=0, max_value=10_000)
    reviews = serializers.IntegerField(required=False, default=1, min_value=1, max_value=2)
    order = serializers.ChoiceField(
        choices=Campaign.Order.choices, required=False, default=Campaign.Order.SEQUENTIAL
    )
    order_seed = serializers.IntegerField(required=False, default=1, min_value=0, max_value=2**31 - 1)
    sources = serializers.ListField(
        child=serializers.CharField(max_length=2000), required=False, default=list, max_length=MOST_SOURCES,
        help_text="Manifests, by their addresses, whose canvases are tasks.",
    )  # fmt: skip


def read_definition(document: Any) -> dict[str, Any]:
    """A definition whose shape is right, with what it leaves out. Raises `Invalid` with all faults."""
    form = DefinitionSerializer(data=document)
    try:
        form.is_valid(raise_exception=True)
    except serializers.ValidationError as error:
        raise problem_from(error) or error from error
    data: Any = form.validated_data
    return dict(data)


class StartedSerializer(CampaignSettingsSerializer):
    missing = serializers.ListField(child=serializers.CharField(), help_text="Sources that are not here.")

    class Meta(CampaignSettingsSerializer.Meta):
        fields = [*CampaignSettingsSerializer.Meta.fields, "missing"]


class CopyRequest(serializers.Serializer[object]):
    slug = serializers.SlugField(max_length=60, help_text="The address of the copy.")


class DefinitionView(APIView):
    @extend_schema(operation_id="campaign_definition", responses=DefinitionSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The settings without any id of this site; to start the same campaign elsewhere."""
        return Response(definition_of(get_campaign_for(request.user, slug, "manage")))

    @extend_schema(
        operation_id="campaign_from_definition",
        request=DefinitionSerializer,
        responses={201: StartedSerializer},
    )
    def put(self, request: Request, slug: str) -> Response:
        """A new draft at this address from a definition; `missing` names the sources that are not here."""
        by = require_curator(request.user)
        campaign, missing = campaign_from(read_definition(request.data), slug=slug, by=by)
        return Response({**CampaignSettingsSerializer(campaign).data, "missing": missing}, status=201)


class TemplateSerializer(serializers.Serializer[object]):
    """Something that a new campaign can begin from."""

    name = serializers.CharField(help_text="Of a built-in one; `campaign:` and the slug of a campaign.")
    title = LanguageMap()
    summary = LanguageMap()
    settings = serializers.DictField(help_text="To post to `campaigns/` with a slug and a vocabulary.")


class TemplatesView(APIView):
    @extend_schema(operation_id="template_list", responses=TemplateSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The built-in templates, and campaigns whose owners offer them as one."""
        built_in = [
            {"name": one.name, "title": one.title, "summary": one.summary, "settings": one.settings()}
            for one in BLUEPRINTS.values()
        ]
        offered = [
            {
                "name": f"campaign:{one.slug}",
                "title": one.title,
                "summary": one.summary,
                "settings": {
                    **{name: getattr(one, name) for name in PASSED_ON},
                    "question": question_elsewhere(one),
                },
            }
            for one in offered_templates(request.user)[:MOST_TEMPLATES]
        ]
        return Response(TemplateSerializer([*built_in, *offered], many=True).data)


class TemplateView(APIView):
    @extend_schema(operation_id="template_offer", request=None, responses={204: None})
    def put(self, request: Request, slug: str) -> Response:
        """Let whoever sees the campaign begin new ones from its settings; the caller owns it."""
        offer_as_template(get_campaign_for(request.user, slug, "own"), offered=True)
        return Response(status=204)

    @extend_schema(operation_id="template_withdraw", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Offer it no longer; campaigns that were begun from it stay."""
        offer_as_template(get_campaign_for(request.user, slug, "own"), offered=False)
        return Response(status=204)


class CopyView(APIView):
    @extend_schema(
        operation_id="campaign_copy", request=CopyRequest, responses={201: CampaignSettingsSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """A new draft with the same settings and tasks, without answers and predictions."""
        campaign: Campaign = get_campaign_for(request.user, slug, "manage")
        by = require_curator(request.user)
        form = CopyRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        copy = copy_campaign(campaign, slug=data["slug"], by=by)
        return Response(CampaignSettingsSerializer(copy).data, status=201)
