"""Vocabularies over REST: list, browse, search."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from problems import Malformed, Missing
from problems.api import whole_number
from taxonomy.api import serializers
from taxonomy.facets import facet_of, facets_of
from taxonomy.models import Concept, Vocabulary
from taxonomy.permissions import get_vocabulary_for, visible_vocabularies
from taxonomy.queries import NARROWER, concepts_of, search_concepts, show

SEARCH_PARAMETERS = [
    OpenApiParameter("q", str, description="What was typed; accents and case are ignored."),
    OpenApiParameter("lang", str, description="Language of the labels shown, for example `fr`."),
    OpenApiParameter("limit", int, description="1 to 500."),
]


def read_search(request: Request) -> tuple[str, str, int]:
    """`q`, `lang` and `limit` of a search, checked."""
    q = request.query_params.get("q", "")
    language = (request.query_params.get("lang") or get_language() or "en").replace("\x00", "")
    limit = whole_number(request.query_params, "limit", default=20, least=1, most=500)
    return q, language.split("-")[0][:8], limit


class VocabularyListView(ListAPIView[Vocabulary]):
    serializer_class = serializers.VocabularySerializer

    def get_queryset(self) -> Any:
        return visible_vocabularies(self.request.user).annotate(concept_count=Count("concepts"))


class VocabularyView(APIView):
    @extend_schema(operation_id="vocabulary_retrieve", responses=serializers.VocabularySerializer)
    def get(self, request: Request, slug: str) -> Response:
        """One vocabulary."""
        vocabulary: Any = get_vocabulary_for(request.user, slug, "view")
        vocabulary.concept_count = vocabulary.concepts.count()
        return Response(serializers.VocabularySerializer(vocabulary).data)


class VocabularyConceptsView(APIView):
    @extend_schema(
        operation_id="vocabulary_concepts",
        parameters=[
            *SEARCH_PARAMETERS,
            OpenApiParameter("parent", str, description="Id of a concept, or `top`."),
            OpenApiParameter("collection", str, description="URI of a collection: only its members."),
        ],
        responses=serializers.ConceptListSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Search the vocabulary or a collection of it, or list what stands directly below a concept."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        q, language, limit = read_search(request)
        parent, uri = request.query_params.get("parent"), request.query_params.get("collection")
        members = facet_of(vocabulary, uri).members if uri else None
        if parent and not q:
            offered = concepts_of(vocabulary, members=members)
            children = offered.annotate(children_count=NARROWER).order_by("preorder")
            children = children.filter(parent=None if parent == "top" else _uuid(parent))
            items, total = show(children[:limit], language), children.count()
        else:
            items, total = search_concepts(vocabulary, None, q, language, limit, members=members)
        return Response(serializers.ConceptListSerializer({"items": items, "total": total}).data)


class VocabularyCollectionsView(APIView):
    @extend_schema(
        operation_id="vocabulary_collections",
        parameters=[SEARCH_PARAMETERS[1]],
        responses=serializers.ConceptCollectionSerializer(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """The collections of the vocabulary, each with the concepts that it holds."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        _q, language, _limit = read_search(request)
        rows = [
            {
                "uri": uri,
                "label": facet.value.display(language),
                "is_ordered": facet.value.is_ordered,
                "collections": [one.uri for one in facet.inside],
                "members": facet.members,
            }
            for uri, facet in facets_of(vocabulary).items()
        ]
        return Response(serializers.ConceptCollectionSerializer(rows, many=True).data)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Malformed("`parent` must be the id of a concept, or `top`.", pointer="/parent") from error


class ConceptView(APIView):
    @extend_schema(operation_id="concept_retrieve", responses=serializers.ConceptSerializer)
    def get(self, request: Request, slug: str, concept_id: UUID) -> Response:
        """One concept with all labels, notes and relations."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        concepts = Concept.objects.select_related("vocabulary").prefetch_related(
            "labels", "notes", "relations"
        )
        concept = concepts.filter(vocabulary=vocabulary, pk=concept_id).first()
        if concept is None:
            raise Missing("The vocabulary has no such concept.")
        return Response(serializers.ConceptSerializer(concept).data)
