"""The shapes of one's own work over REST: what was handed in, what became of it, and how it is amended."""

from rest_framework import serializers

from campaigns.api.serializers.answers import ContributionEnvelope, ContributionRequest
from campaigns.api.serializers.claiming import AssignmentSerializer
from campaigns.api.serializers.values import (
    POINTS,
    BoxField,
    IIIFLanguageMap,
    PointsField,
    PredictedConceptSerializer,
    TextSerializer,
)
from campaigns.models import ContributionShape, Task


class OwnShapeSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    box = BoxField()
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    origin = serializers.ChoiceField(choices=ContributionShape.Origin.choices)
    prediction = serializers.UUIDField(allow_null=True)
    certainty = serializers.ChoiceField(choices=ContributionShape.Certainty.choices, required=False)


class OwnPartSerializer(serializers.Serializer[object]):
    """The answer to one step."""

    nothing_here = serializers.BooleanField()
    shapes = OwnShapeSerializer(many=True)
    concepts = PredictedConceptSerializer(many=True)
    texts = TextSerializer(many=True)


class OwnAnswerSerializer(serializers.Serializer[object]):
    nothing_here = serializers.BooleanField()
    shapes = OwnShapeSerializer(many=True)
    concepts = PredictedConceptSerializer(many=True)
    texts = TextSerializer(many=True)
    steps = serializers.DictField(
        child=OwnPartSerializer(), help_text="Of a sequence: the answer to each step that was asked."
    )
    rejected_predictions = serializers.ListField(child=serializers.UUIDField())
    comment = serializers.CharField()
    certainty = serializers.ChoiceField(choices=ContributionShape.Certainty.choices, allow_null=True)
    left = serializers.UUIDField(allow_null=True, help_text="Of a pair: what stood on the left.")


class ObstacleSerializer(serializers.Serializer[object]):
    code = serializers.CharField()
    detail = serializers.CharField()


class OutcomeSideSerializer(serializers.Serializer[object]):
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    text = TextSerializer(allow_null=True)


class OutcomeSerializer(serializers.Serializer[object]):
    """What became of one thing: it stood, got another label, another box, was refused; or it was missed."""

    kind = serializers.ChoiceField(choices=["stood", "renamed", "moved", "refused", "missed"])
    mine = OutcomeSideSerializer(allow_null=True)
    truth = OutcomeSideSerializer(allow_null=True)
    reason = serializers.CharField(help_text="What the reviewer gave as the reason; may be empty.")


class OwnVerdictSerializer(serializers.Serializer[object]):
    agreement = serializers.FloatField(help_text="How alike the answer is to the decision, 0 to 1.")
    decided_at = serializers.DateTimeField()
    outcomes = OutcomeSerializer(many=True)


class OwnContributionSerializer(serializers.Serializer[object]):
    """Something that the caller handed in."""

    id = serializers.UUIDField()
    campaign = serializers.SlugField()
    submitted_at = serializers.DateTimeField()
    amended_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(help_text="1 as handed in; an amendment is based on it.")
    counted = serializers.BooleanField()
    state = serializers.ChoiceField(
        choices=Task.State.choices,
        help_text="Open: others are still asked; retired: enough people; aside: reported; decided.",
    )
    amendable = serializers.BooleanField()
    why_not = ObstacleSerializer(allow_null=True)
    canvas_label = IIIFLanguageMap()
    crop = serializers.CharField(help_text="Address of the picture of the region, else of the whole canvas.")
    answer = OwnAnswerSerializer()
    verdict = OwnVerdictSerializer(allow_null=True)


class OwnContributionDetailSerializer(OwnContributionSerializer):
    """The same with its task and the predictions that were shown, as for working on it."""

    assignment = AssignmentSerializer()


class AmendmentEnvelope(ContributionEnvelope):
    """What is the same for every kind of question; `id` is that of the amendment."""

    assignment = None  # type: ignore[assignment]  # known by the address
    based_on = serializers.IntegerField(min_value=1, help_text="The `revision` that the caller has seen.")


class AmendmentRequest(ContributionRequest):
    """The whole request, for the schema."""

    assignment = None  # type: ignore[assignment]
    based_on = serializers.IntegerField(min_value=1, help_text="The `revision` that the caller has seen.")
