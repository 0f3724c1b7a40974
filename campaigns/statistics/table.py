"""What a table of statistics is: its columns, and the one statement that fills it from the rows of a campaign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from django.utils.functional import Promise

from campaigns.models import Campaign

Row: TypeAlias = Sequence[Any]
Text: TypeAlias = str | Promise


class Kind(StrEnum):
    """What the cells of a column are, for whoever shows or reads them; each may be empty."""

    ID = "id"
    TEXT = "text"
    TEXTS = "texts"
    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is for programs and never changes; `label` is for people."""

    name: str
    kind: Kind
    label: Text


# Given the campaign, rows of the statement and a language: the same rows with the cells that SQL cannot fill.
Completion: TypeAlias = Callable[[Campaign, Sequence[Row], str], list[Row]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a campaign.

    `sql` selects its columns in their order, all of them or, with `complete`, the first ones; its parameters are
    those of `reading.parameters`. `order` names columns and leaves no two rows in an order of chance.
    """

    name: str
    title: Text
    says: Text
    columns: tuple[Column, ...]
    sql: str
    order: str
    complete: Completion | None = None
