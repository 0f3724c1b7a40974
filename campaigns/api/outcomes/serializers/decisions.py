"""The shapes of decisions: a verdict on each item as it is sent, and what comes back for it."""

from rest_framework import serializers

from campaigns.api.serializers.values import FiniteFloatField


class PartRequest(serializers.Serializer[object]):
    """What a cluster is split into: the answers that say it, and what is true of it."""

    members = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=1000)
    box = serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        allow_null=True,
        required=False,
        default=None,
        help_text="The median of its members' boxes where none is given.",
    )
    concepts = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=50,
        help_text="The label that more than half of its members give where none is given.",
    )  # fmt: skip


class TextRequest(serializers.Serializer[object]):
    """What stands, as the reviewer chose or wrote it; the question reads it like any answer."""

    value = serializers.CharField(max_length=20_000, trim_whitespace=False)
    language = serializers.CharField(max_length=35)


class JudgementRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(
        allow_null=True, required=False, default=None, help_text="Item; null for an added one."
    )
    verdict = serializers.ChoiceField(
        choices=["accepted", "corrected", "rejected", "added", "merged", "split"]
    )
    box = serializers.ListField(
        child=serializers.FloatField(),
        min_length=4,
        max_length=4,
        allow_null=True,
        required=False,
        default=None,
    )
    points = serializers.ListField(
        child=serializers.ListField(child=FiniteFloatField(), min_length=2, max_length=2),
        required=False,
        default=list,
        max_length=1001,
        help_text="Where outlines or points are drawn, in the place of a box.",
    )
    concepts = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=50
    )
    text = TextRequest(required=False, allow_null=True, default=None, help_text="Where people write.")
    step = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=40,
        help_text="Of something added in a sequence.",
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    merges = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=200,
        help_text="The items that become one with a merged one; they get no verdict of their own.",
    )  # fmt: skip
    parts = serializers.ListField(
        child=PartRequest(), required=False, default=list, max_length=50,
        help_text="What a split item falls into: every answer of it in exactly one part.",
    )  # fmt: skip


class DecisionRequest(serializers.Serializer[object]):
    id = serializers.UUIDField(help_text="Made by the client: the same request again changes nothing.")
    task = serializers.UUIDField()
    items = serializers.ListField(child=JudgementRequest(), max_length=2000, allow_empty=True)
    supersede = serializers.BooleanField(
        required=False, default=False, help_text="Replace the decision that stands, if there is one."
    )


class LookSerializer(serializers.Serializer[object]):
    """What another reviewer said, told to somebody who has spoken."""

    by = serializers.CharField()
    items = serializers.IntegerField(help_text="Merged items they judged.")
    alike = serializers.IntegerField(help_text="Those of which both say the same.")


class DecidedSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    task = serializers.UUIDField()
    decided_at = serializers.DateTimeField(
        allow_null=True, help_text="None while another reviewer must speak."
    )
    looks = LookSerializer(many=True, help_text="What others had said before, where two must say the same.")
    remaining = serializers.IntegerField()


class AcceptRequest(serializers.Serializer[object]):
    at_most = serializers.FloatField(
        min_value=0, max_value=1, help_text="Accept tasks that differ no more than this."
    )


class AcceptedSerializer(serializers.Serializer[object]):
    accepted = serializers.IntegerField()
    remaining = serializers.IntegerField()
