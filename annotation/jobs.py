"""The door for imports: fetch or open, read tolerantly, write what can be used, report the rest."""

from pathlib import Path

from django.conf import settings

from annotation.actions.images import finish_images
from annotation.actions.sources import write_manifest
from annotation.fetch import FetchError, fetch
from annotation.iiif import CollectionReading, ManifestReading, UnreadableDocument, read
from annotation.iiif.document import load
from annotation.images import ImageRefused, convert
from annotation.models import SourceImport, StoredImage
from problems import Problem
from work.registry import does
from work.runner import Runner

MAX_BYTES = 100 * 2**20


@does("annotation.import")
def import_source(runner: Runner) -> None:
    source = SourceImport.objects.select_related("created_by", "manifest").get(pk=runner.subject)
    if source.kind == SourceImport.Kind.IMAGES:
        _import_images(runner, source)
    else:
        _import_manifest(runner, source)


def _import_manifest(runner: Runner, source: SourceImport) -> None:
    runner.expect(3)
    raw = _content(source)
    runner.advance()
    runner.check()
    try:
        document = load(raw)
        reading = read(document, url=source.url or None)
    except UnreadableDocument as error:
        raise Problem(str(error), code="unreadable") from error
    for fault in reading.problems:
        runner.say(fault.sentence, severity=fault.severity, place=fault.canvas or "", pointer=fault.pointer)
    if isinstance(reading, CollectionReading):
        raise Problem(
            f"This is a collection of {len(reading.collection.members)} manifests. "
            "Import its manifests one by one, by their own addresses.",
            code="collection",
        )
    if not isinstance(reading, ManifestReading):
        raise Problem("This is a page of annotations, not a manifest.", code="not-a-manifest")
    runner.advance()
    manifest, unplaced = write_manifest(reading.manifest, document, by=source.created_by)
    for canvas in unplaced:
        runner.say("The canvas has no size and was left out.", severity="error", place=canvas.uri)
    source.manifest = manifest
    source.save(update_fields=["manifest"])
    runner.advance()
    runner.say(f"{len(reading.manifest.canvases) - len(unplaced)} canvases were read.")


def _content(source: SourceImport) -> bytes:
    if source.kind == SourceImport.Kind.FILE:
        with source.file.open("rb") as file:
            return file.read()
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
