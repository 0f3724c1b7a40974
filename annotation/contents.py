"""What a manifest says besides its canvases: contents, links, providers; read from its stored document when asked."""

from django.db.models import F, Func, JSONField

from annotation.iiif import ManifestReading, ManifestValue, UnreadableDocument, read
from annotation.models import Manifest

# PostgreSQL leaves the canvases out, which are nearly all of a document and may be 100 MB.
_WITHOUT_CANVASES = (
    "%(expressions)s - '{items,sequences}'::text[]"
    " || jsonb_build_object('items', '[]'::jsonb, 'sequences',"
    "      jsonb_build_array((%(expressions)s #> '{sequences,0}') - '{canvases}'::text[]))"
)


def said_by(manifest: Manifest) -> ManifestValue | None:
    """The manifest's value without its canvases; None for what did not come as a document. One query.

    Ranges point to canvases by URI. Orders of the canvases other than the first are not among them.
    """
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
