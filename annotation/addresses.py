"""The public addresses of what this room publishes; an id is never stored, always derived here."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from annotation.models import Annotation, Canvas, Layer, StoredImage


def absolute(path: str) -> str:
    """A path of this site as an absolute URI."""
    return f"{settings.SITE_URL}{path}"


def manifest_uri(manifest_id: UUID) -> str:
    return absolute(reverse("iiif-manifest", args=[manifest_id]))


def own_canvas_uri(manifest_id: UUID, position: int) -> str:
    """The URI of a canvas that we made ourselves (for uploaded images)."""
    return absolute(f"/iiif/presentation/{manifest_id}/canvas/{position}")


def layer_uri(layer_id: UUID) -> str:
    return absolute(reverse("w3c-layer", args=[layer_id]))


def context_uri() -> str:
    """The JSON-LD context of our extension properties."""
    return absolute(reverse("w3c-context"))


def annotation_uri(annotation: Annotation) -> str:
    return absolute(reverse("w3c-annotation", args=[annotation.layer_id, annotation.pk]))


def annotation_page_uri(layer: Layer, canvas: Canvas) -> str:
    return absolute(reverse("iiif-annotation-page", args=[layer.pk, canvas.pk]))


def annotation_list_uri(layer: Layer, canvas: Canvas) -> str:
    """The same annotations in Presentation 2."""
    return absolute(reverse("iiif-annotation-list", args=[layer.pk, canvas.pk]))


def image_service_uri(image: StoredImage) -> str:
    """The base URI of our image service for an upload, without a slash at its end."""
    return absolute(f"/iiif/image/{image.pk}")
