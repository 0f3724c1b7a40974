"""IIIF Change Discovery 1.0: an institution's stream of changes as values, and ours as documents."""

from annotation.discovery.reading import is_stream, read_collection, read_page
from annotation.discovery.values import Activity, Flaw, Page, Stream
from annotation.discovery.walking import Step, apply_page
from annotation.discovery.writing import written_collection, written_page

__all__ = [
    "Activity",
    "Flaw",
    "Page",
    "Step",
    "Stream",
    "apply_page",
    "is_stream",
    "read_collection",
    "read_page",
    "written_collection",
    "written_page",
]
