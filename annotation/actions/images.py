"""Uploaded images become canvases of a manifest of ours."""

from pathlib import PurePosixPath

from django.db import transaction

from accounts.roles import Role, grant
from annotation.addresses import image_service_uri, manifest_uri, own_canvas_uri
from annotation.models import Canvas, Manifest, SourceImport, StoredImage


def finish_images(source: SourceImport) -> Manifest | None:
    """Make the manifest of an image import from the images that are ready; harmless to repeat."""
    with transaction.atomic():
        source = SourceImport.objects.select_for_update().get(pk=source.pk)
        # Read under the lock: another runner may have made canvases of some of them just now.
        ready = list(source.images.filter(state=StoredImage.State.READY).order_by("position"))
        if not ready:
            return None
        manifest = source.manifest or _new_manifest(source)
        for image in ready:
            if image.canvas_id is None:
                image.canvas = _new_canvas(manifest, image)
                image.save(update_fields=["canvas"])
        manifest.save(update_fields=["modified_at"])  # what was published of it is written anew
    return manifest


def _new_manifest(source: SourceImport) -> Manifest:
    manifest = Manifest(
        label={"none": [source.title]}, rights=source.rights, document={}, created_by=source.created_by
    )
    manifest.uri = manifest_uri(manifest.pk)
    manifest.save()
    grant(source.created_by, manifest, Role.OWNER)
    source.manifest = manifest
    source.save(update_fields=["manifest"])
    return manifest


def _new_canvas(manifest: Manifest, image: StoredImage) -> Canvas:
    service = image_service_uri(image.pk)
    return Canvas.objects.create(
        manifest=manifest,
        uri=own_canvas_uri(manifest.pk, image.position + 1),
        position=image.position,
        label={"none": [PurePosixPath(image.name).stem]},
        width=image.width or 1,
        height=image.height or 1,
        image_service=service,
        image_service_version=3,
        extra={"profile": "level2"},
        image_url=f"{service}/full/max/0/default.jpg",
        image_width=image.width,
        image_height=image.height,
    )
