"""Writes a manifest that was read: its row and those of its canvases, new or brought up to date."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.permissions import require_curator
from accounts.roles import Person, Role, grant
from annotation.actions.changes import (
    Change,
    canvases_before,
    changes_between,
    changes_of,
    record_changes,
    statement_of,
)
from annotation.actions.rescaling import Rescaling, rescale_canvases
from annotation.iiif import CanvasValue, ImageValue, ManifestValue
from annotation.models import Canvas, Manifest, SourceChange
from annotation.permissions import get_manifest_for
from problems import Problem

# URIs stand in B-tree indexes, which hold 2,700 bytes.
LONGEST_URI_BYTES = 2000
CANVAS_FIELDS = [
    "position", "label", "width", "height", "image_service", "image_service_version", "image_url",
    "image_width", "image_height", "extra",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a manifest: canvases written, left out, gone from the source, with another size.

    `removed` of those that are gone had nothing hanging on them and were deleted, `kept` had and stay.
    """

    manifest: Manifest
    canvases: int
    left_out: tuple[CanvasValue, ...]
    removed: int
    kept: int
    rescaling: Rescaling | None


def write_manifest(value: ManifestValue, document: object, *, by: User) -> Written:
    """Create the manifest, or bring this person's copy of it up to date, in one transaction.

    Canvases are recognised by URI; those that are gone from the source are kept while something hangs on
    them. Canvases without a size cannot carry annotations and are left out; without any other there is no
    manifest. Raises `Problem`.
    """
    require_curator(by)
    if not _fits(value.uri):
        raise Problem(
            f"The id of the manifest is longer than {LONGEST_URI_BYTES} bytes.", code="uri-too-long"
        )
    usable = {canvas.uri: canvas for canvas in value.canvases if _is_usable(canvas)}
    if not usable:
        raise Problem("The manifest has no canvas that annotations could stand on.", code="no-canvas")
    with transaction.atomic():
        manifest, created = Manifest.objects.select_for_update().get_or_create(
            uri=value.uri, created_by=by, defaults={"document": document}
        )
        if created:
            grant(by, manifest, Role.OWNER)
        removed = kept = 0
        rescaling = None
        changes: list[Change] = []
        if not created:
            changes = list(changes_between(manifest, canvases_before(manifest), value, usable))
            rescaling = rescale_canvases(
                manifest, {uri: (canvas.width or 0, canvas.height or 0) for uri, canvas in usable.items()}
            )
        _describe(manifest, value, document)
        _write_canvases(manifest, list(usable.values()))
        if rescaling is not None:
            removed, kept = _drop_missing(manifest, list(usable))
            changes += [*changes_of(rescaling), *_gone(removed, kept)]
            record_changes(changes, follower=by, manifest=manifest)
    return Written(
        manifest=manifest,
        canvases=len(usable),
        left_out=tuple(canvas for canvas in value.canvases if not _is_usable(canvas)),
        removed=removed,
        kept=kept,
        rescaling=rescaling,
    )


def set_visibility(manifest_id: UUID, *, is_public: bool, by: Person) -> Manifest:
    """Open a manifest to everybody, or to those alone who have a role on it or work on it in a campaign.

    Uploaded images follow; those of an institution stay as open as the institution has them.
    """
    manifest = get_manifest_for(by, manifest_id, "own")
    if manifest.is_public != is_public:
        manifest.is_public = is_public
        manifest.save(update_fields=["is_public", "modified_at"])
    return manifest


def _is_usable(canvas: CanvasValue) -> bool:
    return (canvas.width or 0) > 0 and (canvas.height or 0) > 0 and _fits(canvas.uri)


def _fits(address: str | None) -> bool:
    return len((address or "").encode("utf-8", "replace")) <= LONGEST_URI_BYTES


def _address(address: str | None) -> str:
    """An address that can be kept, "" for none and for one that is too long to be one."""
    return address if address and _fits(address) else ""


def _gone(removed: int, kept: int) -> Iterator[Change]:
    if removed:
        yield Change(SourceChange.Kind.CANVASES_REMOVED, "", None, {"count": removed}, needs_attention=False)
    if kept:
        yield Change(SourceChange.Kind.CANVASES_KEPT, "", None, {"count": kept})


def _drop_missing(manifest: Manifest, present: Sequence[str]) -> tuple[int, int]:
    """Delete canvases that the source no longer has; whatever room hangs something on one keeps it."""
    gone = manifest.canvases.exclude(uri__in=present)
    total = gone.count()
    free = gone.filter(*(Q((relation.name, None)) for relation in Canvas._meta.related_objects))
    removed, _rows = free.delete() if total else (0, {})
    return removed, total - removed


def _describe(manifest: Manifest, value: ManifestValue, document: object) -> None:
    provider = value.provider[0] if value.provider else None
    manifest.presentation_version = min(value.version, 3)
    manifest.label = value.label
    manifest.summary = value.summary
    manifest.metadata = [asdict(entry) for entry in value.metadata]
    manifest.rights = (value.rights or "")[:500]
    manifest.required_statement = statement_of(value)
    manifest.provider = first_text(provider.label)[:300] if provider else ""
    manifest.homepage = _address(value.homepage)
    manifest.thumbnail_url = _address(value.thumbnail)
    manifest.document = document
    manifest.save()


def _write_canvases(manifest: Manifest, values: Sequence[CanvasValue]) -> None:
    """One statement a batch, however often the manifest is read again."""
    Canvas.objects.bulk_create(
        [_canvas(manifest, value) for value in values],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["manifest", "uri"],
        update_fields=CANVAS_FIELDS,
    )


def _canvas(manifest: Manifest, value: CanvasValue) -> Canvas:
    service = value.image_service
    return Canvas(
        manifest=manifest,
        uri=value.uri,
        position=value.position,
        label=value.label,
        width=value.width or 0,
        height=value.height or 0,
        image_service=_address(service.url if service else None),
        image_service_version=service.version if service else None,
        image_url=_address(value.image_url),
        image_width=value.image_width,
        image_height=value.image_height,
        extra={
            "profile": service.profile if service else None,
            "placed": _box(value.image, "placed"),
            "taken": _box(value.image, "taken"),
            "choices": [asdict(choice) for choice in value.choices],
            "images": [asdict(image) for image in value.images],
            **({"options": options} if (options := _options(value)) else {}),
            **({"scale": asdict(value.scale)} if value.scale else {}),
            "thumbnail": value.thumbnail,
            **({"auth": asdict(value.auth)} if value.auth else {}),
        },
    )


def _options(value: CanvasValue) -> list[list[dict[str, object]]]:
    """Image by image all that it may be, where `choices` and `images` do not say it: several, some a choice."""
    several = [painting.options for painting in value.paintings if painting.options]
    if len(several) < 2 or all(len(options) == 1 for options in several):
        return []
    return [[asdict(option) for option in options] for options in several]


def _box(image: ImageValue | None, name: str) -> tuple[float, float, float, float] | None:
    box = getattr(image, name, None)
    return box.xywh if box else None


def first_text(texts: dict[str, list[str]], language: str = "en") -> str:
    """The first text of a IIIF language map, in the language if it is there."""
    for wanted in (language, "none", *texts):
        if texts.get(wanted):
            return texts[wanted][0]
    return ""
