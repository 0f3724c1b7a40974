"""The tree of the concepts that a campaign offers, over REST: a level at a time, each concept with examples."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.guide import GuideEntry, guide_entries
from campaigns.models import Campaign
from campaigns.permissions import get_campaign_for
from problems import Malformed, Missing
from problems.api import whole_number
from taxonomy.api.serializers import ShownConceptSerializer
from taxonomy.api.views import SEARCH_PARAMETERS, read_search
from taxonomy.models import Concept
from taxonomy.queries import NARROWER, concepts_of, show

A_LEVEL = 100


class BrowsedConceptSerializer(ShownConceptSerializer):
    """A concept of the tree, with the pictures of what has been decided to be one."""

    examples = serializers.ListField(child=serializers.CharField(), help_text="Addresses of pictures.")


class ConceptLevelSerializer(serializers.Serializer[object]):
    items = BrowsedConceptSerializer(many=True)
    total = serializers.IntegerField()


class ConceptTreeView(APIView):
    @extend_schema(
        operation_id="campaign_concept_tree",
        parameters=[
            OpenApiParameter(
                "parent", str, description="Id of a concept; without it the top of what is offered."
            ),
            OpenApiParameter(
                "of", str, description="Id of a concept: the way from the top down to it, instead."
            ),
            OpenApiParameter("offset", int, description="How many of the level to pass over."),
            SEARCH_PARAMETERS[1],
        ],
        responses=ConceptLevelSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """What stands directly below a concept, a hundred at a time, each with examples that have been decided.

        No example comes from an image whose answer is known and given out.
        """
        campaign = get_campaign_for(request.user, slug, "view")
        _words, language, _limit = read_search(request)
        offset = whole_number(request.query_params, "offset", default=0, least=0, most=10**6)
        of, parent = (_concept_id(request, name) for name in ("of", "parent"))
        offered = concepts_of(campaign.vocabulary, campaign.branch)
        rows = _way_to(offered, of) if of else offered.filter(parent=parent or campaign.branch_id)
        level = rows.annotate(children_count=NARROWER).order_by("preorder")
        shown = show(level[offset : offset + A_LEVEL], language)
        entries = guide_entries(campaign, shown, language)
        body = {"items": [_browsed(campaign, one) for one in entries], "total": rows.count()}
        return Response(ConceptLevelSerializer(body).data)


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
        raise Missing(_("The campaign does not offer this concept."))
    return offered.filter(pk__in=[*found.ancestors, pk])


def _browsed(campaign: Campaign, entry: GuideEntry) -> dict[str, Any]:
    """The concept with its path from the top of what the campaign offers."""
    one = entry.concept
    depth = _depth(campaign, one.ancestors)
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
        "examples": [example.crop for example in entry.examples],
    }


def _depth(campaign: Campaign, ancestors: Sequence[UUID]) -> int:
    """How many of the ancestors stand at or above the branch, which is not offered itself."""
    branch = campaign.branch_id
    return 0 if branch is None else [pk == branch for pk in ancestors].index(True) + 1
