"""A table for people: one row per annotation and concept, to open in a spreadsheet.

UTF-8 with a byte-order mark, because spreadsheets otherwise guess the accents wrong (read it as `utf-8-sig`).
A cell of text that a spreadsheet would take for a formula gets an apostrophe in front; machines are better
served by the COCO and W3C files, which change nothing.
"""

import csv
import io
import re
from collections.abc import Iterator

from campaigns.formats.categories import Categories, Category
from campaigns.formats.values import GroundTruth, ReleasedCanvas, ReleasedItem, by_canvas
from campaigns.formats.writing import encoded, number

NAME = "csv"
LABEL = "CSV table"
MEDIA_TYPE = "text/csv; charset=utf-8"
SUFFIX = ".csv"

# ark and view as in the tables of the BnF's GallicaPix and Roboflow projects: the document and its page.
COLUMNS = (
    "annotation", "manifest", "ark", "view", "canvas", "canvas_label", "x", "y", "width", "height",
    "points", "category_name", "notation", "concept", "support", "seen", "status", "decided_by", "iiif",
)  # fmt: skip

# Where people write: what they wrote, and in which language.
WRITTEN = ("text", "language")

# With a grouping the category is the class; what was said stands behind.
ORIGINAL = ("original_name", "original_concept")

_ARK = re.compile(r"ark:/\d+/[A-Za-z0-9]+")
_VIEW = re.compile(r"/canvas/f0*(\d+)\b")
# What Excel, LibreOffice or Google Sheets may take as the beginning of a formula, also in full width.
_RISKY = tuple("=+-@\t\r\n \uff1d\uff0b\uff0d\uff20\u00a0\ufeff")


def write(release: GroundTruth) -> Iterator[bytes]:
    """The table in pieces; canvases with nothing on them have one row without category."""
    return encoded(_lines(release))


def safe(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet could run it (OWASP, CSV injection)."""
    return "'" + text if text.startswith(_RISKY) else text


def _lines(release: GroundTruth) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    yield "\ufeff"
    for row in _rows(release, Categories(release)):
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _rows(release: GroundTruth, categories: Categories) -> Iterator[list[str | float]]:
    grouped = bool(categories.grouping)
    more = len(WRITTEN) * release.writes + bool(release.steps)
    step = ("step",) if release.steps else ()
    yield [*COLUMNS, *step, *(WRITTEN if release.writes else ()), *(ORIGINAL if grouped else ())]
    for canvas, items in by_canvas(release):
        for item in items:
            named: list[Category | None] = [*categories.of(item)]
            for category in named or [None]:
                row = [*_row(canvas, item, category), *([item.step] if step else ())]
                row += _written(item) if release.writes else ()
                yield [*row, *_original(category)] if grouped else row
        if not items:
            yield [*_nothing(canvas), *([""] * (more + (len(ORIGINAL) if grouped else 0)))]


def _nothing(canvas: ReleasedCanvas) -> list[str | float]:
    cells: dict[str, str | float] = dict.fromkeys(COLUMNS, "")
    cells |= {"status": "nothing here", "iiif": canvas.crop_url(None)}
    return [*_place(canvas, ""), *list(cells.values())[6:]]


def _written(item: ReleasedItem) -> list[str]:
    return [item.text.value, item.text.language] if item.text else [""] * len(WRITTEN)


def _original(category: Category | None) -> list[str]:
    """The concepts as they were given, several of one class with a bar between them."""
    said = category.said if category else ()
    return [" | ".join(one.name() for one in said), " | ".join(one.uri for one in said)]


def _place(canvas: ReleasedCanvas, annotation: str) -> list[str | float]:
    ark, view = _ARK.search(canvas.uri), _VIEW.search(canvas.uri)
    return [
        annotation,
        canvas.manifest,
        ark[0] if ark else "",
        view[1] if view else "",
        canvas.uri,
        canvas.name(),
    ]


def _shape(item: ReleasedItem) -> list[str | float]:
    """The box and the points: the corners of an outline as SVG writes them, or a point, which has no extent."""
    points = " ".join(f"{number(x)},{number(y)}" for x, y in item.points)
    if len(item.points) == 1:
        return [*map(number, item.points[0]), 0, 0, points]
    return [*(number(value) for value in item.box.xywh), points] if item.box else [""] * 5


def _row(canvas: ReleasedCanvas, item: ReleasedItem, category: Category | None) -> list[str | float]:
    concept = category.concept if category else None
    words = (
        [concept.name(), concept.notation, concept.uri]
        if concept
        else [category.name if category else "", "", ""]
    )
    return [
        *_place(canvas, item.annotation),
        *_shape(item),
        *words,
        item.support,
        item.seen,
        item.status,
        item.decided_by,
        canvas.crop_url(item.box),
    ]
