"""What the page says on which a curator looks on: the pulse, and each table of statistics with its drawing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from campaigns.models import Campaign, ContributionShape, Task
from campaigns.statistics import TABLES, Column, Kind, Table
from campaigns.statistics.sparing import read_sparingly
from frontend import charts
from frontend.cells import map_of
from frontend.templatetags.rubricator import share

MOST_ROWS, MOST_DRAWN = 50, 12
MOST_CELLS = 600  # of the map, as campaigns.statistics.places has it
MOST_UNFOLDED = 10  # of a table that stands there without a drawing
MOST_DAYS, HOURS = 30, 24

Named = Mapping[str, Any]  # a row by the names of its columns
Drawing = dict[str, Any]
EMPTY: Drawing = {"is_empty": True}  # rows, but nothing in them to draw


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One table as it is shown: its drawing, its first rows as cells, and a digest of all that."""

    table: Table
    drawing: Drawing
    heads: list[Cell]
    rows: list[list[Cell]]
    total: int

    @property
    def left(self) -> int:
        """How many rows only the file has."""
        return max(self.total - len(self.rows), 0)


# In the order of the page: what happens now, how far it is, how good it is, who does it, what stands in the way.
ORDER = (
    "map", "leases", "hours", "throughput", "coverage", "agreement", "disagreement", "concepts", "origins", "people",
    "drop-out", "slow-tasks", "passed-over", "certainty",
)  # fmt: skip


def blocks_of(campaign: Campaign, language: str) -> list[Block]:
    """All blocks of the page; a statement for each table, and those of the people's figures."""
    return [block_of(campaign, TABLES[name], language) for name in ORDER]


def ids_of_blocks() -> str:
    """The blocks as htmx finds them in an answer."""
    return ",".join(f"#watch-{name}" for name in ORDER)


def block_of(campaign: Campaign, table: Table, language: str) -> Block:
    """A table with its drawing, as old as it may be."""
    draw = DRAWINGS.get(table.name)
    most = MOST_CELLS if table.name == "map" else MOST_ROWS
    part = read_sparingly(table, campaign, language, limit=most if draw else MOST_UNFOLDED)
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in part.rows]
    shown = [column for column in table.columns if column.kind != Kind.ID]
    return Block(
        table=table,
        drawing=draw(rows) if draw and rows else {},
        heads=[Cell(str(column.label), "", _is_number(column)) for column in shown],
        rows=[[_cell(column, row[column.name]) for column in shown] for row in rows[:MOST_ROWS]],
        total=part.total or 0,
    )


def rendered(campaign: Campaign, blocks: Sequence[Block]) -> dict[str, str]:
    """Digest → HTML of each block, in their order."""
    htmls = [
        render_to_string("campaigns/_watch_block.html", {"campaign": campaign, "block": block})
        for block in blocks
    ]
    return {sha256(html.encode()).hexdigest()[:8]: html for html in htmls}


# --- cells ----------------------------------------------------------------------------------------


def _is_number(column: Column) -> bool:
    return column.kind in {Kind.COUNT, Kind.SHARE, Kind.SECONDS}


def _cell(column: Column, value: Any) -> Cell:
    return Cell(_said(column, value), str(column.label), _is_number(column))


def _said(column: Column, value: Any) -> str:
    if value is None:
        return "–"
    match column.kind:
        case Kind.COUNT:
            return number_format(value, 0, force_grouping=True)
        case Kind.SHARE:
            return share(value)
        case Kind.SECONDS:
            return _("%(seconds)s s") % {"seconds": number_format(round(value, 1), 1 if value < 10 else 0)}
        case Kind.DAY:
            return str(format_date(value, _("j M Y")))
        case Kind.TIME:
            return _moment(value)
        case Kind.TEXTS:
            return " ".join(value) or "–"
    if column.name == "state":
        return str(Task.State(value).label)
    if column.name == "origin":
        return str(ContributionShape.Origin(value).label)
    if column.name == "certainty":
        return str(ContributionShape.Certainty(value).label)
    return str(value)


