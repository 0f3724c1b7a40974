"""The shapes of a task as it is worked on: what is asked about, what is compared, what models predicted."""

from rest_framework import serializers

from campaigns.api.serializers.canvases import ShownCanvasSerializer
from campaigns.api.serializers.values import POINTS, BoxField, PointsField, PredictedConceptSerializer


class ShownBesideSerializer(serializers.Serializer[object]):
    """The other region of a pair."""

    annotation = serializers.UUIDField()
    canvas = ShownCanvasSerializer()
    region = BoxField(allow_null=True)
    crop = serializers.CharField(help_text="Address of its picture.")


class ShownTaskSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    canvas = ShownCanvasSerializer()
    region = BoxField(allow_null=True)
    crop = serializers.CharField(help_text="Address of the picture of the region, else of the whole canvas.")
    about = serializers.UUIDField(allow_null=True, help_text="The annotation that is asked about, if any.")
    beside = ShownBesideSerializer(allow_null=True, help_text="What it is compared with.")
    left = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Which of the two stands on the left, of who holds a lease.",
    )


class ShownPredictionSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    confidence = serializers.FloatField(allow_null=True, help_text="Share from 0 to 1.")
    crop = serializers.CharField(help_text="Address of its picture.")


class FaultSerializer(serializers.Serializer[object]):
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class PreviewSerializer(serializers.Serializer[object]):
    """A task as volunteers will see it, without a lease, and what is missing before the campaign can open."""

    task = ShownTaskSerializer(allow_null=True)
    predictions = ShownPredictionSerializer(many=True)
    neighbours = serializers.ListField(child=BoxField(), help_text="As in an assignment.")
    obstacles = FaultSerializer(many=True)
