"""How much was done on each day: what was given out, what came in, and from how many people."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.table import Column, Kind, Table

# `{unit}` is day or hour; `{shown}` makes the moment of the reader's clock what the column holds.
BY_TIME = """
WITH given AS (
    SELECT date_trunc('{unit}', a.created_at AT TIME ZONE %(zone)s) AS at, count(*) AS claims
      FROM campaigns_participant p
      JOIN campaigns_assignment a ON a.participant_id = p.id
     WHERE p.campaign_id = %(campaign)s
     GROUP BY 1
), handed AS (
    SELECT date_trunc('{unit}', c.submitted_at AT TIME ZONE %(zone)s) AS at, count(*) AS contributions,
           count(*) FILTER (WHERE c.counts) AS counted, count(DISTINCT c.participant_id) AS people
      FROM campaigns_participant p
      JOIN campaigns_contribution c ON c.participant_id = p.id
     WHERE p.campaign_id = %(campaign)s
     GROUP BY 1
)
SELECT {shown} AS {unit}, coalesce(given.claims, 0) AS claims, coalesce(handed.contributions, 0) AS contributions,
       coalesce(handed.counted, 0) AS counted, coalesce(handed.people, 0) AS people
  FROM given FULL JOIN handed USING (at)
"""
DONE = (
    Column("claims", Kind.COUNT, _("Given out")),
    Column("contributions", Kind.COUNT, _("Handed in")),
    Column("counted", Kind.COUNT, _("Counted")),
    Column("people", Kind.COUNT, _("People")),
)

TABLE = Table(
    name="throughput",
    title=_("Work by day"),
    says=_(
        "Tasks given out, contributions and people on each day on which anything happened, the newest first."
    ),
    columns=(Column("day", Kind.DAY, _("Day")), *DONE),
    sql=BY_TIME.format(unit="day", shown="at::date"),
    order="day DESC",
)
