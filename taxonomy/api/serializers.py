"""Vocabularies and concepts as programs see them."""

from rest_framework import serializers

from taxonomy.models import Concept, Label, Note, Relation, Vocabulary


class VocabularySerializer(serializers.ModelSerializer[Vocabulary]):
    concepts = serializers.IntegerField(source="concept_count", read_only=True)

    class Meta:
        model = Vocabulary
        fields = [
            "slug", "uri", "title", "description", "licence", "source", "version", "is_public", "concepts",
            "created_at", "modified_at",
        ]  # fmt: skip


class ShownConceptSerializer(serializers.Serializer[object]):
    """A concept in the reader's language."""

    id = serializers.UUIDField()
    uri = serializers.CharField()
    notation = serializers.CharField(allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer
    matched = serializers.CharField(
        allow_null=True, help_text="The label that matched, when another one is shown."
    )
    path = serializers.ListField(
        child=serializers.CharField(), help_text="Labels from the root to the parent."
    )
    scope_note = serializers.CharField(allow_null=True)
    children = serializers.IntegerField(help_text="How many narrower concepts it has.")
    ancestors = serializers.ListField(
        child=serializers.UUIDField(), help_text="The concepts of the path, from the root to the parent."
    )


class ConceptListSerializer(serializers.Serializer[object]):
    items = ShownConceptSerializer(many=True)
    total = serializers.IntegerField()


class ConceptCollectionSerializer(serializers.Serializer[object]):
    """A collection in the reader's language."""

    uri = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the answer
    is_ordered = serializers.BooleanField()
    collections = serializers.ListField(
        child=serializers.CharField(), help_text="URIs of the collections inside it."
    )
    members = serializers.ListField(
        child=serializers.CharField(),
        help_text="URIs of its concepts, those of the collections inside it too.",
    )


class LabelSerializer(serializers.ModelSerializer[Label]):
    class Meta:
        model = Label
        fields = ["kind", "language", "text"]


class NoteSerializer(serializers.ModelSerializer[Note]):
    class Meta:
        model = Note
        fields = ["kind", "language", "text"]


class RelationSerializer(serializers.ModelSerializer[Relation]):
    class Meta:
        model = Relation
        fields = ["kind", "target_uri", "target"]


class ConceptSerializer(serializers.ModelSerializer[Concept]):
    vocabulary = serializers.CharField(source="vocabulary.slug", read_only=True)
    labels = LabelSerializer(many=True, read_only=True)
    notes = NoteSerializer(many=True, read_only=True)
    relations = RelationSerializer(many=True, read_only=True)

    class Meta:
        model = Concept
        fields = [
            "id",
            "uri",
            "vocabulary",
            "notation",
            "status",
            "parent",
            "ancestors",
            "labels",
            "notes",
            "relations",
        ]
