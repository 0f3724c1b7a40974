"""Another look at one manifest: whether it is there, what changed in it, and whether its images still answer."""

from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models.functions import Now

from accounts.models import User
from annotation.actions.changes import Change, record_changes, settle_changes
from annotation.iiif import UnreadableDocument
from annotation.manifest_import import bring_in, is_passing
from annotation.models import Canvas, Manifest, Origin, SourceChange
from fetch import BadStatus, FetchError, HostBusy, fetch, stream
from problems import Problem
from work.runner import Line, Runner

SAMPLE = 20
TIMEOUT_S = 30
MAX_BYTES = 2 * 2**20
GONE = frozenset({404, 410})
Kind = SourceChange.Kind


def look(runner: Runner) -> None:
    """Read the manifest again if it has changed, and ask for a sample of its images; what differs is kept."""
    origin = (
        Origin.objects.select_related("manifest__created_by")
        .defer("manifest__document")
        .get(pk=UUID(runner.subject))
    )
    manifest, follower = origin.manifest, origin.manifest.created_by
    if follower is None:
        raise Problem("Nobody follows this manifest any more.", code="no-follower")
    runner.start_over()
    runner.expect(1)
    _look_at_manifest(runner, origin, follower)
    # Only now: what was read may say that its images are elsewhere.
    canvases = sample(manifest)
    runner.expect(1 + len(canvases), done=1)
    found: list[Change] = []
    well: list[str] = []
    busy: set[str] = set()
    for canvas in canvases:
        if urlsplit(_address(canvas)).netloc not in busy:
            changes = list(_of_image(runner, canvas, busy))
            found += changes
            well += [] if changes else [canvas.uri]
        runner.advance()
        runner.check()
    settle_changes(manifest, [Kind.IMAGE_GONE], places=well)
    new = record_changes(found, follower=follower, manifest=manifest)
    Origin.objects.filter(pk=origin.pk).update(checked_at=Now())
    runner.say(f"{len(canvases)} images were asked for; {new} new changes were found there.")


def sample(manifest: Manifest) -> list[Canvas]:
    """Up to twenty canvases, evenly spread, first and last among them."""
    canvases = list(manifest.canvases.order_by("position").exclude(image_service="", image_url=""))
    if len(canvases) <= SAMPLE:
        return canvases
    step = (len(canvases) - 1) / (SAMPLE - 1)
    return [canvases[round(index * step)] for index in range(SAMPLE)]


def _look_at_manifest(runner: Runner, origin: Origin, follower: User) -> None:
    try:
        arrival = bring_in(origin.url, by=follower, known=origin.manifest, pause=runner.pause)
    except FetchError as error:
        runner.say(str(error), severity="warning" if is_passing(error) else "error", place=origin.url)
    except (UnreadableDocument, Problem) as error:
        said = str(getattr(error, "detail", error))
        change = Change(Kind.MANIFEST_UNREADABLE, origin.url, None, said)
        record_changes([change], follower=follower, manifest=origin.manifest)
        runner.say(said, severity="error", place=origin.url)
    else:
        same = (
            [Line("The manifest has not changed.", "info", origin.url)]
            if arrival.state == "unchanged"
            else []
        )
        runner.report([*arrival.lines, *same])


def _address(canvas: Canvas) -> str:
    """What is asked for to learn how the first image of a canvas is."""
    return f"{canvas.image_service}/info.json" if canvas.image_service else canvas.image_url


def _of_image(runner: Runner, canvas: Canvas, busy: set[str]) -> Iterator[Change]:
    """What is no longer as it was about the first image of a canvas; a host that asks for a rest joins `busy`."""
    address = _address(canvas)
    try:
        if canvas.image_service:
            fetched = fetch(address, max_bytes=MAX_BYTES, timeout_s=TIMEOUT_S, pause=runner.pause)
            yield from _of_info(canvas, fetched.json())
        else:
            with stream(address, accept="image/*", timeout_s=TIMEOUT_S):
                pass  # that it answers is all that is asked
    except HostBusy as error:
        busy.add(urlsplit(address).netloc)
        runner.say(str(error), severity="warning", place=address)
    except BadStatus as error:
        if error.status in GONE:
            yield Change(Kind.IMAGE_GONE, canvas.uri, address, str(error))
        runner.say(str(error), severity="warning", place=canvas.uri)
    except FetchError as error:
        runner.say(str(error), severity="warning", place=canvas.uri)


def _of_info(canvas: Canvas, info: object) -> Iterator[Change]:
    if not isinstance(info, dict):
        return
    size, known = (info.get("width"), info.get("height")), (canvas.image_width, canvas.image_height)
    if all(isinstance(side, int) and side > 0 for side in size) and all(known) and size != known:
        yield Change(Kind.IMAGE_RESIZED, canvas.uri, list(known), list(size))
    said = info.get("id", info.get("@id"))
    if isinstance(said, str) and _bare(said) != _bare(canvas.image_service):
        yield Change(Kind.SERVICE_MOVED, canvas.uri, canvas.image_service, said[:2000])


def _bare(uri: str) -> str:
    """Without what moving to https, or a slash at the end, changes."""
    return uri.partition("://")[2].rstrip("/").lower()
