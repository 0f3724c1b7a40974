"""The shapes of releases and of their files."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.actions.releases import release_uri
from campaigns.api.serializers.values import LanguageMap
from campaigns.models import Release, ReleaseFile
from work.api.serializers import JobStateSerializer


class ReleaseFileSerializer(serializers.ModelSerializer[ReleaseFile]):
    class Meta:
        model = ReleaseFile
        fields = ["name", "format", "media_type", "size", "sha256"]


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    campaign = serializers.CharField(source="campaign.slug", read_only=True)
    title = LanguageMap(source="campaign.title", read_only=True)
    uri = serializers.SerializerMethodField()
    files = ReleaseFileSerializer(many=True, read_only=True)
    counts = serializers.SerializerMethodField()
    job = JobStateSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Release
        fields = [
            "id", "uri", "campaign", "title", "number", "note", "rights", "is_public", "created_at",
            "finished_at", "grouping", "counts", "files", "job",
        ]  # fmt: skip

    def get_uri(self, release: Release) -> str:
        return release_uri(release.pk)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_counts(self, release: Release) -> dict[str, object] | None:
        counts: dict[str, object] | None = release.manifest.get("counts")
        return counts


class ReleaseRequest(serializers.Serializer[object]):
    grouping = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="A grouping of the vocabulary whose classes are the categories of its files.",
    )
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    rights = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    is_public = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="As the campaign is, where nothing is said."
    )
