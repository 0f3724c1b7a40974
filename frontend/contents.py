"""A table of contents as a page shows it: one level at a time, each entry leading to its first canvas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotation.contents import said_by
from annotation.iiif import CanvasReference, LanguageMap, ManifestValue, RangeValue
from annotation.models import Canvas, Manifest
from problems import Missing

# Entries of one level that are shown at once; more are asked for.
ENTRIES = 100
# What is not for reading: other orders of the canvases, and ranges that ask not to be shown.
HIDDEN = frozenset(("sequence", "no-nav", "thumbnail-nav"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One range: its place (`0.3.1`), its label, its first canvas on this site, how many ranges are below."""

    place: str
    label: LanguageMap
    canvas: UUID | None
    below: int


@dataclass(frozen=True, slots=True)
class Level:
    """The ranges directly below a place, from one number on; `more` is the number of the next not shown."""

    place: str
    title: LanguageMap
    entries: tuple[Entry, ...]
    more: int | None
    left: int


def contents_of(manifest: Manifest, place: str = "", start: int = 0) -> Level:
    """One level of the contents of a manifest; two queries. Raises Missing for a place that is not there."""
    return level_of(said_by(manifest), manifest, place, start)


def level_of(value: ManifestValue | None, manifest: Manifest, place: str = "", start: int = 0) -> Level:
    """The same, of a value that was read already; one query."""
    title, ranges = _at(_tops(value), place)
    if start and start >= len(ranges):
        raise Missing("The contents have no such entry.")
    part = ranges[start : start + ENTRIES]
    first = {id(item): next(_canvases(item), "") for item in part}
    canvases = dict(
        Canvas.objects.filter(manifest=manifest, uri__in=set(first.values())).values_list("uri", "pk")
    )
    before = f"{place}." if place else ""
    entries = tuple(
        Entry(f"{before}{number}", item.label, canvases.get(first[id(item)]), len(_shown(item.items)))
        for number, item in enumerate(part, start=start)
    )
    end = start + len(part)
    return Level(
        place, title or manifest.label, entries, end if end < len(ranges) else None, len(ranges) - end
    )


def _tops(value: ManifestValue | None) -> list[RangeValue]:
    """What stands at the top; the one range that only holds the top of version 2 or 3 is opened."""
    tops = _shown(value.structures if value else ())
    return _shown(tops[0].items) if len(tops) == 1 and _shown(tops[0].items) else tops


def _at(tops: list[RangeValue], place: str) -> tuple[LanguageMap, list[RangeValue]]:
    title: LanguageMap = {}
    for step in place.split(".") if place else []:
        if not (step.isascii() and step.isdecimal() and len(step) < 7 and int(step) < len(tops)):
            raise Missing("The contents have no such entry.")
        title, tops = tops[int(step)].label, _shown(tops[int(step)].items)
    return title, tops


def _shown(items: Sequence[Any]) -> list[RangeValue]:
    return [item for item in items if isinstance(item, RangeValue) and not HIDDEN.intersection(item.behavior)]


def _canvases(value: RangeValue) -> Iterator[str]:
    """The canvases of a range and of those below it, in order."""
    for item in value.items:
        if isinstance(item, CanvasReference):
            yield item.uri
        elif isinstance(item, RangeValue):
            yield from _canvases(item)
