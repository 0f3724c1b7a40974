"""Bring a vocabulary in, or up to date: keep the file, look at it in a dry run, then apply or discard it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from accounts.permissions import require_curator
from problems import Conflict, Invalid
from taxonomy.actions.applying import require_no_other
from taxonomy.formats import recognised
from taxonomy.models import Vocabulary, VocabularyImport
from taxonomy.permissions import require_manager
from work.actions import request_job

MAX_BYTES = 64 * 2**20
KIND = "taxonomy.import"
State = VocabularyImport.State


def start_vocabulary_import(
    file: "UploadedFile[Any]", *, slug: str, title: Mapping[str, str], by: User, apply: bool = False
) -> VocabularyImport:
    """Keep the uploaded file and queue its dry run; with `apply` it is applied without one."""
    require_curator(by)
    name = file.name or ""
    if not file.size:
        raise Invalid("The file is empty.", pointer="/file", code="empty")
    if file.size > MAX_BYTES:
        raise Invalid("A vocabulary may have up to 64 MB.", pointer="/file", code="too-large")
    kind = recognised(name, file.read(20_000))
    file.seek(0)
    if kind is None:
        raise Invalid(
            "This is none of the formats that we read: SKOS, a table, or a list of classes. "
            "The ending of its name tells which it is.",
            pointer="/file",
            code="unknown-format",
        )
    slug = _slug(slug or name.rsplit(".", 1)[0], by)
    with transaction.atomic():
        record = _record(slug, title, by, format=kind.name, at_once=apply)
        record.file.save(f"{record.pk}.{kind.suffix}", file, save=False)
        record.save()
        return _queue(record, by)


def start_remote_import(
    url: str, *, slug: str, title: Mapping[str, str], by: User, apply: bool = False
) -> VocabularyImport:
    """Queue the fetching of a vocabulary from its address; then as a file."""
    require_curator(by)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 500:
        raise Invalid("Give a full address that begins with https://.", pointer="/url", code="not-an-address")
    slug = _slug(slug or parts.path.rstrip("/").rpartition("/")[2].partition(".")[0] or parts.hostname, by)
    with transaction.atomic():
        record = _record(slug, title, by, url=url, at_once=apply)
        record.save()
        return _queue(record, by)


def bring_up_to_date(vocabulary: Vocabulary, *, by: User) -> VocabularyImport:
    """Fetch a vocabulary anew from where it came from; only if it has changed there since."""
    require_curator(by)
    require_manager(vocabulary, by)
    last = last_fetched(vocabulary)
    if last is None:
        raise Conflict(
            "This vocabulary was not fetched from an address. Bring in its file.", code="no-address"
        )
    # What was taken back may be wanted again, though it has not changed there.
    imported = vocabulary.changes.select_related("undone_by").filter(operation="import").first()
    known = {} if hasattr(imported, "undone_by") else {"etag": last.etag, "last_modified": last.last_modified}
    with transaction.atomic():
        record = _record(
            vocabulary.slug, last.title, by, url=last.url, format=last.format, vocabulary=vocabulary, **known
        )
        record.save()
        return _queue(record, by)


def last_fetched(vocabulary: Vocabulary) -> VocabularyImport | None:
    """The last import that fetched the vocabulary from an address; one query."""
    fetched = vocabulary.imports.exclude(url="")
    return fetched.filter(state__in=[State.APPLIED, State.EMPTY]).first()


def apply_import(record: VocabularyImport, *, by: User, skip_conflicts: bool = False) -> VocabularyImport:
    """Queue the applying of what a dry run has shown; with `skip_conflicts` what was edited here stays.

    Refused when the vocabulary has been changed since the dry run: what was seen would not be what is done.
    """
    require_curator(by)
    require_no_other(record.vocabulary, by)
    with transaction.atomic():
        locked = VocabularyImport.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if locked.state != State.READY:
            raise Conflict("There is nothing to apply: look at how the import stands.", code="not-ready")
        if locked.vocabulary and locked.vocabulary.version != locked.seen_version:
            locked.state = State.READING
            locked.save(update_fields=["state"])
            return _queue(locked, by)
        locked.state, locked.skip_conflicts = State.APPLYING, skip_conflicts
        locked.save(update_fields=["state", "skip_conflicts"])
        return _queue(locked, by)


def discard_import(record: VocabularyImport, *, by: User) -> VocabularyImport:
    """Give up an import that waits for a decision; its lines are dropped."""
    require_curator(by)
    with transaction.atomic():
        locked = VocabularyImport.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if locked.state not in (State.READY, State.EMPTY):
            raise Conflict("There is nothing to discard: look at how the import stands.", code="not-ready")
        locked.findings.all().delete()
        locked.state = State.DISCARDED
        locked.save(update_fields=["state"])
    return locked


def _slug(text: str, by: User) -> str:
    slug = slugify(text)[:60]
    if not slug:
        raise Invalid("Give the vocabulary a short name for its address.", pointer="/slug", code="blank")
    require_no_other(Vocabulary.objects.filter(slug=slug).first(), by)
    return slug


def _record(slug: str, title: Mapping[str, str], by: User, **values: Any) -> VocabularyImport:
    said = {language: text for language, text in title.items() if text}
    return VocabularyImport(slug=slug, title=said, created_by=by, **values)


def _queue(record: VocabularyImport, by: User) -> VocabularyImport:
    queue = "fetch" if record.url and not record.file else "default"
    record.job = request_job(KIND, record.pk, by=by, queue=queue)
    record.save(update_fields=["job"])
    return record
