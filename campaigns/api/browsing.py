"""The tree of the concepts that a campaign or a layer offers, over REST: a level at a time, each with examples."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.permissions import get_layer_for, require_own_kind, visible_manifests
from campaigns.guide import examples_in, guide_entries
from campaigns.permissions import get_campaign_for
from problems import Malformed, Missing
from problems.api import whole_number
from taxonomy.api.serializers import ShownConceptSerializer
from taxonomy.api.views import SEARCH_PARAMETERS, read_search
from taxonomy.models import Concept
from taxonomy.permissions import visible_vocabularies
from taxonomy.queries import NARROWER, ShownConcept, concepts_of, show

A_LEVEL = 100


class BrowsedConceptSerializer(ShownConceptSerializer):
    """A concept of the tree, with the pictures of what has been decided to be one."""

    examples = serializers.ListField(child=serializers.CharField(), help_text="Addresses of pictures.")


class ConceptLevelSerializer(serializers.Serializer[object]):
    items = BrowsedConceptSerializer(many=True)
    total = serializers.IntegerField()


TREE_PARAMETERS = [
    OpenApiParameter("parent", str, description="Id of a concept; without it the top of what is offered."),
    OpenApiParameter("of", str, description="Id of a concept: the way from the top down to it, instead."),
    OpenApiParameter("offset", int, description="How many of the level to pass over."),
    SEARCH_PARAMETERS[1],
]
# The addresses of pictures of each of these concepts.
Pictures = Callable[[Sequence[ShownConcept], str], Mapping[UUID, Sequence[str]]]


class ConceptTreeView(APIView):
    @extend_schema(
        operation_id="campaign_concept_tree", parameters=TREE_PARAMETERS, responses=ConceptLevelSerializer
    )
    def get(self, request: Request, slug: str) -> Response:
        """What stands directly below a concept, a hundred at a time, each with examples that have been decided.

        No example comes from an image whose answer is known and given out.
        """
        campaign = get_campaign_for(request.user, slug, "view")

        def pictures(shown: Sequence[ShownConcept], language: str) -> Mapping[UUID, Sequence[str]]:
            entries = guide_entries(campaign, shown, language)
            return {one.concept.id: [example.crop for example in one.examples] for one in entries}

        offered = concepts_of(campaign.vocabulary, campaign.branch)
        return _level(request, offered, campaign.branch_id, pictures)


class LayerConceptTreeView(APIView):
    @extend_schema(
        operation_id="layer_concept_tree", parameters=TREE_PARAMETERS, responses=ConceptLevelSerializer
    )
    def get(self, request: Request, layer_id: UUID) -> Response:
        """What stands directly below a concept of a layer's vocabulary, each with examples from the layer.

        No example comes from a source that one may not see.
        """
        layer = get_layer_for(request.user, layer_id, "view")
        require_own_kind(layer)
        chosen = layer.vocabulary_id
        # One that others chose may be hidden from whoever asks.
        vocabulary = visible_vocabularies(request.user).filter(pk=chosen).first() if chosen else None
        if vocabulary is None:
            raise Missing(_("The layer has no vocabulary, or you may not see it."))
        seen = visible_manifests(request.user)

        def pictures(shown: Sequence[ShownConcept], _language: str) -> Mapping[UUID, Sequence[str]]:
            found = examples_in(layer.pk, [one.id for one in shown], seen=seen)
            return {pk: [example.crop for example in examples] for pk, examples in found.items()}

        return _level(request, concepts_of(vocabulary), None, pictures)


def _level(request: Request, offered: QuerySet[Concept], branch: UUID | None, pictures: Pictures) -> Response:
    _words, language, _limit = read_search(request)
    offset = whole_number(request.query_params, "offset", default=0, least=0, most=10**6)
    of, parent = (_concept_id(request, name) for name in ("of", "parent"))
    rows = _way_to(offered, of) if of else offered.filter(parent=parent or branch)
    level = rows.annotate(children_count=NARROWER).order_by("preorder")
    shown = show(level[offset : offset + A_LEVEL], language)
    seen = pictures(shown, language)
    items = [_browsed(branch, one, seen.get(one.id, ())) for one in shown]
    return Response(ConceptLevelSerializer({"items": items, "total": rows.count()}).data)


def _concept_id(request: Request, name: str) -> UUID | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed(f"`{name}` must be the id of a concept.", pointer=f"/{name}") from error


def _way_to(offered: QuerySet[Concept], pk: UUID) -> QuerySet[Concept]:
    found = offered.filter(pk=pk).first()
    if found is None:
        raise Missing(_("This concept is not offered here."))
    return offered.filter(pk__in=[*found.ancestors, pk])


def _browsed(branch: UUID | None, one: ShownConcept, examples: Sequence[str]) -> dict[str, Any]:
    """The concept with its path from the top of what is offered."""
    depth = _depth(branch, one.ancestors)
    return {
        "id": one.id,
        "uri": one.uri,
        "notation": one.notation,
        "label": one.label,
        "matched": None,
        "path": one.path[depth:],
        "ancestors": one.ancestors[depth:],
        "scope_note": one.scope_note,
        "children": one.children,
        "examples": examples,
    }


def _depth(branch: UUID | None, ancestors: Sequence[UUID]) -> int:
    """How many of the ancestors stand at or above the branch, which is not offered itself."""
    return 0 if branch is None else [pk == branch for pk in ancestors].index(True) + 1
