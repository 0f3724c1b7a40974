"""The picture of the map: a cell for each row, filled and marked by how things stand there, source under source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from frontend.charts import WIDE

PITCH, SIDE, HEADING = 24.0, 20.0, 26.0
IN_A_ROW = int((WIDE + PITCH - SIDE) // PITCH)
MOST_HEADINGS = 12  # with more sources the cells follow each other without a break
LONGEST_HEADING = 70

Row = Mapping[str, Any]
# From the bottom of a cell upwards; the key is the pigment. What waits is the cell left empty.
FILLED = (("decided", "b"), ("retired", "d"), ("aside", "c"), ("held", "a"), ("begun", "f"))
# A run has no room for the sign of each of its parts: the less is done, the narrower is what fills it.
NARROWED = {"retired": 14.0, "begun": 6.0}


@dataclass(frozen=True, slots=True)
class Fill:
    key: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of `SIDE`; `marks` are signs drawn on it, on a ground of their own where `is_run`."""

    x: float
    y: float
    fills: tuple[Fill, ...]
    marks: tuple[str, ...]
    is_run: bool
    title: str


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Key:
    """A cell by which the picture is read, with its words."""

    cell: Cell
    words: str

    @property
    def as_list(self) -> tuple[Cell]:
        return (self.cell,)


@dataclass(frozen=True, slots=True)
class Map:
    cells: tuple[Cell, ...]
    headings: tuple[Heading, ...]
    keys: tuple[Key, ...]
    height: float


def map_of(rows: Sequence[Row], moment: Any) -> Map:
    """The rows of the table `map`; `moment` says a time in words."""
    is_run = any(row["tasks"] > 1 for row in rows)
    groups = _groups(rows, is_run=is_run)
    cells, headings, y = [], [], 0.0
    for source, part in groups:
        if source is not None:
            headings.append(Heading(_shortened(source), y + 16))
            y += HEADING
        for index, row in enumerate(part):
            line, place = divmod(index, IN_A_ROW)
            cells.append(_cell(row, place * PITCH, y + line * PITCH, moment, is_run=is_run))
        y += -(-len(part) // IN_A_ROW) * PITCH + (8 if source is not None else 0)
    return Map(tuple(cells), tuple(headings), _keys(is_run=is_run), y)


def _groups(rows: Sequence[Row], *, is_run: bool) -> list[tuple[str | None, list[Row]]]:
    """The rows source by source, in the order in which the queue comes to each; together where that is unreadable."""
    first: dict[Any, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row["manifest"], place)
    if is_run or len(first) > MOST_HEADINGS:
        return [(None, list(rows))]
    ordered = sorted(rows, key=lambda row: first[row["manifest"]])
    parts = [list(part) for _manifest, part in groupby(ordered, key=lambda row: row["manifest"])]
    return [(part[0]["source"], part) for part in parts]


def _cell(row: Row, x: float, y: float, moment: Any, *, is_run: bool) -> Cell:
    fills, top = [], SIDE
    for name, key in FILLED:
        if row[name]:
            height = SIDE * row[name] / row["tasks"]
            if not is_run and name == "begun":
                height = SIDE / 2
            top -= height
            width = NARROWED.get(name, SIDE) if is_run else SIDE
            fills.append(Fill(key, (SIDE - width) / 2, round(top, 2), width, round(height, 2)))
    signs = ("held", "aside") if is_run else ("held", "aside", "retired", "decided")
    marks = tuple(name for name in signs if row[name])[:1]
    return Cell(x, y, tuple(fills), marks, is_run, _title(row, moment))


def _title(row: Row, moment: Any) -> str:
    if row["tasks"] > 1:
        where = ngettext("%(page)s and %(more)s more", "%(page)s and %(more)s more", row["tasks"] - 1) % {
            "page": row["page"], "more": number_format(row["tasks"] - 1, 0, force_grouping=True),
        }  # fmt: skip
    else:
        where = row["page"]
    states = [
        f"{number_format(row[name], 0, force_grouping=True)} {words}" if row["tasks"] > 1 else words
        for name, words in _words()
        if row[name]
    ]
    said = f"{row['source']}, {where}: {', '.join(states)}"
    if row["held"]:
        times = {"since": moment(row["since"]), "until": moment(row["until"])}
        said += " " + _("(since %(since)s, until %(until)s)") % times
    return said


def _words() -> tuple[tuple[str, str], ...]:
    return (
        ("waiting", _("waiting")),
        ("begun", _("begun")),
        ("held", _("in hand")),
        ("retired", _("seen by enough people")),
        ("aside", _("set aside")),
        ("decided", _("decided")),
    )


def _keys(*, is_run: bool) -> tuple[Key, ...]:
    found = []
    for state, words in _words():
        row: dict[str, Any] = {
            **dict.fromkeys(("waiting", "begun", "held", "retired", "aside", "decided"), 0),
            state: 1,
        }
        row |= {"tasks": 1, "source": "", "page": "", "since": None, "until": None}
        cell = _cell(row, 0, 0, lambda _at: "", is_run=is_run)
        found.append(Key(Cell(0, 0, cell.fills, cell.marks, is_run, ""), words))
    return tuple(found)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_HEADING else text[: LONGEST_HEADING - 1] + "…"
