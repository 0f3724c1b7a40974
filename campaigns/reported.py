"""Reports of tasks as rules count them: one a person, and only what nobody has answered yet."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from campaigns.rules import Reported

# A visitor who has signed in since is the same person. Whoever is gone was somebody else than all others.
_COUNTING = """
SELECT DISTINCT ON (r.task_id, coalesce(p.merged_into_id, p.id, r.id)) r.task_id, r.id, r.created_at,
       (SELECT count(*) FROM campaigns_contribution k
         WHERE k.task_id = r.task_id AND k.counts AND k.submitted_at <= r.created_at) AS after
  FROM campaigns_report r
  LEFT JOIN campaigns_participant p ON p.id = r.participant_id
 WHERE r.task_id = ANY(%(tasks)s::uuid[]) AND r.comment_id IS NULL AND r.resolved_at IS NULL
 ORDER BY r.task_id, coalesce(p.merged_into_id, p.id, r.id), r.created_at, r.id
"""


def counting_reports(tasks: Sequence[UUID]) -> dict[UUID, list[Reported]]:
    """The reports of each task that wait, one of each person, in the order in which they came; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTING, {"tasks": list(tasks)})
        rows: list[Any] = cursor.fetchall()
    found: dict[UUID, list[Reported]] = defaultdict(list)
    for task, pk, _at, after in sorted(rows, key=lambda row: (row[2], str(row[1]))):
        found[task].append(Reported(str(pk), after))
    return found
