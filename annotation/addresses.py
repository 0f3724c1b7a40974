"""The public addresses of what this room publishes; an id is never stored, always derived here."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from annotation.models import Annotation, Canvas, Layer


def absolute(path: str) -> str:
    """A path of this site as an absolute URI."""
    return f"{settings.SITE_URL}{path}"


def manifest_uri(manifest_id: UUID) -> str:
    return absolute(reverse("iiif-manifest", args=[manifest_id]))


def collection_uri(part: int | None = None) -> str:
    """Our collection of every source, or one part of it (counted from 1)."""
    if part is None:
        return absolute(reverse("iiif-collection"))
    return absolute(reverse("iiif-collection-part", args=[part]))


def own_canvas_uri(manifest_id: UUID, position: int) -> str:
    """The URI of a canvas that we made ourselves (for uploaded images)."""
    return absolute(f"/iiif/presentation/{manifest_id}/canvas/{position}")


def layer_uri(layer_id: UUID) -> str:
    return absolute(reverse("w3c-layer", args=[layer_id]))


def plugin_uri(layer_id: UUID, secret: str) -> str:
    """What a plug-in of the Simple Annotation Server is configured with; it adds `/search` and the rest."""
    return absolute(reverse("sas-key-search", args=[layer_id, secret])).removesuffix("/search")


def context_uri() -> str:
    """The JSON-LD context of our extension properties."""
    return absolute(reverse("w3c-context"))


def annotation_uri(annotation: Annotation) -> str:
    return absolute(reverse("w3c-annotation", args=[annotation.layer_id, annotation.pk]))


def annotation_page_uri(layer: Layer, canvas: Canvas) -> str:
    return absolute(reverse("iiif-annotation-page", args=[layer.pk, canvas.pk]))


def image_service_uri(image_id: UUID, *, version: int = 3, admitted: str = "") -> str:
    """The base URI of our image service for an upload, without a slash at its end.

    `admitted` is a pass (`annotation.passes`) that stands in the address, because images cannot carry headers.
    """
    older = "2/" if version == 2 else ""
    return absolute(f"/iiif/image/{older}{f'with/{admitted}/' if admitted else ''}{image_id}")


def probe_uri(image_id: UUID, *, version: int = 3) -> str:
    """The probe of an image service; it must know the version, whose type its `location` repeats."""
    return absolute(reverse("iiif-auth-probe", args=[image_id])) + ("?version=2" if version == 2 else "")


def access_uri() -> str:
    return absolute(reverse("iiif-auth-access"))


def token_uri() -> str:
    return absolute(reverse("iiif-auth-token"))


def logout_uri() -> str:
    return absolute(reverse("iiif-auth-logout"))


def search_uri(manifest_id: UUID | None = None, canvas_id: UUID | None = None, *, version: int = 2) -> str:
    """The Content Search service of a manifest, of one canvas of it, or of everything."""
    place = [part for part in (manifest_id, canvas_id) if part]
    name = ("iiif-search-all", "iiif-search", "iiif-search-canvas")[len(place)]
    return absolute(reverse(name if version == 2 else f"{name}-1", args=place))


def completion_uri(manifest_id: UUID | None = None, *, version: int = 2) -> str:
    """The autocomplete service that goes with the search in a manifest, or in everything."""
    place = [manifest_id] if manifest_id else []
    name = "iiif-autocomplete" if manifest_id else "iiif-autocomplete-all"
    return absolute(reverse(name if version == 2 else f"{name}-1", args=place))


def annotation_list_uri(layer: Layer, canvas: Canvas) -> str:
    """The same annotations in Presentation 2."""
    return absolute(reverse("iiif-annotation-list", args=[layer.pk, canvas.pk]))
