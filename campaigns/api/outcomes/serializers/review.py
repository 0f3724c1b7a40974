"""The shapes of the review: a task with its merged items, what everybody said, and why it comes now."""

from rest_framework import serializers

from campaigns.api.serializers.tasks import ShownTaskSerializer
from campaigns.api.serializers.values import (
    POINTS,
    BoxField,
    PointsField,
    PredictedConceptSerializer,
    TextSerializer,
)
from campaigns.rules import RULES


class VoteSerializer(serializers.Serializer[object]):
    concept = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    probability = serializers.FloatField(
        allow_null=True, help_text="Of the label, where votes weigh by a model of reliability."
    )
    coarser = serializers.BooleanField(
        help_text="Whether it stands above another concept that was given: it contradicts nobody."
    )


class MemberSerializer(serializers.Serializer[object]):
    annotation = serializers.UUIDField()
    participant = serializers.CharField(help_text="Pseudonym within the campaign.")
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    text = TextSerializer(allow_null=True)


class RulingSerializer(serializers.Serializer[object]):
    """What was decided on an item, where a decision is in force."""

    verdict = serializers.CharField()
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    concepts = PredictedConceptSerializer(many=True)
    text = TextSerializer(allow_null=True)
    reason = serializers.CharField()


class WrittenSerializer(TextSerializer):
    """A text, with those who wrote just that."""

    people = serializers.ListField(child=serializers.CharField(), help_text="Their pseudonyms.")


class KeptRulingSerializer(serializers.Serializer[object]):
    """What the reviewer said of an item among the crops, before the rest of its task."""

    verdict = serializers.CharField()
    concepts = PredictedConceptSerializer(many=True)
    reason = serializers.CharField(allow_blank=True)


class ReviewItemSerializer(serializers.Serializer[object]):
    """One merged box or tag with its votes."""

    id = serializers.UUIDField()
    box = BoxField(allow_null=True)
    points = PointsField(help_text=POINTS)
    crop = serializers.CharField(help_text="Address of its picture; of the canvas when there is no box.")
    content_state = serializers.CharField(
        help_text="Behind `?iiif-content=` it opens the region in a viewer."
    )
    concepts = PredictedConceptSerializer(many=True)
    kin = PredictedConceptSerializer(
        allow_null=True, help_text="What the different labels have above them all."
    )
    votes = VoteSerializer(many=True)
    support = serializers.IntegerField(help_text="How many people gave it.")
    seen = serializers.IntegerField(help_text="How many people saw the task.")
    disagreement = serializers.FloatField(help_text="0 to 1.")
    place = serializers.CharField(
        allow_blank=True, help_text="How its place came about, as a sentence; empty where one person drew it."
    )
    members = MemberSerializer(many=True)
    step = serializers.CharField(allow_blank=True, help_text="Of a sequence the question it answers.")
    moot = serializers.BooleanField(
        help_text="Of a sequence: the step is not asked after what more than half said before."
    )
    text = TextSerializer(allow_null=True, help_text="What more than half wrote alike.")
    written = WrittenSerializer(
        many=True, help_text="All that was written, each once, first what is most like all others."
    )
    decision = RulingSerializer(allow_null=True)
    kept = KeptRulingSerializer(allow_null=True)


class RetirementSerializer(serializers.Serializer[object]):
    """Why nobody else was asked."""

    sentence = serializers.CharField()
    rule = serializers.ChoiceField(choices=sorted(RULES))
    parameters = serializers.DictField(child=serializers.FloatField())
    campaign_version = serializers.IntegerField(help_text="The configuration in force.")
    contributions = serializers.ListField(
        child=serializers.UUIDField(), help_text="Those that decided it, also where others had answered."
    )
    reports = serializers.ListField(
        child=serializers.UUIDField(), help_text="Those for which it was set aside."
    )
    figures = serializers.DictField(child=serializers.FloatField(), help_text="What the rule measured.")
    at = serializers.DateTimeField()


class UrgencySerializer(serializers.Serializer[object]):
    """Why this task comes now: the queue is in the order of disagreement × impact."""

    sentence = serializers.CharField()
    disagreement = serializers.FloatField(help_text="0 to 1.")
    impact = serializers.FloatField(help_text="1 + rarity + share of the wanted examples that is lacking.")
    differ = serializers.IntegerField(help_text="How many do not say what most say about the worst item.")
    seen = serializers.IntegerField()
    concept = serializers.UUIDField(allow_null=True, help_text="The weightiest of those in question.")
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    said = serializers.IntegerField(help_text="How often people said it, when it was weighed last.")
    total = serializers.IntegerField(help_text="How often they said any concept.")
    decided = serializers.IntegerField(help_text="Its examples in the ground truth.")
    wanted = serializers.IntegerField(help_text="How many are wanted of each concept.")


class StandingSerializer(serializers.Serializer[object]):
    """How far the review is, without what anybody said."""

    wanted = serializers.IntegerField(help_text="How many reviewers must say the same.")
    given = serializers.IntegerField(help_text="How many have spoken.")
    differ = serializers.BooleanField(help_text="Two have, and differ: this decision settles it.")


class ReviewSerializer(serializers.Serializer[object]):
    task = ShownTaskSerializer(allow_null=True)
    items = ReviewItemSerializer(many=True)
    people = serializers.ListField(
        child=serializers.CharField(), help_text="Pseudonyms of all who saw the task."
    )
    disagreement = serializers.FloatField(allow_null=True)
    retirement = RetirementSerializer(allow_null=True)
    why = UrgencySerializer(allow_null=True)
    standing = StandingSerializer(allow_null=True)
    remaining = serializers.IntegerField(
        help_text="Tasks that wait for a decision of whoever asks, this one included."
    )
    own = serializers.IntegerField(
        help_text="Further ones that wait for somebody else, because whoever asks answered them."
    )
    second = serializers.IntegerField(
        help_text="Further ones about which whoever asks has spoken, and another reviewer must say the same."
    )


class ReviewQuery(serializers.Serializer[object]):
    skip = serializers.IntegerField(required=False, default=0, min_value=0, max_value=10_000_000)
    task = serializers.UUIDField(required=False, default=None)
