"""Bring manifests and images in: keep what was sent, queue the reading, write what was read."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import Role, grant
from annotation.iiif import CanvasValue, ManifestValue
from annotation.models import Canvas, Manifest, SourceImport, StoredImage
from problems import Invalid
from work.actions import request_job

MAX_IMAGES = 200
MAX_MANIFEST_BYTES = 100 * 2**20
MAX_IMAGE_BYTES = 300 * 2**20
IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".jp2"}
CANVAS_FIELDS = [
    "position", "label", "width", "height", "image_service", "image_service_version", "image_url", "image_width",
    "image_height", "extra",
]  # fmt: skip


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


def import_from_file(file: UploadedFile, *, by: User) -> SourceImport:
    """Keep an uploaded manifest and queue its import."""
    require_curator(by)
    if (file.size or 0) > MAX_MANIFEST_BYTES:
        raise Invalid("A manifest may have up to 100 MB.", pointer="/file", code="too-large")
    if not file.size:
        raise Invalid("The file is empty.", pointer="/file", code="empty")
    return _queue(
        SourceImport(kind=SourceImport.Kind.FILE, file=file, title=file.name or "", created_by=by), by=by
    )


def import_images(files: Sequence[UploadedFile], *, title: str, rights: str = "", by: User) -> SourceImport:
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
            StoredImage.objects.create(
                source=source,
                position=position,
                name=(file.name or f"image {position + 1}")[:300],
                original=file,
            )
        return _queue(source, by=by)


def _check_image(file: UploadedFile, pointer: str) -> None:
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


def write_manifest(value: ManifestValue, document: object, *, by: User) -> tuple[Manifest, list[CanvasValue]]:
    """Create the manifest, or bring this person's copy of it up to date, in one transaction.

    Canvases are recognised by URI; those that are gone from the source are kept while something hangs on
    them. Returns the manifest and the canvases that could not be placed (no size).
    """
    with transaction.atomic():
        manifest, created = Manifest.objects.select_for_update().get_or_create(
            uri=value.uri, created_by=by, defaults={"document": document}
        )
        _describe(manifest, value, document)
        if created:
            grant(by, manifest, Role.OWNER)
        usable = [canvas for canvas in value.canvases if canvas.width and canvas.height]
        _write_canvases(manifest, usable)
        if not created:
            gone = manifest.canvases.exclude(uri__in=[canvas.uri for canvas in usable])
            gone.filter(tasks=None, annotations=None).delete()
    return manifest, [canvas for canvas in value.canvases if not (canvas.width and canvas.height)]


def _describe(manifest: Manifest, value: ManifestValue, document: object) -> None:
    provider = value.provider[0] if value.provider else None
    manifest.presentation_version = min(value.version, 3)
    manifest.label = value.label
    manifest.summary = value.summary
    manifest.metadata = [asdict(entry) for entry in value.metadata]
    manifest.rights = (value.rights or "")[:500]
    manifest.required_statement = asdict(value.required_statement) if value.required_statement else None
    manifest.provider = first_text(provider.label)[:300] if provider else ""
    manifest.homepage = (value.homepage or "")[:2000]
    manifest.thumbnail_url = (value.thumbnail or "")[:2000]
    manifest.document = document
    manifest.save()


def _write_canvases(manifest: Manifest, values: Sequence[CanvasValue]) -> None:
    """One statement a batch, however often the manifest is read again."""
    rows = [_canvas(manifest, value) for value in {value.uri: value for value in values}.values()]
    Canvas.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["manifest", "uri"],
        update_fields=CANVAS_FIELDS,
    )


def _canvas(manifest: Manifest, value: CanvasValue) -> Canvas:
    service = value.image_service
    return Canvas(
        manifest=manifest,
        uri=value.uri[:2000],
        position=value.position,
        label=value.label,
        width=value.width,
        height=value.height,
        image_service=service.url if service else "",
        image_service_version=service.version if service else None,
        image_url=(value.image_url or "")[:2000],
        image_width=value.image_width,
        image_height=value.image_height,
        extra={
            "choices": [asdict(choice) for choice in value.choices],
            "images": [asdict(image) for image in value.images],
            "thumbnail": value.thumbnail,
        },
    )


def first_text(texts: dict[str, list[str]], language: str = "en") -> str:
    """The first text of a IIIF language map, in the language if it is there."""
    for wanted in (language, "none", *texts):
        if texts.get(wanted):
            return texts[wanted][0]
    return ""
