"""Make a release: a numbered, immutable export of the ground truth as it stood at one moment."""

import tempfile
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from annotation.addresses import absolute
from campaigns.formats import FORMATS, Format, GroundTruth, Measured, WrittenFile, release_manifest
from campaigns.models import Campaign, Decision, Release, ReleaseFile
from campaigns.snapshot import ground_truth_of
from problems import Conflict, Missing
from work.actions import request_job


def start_release(campaign: Campaign, *, note: str, rights: str, is_public: bool, by: User) -> Release:
    """Take the next number and queue the writing; refused while nothing has been decided."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        if not Decision.objects.filter(task__campaign=campaign, superseded_at=None).exists():
            raise Conflict(
                "Nothing has been decided yet, so there is nothing to release.", code="no-ground-truth"
            )
        last = campaign.releases.aggregate(last=Max("number"))["last"] or 0
        release = Release.objects.create(
            campaign=campaign,
            number=last + 1,
            note=note.strip(),
            rights=rights,
            is_public=is_public,
            created_by=by,
        )
        release.job = request_job("campaigns.release", release.pk, by=by, queue="compute")
        release.save(update_fields=["job"])
    return release


def release_uri(release_id: UUID) -> str:
    return absolute(reverse("release", args=[release_id]))


def write_release(release_id: UUID | str) -> Release:
    """Write every file of a release from one snapshot of the database; harmless to repeat until it is finished.

    All files, the counts and the provenance describe the same moment: the reading happens in one
    REPEATABLE READ transaction. A finished release is returned as it is.
    """
    release = (
        Release.objects.select_related("campaign__vocabulary", "created_by").filter(pk=release_id).first()
    )
    if release is None:
        raise Missing("There is no such release.")
    if release.finished_at is not None:
        return release
    _discard_unfinished(release)
    moment = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        truth = ground_truth_of(release, uri=release_uri(release.pk), created_at=moment)
        files = [_write(release, format_, truth) for format_ in FORMATS.values()]
        manifest = release_manifest(truth, [_described(file) for file in files])
        ReleaseFile.objects.bulk_create(files)
        # The row is written last: without it nothing of this is a release.
        changed = Release.objects.filter(pk=release.pk, finished_at=None).update(
            manifest=manifest, finished_at=moment
        )
        if not changed:
            raise Conflict("The release was finished by another worker.", code="already-finished")
    release.refresh_from_db()
    return release


def _discard_unfinished(release: Release) -> None:
    """Files that an interrupted attempt left behind."""
    for file in ReleaseFile.objects.filter(release=release):
        file.content.delete(save=False)
        file.delete()


def _write(release: Release, format_: Format, truth: GroundTruth) -> ReleaseFile:
    pieces = Measured(format_.write(truth))
    name = f"{release.campaign.slug}-v{release.number}{format_.SUFFIX}"
    row = ReleaseFile(release=release, format=format_.NAME, name=name, media_type=format_.MEDIA_TYPE[:100])
    with tempfile.TemporaryFile(dir=settings.DATA) as scratch:
        for piece in pieces:
            scratch.write(piece)
        scratch.seek(0)
        row.content.save(f"{release.pk}/{name}", File(scratch), save=False)
    row.size, row.sha256 = pieces.size, pieces.sha256
    return row


def _described(file: ReleaseFile) -> WrittenFile:
    return WrittenFile(
        name=file.name, format=file.format, media_type=file.media_type, size=file.size, sha256=file.sha256
    )


def manifest_of(release: Release) -> dict[str, Any]:
    """The release's own description; refused while it is still being written."""
    if release.finished_at is None:
        raise Conflict("This release is still being written. Look again in a moment.", code="not-finished")
    return dict(release.manifest)
