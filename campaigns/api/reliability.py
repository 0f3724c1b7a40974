"""How votes weigh, over REST: what a model has learnt of people, and learning it anew."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.reliability import learn_anew
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from campaigns.reliability import weighed
from work.api.serializers import JobSerializer


class WeighedPersonSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    pseudonym = serializers.CharField()
    accuracy = serializers.FloatField(help_text="Expected share of right answers, 0 to 1.")
    weight = serializers.FloatField(help_text="Log odds that a vote of this person brings, at least 0.")
    edges = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="Where places are merged by the mean: σ of the left, top, right and bottom edge, shares of the side.",
    )
    boxes = serializers.IntegerField(help_text="From how many boxes that is known.")


class ReliabilitySerializer(serializers.Serializer[object]):
    weighing = serializers.ChoiceField(choices=Campaign.Weighing.choices)
    learnt_at = serializers.DateTimeField(allow_null=True)
    contributions = serializers.IntegerField(help_text="What it was learnt from.")
    people = WeighedPersonSerializer(many=True)


class ReliabilityView(APIView):
    @extend_schema(operation_id="reliability", responses=ReliabilitySerializer)
    def get(self, request: Request, slug: str) -> Response:
        """How reliable people are by the model that weighs their votes; nobody while votes count alike."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response(ReliabilitySerializer(weighed(campaign)).data)

    @extend_schema(operation_id="reliability_learn", request=None, responses={202: JobSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Learn it anew from all answers, and merge by it whatever is not decided."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response(JobSerializer(learn_anew(campaign, by=require_user(request.user))).data, status=202)
