"""When enough people have seen a task, over REST: what a change would do, and other rules on the answers so far."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.serializers.settings import ConditionsField
from campaigns.enough import foresee_rule, read_retirement
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from campaigns.reasons import rule_in_words
from campaigns.simulated import RuleOf, Simulation, Tried, simulate, standard_rules


class EnoughRequest(serializers.Serializer[object]):
    """A rule; what is left out is as the campaign has it."""

    overlap = serializers.IntegerField(
        required=False, min_value=1, max_value=100, help_text="The most people who see a task."
    )
    retirement = ConditionsField(required=False)


class SimulateRequest(serializers.Serializer[object]):
    rules = serializers.ListField(child=EnoughRequest(), min_length=1, max_length=20)


class ForeseenSerializer(serializers.Serializer[object]):
    """What a rule would do to the undecided tasks."""

    retire = serializers.IntegerField(help_text="Open tasks that enough people have seen by it.")
    reopen = serializers.IntegerField(help_text="Tasks retired or set aside that would open again.")
    set_aside = serializers.IntegerField(
        help_text="Tasks that so many have reported that it sets them aside."
    )
    retired = serializers.IntegerField(help_text="Retired tasks after that.")
    open = serializers.IntegerField(help_text="Open tasks after that.")
    aside = serializers.IntegerField(help_text="Tasks set aside after that, without those left out for good.")


class TriedSerializer(serializers.Serializer[object]):
    """What a rule makes of the tasks looked at."""

    overlap = serializers.IntegerField()
    retirement = ConditionsField()
    words = serializers.CharField(help_text="The rule in words.")
    is_present = serializers.BooleanField(help_text="Whether it is in force.")
    answers = serializers.IntegerField(help_text="Answers that would have been asked for.")
    saved = serializers.FloatField(allow_null=True, help_text="Share of all answers that it saves, 0 to 1.")
    other = serializers.IntegerField(help_text="Tasks with another outcome than with all their answers.")
    other_share = serializers.FloatField(allow_null=True)
    waiting = serializers.IntegerField(help_text="Tasks that would still want somebody.")
    undecided = serializers.IntegerField(help_text="Tasks that it stops with a label left open.")
    set_aside = serializers.IntegerField(help_text="Tasks that it sets aside, because people reported them.")


class SimulationSerializer(serializers.Serializer[object]):
    answered = serializers.IntegerField(
        help_text="Tasks with answers; or, where a rule counts reports, with waiting reports."
    )
    tasks = serializers.IntegerField(
        help_text="Tasks looked at: all with answers, of very many every second, third, …"
    )
    answers = serializers.IntegerField(help_text="Counted answers to them.")
    rules = TriedSerializer(many=True)


def rule_from(campaign: Campaign, data: Any) -> RuleOf:
    """The rule that is asked about, in its normal form. Raises `Invalid`."""
    overlap = data.get("overlap", campaign.overlap)
    raw = data.get("retirement", campaign.retirement)
    return RuleOf(overlap, read_retirement(raw, overlap=overlap, question_kind=campaign.question_kind))


def as_json(found: Simulation, campaign: Campaign) -> dict[str, Any]:
    """The simulation as `SimulationSerializer` describes it."""
    return {
        "answered": found.answered,
        "tasks": found.tasks,
        "answers": found.answers,
        "rules": [_tried(one, found, campaign) for one in found.tried],
    }


def _tried(one: Tried, found: Simulation, campaign: Campaign) -> dict[str, Any]:
    return {
        "overlap": one.rule.overlap,
        "retirement": one.rule.retirement,
        "words": rule_in_words(one.rule.overlap, one.rule.retirement),
        "is_present": one.rule == RuleOf(campaign.overlap, campaign.retirement),
        "answers": one.answers,
        "saved": 1 - one.answers / found.answers if found.answers else None,
        "other": one.other,
        "other_share": one.other / found.tasks if found.tasks else None,
        "waiting": one.waiting,
        "undecided": one.undecided,
        "set_aside": one.set_aside,
    }


class RetirementPreviewView(APIView):
    @extend_schema(operation_id="retirement_preview", request=EnoughRequest, responses=ForeseenSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """What a change to this rule would do now; nothing is changed."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = EnoughRequest(data=request.data)
        form.is_valid(raise_exception=True)
        rule = rule_from(campaign, form.validated_data)
        return Response(ForeseenSerializer(foresee_rule(campaign, rule.retirement, rule.overlap)).data)


class SimulateView(APIView):
    @extend_schema(operation_id="simulate_standard", responses=SimulationSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The rule in force and usual others, replayed on the answers collected so far."""
        campaign = get_campaign_for(request.user, slug, "manage")
        found = simulate(campaign, list(standard_rules(campaign)))
        return Response(SimulationSerializer(as_json(found, campaign)).data)

    @extend_schema(
        operation_id="simulate_rules", request=SimulateRequest, responses={200: SimulationSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """These rules, replayed on the answers collected so far."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = SimulateRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        found = simulate(campaign, [rule_from(campaign, one) for one in data["rules"]])
        return Response(SimulationSerializer(as_json(found, campaign)).data)
