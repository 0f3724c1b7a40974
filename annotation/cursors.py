"""Where somebody stands in the changes of a database: a snapshot, written as a word that needs no row of its own.

A number that counts up, or a time, loses what a slow transaction commits after a quick one: whoever has read up to the
quick one never looks back. A snapshot names the transactions that were still under way, so what they commit later is
news to its holder, once, and nobody waits for them.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from problems import Gone, Malformed

KEPT_FOR = timedelta(days=1)
# More are never under way at once: a database does not have so many places.
MOST_UNDER_WAY = 5_000
_WORD = re.compile(r"([0-9a-f]{12})\.(\d{1,11})\.(\d{1,18}):(\d{1,18}):((?:\d{1,18}(?:,\d{1,18})*)?)")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A snapshot of the database `where`, taken `at` so many seconds after the epoch.

    `snapshot` is PostgreSQL's text of it: the first transaction that was under way, the first that had not begun,
    and those under way, as `xmin:xmax:xip,…`.
    """

    where: str
    at: int
    snapshot: str

    def __str__(self) -> str:
        return f"{self.where}.{self.at}.{self.snapshot}"

    @property
    def oldest(self) -> int:
        """Every transaction before this one is in the snapshot."""
        return int(self.snapshot.split(":")[0])

    @property
    def end(self) -> int:
        """No transaction from this one on is in the snapshot."""
        return int(self.snapshot.split(":")[1])


def read_cursor(word: str) -> Cursor:
    """The inverse of `str`. Raises `Malformed` for what we have not written, whatever it is."""
    found = _WORD.fullmatch(word)
    if found is None:
        raise _malformed()
    where, at, oldest, end, listed = found.groups()
    under_way = [int(number) for number in listed.split(",")] if listed else []
    bounds = [int(oldest) - 1, *under_way, int(end)]
    rising = all(one < other for one, other in pairwise(bounds))
    if int(oldest) < 1 or not rising or len(under_way) > MOST_UNDER_WAY:
        raise _malformed()
    return Cursor(where, int(at), f"{int(oldest)}:{int(end)}:{','.join(map(str, under_way))}")


def require_usable(cursor: Cursor, now: Cursor) -> None:
    """Raise `Gone` where nothing follows from the cursor: it is of another database, or of long ago."""
    if cursor.where != now.where or cursor.end > now.end:
        raise Gone(
            "This cursor is of another database: it was restored or moved. Ask without one for the whole.",
            code="cursor-elsewhere",
        )
    if now.at - cursor.at > KEPT_FOR.total_seconds():
        raise Gone(
            "This cursor is more than a day old. Ask without one for the whole.", code="cursor-too-old"
        )


def _malformed() -> Malformed:
    return Malformed(
        "`since` must be the cursor of an earlier answer. Ask without one for the whole.",
        pointer="/since",
        code="bad-cursor",
    )
