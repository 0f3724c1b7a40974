"""The door for imports: fetch or open, read tolerantly, write what can be used, report the rest."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts.models import User
from annotation.actions.annotation_imports import import_annotations
from annotation.actions.annotation_sources import KIND, import_annotations_of
from annotation.actions.images import finish_images
from annotation.actions.manifests import Written, write_manifest
from annotation.actions.placing import place_waiting
from annotation.addresses import annotation_uri
from annotation.fetch import FetchError, fetch
from annotation.iiif import CollectionReading, ManifestReading, ManifestValue, UnreadableDocument, read
from annotation.iiif.document import load
from annotation.images import ImageRefused, convert
from annotation.models import Manifest, SourceImport, StoredImage
from problems import Problem
from work.registry import does
from work.runner import Line, Runner

MAX_BYTES = 100 * 2**20


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
    raw = _content(source)
    runner.advance()
    runner.check()
    try:
        document = load(raw)
        reading = read(document, url=source.url or None)
    except UnreadableDocument as error:
        raise Problem(str(error), code="unreadable") from error
    runner.report(
        Line(fault.sentence, fault.severity, fault.canvas or "", fault.pointer) for fault in reading.problems
    )
    if isinstance(reading, CollectionReading):
        raise Problem(
            f"This is a collection of {len(reading.collection.members)} manifests. "
            "Import its manifests one by one, by their own addresses.",
            code="collection",
        )
    if not isinstance(reading, ManifestReading):
        raise Problem("This is a page of annotations, not a manifest.", code="not-a-manifest")
    runner.advance()
    written = write_manifest(reading.manifest, document, by=source.created_by)
    source.manifest = written.manifest
    source.save(update_fields=["manifest"])
    runner.advance()
    runner.report(_said_of(written))
    runner.report(_annotations_of(written.manifest, reading.manifest, by=source.created_by))


def _annotations_of(manifest: Manifest, value: ManifestValue, *, by: User) -> Iterator[Line]:
    """Annotations that waited for this manifest find their place; those that it carries are a job of their own."""
    placed, left = place_waiting(manifest)
    if placed:
        yield Line(f"{placed} annotations that were here before it were placed on its canvases.")
    for row in left:
        yield Line(
            "An annotation that waited for this canvas has a region that leaves it; it was not placed.",
            "warning",
            annotation_uri(row),
        )
    if import_annotations_of(manifest, value, by=by):
        yield Line("It carries annotations; they are being imported as layers.")


def _said_of(written: Written) -> Iterator[Line]:
    for canvas in written.left_out:
        yield Line("The canvas was left out: it has no size, or an id that is too long.", "error", canvas.uri)
    for uri in written.resized:
        sentence = "The canvas has another size than before; look whether its annotations still fit."
        yield Line(sentence, "warning", uri)
    if written.removed:
        yield Line(f"{written.removed} canvases that the source no longer has were taken out.")
    if written.kept:
        sentence = f"{written.kept} canvases that the source no longer has are in use and were kept."
        yield Line(sentence, "warning")
    yield Line(f"{written.canvases} canvases were read.")


def _content(source: SourceImport) -> bytes:
    if source.kind == SourceImport.Kind.FILE:
        with source.file.open("rb") as file:
            return bytes(file.read())
    try:
        return fetch(source.url, max_bytes=MAX_BYTES, timeout_s=60).body
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
    try:
        facts = convert(Path(image.original.path), target)
    except ImageRefused as error:
        image.state, image.reason = StoredImage.State.REFUSED, str(error)
        runner.say(str(error), severity="error", place=image.name)
    else:
        image.state, image.pyramid = StoredImage.State.READY, name
        image.width, image.height, image.sha256 = facts.width, facts.height, facts.sha256
    image.save()
