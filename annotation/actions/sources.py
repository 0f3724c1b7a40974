"""Bring manifests and images in: keep what was sent and queue the reading."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.permissions import require_curator
from annotation.models import SourceImport, StoredImage
from problems import Invalid
from work.actions import request_job

MAX_IMAGES = 200
MAX_MANIFEST_BYTES = 100 * 2**20
MAX_IMAGE_BYTES = 300 * 2**20
IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".jp2"}


def import_from_url(url: str, *, by: User) -> SourceImport:
    """Queue the import of the manifest at an address."""
    require_curator(by)
    url = url.strip()
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        raise Invalid(
            "Give the whole address of a manifest, beginning with https://.",
            pointer="/url",
            code="not-an-address",
        )
    return _queue(SourceImport(kind=SourceImport.Kind.URL, url=url[:2000], created_by=by), by=by)


def import_from_file(file: "UploadedFile[Any]", *, by: User) -> SourceImport:
    """Keep an uploaded manifest and queue its import."""
    require_curator(by)
    if (file.size or 0) > MAX_MANIFEST_BYTES:
        raise Invalid("A manifest may have up to 100 MB.", pointer="/file", code="too-large")
    if not file.size:
        raise Invalid("The file is empty.", pointer="/file", code="empty")
    source = SourceImport(kind=SourceImport.Kind.FILE, title=(file.name or "")[:300], created_by=by)
    # Under a name of our own: what people call their files is long, odd and sometimes meant to harm.
    source.file.save(f"{source.pk}.json", file, save=False)
    return _queue(source, by=by)


def import_images(
    files: "Sequence[UploadedFile[Any]]", *, title: str, rights: str = "", by: User
) -> SourceImport:
    """Keep uploaded images and queue their conversion; they become the canvases of one new manifest."""
    require_curator(by)
    if not title.strip():
        raise Invalid("Give the set of images a title.", pointer="/title", code="blank")
    if not 0 < len(files) <= MAX_IMAGES:
        raise Invalid(f"Send between 1 and {MAX_IMAGES} images at a time.", pointer="/images", code="count")
    for index, file in enumerate(files):
        _check_image(file, f"/images/{index}")
    with transaction.atomic():
        source = SourceImport(
            kind=SourceImport.Kind.IMAGES,
            title=title.strip()[:300],
            rights=rights.strip()[:500],
            created_by=by,
        )
        source.save()
        for position, file in enumerate(files):
            name = (file.name or f"image {position + 1}")[:300]
            image = StoredImage(source=source, position=position, name=name)
            image.original.save(f"{image.pk}{PurePosixPath(name.lower()).suffix}", file, save=False)
            image.save()
        return _queue(source, by=by)


def _check_image(file: "UploadedFile[Any]", pointer: str) -> None:
    if PurePosixPath((file.name or "").lower()).suffix not in IMAGE_SUFFIXES:
        raise Invalid(
            f"“{file.name}” is not an image that can be read: send JPEG, PNG, WebP, TIFF or JPEG 2000.",
            pointer=pointer,
            code="unknown-format",
        )
    if (file.size or 0) > MAX_IMAGE_BYTES:
        raise Invalid(f"“{file.name}” is larger than 300 MB.", pointer=pointer, code="too-large")


def _queue(source: SourceImport, *, by: User) -> SourceImport:
    with transaction.atomic():
        source.save()
        source.job = request_job("annotation.import", source.pk, by=by, queue="fetch")
        source.save(update_fields=["job"])
    return source
