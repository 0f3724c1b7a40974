"""The statement that keeps an answer: with it end its lease and draft and, where enough have answered, its task."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from campaigns.actions.telling import TELL_RETIRED
from campaigns.rules import Stop

# All or nothing. The draft goes after the lease is locked: whoever keeps one locks in this order too, else each would
# wait for the other.
_KEEP = """
WITH kept AS (
    INSERT INTO campaigns_contribution
           (id, assignment_id, task_id, participant_id, answer, digest, nothing_here, counts, comment,
            campaign_version, vocabulary_version, predictions_shown_id, time_spent_s, locale, device,
            submitted_at)
    VALUES (%(id)s, %(assignment)s, %(task)s, %(participant)s, %(answer)s::jsonb, %(digest)s,
            %(nothing_here)s, %(counts)s, %(comment)s, %(campaign_version)s, %(vocabulary_version)s,
            %(predictions_shown)s, %(time_spent_s)s, %(locale)s, %(device)s, clock_timestamp())
        ON CONFLICT DO NOTHING
    RETURNING submitted_at
), handed_in AS (
    UPDATE campaigns_assignment SET state = 'submitted'
     WHERE id = %(assignment)s AND EXISTS (SELECT FROM kept)
    RETURNING id
), finished AS (
    DELETE FROM campaigns_draft WHERE assignment_id = %(assignment)s AND EXISTS (SELECT FROM handed_in)
){retired}
SELECT submitted_at,
       1 + (SELECT count(*) FROM campaigns_contribution WHERE participant_id = %(participant)s) FROM kept
"""
_RETIRED = """, enough AS (
    UPDATE campaigns_task SET state = 'retired', retired_at = clock_timestamp()
     WHERE id = %(task)s AND EXISTS (SELECT FROM kept)
), because AS (
    INSERT INTO campaigns_retirement
           (id, task_id, rule, parameters, campaign_version, contributions, figures, at)
    SELECT gen_random_uuid(), %(task)s, %(rule)s, %(parameters)s::jsonb, %(campaign_version)s,
           %(decided_by)s::jsonb, %(figures)s::jsonb, clock_timestamp()
     WHERE EXISTS (SELECT FROM kept)
), told AS ({told})""".replace("{told}", TELL_RETIRED)
# Two texts: most answers are not the last, and the plan of what is not done would be made ready all the same.
KEEP, KEEP_AND_RETIRE = _KEEP.replace("{retired}", ""), _KEEP.replace("{retired}", _RETIRED)


def keep_answer(values: Mapping[str, Any], stop: Stop | None) -> tuple[datetime, int] | None:
    """When it was kept and how much the person has handed in with it; None where its id is taken.

    Call it while the task's row is locked; `stop` tells why this answer is the last that the task needs.
    """
    with connection.cursor() as cursor:
        if stop is None:
            cursor.execute(KEEP, values)
        else:
            cursor.execute(KEEP_AND_RETIRE, {**values, **_because(stop)})
        row: tuple[datetime, int] | None = cursor.fetchone()
    return row


def _because(stop: Stop) -> dict[str, Any]:
    return {
        "rule": stop.rule,
        "parameters": orjson.dumps(stop.parameters).decode(),
        "decided_by": orjson.dumps(stop.finding.answers).decode(),
        "figures": orjson.dumps(stop.finding.figures).decode(),
    }