def _moment(at: datetime) -> str:
    """The hour alone where it is one of today."""
    here = timezone.localtime(at)
    hour = str(format_date(here, "H:i"))
    return hour if here.date() == timezone.localdate() else f"{format_date(here, _('j M'))} {hour}"


# --- drawings -------------------------------------------------------------------------------------


def _days(rows: Sequence[Named]) -> Drawing:
    if not any(row["contributions"] for row in rows):
        return EMPTY
    days = charts.every_day([(row["day"], row["contributions"]) for row in rows], most=MOST_DAYS)
    return {"columns": charts.columns([(str(format_date(day, _("j M"))), count) for day, count in days])}


def _hours(rows: Sequence[Named]) -> Drawing:
    """The last whole day, hour by hour, also those in which nothing came in."""
    counts = {row["hour"]: row["contributions"] for row in rows}
    last = timezone.now().replace(minute=0, second=0, microsecond=0)
    hours = [last - timedelta(hours=ago) for ago in range(HOURS - 1, -1, -1)]
    if not any(counts.get(hour) for hour in hours):
        return EMPTY
    named = [(str(format_date(timezone.localtime(hour), "H:i")), counts.get(hour, 0)) for hour in hours]
    return {"columns": charts.columns(named, names=8)}


def _coverage(rows: Sequence[Named]) -> Drawing:
    # What was answered and waits for more people is neither retired nor decided.
    return {
        "measures": charts.measures(
            [
                (
                    row["label"],
                    row["tasks"],
                    [
                        ("decided", row["decided"]),
                        ("retired", row["retired"]),
                        ("answered", max(row["answered"] - row["retired"] - row["decided"], 0)),
                    ],
                )
                for row in rows[:MOST_DRAWN]
            ]
        ),
        "legend": [
            ("a", "1", _("decided")),
            ("d", "2", _("seen by enough people, not decided")),
            ("f", "3", _("begun")),
        ],
    }


def _map(rows: Sequence[Named]) -> Drawing:
    return {"map": map_of(rows, _moment)}


def _leases(rows: Sequence[Named]) -> Drawing:
    lanes = charts.lanes([(row["label"], row["live"], row["abandoned"]) for row in rows[:MOST_DRAWN]])
    return {
        "lanes": lanes,
        "legend": [("a", "1", _("in hand (thick)")), ("d", "2", _("left behind (thin)"))],
    }


def _agreement(rows: Sequence[Named]) -> Drawing:
    days = list(reversed(rows[:MOST_DAYS]))
    drawn = charts.course(
        [
            (
                str(format_date(row["day"], _("j M"))),
                row["tasks"],
                row["agreement"],
                row["lower"],
                row["upper"],
                row["so_far"],
            )
            for row in days
        ]
    )
    return {"course": drawn}


def _concepts(rows: Sequence[Named]) -> Drawing:
    lanes = charts.lanes([(row["label"], row["given"], row["ground_truth"]) for row in rows[:MOST_DRAWN]])
    return {
        "lanes": lanes,
        "legend": [
            ("a", "1", _("in people’s answers (thick)")),
            ("d", "2", _("in the ground truth (thin)")),
        ],
    }


def _people(rows: Sequence[Named]) -> Drawing:
    lanes = charts.lanes([(row["name"], row["contributions"], row["skipped"]) for row in rows[:MOST_DRAWN]])
    return {"lanes": lanes, "legend": [("a", "1", _("handed in (thick)")), ("d", "2", _("skipped (thin)"))]}


def _drop_out(rows: Sequence[Named]) -> Drawing:
    return {
        "columns": charts.columns(
            [(number_format(row["at_least"], 0, force_grouping=True), row["people"]) for row in rows],
            names=len(rows),
        )
    }


def _disagreement(rows: Sequence[Named]) -> Drawing:
    return {"columns": charts.columns([(number_format(row["least"], 1), row["images"]) for row in rows])}


DRAWINGS: dict[str, Callable[[Sequence[Named]], Drawing]] = {
    "map": _map,
    "leases": _leases,
    "hours": _hours,
    "throughput": _days,
    "coverage": _coverage,
    "agreement": _agreement,
    "disagreement": _disagreement,
    "concepts": _concepts,
    "people": _people,
    "drop-out": _drop_out,
}
