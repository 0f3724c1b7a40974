"""The release's own description: what it holds, how it was made, its rights, and a hash of each file."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from campaigns.formats.categories import described
from campaigns.formats.values import GroundTruth, ReleasedItem, by_canvas

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of the release: `size` in bytes, `sha256` in hexadecimal."""

    name: str
    format: str
    media_type: str
    size: int
    sha256: str


class Measured:
    """Passes the pieces of a file through and knows its size and SHA-256 once all have passed."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._hash.update(piece)
            self.size += len(piece)
            yield piece

    @property
    def sha256(self) -> str:
        """Of what has passed so far, in hexadecimal."""
        return self._hash.hexdigest()


SHAPES = ("boxes", "outlines", "points", "tags", "pairs", "texts")
ALWAYS = ("boxes", "tags")  # counted also where there are none; the others only where there are some


def _shape(item: ReleasedItem) -> str:
    if item.beside:
        return "pairs"
    if item.text:
        return "texts"
    if item.points:
        return "points" if len(item.points) == 1 else "outlines"
    return "boxes" if item.box else "tags"


def count(release: GroundTruth) -> dict[str, Any]:
    """Canvases (also empty ones), boxes, outlines, points, tags, texts; annotations per concept and per status."""
    canvases = empty = 0
    shapes: Counter[str] = Counter()
    concepts: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    for _, items in by_canvas(release):
        canvases += 1
        empty += not items
        for item in items:
            shapes[_shape(item)] += 1
            concepts.update(item.concepts)
            statuses[item.status] += 1
    named = {concept.id: concept for concept in release.concepts}
    return {
        "canvases": canvases,
        "canvases_with_nothing": empty,
        "annotations": shapes.total(),
        **{name: shapes[name] for name in SHAPES if shapes[name] or name in ALWAYS},
        "status": dict(sorted(statuses.items())),
        "concepts": [
            {
                "id": concept,
                "uri": named[concept].uri,
                "label": named[concept].name(),
                "count": concepts[concept],
            }
            for concept in sorted(concepts, key=lambda concept: (-concepts[concept], concept))
        ],
    }


def release_manifest(
    release: GroundTruth, files: Sequence[WrittenFile], left_out: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The manifest as JSON; the release's `provenance` (people, methods, versions) is taken over as it is.

    `left_out`: the formats that could not say it, each with the reason.
    """
    grouping = described(release)
    return {
        "format": "rubricator-release",
        "format_version": FORMAT_VERSION,
        "id": release.uri,
        "campaign": release.campaign,
        "title": dict(release.title),
        "release": release.number,
        "note": release.note,
        "created_at": release.created_at.isoformat(),
        "rights": release.rights,
        "counts": count(release),
        **({"grouping": grouping} if grouping else {}),
        "provenance": dict(release.provenance),
        "files": [asdict(file) for file in sorted(files, key=lambda file: file.name)],
        **(
            {"left_out": [{"format": name, "reason": why} for name, why in left_out.items()]}
            if left_out
            else {}
        ),
    }
