"""A table of compared pairs: a row for each, with both regions and what was decided of them.

UTF-8 with a byte-order mark, and cells that a spreadsheet could run are made harmless, as in the table of boxes.
"""

import csv
import io
from collections.abc import Iterator

from annotation.geometry import Box
from campaigns.formats.categories import Categories, Category
from campaigns.formats.csv_table import safe
from campaigns.formats.values import GroundTruth, ReleasedCanvas, ReleasedItem, by_canvas
from campaigns.formats.writing import encoded, number

NAME = "pairs"
LABEL = "CSV table of pairs"
MEDIA_TYPE = "text/csv; charset=utf-8"
SUFFIX = ".pairs.csv"

REGION = ("", "manifest", "canvas", "canvas_label", "x", "y", "width", "height", "iiif")
COLUMNS = (
    "pair", *(f"{side}_{name}".strip("_") for side in "ab" for name in REGION),
    "answer", "notation", "concept", "support", "seen", "agreement", "status", "decided_by",
)  # fmt: skip


def write(release: GroundTruth) -> Iterator[bytes]:
    """The table in pieces; boxes in canvas units, empty for a whole canvas. `agreement`: that of people, 0 to 1."""
    return encoded(_lines(release))


def _lines(release: GroundTruth) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    categories = Categories(release)
    yield "\ufeff"
    for row in _rows(release, categories):
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _rows(release: GroundTruth, categories: Categories) -> Iterator[list[str | float]]:
    yield list(COLUMNS)
    for canvas, items in by_canvas(release):
        for item in items:
            if item.beside is None:
                continue
            named: list[Category | None] = [*categories.of(item)]
            for category in named or [None]:
                yield _row(canvas, item, category)


def _row(canvas: ReleasedCanvas, item: ReleasedItem, category: Category | None) -> list[str | float]:
    other = item.beside
    assert other is not None
    concept = category.concept if category else None
    name = category.name if category else ""
    return [
        item.annotation,
        *_region(item.about, canvas, item.box),
        *_region(other.annotation, other.canvas, other.box),
        *([concept.name(), concept.notation, concept.uri] if concept else [name, "", ""]),
        item.support,
        item.seen,
        "" if item.agreement is None else round(item.agreement, 4),
        item.status,
        item.decided_by,
    ]


def _region(annotation: str, canvas: ReleasedCanvas, box: Box | None) -> list[str | float]:
    place: list[str | float] = [number(value) for value in box.xywh] if box else [""] * 4
    return [annotation, canvas.manifest, canvas.uri, canvas.name(), *place, canvas.crop_url(box)]
