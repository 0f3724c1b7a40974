"""The shapes of the figures of a campaign: agreement, what predictions do, when it will be done."""

from rest_framework import serializers

from campaigns.forecast import Standing
from campaigns.quality.forecast import Outlook


class IntervalSerializer(serializers.Serializer[object]):
    low = serializers.FloatField()
    high = serializers.FloatField()


class FiguresQuery(serializers.Serializer[object]):
    grouping = serializers.UUIDField(required=False, allow_null=True, default=None)


class AgreementSerializer(serializers.Serializer[object]):
    """Agreement between people; null where the answers cannot tell."""

    coefficient = serializers.CharField(
        help_text="`F1@0.5` for boxes (`F1@0.5, same class` under a grouping), `alpha` for tags."
    )
    value = serializers.FloatField(allow_null=True)
    interval = IntervalSerializer(allow_null=True, help_text="95 %, by bootstrap over canvases.")
    percent = serializers.FloatField(allow_null=True, help_text="Percent agreement on tags, 0 to 1.")
    mean_iou = serializers.FloatField(allow_null=True, help_text="Mean IoU of matched boxes.")
    people = serializers.IntegerField()
    canvases = serializers.IntegerField()


class ArmSerializer(serializers.Serializer[object]):
    """Work on tasks that showed predictions, or on those that showed none."""

    name = serializers.ChoiceField(choices=["with", "without"])
    contributions = serializers.IntegerField()
    tasks = serializers.IntegerField()
    agreement = AgreementSerializer()
    annotations = serializers.IntegerField()
    accepted = serializers.FloatField(
        allow_null=True, help_text="Of the annotations, those taken over by one click."
    )
    coincide = serializers.FloatField(
        allow_null=True, help_text="Of the annotations, those that say what the predictions say, seen or not."
    )
    score = serializers.FloatField(allow_null=True, help_text="Mean on known answers, 0 to 1.")


class BetweenReviewersSerializer(serializers.Serializer[object]):
    """How far two reviewers agree who looked at the same task."""

    items = serializers.IntegerField(help_text="Merged items that both judged.")
    tasks = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    kappa = serializers.FloatField(allow_null=True, help_text="Cohen's κ, the first look against the second.")


class StepAgreementSerializer(AgreementSerializer):
    """Agreement on one step of a sequence, among those who were asked it."""

    step = serializers.CharField()


class FiguresSerializer(AgreementSerializer):
    """Agreement over all counted answers, and what predictions do to them."""

    steps = StepAgreementSerializer(many=True, required=False, help_text="Of a sequence; else absent.")
    states = serializers.DictField(
        child=serializers.IntegerField(), help_text="Tasks open, retired, decided, aside."
    )
    reviewers = BetweenReviewersSerializer(allow_null=True, help_text="Where two reviewers must agree.")
    arms = ArmSerializer(
        many=True, help_text="With suggestions and without; empty where all tasks show the same."
    )


class ForecastSerializer(serializers.Serializer[object]):
    """When a campaign will be done; days are null where none can be told."""

    outlook = serializers.ChoiceField(
        choices=[one.value for one in Outlook], help_text="A day can be told when it is `due`."
    )
    on = serializers.DateField(allow_null=True, help_text="The median.")
    earliest = serializers.DateField(allow_null=True, help_text="The beginning of the interval.")
    latest = serializers.DateField(allow_null=True, help_text="Its end; null also when that cannot be told.")
    level = serializers.FloatField(help_text="The share of samples within the interval.")
    left = serializers.IntegerField(help_text="Answers that are still needed.")
    each = serializers.FloatField(help_text="Answers that a task is reckoned to take.")
    pace = serializers.FloatField(help_text="Answers a day, the mean of the recent days.")
    days = serializers.IntegerField(help_text="How many recent days that are.")
    target_on = serializers.DateField(allow_null=True)
    standing = serializers.ChoiceField(
        choices=[one.value for one in Standing],
        allow_null=True,
        help_text="How the forecast stands to the target.",
    )
