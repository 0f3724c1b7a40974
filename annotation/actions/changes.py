"""Keeps what is no longer as it was at an institution, once each, until somebody has looked at it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from annotation.actions.rescaling import Rescaling
from annotation.iiif import CanvasValue, ManifestValue
from annotation.models import Manifest, SourceChange, SourceCollection

Kind = SourceChange.Kind
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was found: its kind, the URI it concerns within the source, and how it was and is."""

    kind: str
    place: str = ""
    before: Any = None
    after: Any = None
    needs_attention: bool = True


def record_changes(
    changes: Iterable[Change],
    *,
    follower: User,
    manifest: Manifest | None = None,
    collection: SourceCollection | None = None,
) -> int:
    """Keep the changes; one that is open already, or that a person has looked at, is only seen again.

    Returns how many are new. Three statements, however many.
    """
    found = {(change.kind, change.place[:2000]): change for change in changes}
    if not found:
        return 0
    mine = SourceChange.objects.filter(follower=follower, manifest=manifest, collection=collection)
    unsettled = Q(resolved_at=None) | Q(resolved_by__isnull=False)
    known = {
        (row.kind, row.place): row.pk
        for row in mine.filter(unsettled, needs_attention=True, kind__in={kind for kind, _ in found})
        if row.resolved_at is None or row.after == found.get((row.kind, row.place), row).after
    }
    again = [known[key] for key in found if key in known]
    if again:
        SourceChange.objects.filter(pk__in=again).update(seen_at=Now())
    fresh = [
        SourceChange(
            kind=kind, place=place, before=change.before, after=change.after,
            needs_attention=change.needs_attention, follower=follower, manifest=manifest, collection=collection,
        )
        for (kind, place), change in found.items()
        if (kind, place) not in known
    ]  # fmt: skip
    SourceChange.objects.bulk_create(fresh, batch_size=1000)
    return len(fresh)


def settle_changes(manifest: Manifest, kinds: Sequence[str], *, places: Iterable[str] | None = None) -> None:
    """What is as it was again needs nobody any more; should it change once more, that is news."""
    rows = SourceChange.objects.filter(manifest=manifest, kind__in=kinds, needs_attention=True)
    rows = rows if places is None else rows.filter(place__in=list(places))
    rows.filter(resolved_at=None).update(resolved_at=Now())
    rows.filter(resolved_by__isnull=False).update(needs_attention=False)


def resolve_change(change: SourceChange, *, by: User) -> SourceChange:
    """Somebody has looked at it; harmless to repeat."""
    SourceChange.objects.filter(pk=change.pk, resolved_at=None).update(resolved_at=Now(), resolved_by=by)
    change.refresh_from_db()
    return change


@dataclass(frozen=True, slots=True)
class CanvasBefore:
    """What was known of a canvas before its manifest was read again."""

    uri: str
    position: int
    image_service: str
    image_size: tuple[int | None, int | None]


def canvases_before(manifest: Manifest) -> list[CanvasBefore]:
    """The canvases in their order; one query."""
    rows = manifest.canvases.order_by("position").values_list(
        "uri", "position", "image_service", "image_width", "image_height"
    )
    return [CanvasBefore(uri, position, service, (w, h)) for uri, position, service, w, h in rows]


def statement_of(value: ManifestValue) -> dict[str, Any] | None:
    """The required statement as the column keeps it."""
    said = value.required_statement
    return {"label": said.label, "value": said.value} if said else None


def changes_between(
    manifest: Manifest, before: Sequence[CanvasBefore], value: ManifestValue, after: Mapping[str, CanvasValue]
) -> Iterator[Change]:
    """What differs between the rows (as they still are) and the manifest that was just read."""
    rights = (value.rights or "")[:500]
    if rights != manifest.rights:
        yield Change(Kind.RIGHTS, "", manifest.rights, rights)
    statement = statement_of(value)
    if statement != manifest.required_statement:
        yield Change(Kind.STATEMENT, "", manifest.required_statement, statement)
    known = {canvas.uri: canvas for canvas in before}
    added = [uri for uri in after if uri not in known]
    if added:
        yield Change(Kind.CANVASES_ADDED, "", None, _named(added), needs_attention=False)
    old = [canvas.uri for canvas in before if canvas.uri in after]
    new = [uri for uri in after if uri in known]
    if old != new:
        yield Change(Kind.CANVASES_REORDERED, "", _named(old), _named(new), needs_attention=False)
    for uri in new:
        yield from _of_image(known[uri], after[uri])


def _of_image(before: CanvasBefore, after: CanvasValue) -> Iterator[Change]:
    service = after.image_service.url if after.image_service else ""
    if before.image_service != service:
        yield Change(
            Kind.SERVICE_MOVED, before.uri, before.image_service, service, needs_attention=not service
        )
    size = (after.image_width, after.image_height)
    if all(before.image_size) and all(size) and before.image_size != size:
        yield Change(Kind.IMAGE_RESIZED, before.uri, before.image_size, size, needs_attention=False)


def changes_of(rescaling: Rescaling) -> Iterator[Change]:
    """What other sizes of canvases mean for what stands on them."""
    for uri, count in rescaling.scaled.items():
        before, after = rescaling.sizes[uri]
        yield Change(Kind.CANVAS_RESCALED, uri, before, [*after, count], needs_attention=False)
    for uri, count in rescaling.reshaped.items():
        before, after = rescaling.sizes[uri]
        yield Change(Kind.CANVAS_RESHAPED, uri, before, [*after, count], needs_attention=count > 0)
    for left in rescaling.not_moved:
        yield Change(Kind.NOT_RESCALED, str(left.id), left.canvas_uri, left.reason)


def _named(uris: Sequence[str]) -> dict[str, Any]:
    return {"count": len(uris), "uris": list(uris[:MOST_NAMED])}
