"""Bring annotations in, from a file, an address, or with a manifest: keep what was sent and queue the reading."""

from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.permissions import require_curator
from annotation.iiif import ManifestValue
from annotation.import_folder import USUAL, Choices, ImportFolder
from annotation.models import Manifest, SourceImport
from problems import Invalid
from work.actions import request_job
from work.models import Job

KIND = "annotation.import-annotations"
MAX_FILE_BYTES = 500 * 2**20


def import_annotations_from_file(
    file: "UploadedFile[Any]", *, by: User, choices: Choices = USUAL
) -> SourceImport:
    """Keep an uploaded file of annotations and queue its import."""
    require_curator(by)
    if (file.size or 0) > MAX_FILE_BYTES:
        raise Invalid(
            "A file of annotations may have up to 500 MB.", pointer="/annotations", code="too-large"
        )
    if not file.size:
        raise Invalid("The file is empty.", pointer="/annotations", code="empty")
    source = SourceImport(kind=SourceImport.Kind.ANNOTATIONS, title=(file.name or "")[:300], created_by=by)
    source.file.save(f"{source.pk}.json", file, save=False)
    return _queue(source, by=by, choices=choices)


def import_annotations_from_url(url: str, *, by: User, choices: Choices = USUAL) -> SourceImport:
    """Queue the import of the annotations at an address: one, a list, a page, a collection, a dump."""
    require_curator(by)
    url = url.strip()
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        raise Invalid(
            "Give the whole address of the annotations, beginning with https://.",
            pointer="/annotations_url",
            code="not-an-address",
        )
    source = SourceImport(kind=SourceImport.Kind.ANNOTATIONS, url=url[:2000], created_by=by)
    return _queue(source, by=by, choices=choices)


def import_annotations_of(manifest: Manifest, value: ManifestValue, *, by: User) -> SourceImport | None:
    """Queue the import of the annotations that a manifest just read carries or links; None when it has none.

    While an earlier such import waits or runs there is no second one. The layers are as public as the manifest.
    """
    if not (value.annotations or any(canvas.annotations for canvas in value.canvases)):
        return None
    waiting = SourceImport.objects.filter(
        kind=SourceImport.Kind.ANNOTATIONS,
        manifest=manifest,
        created_by=by,
        job__state__in=[Job.State.QUEUED, Job.State.RUNNING],
    ).first()
    if waiting:
        return waiting
    source = SourceImport(
        kind=SourceImport.Kind.ANNOTATIONS, url=manifest.uri, manifest=manifest, created_by=by
    )
    return _queue(source, by=by, choices=Choices(is_public=manifest.is_public))


def _queue(source: SourceImport, *, by: User, choices: Choices) -> SourceImport:
    ImportFolder(source).choose(choices)
    with transaction.atomic():
        source.save()
        source.job = request_job(KIND, source.pk, by=by, queue="fetch")
        source.save(update_fields=["job"])
    return source
