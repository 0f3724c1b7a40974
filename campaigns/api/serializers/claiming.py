"""The shapes of leases: what a claim asks for, and the tasks it gives."""

from rest_framework import serializers

from campaigns.api.serializers.campaigns import ProgressSerializer
from campaigns.api.serializers.tasks import ShownPredictionSerializer, ShownTaskSerializer
from campaigns.api.serializers.values import BoxField


class ClaimRequest(serializers.Serializer[object]):
    resume = serializers.BooleanField(
        default=False, help_text="First return a task that the caller holds already."
    )


class BatchClaimRequest(ClaimRequest):
    count = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=60,
        help_text="As many as the campaign gives at once, when left out.",
    )  # fmt: skip


class AssignmentSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    task = ShownTaskSerializer()
    predictions = ShownPredictionSerializer(many=True)
    neighbours = serializers.ListField(
        child=BoxField(),
        help_text="Other regions that are asked about there, where the question is about regions.",
    )
    finds_similar = serializers.BooleanField(help_text="Whether more like a drawn box may be looked for.")


CLAIM_REASONS = ["nothing_left", "campaign_not_open", "all_leased", "not_qualified"]


class ClaimSerializer(serializers.Serializer[object]):
    assignment = AssignmentSerializer(allow_null=True)
    reason = serializers.ChoiceField(choices=CLAIM_REASONS, allow_null=True)
    retry_after_s = serializers.IntegerField(allow_null=True)
    progress = ProgressSerializer()


class BatchSerializer(serializers.Serializer[object]):
    """Several leases, by label and the least sure first; empty with the reason why."""

    assignments = AssignmentSerializer(many=True)
    reason = serializers.ChoiceField(choices=CLAIM_REASONS, allow_null=True)
    retry_after_s = serializers.IntegerField(allow_null=True)
    progress = ProgressSerializer()


class RenewedSerializer(serializers.Serializer[object]):
    expires_at = serializers.DateTimeField()
