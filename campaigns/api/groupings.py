"""Groupings over REST: listed, made, changed, previewed on the annotations of a layer, campaign or release."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.splits import ask_about_split
from campaigns.api import shown
from campaigns.api.serializers.campaigns import CampaignSummarySerializer
from campaigns.api.serializers.values import LanguageMap
from campaigns.grouped import counts_for, distribution, get_grouping, living_classes
from campaigns.queries import totals_of
from problems import Missing
from taxonomy.actions.groupings import classes_by, delete_grouping, save_grouping
from taxonomy.models import Grouping, Vocabulary
from taxonomy.permissions import get_vocabulary_for


class GroupingSerializer(serializers.ModelSerializer[Grouping]):
    classes = serializers.PrimaryKeyRelatedField[Any](many=True, read_only=True)

    class Meta:
        model = Grouping
        fields = ["id", "title", "rule", "classes", "created_at", "modified_at"]


class RuleRequest(serializers.Serializer[object]):
    rule = serializers.DictField(
        help_text='`{"kind": "chosen", "concepts": [ids]}`, `{"kind": "depth", "depth": 2}` or '
        '`{"kind": "at-least", "least": 100}`.'
    )
    layer = serializers.UUIDField(required=False, allow_null=True, default=None)
    campaign = serializers.SlugField(required=False, allow_null=True, default=None)
    release = serializers.UUIDField(required=False, allow_null=True, default=None)


class GroupingRequest(RuleRequest):
    title = LanguageMap()


def _classes(vocabulary: Vocabulary, request: Request, said: dict[str, Any]) -> list[UUID]:
    return classes_by(vocabulary, said["rule"], counts_for(request.user, said))


def _save(request: Request, vocabulary: Vocabulary, existing: Grouping | None = None) -> Grouping:
    form = GroupingRequest(data=request.data)
    form.is_valid(raise_exception=True)
    said: Any = form.validated_data
    return save_grouping(
        vocabulary,
        title=said["title"],
        rule=said["rule"],
        classes=_classes(vocabulary, request, said),
        by=require_user(request.user),
        existing=existing,
    )


class GroupingsView(APIView):
    @extend_schema(operation_id="grouping_list", responses=GroupingSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The groupings of a vocabulary, oldest first; two queries."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        rows = Grouping.objects.filter(vocabulary=vocabulary).prefetch_related("classes")
        return Response(GroupingSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="grouping_create", request=GroupingRequest, responses={201: GroupingSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Keep the classes that a rule gives; `at-least` counts in the layer, campaign or release that is named."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        return Response(GroupingSerializer(_save(request, vocabulary)).data, status=201)


class GroupingView(APIView):
    @extend_schema(operation_id="grouping_retrieve", responses=GroupingSerializer)
    def get(self, request: Request, slug: str, grouping_id: UUID) -> Response:
        """One grouping with its classes."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        return Response(GroupingSerializer(get_grouping(vocabulary, grouping_id)).data)

    @extend_schema(operation_id="grouping_replace", request=GroupingRequest, responses=GroupingSerializer)
    def put(self, request: Request, slug: str, grouping_id: UUID) -> Response:
        """Give it another title or other classes; releases keep those they were written with."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        row = _save(request, vocabulary, get_grouping(vocabulary, grouping_id))
        return Response(GroupingSerializer(row).data)

    @extend_schema(operation_id="grouping_delete", responses={204: None})
    def delete(self, request: Request, slug: str, grouping_id: UUID) -> Response:
        """Delete it; releases keep the classes they were written with."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        delete_grouping(get_grouping(vocabulary, grouping_id), by=require_user(request.user))
        return Response(status=204)


class GroupingPreviewView(APIView):
    @extend_schema(operation_id="grouping_preview", request=RuleRequest, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, slug: str) -> Response:
        """The classes that a rule would give, and how annotations distribute over them; nothing is kept."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        form = RuleRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        counts = counts_for(request.user, said)
        classes = classes_by(vocabulary, said["rule"], counts)
        return Response(distribution(vocabulary, classes, counts, shown.reader_language()).as_json())


class ClassTableView(APIView):
    @extend_schema(operation_id="grouping_table", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, slug: str, grouping_id: UUID) -> Response:
        """How the annotations of `?layer=`, `?campaign=` or `?release=` distribute over the classes."""
        vocabulary = get_vocabulary_for(request.user, slug, "view")
        grouping = get_grouping(vocabulary, grouping_id)
        form = SourceQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        counts = counts_for(request.user, said)
        table = distribution(vocabulary, living_classes(grouping), counts, shown.reader_language())
        return Response(table.as_json())


class SourceQuery(serializers.Serializer[object]):
    layer = serializers.UUIDField(required=False, allow_null=True, default=None)
    campaign = serializers.SlugField(required=False, allow_null=True, default=None)
    release = serializers.UUIDField(required=False, allow_null=True, default=None)


class AskAboutSplitView(APIView):
    @extend_schema(operation_id="vocabulary_ask", request=None, responses={201: CampaignSummarySerializer})
    def post(self, request: Request, slug: str, version: int) -> Response:
        """A draft campaign that asks which part of a split concept was meant, picture by picture."""
        vocabulary = get_vocabulary_for(request.user, slug, "manage")
        change = vocabulary.changes.select_related("vocabulary").filter(version=version).first()
        if change is None:
            raise Missing("The vocabulary has no change of this number.")
        campaign: Any = ask_about_split(change, by=require_user(request.user))
        campaign.progress = totals_of([campaign])[campaign.pk]
        return Response(CampaignSummarySerializer(campaign).data, status=201)
