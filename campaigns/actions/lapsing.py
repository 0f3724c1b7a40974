"""Whoever falls below what is asked on known answers while working has to pass them anew."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from campaigns.actions.seeding import HAIR
from campaigns.models import Campaign

# Two answers of one person that come in together are judged one after the other: the second sees both.
_HOLD = """
SELECT p.id FROM campaigns_participant p
 WHERE p.qualified_at IS NOT NULL
   AND p.id IN (SELECT c.participant_id FROM campaigns_contribution c WHERE c.id = ANY(%s::uuid[]))
 ORDER BY p.id
   FOR NO KEY UPDATE OF p
"""
_LAPSE = """
UPDATE campaigns_participant p SET qualified_at = NULL, lapsed_at = clock_timestamp()
 WHERE p.id = ANY(%(participants)s::uuid[]) AND p.qualified_at IS NOT NULL
   AND (SELECT count(*) = %(count)s AND avg(newest.score) < %(share)s
          FROM (SELECT s.score
                  FROM campaigns_contribution c
                  JOIN campaigns_goldscore s ON s.contribution_id = c.id
                  JOIN campaigns_gold g ON g.task_id = c.task_id AND g.withdrawn_at IS NULL
                 WHERE c.participant_id = p.id AND c.submitted_at > p.qualified_at
                 ORDER BY c.submitted_at DESC, c.id
                 LIMIT %(count)s) newest)
"""


def judge_again(campaign: Campaign, contributions: Sequence[UUID]) -> None:
    """Let whoever handed these in lapse, when the newest scores since they passed, as many as a try, are too low.

    Within the transaction that keeps the scores. What was handed in stays as it is; what somebody lapsed is given is
    settled in `campaigns.actions.seeding`. Two statements for any number; none
    where nobody requalifies.
    """
    if not (campaign.requalify and campaign.qualify_count):
        return
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [list(contributions)])
        held = [row[0] for row in cursor.fetchall()]
        if held:
            share = campaign.qualify_share - HAIR
            values: dict[str, Any] = {"participants": held, "count": campaign.qualify_count, "share": share}
            cursor.execute(_LAPSE, values)
