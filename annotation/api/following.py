"""Followed collections, watched manifests, and what has changed at their institutions, over REST."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from annotation.actions.changes import resolve_change
from annotation.actions.following import choose_members, crawl_again, look_again, origin_of, watch
from annotation.models import CollectionMember, Every, Origin, SourceChange, SourceCollection
from annotation.permissions import (
    get_change_for,
    get_collection_for,
    get_manifest_for,
    visible_changes,
    visible_collections,
)
from problems import Invalid
from work.api.serializers import JobSerializer
from work.models import Job

MOST_CHOSEN = 10_000


class CrawlJobSerializer(serializers.ModelSerializer[Job]):
    """How a crawl goes; its report stands at the job's own address."""

    share = serializers.FloatField(read_only=True, allow_null=True, help_text="Progress from 0 to 1.")

    class Meta:
        model = Job
        fields = ["id", "state", "done", "total", "share", "error", "not_before", "finished_at"]


class CollectionSerializer(serializers.ModelSerializer[SourceCollection]):
    job = CrawlJobSerializer(read_only=True, allow_null=True)
    manifests = serializers.IntegerField(read_only=True)
    wanted = serializers.IntegerField(read_only=True)
    here = serializers.IntegerField(read_only=True)
    refused = serializers.IntegerField(read_only=True)

    class Meta:
        model = SourceCollection
        fields = [
            "id", "kind", "uri", "label", "wants", "every", "manifests", "wanted", "here", "refused",
            "last_change_at", "checked_at", "next_check_at", "job", "created_at",
        ]  # fmt: skip


class CollectionMemberSerializer(serializers.ModelSerializer[CollectionMember]):
    class Meta:
        model = CollectionMember
        fields = [
            "id", "kind", "uri", "label", "thumbnail_url", "parent", "position", "is_wanted", "state", "reason",
            "manifest", "read_at",
        ]  # fmt: skip


class SourceChangeSerializer(serializers.ModelSerializer[SourceChange]):
    sentence = serializers.CharField(source="get_kind_display", read_only=True)

    class Meta:
        model = SourceChange
        fields = [
            "id", "kind", "sentence", "manifest", "collection", "place", "before", "after", "needs_attention",
            "found_at", "seen_at", "resolved_at",
        ]  # fmt: skip


class WatchSerializer(serializers.ModelSerializer[Origin]):
    job = JobSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Origin
        fields = ["url", "every", "checked_at", "next_check_at", "job"]
        read_only_fields = ["url", "checked_at", "next_check_at"]


class CollectionChoice(serializers.Serializer[object]):
    """What is followed of a collection, and how often it is looked at; everything is optional."""

    every = serializers.ChoiceField(choices=Every.choices, required=False)
    wants = serializers.ChoiceField(choices=SourceCollection.Wants.choices, required=False)
    members = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_CHOSEN, default=list,
        help_text="Manifests, and collections with all below them, to bring in.",
    )  # fmt: skip
    without = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_CHOSEN, default=list,
        help_text="Those that are not wanted any more; what is here stays.",
    )  # fmt: skip


class WatchChoice(serializers.Serializer[object]):
    every = serializers.ChoiceField(choices=Every.choices)


def counted(collections: QuerySet[SourceCollection]) -> QuerySet[SourceCollection]:
    """With how many manifests are listed, wanted, here, and could not be read; one query."""
    a_manifest = Q(members__kind=CollectionMember.Kind.MANIFEST)
    return collections.annotate(
        manifests=Count("members", filter=a_manifest),
        wanted=Count("members", filter=a_manifest & Q(members__is_wanted=True)),
        here=Count("members", filter=a_manifest & Q(members__manifest__isnull=False)),
        refused=Count("members", filter=a_manifest & Q(members__state=CollectionMember.State.REFUSED)),
    )


def _shown(request: Request, collection_id: UUID, status: int = 200) -> Response:
    collection = counted(visible_collections(request.user).select_related("job")).get(pk=collection_id)
    return Response(CollectionSerializer(collection).data, status=status)


class CollectionListView(ListAPIView[SourceCollection]):
    serializer_class = CollectionSerializer

    def get_queryset(self) -> Any:
        return counted(visible_collections(self.request.user).select_related("job"))


