"""Our stream of changes (IIIF Change Discovery 1.0): public manifests, each with its latest change."""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from annotation.addresses import absolute, manifest_uri
from annotation.api.negotiation import OpenView
from annotation.discovery import Activity, written_collection, written_page
from annotation.models import Manifest
from problems import Missing

PAGE_SIZE = 100
URI = "/iiif/discovery/"
# The import that brings a manifest in writes its row more than once.
SAME_MOMENT = timedelta(seconds=60)
PROFILE = 'application/ld+json;profile="http://iiif.io/api/discovery/1/context.json"'


def _public() -> QuerySet[Manifest]:
    return Manifest.objects.filter(is_public=True)


def _page_uri(number: int) -> str:
    return absolute(f"{URI}{number}")


class StreamView(OpenView):
    media_type = PROFILE

    @extend_schema(operation_id="iiif_discovery", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> HttpResponse:
        """The entry: how many changes there are, and where the newest page is."""
        total = _public().count()
        last = max(0, (total - 1) // PAGE_SIZE)
        return self.answer(
            written_collection(absolute(URI), total=total, first=_page_uri(0), last=_page_uri(last))
        )


class StreamPageView(OpenView):
    media_type = PROFILE

    @extend_schema(operation_id="iiif_discovery_page", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, number: int) -> HttpResponse:
        """A page of changes, oldest first."""
        total = _public().count()
        last = max(0, (total - 1) // PAGE_SIZE)
        if number > last:
            raise Missing("The stream has no such page.")
        start = number * PAGE_SIZE
        rows = _public().only("pk", "created_at", "modified_at").order_by("modified_at", "id")
        page = written_page(
            _page_uri(number),
            [_activity(manifest) for manifest in rows[start : start + PAGE_SIZE]],
            part_of=absolute(URI),
            start=start,
            prev=_page_uri(number - 1) if number else None,
            following=_page_uri(number + 1) if number < last else None,
        )
        return self.answer(page)


def _activity(manifest: Manifest) -> Activity:
    is_new = manifest.modified_at - manifest.created_at < SAME_MOMENT
    return Activity(
        "Create" if is_new else "Update", manifest_uri(manifest.pk), "Manifest", at=manifest.modified_at
    )
