"""One manifest from its address into our rows: asked for conditionally, written, with what changed kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.utils import timezone

from accounts.models import User
from annotation.actions.annotation_sources import import_annotations_of
from annotation.actions.changes import Change, record_changes, settle_changes
from annotation.actions.manifests import Written, write_manifest
from annotation.actions.placing import place_waiting
from annotation.addresses import annotation_uri
from annotation.iiif import CollectionReading, ManifestReading, ManifestValue, read
from annotation.iiif.document import load
from annotation.models import Manifest, Origin, SourceChange
from fetch import BadStatus, Fetched, FetchError, fetch
from problems import Problem
from work.runner import Line

MAX_BYTES = 50 * 2**20
TIMEOUT_S = 45
MOST_LINES = 12
GONE = frozenset({404, 410})
Kind = SourceChange.Kind
Pause = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came: a manifest that was read or has not changed, or a collection where a manifest was expected."""

    state: Literal["read", "unchanged", "collection"]
    manifest: Manifest | None = None
    lines: tuple[Line, ...] = ()


def bring_in(
    url: str, *, by: User, known: Manifest | None = None, document: object = None, pause: Pause | None = None
) -> Arrival:
    """Read the manifest at `url` into this person's copy; `known` is the copy, if there is one.

    `document` is the manifest itself when a collection embeds it. Raises `FetchError`, `UnreadableDocument`,
    `Problem`; for a copy that is known the loss is kept as a change first.
    """
    fetched = None
    if document is None:
        fetched = _fetched(url, by=by, known=known, pause=pause)
        if fetched.status == 304:
            if known is not None:
                Origin.objects.filter(manifest=known).update(checked_at=timezone.now())
                settle_changes(known, [Kind.MANIFEST_GONE, Kind.MANIFEST_UNREADABLE])
                _note_move(known, url, fetched, by)
            return Arrival("unchanged", known)
    whole = load(fetched.body if fetched else _as_object(document))
    reading = read(whole, url=fetched.url if fetched else url)
    if isinstance(reading, CollectionReading):
        return Arrival("collection")
    if not isinstance(reading, ManifestReading):
        raise Problem("This is a page of annotations, not a manifest.", code="not-a-manifest")
    lines = [Line(p.sentence, p.severity, p.canvas or url, p.pointer) for p in reading.problems[:MOST_LINES]]
    if len(reading.problems) > MOST_LINES:
        lines.append(
            Line(f"{len(reading.problems) - MOST_LINES} more faults in this manifest.", "warning", url)
        )
    written = write_manifest(reading.manifest, whole, by=by)
    settle_changes(written.manifest, [Kind.MANIFEST_GONE, Kind.MANIFEST_UNREADABLE])
    lines += [*said_of(written, url), *annotations_of(written.manifest, reading.manifest, by=by)]
    if fetched is not None:
        _note_move(written.manifest, url, fetched, by)
        # Last: a worker that dies before it has done all this must not be told that nothing has changed.
        keep_origin(written.manifest, url, fetched)
    return Arrival("read", written.manifest, tuple(lines))


def annotations_of(manifest: Manifest, value: ManifestValue, *, by: User) -> Iterator[Line]:
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


def _as_object(document: object) -> dict[str, Any]:
    return document if isinstance(document, dict) else {}


def _fetched(url: str, *, by: User, known: Manifest | None, pause: Pause | None) -> Fetched:
    origin = Origin.objects.filter(manifest=known, url=url).first() if known else None
    try:
        return fetch(
            url,
            max_bytes=MAX_BYTES,
            timeout_s=TIMEOUT_S,
            etag=origin.etag or None if origin else None,
            if_modified_since=origin.last_modified or None if origin else None,
            pause=pause,
        )
    except FetchError as error:
        if known is not None and not is_passing(error):
            note_loss(known, error, by=by)
        raise


def is_passing(error: FetchError) -> bool:
    """Whether the same request may well succeed later: the server, not the address, is in trouble."""
    return error.retry or (isinstance(error, BadStatus) and error.status >= 500)


def note_loss(manifest: Manifest, error: FetchError, *, by: User) -> None:
    """A manifest that we have can no longer be read where it was."""
    gone = isinstance(error, BadStatus) and error.status in GONE
    kind = Kind.MANIFEST_GONE if gone else Kind.MANIFEST_UNREADABLE
    record_changes([Change(kind, manifest.uri, None, str(error))], follower=by, manifest=manifest)


def keep_origin(manifest: Manifest, url: str, fetched: Fetched) -> None:
    """Remember where the manifest was read from, and what to ask with next time."""
    Origin.objects.update_or_create(
        manifest=manifest,
        defaults={
            "url": url,
            "etag": (fetched.etag or "")[:500],
            "last_modified": (fetched.last_modified or "")[:100],
            "checked_at": timezone.now(),
        },
    )


def _note_move(manifest: Manifest, url: str, fetched: Fetched, by: User) -> None:
    """The address leads elsewhere; said once, since the redirect is followed every time."""
    said = manifest.changes.filter(kind=Kind.MANIFEST_MOVED, place=url, after=fetched.url)
    if fetched.url != url and not said.exists():
        move = Change(Kind.MANIFEST_MOVED, url, url, fetched.url, needs_attention=False)
        record_changes([move], follower=by, manifest=manifest)


def said_of(written: Written, url: str = "") -> Iterator[Line]:
    """What the writing of a manifest means, in sentences."""
    for canvas in written.left_out:
        yield Line("The canvas was left out: it has no size, or an id that is too long.", "error", canvas.uri)
    if written.rescaling is not None:
        for uri, count in written.rescaling.scaled.items():
            yield Line(
                f"The canvas has another size than before; {count} annotations were scaled to it.",
                "info",
                uri,
            )
        for uri, count in written.rescaling.reshaped.items():
            sentence = "The canvas has another size and shape than before"
            yield Line(f"{sentence}; look whether its {count} annotations still fit.", "warning", uri)
        for left in written.rescaling.not_moved:
            yield Line(f"An annotation could not be scaled: {left.reason}", "warning", left.canvas_uri)
    if written.removed:
        yield Line(f"{written.removed} canvases that the source no longer has were taken out.", "info", url)
    if written.kept:
        sentence = f"{written.kept} canvases that the source no longer has are in use and were kept."
        yield Line(sentence, "warning", url)
