"""What a release can be written as: one file per format, one line each in the registry."""

from collections.abc import Iterator
from typing import Protocol

from campaigns.formats import agreement, coco, csv_table, w3c
from campaigns.formats.manifest import Measured, WrittenFile, release_manifest
from campaigns.formats.values import Again, GroundTruth, ReleasedCanvas, ReleasedConcept, ReleasedItem


class Format(Protocol):
    """One format: a module with these names satisfies it."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """Stable name in the database and the API."""

    @property
    def LABEL(self) -> str:  # noqa: N802 - a constant of the module
        """What people read; English, the key of its translation."""

    @property
    def MEDIA_TYPE(self) -> str:  # noqa: N802 - a constant of the module
        """For the Content-Type header."""

    @property
    def SUFFIX(self) -> str:  # noqa: N802 - a constant of the module
        """What the file's name ends in, with its dot."""

    def write(self, release: GroundTruth) -> Iterator[bytes]:
        """The whole file in pieces."""


FORMATS: dict[str, Format] = {
    w3c.NAME: w3c,
    coco.NAME: coco,
    csv_table.NAME: csv_table,
    agreement.NAME: agreement,
}

__all__ = [
    "FORMATS",
    "Again",
    "Format",
    "GroundTruth",
    "Measured",
    "ReleasedCanvas",
    "ReleasedConcept",
    "ReleasedItem",
    "WrittenFile",
    "release_manifest",
]
