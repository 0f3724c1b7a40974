"""How long people stay: how many hand in one, two, five, ten… contributions, and how many stop before the next step."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.table import Column, Kind, Table

# The first step, 0, is everybody who was given a task; who stopped there handed nothing in.
_SQL = """
WITH handed AS (
    SELECT p.id, (SELECT count(*) FROM campaigns_contribution c WHERE c.participant_id = p.id) AS number
      FROM campaigns_participant p
     WHERE p.campaign_id = %(campaign)s AND p.merged_into_id IS NULL
       AND EXISTS (SELECT FROM campaigns_assignment a WHERE a.participant_id = p.id)
), steps AS (
    SELECT step, lead(step) OVER (ORDER BY step) AS next
      FROM unnest(ARRAY[0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000]) AS step
)
SELECT step AS at_least, count(handed.id) AS people,
       count(handed.id)::float / (SELECT count(*) FROM handed) AS share,
       count(handed.id) FILTER (WHERE handed.number < steps.next) AS stopped
  FROM steps
  JOIN handed ON handed.number >= steps.step
 GROUP BY step
"""

TABLE = Table(
    name="drop-out",
    title=_("How long people stay"),
    says=_(
        "How many people handed in at least so many contributions, their share of all who were given a task, and how "
        "many have not come to the next step."
    ),
    columns=(
        Column("at_least", Kind.COUNT, _("At least")),
        Column("people", Kind.COUNT, _("People")),
        Column("share", Kind.SHARE, _("Share")),
        Column("stopped", Kind.COUNT, _("Stopped here")),
    ),
    sql=_SQL,
    order="at_least",
)
