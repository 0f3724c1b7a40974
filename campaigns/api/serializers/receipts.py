"""The shapes of what comes back for an answer: that it is kept, what was known, or why it was refused."""

from rest_framework import serializers

from campaigns.api.serializers.campaigns import ProgressSerializer
from campaigns.api.serializers.values import (
    POINTS,
    BoxField,
    PointsField,
    PredictedConceptSerializer,
    TextSerializer,
)


class KnownShapeSerializer(serializers.Serializer[object]):
    box = BoxField()
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    crop = serializers.CharField(help_text="Address of its picture.")


class FeedbackSerializer(serializers.Serializer[object]):
    """The answer that was known already, after one's own has been handed in."""

    score = serializers.FloatField(help_text="How near one's own came, 0 to 1.")
    sentence = serializers.CharField()
    nothing_here = serializers.BooleanField()
    concepts = PredictedConceptSerializer(many=True, help_text="Of a tag question.")
    shapes = KnownShapeSerializer(many=True)
    texts = TextSerializer(many=True)
    crop = serializers.CharField(help_text="Address of the picture that was asked about.")
    beside = serializers.CharField(allow_null=True, help_text="That of what it was compared with.")


class SubmittedSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    assignment = serializers.UUIDField()
    submitted_at = serializers.DateTimeField()
    counted = serializers.BooleanField(help_text="False for work that came after enough people had answered.")
    progress = ProgressSerializer()
    feedback = FeedbackSerializer(
        allow_null=True, help_text="Where the campaign tells what was known: the answer, if it was."
    )


class ProblemSerializer(serializers.Serializer[object]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BatchResultSerializer(serializers.Serializer[object]):
    """What became of one of them: kept, or refused for what it says."""

    id = serializers.CharField(allow_null=True, help_text="As it was sent.")
    status = serializers.IntegerField(help_text="201 kept, 200 here already, else as it would be by itself.")
    receipt = SubmittedSerializer(allow_null=True)
    problem = ProblemSerializer(allow_null=True)


class BatchSubmittedSerializer(serializers.Serializer[object]):
    results = BatchResultSerializer(many=True, help_text="In the order in which they were sent.")
    progress = ProgressSerializer(allow_null=True)
