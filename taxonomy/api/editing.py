"""Editing a vocabulary over REST: a change is posted, foreseen, listed, taken back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import require_user
from problems import Invalid, Missing
from taxonomy.actions import editing
from taxonomy.api import edits
from taxonomy.documents import values_of
from taxonomy.models import Concept, Vocabulary, VocabularyChange
from taxonomy.permissions import get_vocabulary_for
from taxonomy.skos import ConceptValue, LabelValue, NoteValue
from taxonomy.skos.triples import language_tag

Made = VocabularyChange | None


def _concept(vocabulary: Vocabulary, pk: UUID) -> Concept:
    rows = Concept.objects.select_related("vocabulary", "parent")
    found = rows.filter(vocabulary=vocabulary, pk=pk).first()
    if found is None:
        raise Missing("The vocabulary has no such concept.")
    return found


def _value(said: dict[str, Any], before: ConceptValue | None = None) -> ConceptValue:
    """The concept as it is sent; what is not sent stays as it was."""
    value = before or ConceptValue(uri=said.get("uri", ""))
    if "labels" in said:
        labels = [
            LabelValue(row["kind"], language_tag(row["language"]), row["text"].strip())
            for row in said["labels"]
        ]
        value = replace(value, labels=tuple(labels))
    if "notes" in said:
        notes = [NoteValue(row["kind"], language_tag(row["language"]), row["text"]) for row in said["notes"]]
        value = replace(value, notes=tuple(notes))
    if "matches" in said:
        value = replace(value, matches=tuple((row["kind"], row["uri"]) for row in said["matches"]))
    if "related" in said:
        value = replace(value, related=tuple(said["related"]))
    return replace(value, notation=said.get("notation", value.notation))


def _add(vocabulary: Vocabulary, said: dict[str, Any], by: User) -> Made:
    concept = editing.add_concept(
        vocabulary, _value(said), parent=said["parent"], place=said["place"], by=by, seen=said["seen"]
    )
    return vocabulary.changes.filter(detail__concept=concept.uri, operation="add").first()


def _describe(vocabulary: Vocabulary, said: dict[str, Any], by: User) -> Made:
    concept = _concept(vocabulary, said["concept"])
    before = values_of(vocabulary, [concept.uri])[concept.uri]
    return editing.describe_concept(concept, _value(said, before), by=by, seen=said["seen"])


def _move(vocabulary: Vocabulary, said: dict[str, Any], by: User) -> Made:
    concept = _concept(vocabulary, said["concept"])
    return editing.move_concept(concept, parent=said["parent"], place=said["place"], by=by, seen=said["seen"])


def _merge(vocabulary: Vocabulary, said: dict[str, Any], by: User) -> Made:
    sources = [_concept(vocabulary, pk) for pk in dict.fromkeys(said["sources"])]
    return editing.merge_concepts(sources, _concept(vocabulary, said["target"]), by=by, seen=said["seen"])


def _split(vocabulary: Vocabulary, said: dict[str, Any], by: User) -> Made:
    return editing.split_concept(
        _concept(vocabulary, said["concept"]),
        [_value(part) for part in said["parts"]],
        narrower=said["narrower"],
        by=by,
        seen=said["seen"],
    )


def _deprecate(vocabulary: Vocabulary, said: dict[str, Any], by: User) -> Made:
    others = [_concept(vocabulary, pk) for pk in said["replaced_by"]]
    concept = _concept(vocabulary, said["concept"])
    return editing.deprecate_concept(concept, replaced_by=others, by=by, seen=said["seen"])


def _restore(vocabulary: Vocabulary, said: dict[str, Any], by: User) -> Made:
    return editing.restore_concept(_concept(vocabulary, said["concept"]), by=by, seen=said["seen"])


# Operation → what must be sent for it, and who does it.
OPERATIONS: dict[
    str, tuple[type[edits.EditSerializer], Callable[[Vocabulary, dict[str, Any], User], Made]]
] = {
    "add": (edits.AddSerializer, _add),
    "describe": (edits.DescribeSerializer, _describe),
    "move": (edits.MoveSerializer, _move),
    "merge": (edits.MergeSerializer, _merge),
    "split": (edits.SplitSerializer, _split),
    "deprecate": (edits.DeprecateSerializer, _deprecate),
    "restore": (edits.RestoreSerializer, _restore),
}
_ANY = PolymorphicProxySerializer(
    component_name="VocabularyEdit",
    serializers={name: serializer for name, (serializer, _do) in OPERATIONS.items()},
    resource_type_field_name="operation",
)


class ChangesView(ListAPIView[VocabularyChange]):
    """The log of a vocabulary, newest first, and the place to post a change to."""

    serializer_class = edits.ChangeSerializer
    queryset = VocabularyChange.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        vocabulary = get_vocabulary_for(self.request.user, self.kwargs["slug"], "view")
        return vocabulary.changes.select_related("by", "undone_by", "undoes")

    @extend_schema(
        operation_id="vocabulary_change", request=_ANY, responses={201: edits.ChangeSerializer, 204: None}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Make a change; 204 when the vocabulary is as asked already."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        name = str(request.data.get("operation", "")) if isinstance(request.data, dict) else ""
        if name not in OPERATIONS:
            known = ", ".join(OPERATIONS)
            raise Invalid(f"Name an operation: {known}.", pointer="/operation", code="unknown-operation")
        serializer, do = OPERATIONS[name]
        form = serializer(data=request.data)
        form.is_valid(raise_exception=True)
        change = do(vocabulary, form.validated_data, require_user(request.user))
        if change is None:
            return Response(status=204)
        return Response(edits.ChangeSerializer(change).data, status=201)


class UndoView(APIView):
    @extend_schema(operation_id="vocabulary_undo", request=None, responses={201: edits.ChangeSerializer})
    def post(self, request: Request, slug: str, version: int) -> Response:
        """Take a change back; the taking back is a change too."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        change = vocabulary.changes.select_related("vocabulary").filter(version=version).first()
        if change is None:
            raise Missing("The vocabulary has no change of this number.")
        undone = editing.undo_change(change, by=require_user(request.user))
        return Response(edits.ChangeSerializer(undone).data, status=201)


class ForesightView(APIView):
    @extend_schema(
        operation_id="vocabulary_foresee",
        request=edits.ForesightRequest,
        responses=edits.TouchedSerializer(many=True),
    )
    def post(self, request: Request, slug: str) -> Response:
        """What a merge, split, move or deprecation would touch; nothing is changed."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        form = edits.ForesightRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        concepts = [_concept(vocabulary, pk) for pk in said["concepts"]]
        touched = editing.foresee(vocabulary, said["operation"], concepts, by=require_user(request.user))
        return Response(edits.TouchedSerializer(touched, many=True).data)
