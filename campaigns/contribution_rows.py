"""Everything that people handed in, a row for each thing said: for whoever computes figures of their own.

A contribution without anything has one row. Pseudonyms are those of the campaign; whoever has left has none but that.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from campaigns.formats.csv_table import safe
from campaigns.formats.writing import encoded, number
from campaigns.models import Campaign
from campaigns.statistics.labels import CONCEPT

CHUNK = 2000
COLUMNS = (
    "contribution", "submitted_at", "amended_at", "revision", "counted", "participant", "participant_name",
    "task", "canvas", "step", "nothing_here", "annotation", "x", "y", "width", "height", "concept", "notation",
    "label", "text", "language", "certainty", "origin", "prediction_iou", "suggestions_shown", "time_spent_s",
    "campaign_version", "vocabulary_version", "locale", "device", "comment",
)  # fmt: skip

# A text is a body of its annotation (W3C Web Annotation, 3.2.4), which may stand alone or in a list.
_SQL = f"""
SELECT c.id, c.submitted_at, c.amended_at, c.revision, c.counts, p.id, p.pseudonym,
       t.id, v.uri, coalesce(s.step, ''), c.nothing_here, a.id, a.x, a.y, a.w, a.h, n.uri, n.notation,
       CASE WHEN n.id IS NULL THEN NULL ELSE {CONCEPT} END, said.value, said.language,
       s.certainty, s.origin, s.prediction_iou, c.predictions_shown_id IS NOT NULL, c.time_spent_s,
       c.campaign_version, c.vocabulary_version, c.locale, c.device, c.comment
  FROM campaigns_task t
  JOIN campaigns_contribution c ON c.task_id = t.id
  JOIN campaigns_participant p ON p.id = c.participant_id
  JOIN annotation_canvas v ON v.id = t.canvas_id
  LEFT JOIN (campaigns_contributionshape s
             JOIN annotation_annotation a ON a.id = s.annotation_id AND a.deleted_at IS NULL)
    ON s.contribution_id = c.id
  LEFT JOIN annotation_annotationconcept l ON l.annotation_id = a.id
  LEFT JOIN taxonomy_concept n ON n.id = l.concept_id
  LEFT JOIN LATERAL (
       SELECT body->>'value' AS value, body->>'language' AS language
         FROM jsonb_array_elements(CASE jsonb_typeof(a.document->'body') WHEN 'array' THEN a.document->'body'
                                   ELSE jsonb_build_array(a.document->'body') END) body
        WHERE body->>'type' = 'TextualBody' LIMIT 1) said ON l.id IS NULL AND a.id IS NOT NULL
 WHERE t.campaign_id = %(campaign)s
 ORDER BY c.submitted_at, c.id, a.id, n.uri
"""  # noqa: S608 - made of constants; what comes from outside is a parameter


def rows_of(campaign: Campaign, language: str) -> Iterator[Sequence[Any]]:
    """The rows by `COLUMNS`, oldest first, as the server sends them; the statement has run when this returns."""
    cursor: Any = connection.chunked_cursor()
    cursor.execute(_SQL, {"campaign": campaign.pk, "language": language})
    return _in_chunks(cursor)


def _in_chunks(cursor: Any) -> Iterator[Sequence[Any]]:
    with cursor:
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def as_csv(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark; nothing that a spreadsheet would run."""
    return encoded(_csv_lines(rows))


def _csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    line.write("\ufeff")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()  # the head, where there is no row


def _cell(value: Any) -> Any:
    match value:
        case str():
            return safe(value)
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case float():
            return number(value)
    return value


def as_json_lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """An object a line with the columns as keys; what was not said is null."""
    waiting = bytearray()
    for row in rows:
        said = {name: _plain(value) for name, value in zip(COLUMNS, row, strict=True)}
        waiting += orjson.dumps(said) + b"\n"
        if len(waiting) >= 1 << 16:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return None if value == "" else value
