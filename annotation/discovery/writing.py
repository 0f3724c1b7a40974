"""Writes our own stream of changes: an OrderedCollection and its pages, level 2 of Change Discovery 1.0."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from annotation.discovery.values import Activity

CONTEXT = "http://iiif.io/api/discovery/1/context.json"


def written_collection(uri: str, *, total: int, first: str, last: str) -> dict[str, Any]:
    """The entry (§2.3)."""
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "OrderedCollection",
        "totalItems": total,
        "first": {"id": first, "type": "OrderedCollectionPage"},
        "last": {"id": last, "type": "OrderedCollectionPage"},
    }


def written_page(
    uri: str,
    activities: Sequence[Activity],
    *,
    part_of: str,
    start: int,
    prev: str | None = None,
    following: str | None = None,
) -> dict[str, Any]:
    """A page (§2.2), its changes oldest first; `start` counts from 0."""
    page: dict[str, Any] = {
        "@context": CONTEXT,
        "id": uri,
        "type": "OrderedCollectionPage",
        "partOf": {"id": part_of, "type": "OrderedCollection"},
        "startIndex": start,
        "orderedItems": [_activity(activity) for activity in activities],
    }
    for name, address in (("prev", prev), ("next", following)):
        if address:
            page[name] = {"id": address, "type": "OrderedCollectionPage"}
    return page


def _activity(activity: Activity) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": activity.kind,
        "object": {"id": activity.uri, "type": activity.object_kind or "Manifest"},
    }
    return {**said, "endTime": _written(activity.at)} if activity.at else said


def _written(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
