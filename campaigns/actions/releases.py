"""Make a release: a numbered, immutable export of the ground truth as it stood at one moment."""

import hashlib
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.addresses import absolute
from campaigns.actions.telling import tell
from campaigns.formats import FORMATS, Format, GroundTruth, Measured, WrittenFile, release_manifest, why_not
from campaigns.grouped import grouping_as_json
from campaigns.models import Campaign, Decision, Release, ReleaseFile, Webhook
from campaigns.permissions import refuse_archived
from campaigns.snapshot import ground_truth_of
from problems import Conflict, Invalid, Missing, Problem
from taxonomy.models import Grouping
from work.actions import request_job
from work.runner import Lost, Runner, Stopped

BEAT_S = 5.0


def start_release(
    campaign: Campaign, *, note: str, rights: str, is_public: bool, by: User, grouping: Grouping | None = None
) -> Release:
    """Take the next number and queue the writing; refused while nothing has been decided.

    With a `grouping` of the campaign's vocabulary the categories are its classes as they are now; whatever
    becomes of the grouping, the release keeps them.
    """
    refuse_archived(campaign)
    if grouping is not None and grouping.vocabulary_id != campaign.vocabulary_id:
        raise Invalid(
            _("This grouping is none of the campaign's vocabulary."),
            pointer="/grouping",
            code="unknown-grouping",
        )
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).only("pk").get(pk=campaign.pk)
        if not Decision.objects.filter(task__campaign=campaign, superseded_at=None).exists():
            raise Conflict(
                _("Nothing has been decided yet, so there is nothing to release."), code="no-ground-truth"
            )
        last = campaign.releases.aggregate(last=Max("number"))["last"] or 0
        release = Release.objects.create(
            campaign=campaign,
            number=last + 1,
            note=note.strip(),
            rights=rights,
            is_public=is_public,
            grouping=grouping_as_json(grouping) if grouping else {},
            created_by=by,
        )
        release.job = request_job("campaigns.release", release.pk, by=by, queue="compute")
        release.save(update_fields=["job"])
    return release


def release_uri(release_id: UUID) -> str:
    """The address under which a release is cited."""
    return absolute(reverse("release", args=[release_id]))


def write_release(release_id: UUID | str, runner: Runner | None = None) -> Release:
    """Write every file of a release from one snapshot of the database; harmless to repeat.

    All files, the counts and the provenance describe the same moment: the reading happens in one REPEATABLE
    READ transaction, which also holds the release's row, so that only one worker writes it. Files become part
    of the release when that transaction ends, all at once; what a killed worker left behind is removed first.
    A finished release is returned as it is. Raises `Conflict` while another worker is writing it.
    """
    release = Release.objects.filter(pk=release_id).first()
    if release is None:
        raise Missing(_("There is no such release."))
    if release.finished_at is None:
        with _heartbeat(runner) as pulse:
            _write_all(release.pk, pulse)
    return Release.objects.prefetch_related("files").get(pk=release_id)


class _Pulse:
    """What the writing reports, and whether it should end; the heartbeat's thread looks at it."""

    def __init__(self, runner: Runner | None) -> None:
        self.runner = runner
        self.ended = threading.Event()
        self.reason: Stopped | Lost | None = None

    def check(self) -> None:
        """Raises what the last heartbeat learned: that somebody stopped the work or took it over."""
        if self.reason is not None:
            raise self.reason

    def advance(self) -> None:
        """Count a step; it is written with the next beat, never within the writing's transaction."""
        self.check()
        if self.runner:
            self.runner.job.done += 1

    def beat(self) -> None:
        """Until the writing has ended: say every few seconds that somebody is still at it."""
        try:
            while self.runner and not self.ended.wait(BEAT_S):
                self.runner.check()
        except (Stopped, Lost) as reason:
            self.reason = reason
        finally:
            connection.close()


@contextmanager
def _heartbeat(runner: Runner | None) -> Iterator[_Pulse]:
    """Heartbeats on a connection of their own: those within the writing's transaction nobody would see."""
    pulse = _Pulse(runner)
    thread = threading.Thread(target=pulse.beat, name="release-heartbeat", daemon=True)
    if runner:
        runner.expect(len(FORMATS) + 1)
        thread.start()
    try:
        yield pulse
    finally:
        pulse.ended.set()
        if runner:
            thread.join()


def _write_all(release_id: UUID, pulse: _Pulse) -> None:
    moment = timezone.now()
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        rows = Release.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        release = rows.select_related("campaign__vocabulary", "created_by").filter(pk=release_id).first()
        if release is None:
            raise Conflict(_("Another worker is writing this release."), code="being-written")
        if release.finished_at is not None:
            return
        _clear(release)
        truth = ground_truth_of(release, uri=release_uri(release.pk), created_at=moment)
        files = []
        left_out = {}
        for name, format_ in FORMATS.items():
            if why := why_not(name, truth):
                left_out[name] = why
            else:
                files.append(_write(release, format_, truth, pulse))
            pulse.advance()
        said = left_out if truth.pairs else {}  # that there is no table of pairs surprises nobody else
        manifest = release_manifest(truth, [_described(file) for file in files], said)
        ReleaseFile.objects.bulk_create(files)
        # The row is written last: without it nothing of this is a release.
        Release.objects.filter(pk=release.pk).update(manifest=manifest, finished_at=moment)
        told = {"release": str(release.pk), "number": release.number, "uri": release_uri(release.pk)}
        tell(release.campaign, Webhook.Event.RELEASED, told)
    pulse.advance()


def _clear(release: Release) -> None:
    """Remove the files that an interrupted attempt left behind; no row knows them."""
    folder = _folder(release)
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


def _folder(release: Release) -> str:
    return f"releases/{release.pk}"


def _write(release: Release, format_: Format, truth: GroundTruth, pulse: _Pulse) -> ReleaseFile:
    pieces = Measured(format_.write(truth))
    name = f"{release.campaign.slug}-v{release.number}{format_.SUFFIX}"
    row = ReleaseFile(release=release, format=format_.NAME, name=name, media_type=format_.MEDIA_TYPE[:100])
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.DATA) as scratch:
        for piece in pieces:
            pulse.check()
            scratch.write(piece)
        scratch.seek(0)
        # Not `content.save`: its upload folder is not where a release keeps its files together.
        row.content.name = default_storage.save(f"{_folder(release)}/{name}", File(scratch))
    row.size, row.sha256 = pieces.size, pieces.sha256
    if _hash_of(row) != row.sha256:
        raise Problem(
            _("What was written cannot be read back as it was: look after the disk."), code="storage-fault"
        )
    return row


def _hash_of(file: ReleaseFile) -> str:
    """SHA-256 of what is stored, in hexadecimal."""
    with default_storage.open(str(file.content.name), "rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest()


def verify_release(release: Release) -> list[str]:
    """The names of the files that are no longer what was released: changed or gone."""
    broken = []
    for file in release.files.all():
        try:
            if _hash_of(file) != file.sha256:
                broken.append(file.name)
        except OSError:
            broken.append(file.name)
    return broken


def _described(file: ReleaseFile) -> WrittenFile:
    return WrittenFile(
        name=file.name, format=file.format, media_type=file.media_type, size=file.size, sha256=file.sha256
    )


def manifest_of(release: Release) -> dict[str, Any]:
    """The release's own description; refused while it is still being written."""
    if release.finished_at is None:
        raise Conflict(_("This release is still being written. Look again in a moment."), code="not-finished")
    return dict(release.manifest)
