"""Releases over REST: listed, made, described, downloaded."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from annotation.api.negotiation import OneForm
from campaigns.actions.releases import manifest_of, start_release
from campaigns.api.outcomes.downloads import file_response
from campaigns.api.outcomes.serializers.releases import ReleaseRequest, ReleaseSerializer
from campaigns.grouped import get_grouping
from campaigns.models import Release, ReleaseFile
from campaigns.permissions import get_campaign_for, get_release_for, visible_releases


def listed_releases(releases: QuerySet[Release]) -> QuerySet[Release]:
    """With what a list shows of each, in three queries."""
    rows = releases.select_related("campaign", "job").order_by("-created_at")
    return rows.prefetch_related(Prefetch("files", ReleaseFile.objects.order_by("name")))


class ReleasesView(ListAPIView[Release]):
    """The releases that one may see, newest first."""

    serializer_class = ReleaseSerializer

    def get_queryset(self) -> Any:
        return listed_releases(visible_releases(self.request.user))


class ReleaseView(APIView):
    @extend_schema(operation_id="release_retrieve", responses=ReleaseSerializer)
    def get(self, request: Request, release_id: UUID) -> Response:
        """One release with its files and their checksums."""
        return Response(ReleaseSerializer(get_release_for(request.user, release_id)).data)


class ReleaseManifestView(APIView):
    @extend_schema(operation_id="release_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, release_id: UUID) -> Response:
        """The release's own description: counts, hashes, rights, provenance."""
        return Response(manifest_of(get_release_for(request.user, release_id)))


class ReleaseFileView(APIView):
    content_negotiation_class = OneForm  # whatever a client accepts, the file is what it is

    @extend_schema(
        operation_id="release_file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, release_id: UUID, name: str) -> HttpResponseBase:
        """Download one file, or a range of its bytes; its ETag is its SHA-256."""
        return file_response(get_release_for(request.user, release_id), name, headers=request.headers)


class CampaignReleasesView(ListAPIView[Release]):
    serializer_class = ReleaseSerializer

    def get_queryset(self) -> Any:
        campaign = get_campaign_for(self.request.user, self.kwargs["slug"], "view")
        return listed_releases(visible_releases(self.request.user).filter(campaign=campaign))

    @extend_schema(operation_id="campaign_release_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The releases of a campaign that one may see, newest first."""
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="release_create",
        request=ReleaseRequest,
        responses={202: ReleaseSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Release the ground truth as it stands now under the next number."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = ReleaseRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        release = start_release(
            campaign,
            note=data["note"],
            rights=data["rights"] or campaign.rights,
            is_public=campaign.is_public if data["is_public"] is None else data["is_public"],
            grouping=get_grouping(campaign.vocabulary, data["grouping"]) if data["grouping"] else None,
            by=require_user(request.user),
        )
        return Response(ReleaseSerializer(release).data, status=202)
