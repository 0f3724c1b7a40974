"""The shapes of an answer as it is sent, alone or several at once."""

from rest_framework import serializers

from campaigns.api.serializers.values import BoxField, FiniteFloatField, PointsField, TextSerializer
from campaigns.models import ContributionShape


class ShapeRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client.")
    box = BoxField(required=False, help_text="Of a box.")
    points = PointsField(required=False, help_text="Of an outline its corners, of a point one pair.")
    concepts = serializers.ListField(child=serializers.UUIDField())
    origin = serializers.ChoiceField(choices=ContributionShape.Origin.choices)
    prediction = serializers.UUIDField(allow_null=True)
    certainty = serializers.ChoiceField(
        choices=ContributionShape.Certainty.choices, required=False, help_text="Where the campaign asks."
    )


class ContributionEnvelope(serializers.Serializer[object]):
    """What is the same for every kind of question; the answer itself is read by the kind."""

    id = serializers.UUIDField(help_text="Made by the client, so that a retry is harmless.")
    assignment = serializers.UUIDField()
    time_spent_s = FiniteFloatField(required=False, allow_null=True, default=None, min_value=0)
    locale = serializers.CharField(required=False, allow_blank=True, default="", max_length=12)
    device = serializers.ChoiceField(
        choices=["phone", "tablet", "desktop"], required=False, allow_blank=True, default=""
    )
    canvas_size = serializers.ListField(
        child=FiniteFloatField(min_value=1e-6), min_length=2, max_length=2, required=False, allow_null=True,
        default=None, help_text="Width and height of the canvas on which the boxes were drawn.",
    )  # fmt: skip


class StepAnswerRequest(serializers.Serializer[object]):
    """The answer to one step."""

    nothing_here = serializers.BooleanField(default=False)
    shapes = ShapeRequest(many=True, required=False)
    concepts = serializers.ListField(child=serializers.UUIDField(), required=False)
    texts = TextSerializer(many=True, required=False)
    certainty = serializers.ChoiceField(choices=ContributionShape.Certainty.choices, required=False)


class ContributionRequest(ContributionEnvelope):
    """The whole request, for the schema."""

    nothing_here = serializers.BooleanField(default=False)
    shapes = ShapeRequest(many=True, required=False)
    concepts = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="Of a tag question."
    )
    texts = TextSerializer(many=True, required=False, help_text="Where people write; one at most.")
    steps = serializers.DictField(
        child=StepAnswerRequest(), required=False,
        help_text="Of a sequence: the name of each step that is asked, and the answer to it.",
    )  # fmt: skip
    rejected_predictions = serializers.ListField(child=serializers.UUIDField(), required=False)
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    certainty = serializers.ChoiceField(
        choices=ContributionShape.Certainty.choices, required=False, help_text="Of a tag question that asks."
    )
    left = serializers.UUIDField(
        required=False, allow_null=True,
        help_text="Of a pair: the annotation that stood on the left when the answer was given.",
    )  # fmt: skip


ANSWER_FIELDS = (
    "nothing_here", "shapes", "concepts", "texts", "steps", "rejected_predictions", "comment", "certainty", "left",
)  # fmt: skip


class ContributionsRequest(serializers.Serializer[object]):
    """Several answers at once, each with an id of its own."""

    contributions = serializers.ListField(child=ContributionRequest(), max_length=60)


class BatchEnvelope(serializers.Serializer[object]):
    """How many there are is settled here; each of them is read by itself."""

    contributions = serializers.ListField(child=serializers.DictField(), min_length=1, max_length=60)
