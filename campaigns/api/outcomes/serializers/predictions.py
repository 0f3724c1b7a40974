"""The shapes of predictors and of their runs."""

from rest_framework import serializers

from campaigns.models import PredictionRun, Predictor
from campaigns.predictors import KINDS
from work.api.serializers import JobStateSerializer


class PredictorSerializer(serializers.ModelSerializer[Predictor]):
    class Meta:
        model = Predictor
        fields = ["id", "kind", "name", "version", "configuration", "created_at"]


class RunSerializer(serializers.ModelSerializer[PredictionRun]):
    predictor = PredictorSerializer(read_only=True)
    job = JobStateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = PredictionRun
        fields = ["id", "predictor", "layer", "label_map", "job", "created_at"]


class RunRequest(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=sorted(KINDS))
    name = serializers.CharField(max_length=120)
    version = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    configuration = serializers.DictField(required=False, default=dict)
    label_map = serializers.DictField(
        child=serializers.UUIDField(),
        required=False,
        default=dict,
        help_text="The model's class → concept id.",
    )
