"""The door for imports: fetch or open, read tolerantly, write what can be used, report the rest."""

from pathlib import Path
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import connection

from annotation.actions.annotation_imports import import_annotations
from annotation.actions.annotation_sources import KIND
from annotation.actions.following import follow, request_due
from annotation.actions.images import finish_images
from annotation.actions.manifests import LONGEST_URI_BYTES, write_manifest
from annotation.crawl import Crawl
from annotation.discovery import is_stream
from annotation.iiif import CollectionReading, CollectionValue, ManifestReading, UnreadableDocument, read
from annotation.iiif.document import load
from annotation.images import ImageRefused, convert
from annotation.logins import hosts_asking, sentences
from annotation.look import look
from annotation.manifest_import import annotations_of, keep_origin, said_of
from annotation.models import SourceCollection, SourceImport, StoredImage
from annotation.walk import walk
from fetch import Fetched, FetchError, fetch
from problems import Problem
from work.registry import does
from work.runner import Line, Runner

MAX_BYTES = 100 * 2**20


WATCH_LOCK = 0x5275_6277  # advisory lock: one watch at a time, however many beats run


@shared_task(name="annotation.watch", expires=600)
def watch_sources() -> None:
    """Queue another look at every source whose time has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WATCH_LOCK])
        (locked,) = cursor.fetchone()
        if not locked:
            return
        try:
            request_due()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [WATCH_LOCK])


@does("annotation.crawl")
def crawl_collection(runner: Runner) -> None:
    collection = SourceCollection.objects.select_related("created_by").get(pk=runner.subject)
    crawl = Crawl(runner, collection)
    if collection.kind == SourceCollection.Kind.STREAM:
        walk(crawl)
    crawl.run()


@does("annotation.look")
def look_at_manifest(runner: Runner) -> None:
    look(runner)


@does("annotation.import")
def import_source(runner: Runner) -> None:
    source = SourceImport.objects.select_related("created_by", "manifest").get(pk=runner.subject)
    if source.kind == SourceImport.Kind.IMAGES:
        _import_images(runner, source)
    else:
        _import_manifest(runner, source)


@does(KIND)
def import_annotations_of_source(runner: Runner) -> None:
    source = SourceImport.objects.select_related("created_by", "manifest").get(pk=runner.subject)
    import_annotations(runner, source)


def _import_manifest(runner: Runner, source: SourceImport) -> None:
    runner.start_over()
    runner.expect(3)
    raw, fetched = _content(source)
    runner.advance()
    runner.check()
    try:
        document = load(raw)
        if is_stream(document):
            _follow(runner, source, SourceCollection.Kind.STREAM)
            return
        reading = read(document, url=source.url or None)
    except UnreadableDocument as error:
        raise Problem(str(error), code="unreadable") from error
    runner.report(
        Line(fault.sentence, fault.severity, fault.canvas or "", fault.pointer) for fault in reading.problems
    )
    if isinstance(reading, CollectionReading):
        _follow(runner, source, SourceCollection.Kind.COLLECTION, reading.collection, document)
        return
    if not isinstance(reading, ManifestReading):
        raise Problem("This is a page of annotations, not a manifest.", code="not-a-manifest")
    runner.advance()
    written = write_manifest(reading.manifest, document, by=source.created_by)
    source.manifest = written.manifest
    source.save(update_fields=["manifest"])
    runner.advance()
    runner.report([*said_of(written), Line(f"{written.canvases} canvases were read.")])
    asking = hosts_asking(canvas.auth for canvas in reading.manifest.canvases)
    runner.report(Line(sentence, "warning") for sentence in sentences(asking))
    runner.report(annotations_of(written.manifest, reading.manifest, by=source.created_by))
    if fetched is not None:
        # Last: see `bring_in`.
        keep_origin(written.manifest, source.url, fetched)


def _follow(
    runner: Runner,
    source: SourceImport,
    kind: str,
    value: CollectionValue | None = None,
    document: object = None,
) -> None:
    """What turned out to be a collection or a stream is followed; the curator then chooses from it."""
    from_file = bool(source.file)
    uri = value.uri if value and from_file else source.url
    if not uri or len(uri.encode()) > LONGEST_URI_BYTES:
        raise Problem(
            "The collection has no id that could be kept. Give its address instead of a file.", code="no-uri"
        )
    source.collection = follow(
        uri,
        kind,
        by=source.created_by,
        label=value.label if value else None,
        document=document if from_file else None,
    )
    source.kind = SourceImport.Kind.COLLECTION
    source.save(update_fields=["collection", "kind"])
    runner.advance(2)
    named = f"a collection of {len(value.members)} members" if value else "a stream of changes"
    runner.say(f"This is {named}. Its members are being listed; choose there what to bring in.")


def _content(source: SourceImport) -> tuple[bytes, Fetched | None]:
    """What was sent or fetched; a collection that is imported again has kept its file."""
    if source.file:
        with source.file.open("rb") as file:
            return bytes(file.read()), None
    try:
        fetched = fetch(source.url, max_bytes=MAX_BYTES, timeout_s=60)
        return fetched.body, fetched
    except FetchError as error:
        raise Problem(str(error), code=error.code) from error


def _import_images(runner: Runner, source: SourceImport) -> None:
    """Convert what is still waiting; an image that cannot be read never stops the others."""
    images = list(source.images.order_by("position"))
    runner.expect(len(images), done=sum(image.state != StoredImage.State.WAITING for image in images))
    for image in images:
        if image.state == StoredImage.State.WAITING:
            _convert(runner, image)
            runner.advance()
            runner.check()
    manifest = finish_images(source)
    if manifest is None:
        raise Problem("None of the images could be read. The report says why for each.", code="nothing-read")


def _convert(runner: Runner, image: StoredImage) -> None:
    name = f"pyramids/{image.pk.hex[:2]}/{image.pk}.tif"
    target = Path(settings.DATA) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    what: dict[str, Any]
    try:
        facts = convert(Path(image.original.path), target)
    except ImageRefused as error:
        what = {"state": StoredImage.State.REFUSED, "reason": str(error)}
        runner.say(str(error), severity="error", place=image.name)
    else:
        what = {
            "state": StoredImage.State.READY, "pyramid": name,
            "width": facts.width, "height": facts.height, "sha256": facts.sha256,
        }  # fmt: skip
    # Only what still waits: a runner that was thought dead must not take the canvas from what another has finished.
    StoredImage.objects.filter(pk=image.pk, state=StoredImage.State.WAITING).update(**what)