class CollectionView(APIView):
    @extend_schema(operation_id="collection_retrieve", responses=CollectionSerializer)
    def get(self, request: Request, collection_id: UUID) -> Response:
        """A collection or stream that one follows, with counts and its job."""
        return _shown(request, get_collection_for(request.user, collection_id).pk)

    @extend_schema(operation_id="collection_update", request=CollectionChoice, responses=CollectionSerializer)
    def patch(self, request: Request, collection_id: UUID) -> Response:
        """Choose what is brought in, and how often the collection is looked at again."""
        collection = get_collection_for(request.user, collection_id)
        by = require_user(request.user)
        form = CollectionChoice(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        if "wants" in data or data["members"] or data["without"]:
            choose_members(
                collection, by=by, wants=data.get("wants"), members=data["members"], without=data["without"]
            )
        if "every" in data:
            watch(collection, every=data["every"], by=by)
        return _shown(request, collection.pk)


class CollectionMembersView(ListAPIView[CollectionMember]):
    serializer_class = CollectionMemberSerializer
    queryset = CollectionMember.objects.none()

    @extend_schema(
        parameters=[
            OpenApiParameter("parent", str, description="Only what this member lists."),
            OpenApiParameter("kind", str, enum=CollectionMember.Kind.values),
            OpenApiParameter("state", str, enum=CollectionMember.State.values),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What a followed collection holds, in its order."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        members = get_collection_for(self.request.user, self.kwargs["collection_id"]).members
        rows = members.defer("document").order_by("position", "pk")
        asked = self.request.query_params
        for name, known in (("kind", CollectionMember.Kind), ("state", CollectionMember.State)):
            if name in asked:
                rows = rows.filter(**{name: _one_of(asked[name], known.values, name)})
        return rows.filter(parent=_uuid(asked["parent"])) if "parent" in asked else rows


def _one_of(value: str, known: list[str], name: str) -> str:
    if value not in known:
        raise Invalid(f"“{value[:40]}” is none of: {', '.join(known)}.", pointer=f"/{name}", code="unknown")
    return value


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise Invalid("The parent is not the id of a member.", pointer="/parent", code="not-an-id") from error


class CrawlView(APIView):
    @extend_schema(operation_id="collection_crawl", request=None, responses={202: CollectionSerializer})
    def post(self, request: Request, collection_id: UUID) -> Response:
        """Ask for everything again; only what has changed is read."""
        collection = get_collection_for(request.user, collection_id)
        crawl_again(collection, by=require_user(request.user))
        return _shown(request, collection.pk, status=202)


class ManifestWatchView(APIView):
    @extend_schema(operation_id="manifest_watch_retrieve", responses=WatchSerializer)
    def get(self, request: Request, manifest_id: UUID) -> Response:
        """Where a manifest was read from, and how often it is looked at again."""
        manifest = get_manifest_for(request.user, manifest_id, "manage")
        return Response(WatchSerializer(origin_of(manifest)).data)

    @extend_schema(operation_id="manifest_watch_update", request=WatchChoice, responses=WatchSerializer)
    def patch(self, request: Request, manifest_id: UUID) -> Response:
        """Set how often it is looked at again."""
        origin = origin_of(get_manifest_for(request.user, manifest_id, "manage"))
        form = WatchChoice(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        watch(origin, every=data["every"], by=require_user(request.user))
        return Response(WatchSerializer(origin).data)

    @extend_schema(operation_id="manifest_look", request=None, responses={202: WatchSerializer})
    def post(self, request: Request, manifest_id: UUID) -> Response:
        """Look at it now; the job tells how it goes, the changes what was found."""
        manifest = get_manifest_for(request.user, manifest_id, "manage")
        look_again(manifest, by=require_user(request.user))
        return Response(WatchSerializer(origin_of(manifest)).data, status=202)


class ChangeListView(ListAPIView[SourceChange]):
    serializer_class = SourceChangeSerializer

    @extend_schema(
        parameters=[OpenApiParameter("open", bool, description="Only those that somebody has to look at.")]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What has changed at one's sources, newest first."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        changes = visible_changes(self.request.user)
        if self.request.query_params.get("open") in ("true", "1"):
            return changes.filter(needs_attention=True, resolved_at=None)
        return changes


class ResolveView(APIView):
    @extend_schema(operation_id="change_resolve", request=None, responses=SourceChangeSerializer)
    def post(self, request: Request, change_id: UUID) -> Response:
        """Say that one has looked at it; harmless to repeat."""
        change = get_change_for(request.user, change_id)
        return Response(SourceChangeSerializer(resolve_change(change, by=require_user(request.user))).data)
