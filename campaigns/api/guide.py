"""The field guide of a campaign over REST: its concepts with notes, names in other languages and decided examples."""

from django.core.paginator import Paginator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.api.serializers.values import IIIFLanguageMap
from campaigns.api.shown import reader_language
from campaigns.guide import GuideEntry, guide_entries
from campaigns.permissions import get_campaign_for
from taxonomy.queries import concepts_of, search_concepts, show

A_PAGE, MOST_FOUND = 40, 100


class GuideExampleSerializer(serializers.Serializer[object]):
    canvas = serializers.UUIDField(source="canvas.pk")
    label = IIIFLanguageMap(source="canvas.label")  # type: ignore[assignment]
    crop = serializers.CharField(help_text="The address of its picture.")


class GuideEntrySerializer(serializers.Serializer[GuideEntry]):
    id = serializers.UUIDField(source="concept.id")
    uri = serializers.CharField(source="concept.uri")
    notation = serializers.CharField(source="concept.notation")
    label = serializers.CharField(source="concept.label")  # type: ignore[assignment]
    path = serializers.ListField(
        child=serializers.CharField(),
        source="concept.path",
        help_text="Labels from the top, without its own.",
    )
    scope_note = serializers.CharField(source="concept.scope_note", allow_null=True)
    elsewhere = serializers.SerializerMethodField(help_text="What other languages call it.")
    examples = GuideExampleSerializer(many=True, help_text="Decided ones whose picture may be shown.")

    def get_elsewhere(self, entry: GuideEntry) -> dict[str, str]:
        return dict(entry.elsewhere)


class GuideSerializer(serializers.Serializer[object]):
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    entries = GuideEntrySerializer(many=True)


class GuideView(APIView):
    @extend_schema(
        operation_id="guide_retrieve",
        parameters=[
            OpenApiParameter("q", str, description="Search in every language, accents ignored."),
            OpenApiParameter("page", int, description=f"From 1 on, {A_PAGE} entries each; a search has one."),
        ],
        responses=GuideSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """The concepts that the campaign offers, in the order of the vocabulary or those found."""
        campaign = get_campaign_for(request.user, slug, "view")
        language = reader_language()
        q = request.query_params.get("q", "")[:200].replace("\x00", "").strip()
        if q:
            concepts, total = search_concepts(campaign.vocabulary, campaign.branch, q, language, MOST_FOUND)
            number, pages = 1, 1
        else:
            rows = concepts_of(campaign.vocabulary, campaign.branch).order_by("preorder")
            page = Paginator(rows, A_PAGE).get_page(request.query_params.get("page"))
            concepts, total = show(page.object_list, language), page.paginator.count
            number, pages = page.number, page.paginator.num_pages
        entries = guide_entries(campaign, concepts, language)
        data = {"total": total, "page": number, "pages": pages, "entries": entries}
        return Response(GuideSerializer(data).data)
