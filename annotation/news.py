"""What has happened in a layer on a canvas since somebody looked: one statement, however many changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from annotation.cursors import Cursor, require_usable
from problems import Gone

# Who has missed more than this reads the whole as quickly.
MOST_NEWS = 2_000
MOST_WHOLE = 10_000

# The database is known by its cluster, the timeline (which ends when a backup is restored) and its own number.
_NOW = """
SELECT substr(md5(concat_ws('/', (pg_control_system()).system_identifier, (pg_control_checkpoint()).timeline_id,
                            (SELECT oid FROM pg_database WHERE datname = current_database()))), 1, 12) AS place,
       extract(epoch FROM now())::bigint AS at,
       pg_current_snapshot()::text AS snapshot
"""
_COLUMNS = """
a.id, a.revision, a.deleted_at IS NULL AND a.canvas_id = %(canvas)s AS stands, a.document::text, a.x, a.y, a.w, a.h,
a.created_by_id, coalesce(nullif(u.pseudonym, ''), u.username) AS by
"""
# Who wrote the present state: its maker, or whoever is named beside the state before it.
_BY = """
LEFT JOIN annotation_annotationrevision r ON r.annotation_id = a.id AND r.revision = a.revision - 1
LEFT JOIN accounts_user u ON u.id = CASE WHEN a.revision = 1 THEN a.created_by_id ELSE r.by_id END
"""
_WHOLE = f"""
WITH now AS ({_NOW})
SELECT now.*, found.* FROM now LEFT JOIN LATERAL (
    SELECT {_COLUMNS} FROM annotation_annotation a {_BY}
     WHERE a.layer_id = %(layer)s AND a.canvas_id = %(canvas)s AND a.deleted_at IS NULL
     ORDER BY a.created_at, a.id LIMIT %(most)s) found ON true
"""  # noqa: S608 - our own words only
# A change is news where its transaction is not in the reader's snapshot and is in ours. The second condition is
# for a database that was restored elsewhere: its rows name transactions that have not been yet.
_UNSEEN = """
{row}.changed_in >= %(oldest)s
AND NOT pg_visible_in_snapshot({row}.changed_in::text::xid8, %(since)s::pg_snapshot)
AND pg_visible_in_snapshot({row}.changed_in::text::xid8, pg_current_snapshot())
"""
_NEWS = f"""
WITH now AS ({_NOW})
SELECT now.*, found.* FROM now LEFT JOIN LATERAL (
    SELECT {_COLUMNS} FROM annotation_annotation a {_BY}
     WHERE a.id IN (SELECT c.id FROM annotation_annotation c
                     WHERE c.layer_id = %(layer)s AND c.canvas_id = %(canvas)s AND {_UNSEEN.format(row="c")}
                    UNION
                    SELECT d.annotation_id FROM annotation_annotationdeparture d
                     WHERE d.canvas_id = %(canvas)s AND {_UNSEEN.format(row="d")})
       AND a.layer_id = %(layer)s
     ORDER BY a.changed_in, a.id LIMIT %(most)s) found ON true
"""  # noqa: S608 - our own words only


@dataclass(frozen=True, slots=True)
class Change:
    """The state of an annotation now; where it does not stand on the canvas any more, only that."""

    id: UUID
    revision: int
    stands: bool
    document: dict[str, Any]
    box: tuple[float, float, float, float] | None
    point: tuple[float, float] | None
    created_by_id: int | None
    by: str | None


@dataclass(frozen=True, slots=True)
class News:
    """What happened, oldest change first, and where to go on from. `is_whole`: all that stands, from no cursor."""

    cursor: Cursor
    changes: Sequence[Change]
    is_whole: bool


def news_of(layer_id: UUID, canvas_id: UUID, since: Cursor | None) -> News:
    """All that stands in the layer on the canvas, or what has changed since a cursor; one statement, one snapshot.

    Raises `Gone`, saying why, where the cursor does not tell what its holder knows, or so much has happened that the
    whole is no longer.
    """
    most = MOST_WHOLE if since is None else MOST_NEWS
    values: dict[str, Any] = {"layer": layer_id, "canvas": canvas_id, "most": most + 1}
    if since is not None:
        values |= {"oldest": since.oldest, "since": since.snapshot}
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE if since is None else _NEWS, values)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    now = Cursor(rows[0]["place"], rows[0]["at"], rows[0]["snapshot"])
    if since is not None:
        require_usable(since, now)
    changes = [_change(row) for row in rows if row["id"] is not None]
    if len(changes) > most:
        raise Gone(
            f"More than {most:,} annotations have changed since. Ask without a cursor for the whole."
            if since
            else f"More than {most:,} annotations of this layer stand on the canvas: too many for one answer.",
            code="too-many",
        )
    return News(now, changes, is_whole=since is None)


def _change(row: Mapping[str, Any]) -> Change:
    x, y, w, h = (row[name] for name in "xywh")
    place = x is not None and y is not None
    return Change(
        id=row["id"],
        revision=row["revision"],
        stands=row["stands"],
        document=orjson.loads(row["document"]) if row["stands"] else {},
        box=(x, y, w, h) if place and w and h else None,
        point=(x, y) if place and not (w and h) else None,
        created_by_id=row["created_by_id"],
        by=row["by"],
    )
