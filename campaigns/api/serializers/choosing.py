"""The shapes of what becomes tasks: canvases, regions of layers, pairs of them."""

from rest_framework import serializers

from campaigns.api.serializers.values import FiniteFloatField


class PairsRequest(serializers.Serializer[object]):
    """How pairs are made of the regions of the layers, or which they are."""

    by = serializers.ChoiceField(
        choices=["label", "chance", "alike", "table"],
        help_text=(
            "`label`: regions with a label in common, at most `most` of each label; `chance`: `most` of all; `alike`: "
            "each region beside the `each` that look most like it; `table`: those of `table`."
        ),
    )
    most = serializers.IntegerField(required=False, min_value=1, max_value=100_000, default=100)
    each = serializers.IntegerField(required=False, min_value=1, max_value=20, default=3)
    across = serializers.BooleanField(
        required=False, default=False, help_text="Only regions of two different sources."
    )
    seed = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        default=1,
        help_text="The same seed draws the same pairs.",
    )
    table = serializers.CharField(
        required=False, allow_blank=True, max_length=5_000_000,
        help_text="CSV: two ids or addresses of annotations a row.",
    )  # fmt: skip


class PairFaultSerializer(serializers.Serializer[object]):
    row = serializers.IntegerField()
    sentence = serializers.CharField()


class CanvasesRequest(serializers.Serializer[object]):
    manifests = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=1000)
    canvases = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=20_000)
    layers = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=20,
        help_text="Each box in them becomes a region; where annotations are judged, each becomes a task.",
    )
    concepts = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=1000,
        help_text="Where annotations are judged: only those with one of these or below it.",
    )
    min_confidence = FiniteFloatField(
        required=False, allow_null=True, min_value=0, max_value=1,
        help_text="Where annotations are judged: only those at least so confident.",
    )  # fmt: skip
    max_confidence = FiniteFloatField(required=False, allow_null=True, min_value=0, max_value=1)
    pairs = PairsRequest(
        required=False, allow_null=True, help_text="Where regions are compared: which of those of `layers`."
    )


class CanvasesAddedSerializer(serializers.Serializer[object]):
    added = serializers.IntegerField(help_text="Tasks made; canvases that were there already make none.")
    tasks = serializers.IntegerField(help_text="Tasks of the campaign now.")
    job = serializers.UUIDField(required=False, help_text="What makes them, where they are many.")
    jobs = serializers.ListField(
        child=serializers.UUIDField(), required=False,
        help_text="Where there are two, for large layers and for large manifests.",
    )  # fmt: skip
    faults = PairFaultSerializer(
        many=True, required=False, help_text="The rows of a table of pairs that made none, with the reason."
    )
