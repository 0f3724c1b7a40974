"""Changes of a vocabulary as programs send and see them."""

from typing import Any

from rest_framework import serializers

from taxonomy.actions.editing import FORESEEN
from taxonomy.models import Label, Note, VocabularyChange
from taxonomy.skos import MATCH_KINDS


class LabelRow(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=Label.Kind.choices)
    language = serializers.CharField(max_length=35)
    text = serializers.CharField(max_length=500)


class NoteRow(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=Note.Kind.choices)
    language = serializers.CharField(max_length=35)
    text = serializers.CharField(max_length=20_000)


class MatchRow(serializers.Serializer[object]):
    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in MATCH_KINDS])
    uri = serializers.CharField(max_length=500)


class Described(serializers.Serializer[object]):
    """What is said about a concept; what is left out stays as it is."""

    notation = serializers.CharField(required=False, allow_blank=True, max_length=120)
    labels = LabelRow(many=True, required=False)
    notes = NoteRow(many=True, required=False)
    related = serializers.ListField(child=serializers.CharField(max_length=500), required=False)
    matches = MatchRow(many=True, required=False)


class EditSerializer(serializers.Serializer[object]):
    operation = serializers.CharField()
    seen = serializers.IntegerField(
        required=False, default=None, allow_null=True, min_value=0,
        help_text="The version of the vocabulary that the editor has seen; later changes of the same concept refuse.",
    )  # fmt: skip


class AddSerializer(EditSerializer, Described):
    uri = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    labels = LabelRow(many=True)
    parent = serializers.UUIDField(required=False, default=None, allow_null=True)  # type: ignore[assignment]  # a field of the request
    place = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=0)


class DescribeSerializer(EditSerializer, Described):
    concept = serializers.UUIDField()


class MoveSerializer(EditSerializer):
    concept = serializers.UUIDField()
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]  # a field of the request
    place = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=0)


class MergeSerializer(EditSerializer):
    sources = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=100)
    target = serializers.UUIDField()


class PartSerializer(Described):
    uri = serializers.CharField(
        required=False, allow_blank=True, max_length=500, default="", help_text="Of a concept that is there."
    )


class SplitSerializer(EditSerializer):
    concept = serializers.UUIDField()
    parts = PartSerializer(many=True)
    narrower = serializers.DictField(
        child=serializers.CharField(max_length=500), required=False, default=dict,
        help_text="URI of a narrower concept → URI of the part it goes below.",
    )  # fmt: skip


class DeprecateSerializer(EditSerializer):
    concept = serializers.UUIDField()
    replaced_by = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=20
    )


class RestoreSerializer(EditSerializer):
    concept = serializers.UUIDField()


class ForesightRequest(serializers.Serializer[object]):
    operation = serializers.ChoiceField(choices=[(name, name) for name in FORESEEN])
    concepts = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=100)


class TouchedSerializer(serializers.Serializer[object]):
    kind = serializers.CharField()
    count = serializers.IntegerField()
    sentence = serializers.CharField()


class ChangeSerializer(serializers.ModelSerializer[VocabularyChange]):
    """A logged change; `detail` holds for every concept what stood before and after."""

    by = serializers.SerializerMethodField()
    can_be_undone = serializers.SerializerMethodField()
    undoes = serializers.SerializerMethodField(
        help_text="The version of the change that this one takes back."
    )

    class Meta:
        model = VocabularyChange
        fields = ["version", "operation", "detail", "by", "at", "undoes", "can_be_undone"]

    def get_by(self, change: VocabularyChange) -> str | None:
        return change.by.public_name if change.by else None

    def get_undoes(self, change: VocabularyChange) -> int | None:
        return change.undoes.version if change.undoes else None

    def get_can_be_undone(self, change: VocabularyChange) -> bool:
        detail: Any = change.detail
        return bool(detail.get("concepts")) and not hasattr(change, "undone_by")
