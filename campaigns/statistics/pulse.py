"""The pulse of a campaign: a few figures of this moment, cheap enough to be asked for every few seconds."""

from dataclasses import astuple, dataclass
from datetime import datetime
from hashlib import sha256

from django.db import connection

from campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Pulse:
    """Leases in hand and how many people have them, contributions of the last hour, tasks by state, the newest row."""

    live: int
    people: int
    last_hour: int
    open: int
    retired: int
    decided: int
    aside: int
    merged: int
    newest_lease_at: datetime | None
    newest_at: datetime | None

    @property
    def tasks(self) -> int:
        return self.open + self.retired + self.decided + self.aside

    @property
    def done(self) -> float | None:
        """The share of tasks that need nobody any more."""
        return (self.tasks - self.open) / self.tasks if self.tasks else None

    @property
    def version(self) -> str:
        """The same as long as nothing that is shown has changed."""
        return sha256(repr(astuple(self)).encode()).hexdigest()[:16]


# Each person's newest contributions are at the beginning of an index, and so are the live leases: what was done long
# ago is not looked at.
_PULSE = """
WITH mine AS (SELECT id FROM campaigns_participant WHERE campaign_id = %(campaign)s),
leases AS (
    SELECT a.participant_id, a.created_at, a.expires_at > clock_timestamp() AS is_live
      FROM mine JOIN campaigns_assignment a ON a.participant_id = mine.id AND a.state = 'live'
), recent AS (
    SELECT sum((SELECT count(*) FROM campaigns_contribution c
                 WHERE c.participant_id = mine.id AND c.submitted_at > now() - interval '1 hour')) AS last_hour,
           max((SELECT c.submitted_at FROM campaigns_contribution c WHERE c.participant_id = mine.id
                 ORDER BY c.submitted_at DESC LIMIT 1)) AS newest_at
      FROM mine
), states AS (
    SELECT count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'retired') AS retired,
           count(*) FILTER (WHERE state = 'decided') AS decided, count(*) FILTER (WHERE state = 'aside') AS aside
      FROM campaigns_task WHERE campaign_id = %(campaign)s
)
SELECT (SELECT count(*) FROM leases WHERE is_live), (SELECT count(DISTINCT participant_id) FROM leases WHERE is_live),
       coalesce(recent.last_hour, 0)::bigint, states.open, states.retired, states.decided, states.aside,
       (SELECT count(*) FROM campaigns_taskconsensus WHERE campaign_id = %(campaign)s),
       (SELECT max(created_at) FROM leases), recent.newest_at
  FROM recent, states
"""


def pulse_of(campaign: Campaign) -> Pulse:
    """How things stand at this moment; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_PULSE, {"campaign": campaign.pk})
        return Pulse(*cursor.fetchone())
