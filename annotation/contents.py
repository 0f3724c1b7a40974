"""What a manifest says besides its canvases: contents, links, providers; read from its stored document when asked."""

from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Func, JSONField
from redis import RedisError

from annotation.iiif import ManifestReading, ManifestValue, UnreadableDocument, read
from annotation.models import Manifest

KEPT_S = 3600
# PostgreSQL leaves the canvases out, which are nearly all of a document and may be 100 MB.
_WITHOUT_CANVASES = (
    "%(expressions)s - '{items,sequences}'::text[]"
    " || jsonb_build_object('items', '[]'::jsonb, 'sequences',"
    "      jsonb_build_array((%(expressions)s #> '{sequences,0}') - '{canvases}'::text[]))"
)


def said_by(manifest: Manifest) -> ManifestValue | None:
    """The manifest's value without its canvases; None for what did not come as a document. At most one query.

    Ranges point to canvases by URI. Orders of the canvases other than the first are not among them. Contents of
    ten thousand entries take seconds to read, so they are kept for an hour, or until the manifest is read again.
    """
    key = f"said-by:{settings.VERSION}:{manifest.pk}:{manifest.modified_at.timestamp()}"
    with suppress(RedisError):
        kept = cache.get(key)
        if isinstance(kept, ManifestValue):
            return kept
    value = _said_by(manifest)
    if value is not None and value.structures:
        with suppress(RedisError):
            cache.set(key, value, KEPT_S)
    return value


def _said_by(manifest: Manifest) -> ManifestValue | None:
    reduced = Func(F("document"), template=_WITHOUT_CANVASES, output_field=JSONField())
    document = Manifest.objects.filter(pk=manifest.pk).values_list(reduced, flat=True).first()
    if not document or "@context" not in document:
        return None
    if manifest.presentation_version < 3:
        document.pop("items")
    else:
        document.pop("sequences")
    try:
        reading = read(document, url=manifest.uri)
    except UnreadableDocument:
        return None
    return reading.manifest if isinstance(reading, ManifestReading) else None
