"""What a release can be written as: one file per format, one line each in the registry."""

from collections.abc import Iterator
from typing import Protocol

from campaigns.formats import agreement, coco, csv_table, pairs_table, w3c
from campaigns.formats.manifest import Measured, WrittenFile, release_manifest
from campaigns.formats.values import (
    Again,
    GroundTruth,
    ReleasedBeside,
    ReleasedCanvas,
    ReleasedConcept,
    ReleasedItem,
)


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
    pairs_table.NAME: pairs_table,
    agreement.NAME: agreement,
}
# What can say how two regions belong together.
OF_PAIRS = (w3c.NAME, pairs_table.NAME, agreement.NAME)


def why_not(name: str, release: GroundTruth) -> str:
    """Why a release is not written in this format, in a sentence; empty where it is."""
    if release.pairs and name not in OF_PAIRS:
        return (
            f"“{FORMATS[name].LABEL}” says what is on an image; how two regions belong together it cannot say. "
            "The pairs are in the W3C file and in the table of pairs."
        )
    if not release.pairs and name == pairs_table.NAME:
        return "Nothing was compared, so there is no table of pairs."
    return ""


__all__ = [
    "FORMATS",
    "Again",
    "Format",
    "GroundTruth",
    "Measured",
    "ReleasedBeside",
    "ReleasedCanvas",
    "ReleasedConcept",
    "ReleasedItem",
    "WrittenFile",
    "release_manifest",
    "why_not",
]
