"""Put somebody's data together for them, keep it for a week, and forget it."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import Part
from campaigns.models import PersonalExport
from problems import Missing
from work.actions import request_job
from work.models import Job
from work.runner import Runner

KIND = "campaigns.personal-export"
FOLDER = "exports"
KEPT_FOR = timedelta(days=7)
# What is being written has no row that names it for some minutes.
STRAY_AFTER = timedelta(days=1)
PartsOf = Callable[[User, str], Iterable[Part]]
_WAITING = (Job.State.QUEUED, Job.State.RUNNING)


def request_export(user: User) -> PersonalExport:
    """The export that is being written for the person, or a new one, in their language of this moment.

    An earlier one that is finished goes: one copy of somebody's data is enough.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
        running = PersonalExport.objects.filter(user=user, finished_at=None, job__state__in=_WAITING).first()
        if running is not None:
            return running
        forget_exports_of(user)
        language = (translation.get_language() or settings.LANGUAGE_CODE).split("-")[0]
        known = language if language in dict(settings.LANGUAGES) else "en"
        export = PersonalExport.objects.create(user=user, language=known)
        export.job = request_job(KIND, export.pk, by=user, queue="compute")
        export.save(update_fields=["job"])
    return export


def write_export(export_id: UUID | str, parts_of: PartsOf, runner: Runner | None = None) -> PersonalExport:
    """Write the ZIP of an export, file after file as the database gives them; harmless to repeat.

    `parts_of`: user, language → the files.
    """
    export = PersonalExport.objects.select_related("user").filter(pk=export_id).first()
    if export is None:
        raise Missing(_("This export is no longer wanted."))
    if export.finished_at is not None:
        return export
    with translation.override(export.language):
        _write(export, parts_of, runner)
    return export


def _write(export: PersonalExport, parts_of: PartsOf, runner: Runner | None) -> None:
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.DATA) as scratch:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED) as archive:
            about = [_add(archive, part, runner) for part in parts_of(export.user, export.language)]
            archive.writestr("README.txt", _read_me(export.user, about))
        export.size = scratch.tell()
        scratch.seek(0)
        export.sha256 = hashlib.file_digest(scratch, "sha256").hexdigest()
        scratch.seek(0)
        name = default_storage.save(f"{FOLDER}/{export.pk}.zip", File(scratch))
    now = timezone.now()
    kept = PersonalExport.objects.filter(pk=export.pk, finished_at=None).update(
        content=name, size=export.size, sha256=export.sha256, finished_at=now, expires_at=now + KEPT_FOR
    )
    if not kept:  # it was asked for anew, or the account is gone, while this was being written
        default_storage.delete(name)
        raise Missing(_("This export is no longer wanted."))
    export.refresh_from_db()


def _add(archive: zipfile.ZipFile, part: Part, runner: Runner | None) -> tuple[str, str]:
    with archive.open(part.name, "w", force_zip64=True) as file:
        for piece in part.pieces:
            file.write(piece)
            if runner is not None:
                runner.advance(0)
    if runner is not None:
        runner.advance()
    return part.name, part.about


def _read_me(user: User, about: list[tuple[str, str]]) -> str:
    lines = [
        _("What %(site)s keeps about %(name)s") % {"site": settings.SITE_URL, "name": user.username},
        timezone.now().strftime("%Y-%m-%d %H:%M UTC"),
        "",
        *(f"{name}\n    {sentence}" for name, sentence in about),
        "",
        _(
            "Passwords and tokens are not in it: we keep only fingerprints of them. Which of the images had known"
            " answers is told by a campaign when it ends."
        ),
    ]
    return "\n".join(lines) + "\n"


def forget_exports_of(user: User) -> None:
    """Delete every export of a person, with its file; within the caller's transaction."""
    _forget(PersonalExport.objects.select_for_update().filter(user=user))


def forget_old_exports(now: datetime) -> int:
    """Delete the exports whose time is over; how many."""
    with transaction.atomic():
        return _forget(PersonalExport.objects.select_for_update(skip_locked=True).filter(expires_at__lte=now))


def forget_stray_files(now: datetime) -> int:
    """Delete the files that no export knows; how many. A process that ended between two steps has left them."""
    try:
        names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return 0
    old = [name for name in names if _written_at(name) < now - STRAY_AFTER]
    known = set(PersonalExport.objects.filter(content__in=old).values_list("content", flat=True))
    stray = [name for name in old if name not in known]
    for name in stray:
        _delete(name)
    return len(stray)


def _written_at(name: str) -> datetime:
    try:
        return default_storage.get_modified_time(name)
    except FileNotFoundError:  # deleted just now
        return datetime.max.replace(tzinfo=UTC)


def _forget(exports: QuerySet[PersonalExport]) -> int:
    gone = list(exports)
    for export in gone:
        if export.content:
            transaction.on_commit(partial(_delete, str(export.content.name)))
    PersonalExport.objects.filter(pk__in=[export.pk for export in gone]).delete()
    return len(gone)


def _delete(name: str) -> None:
    with suppress(FileNotFoundError):
        default_storage.delete(name)
