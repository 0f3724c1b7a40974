"""Whether people agree more or less as time goes by: the agreement of the tasks that were finished on each day."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.table import Column, Kind, Table

_SQL = """
WITH merged AS (
    SELECT (coalesce(t.retired_at, k.computed_at) AT TIME ZONE %(zone)s)::date AS day, k.agreement
      FROM campaigns_taskconsensus k
      JOIN campaigns_task t ON t.id = k.task_id
     WHERE k.campaign_id = %(campaign)s AND k.agreement IS NOT NULL
)
SELECT day, count(*) AS tasks, avg(agreement) AS agreement,
       percentile_cont(0.25) WITHIN GROUP (ORDER BY agreement) AS lower,
       percentile_cont(0.75) WITHIN GROUP (ORDER BY agreement) AS upper,
       (sum(sum(agreement)) OVER (ORDER BY day) / sum(count(*)) OVER (ORDER BY day))::float AS so_far
  FROM merged
 GROUP BY day
"""

TABLE = Table(
    name="agreement",
    title=_("Agreement over time"),
    says=_(
        "Mean pairwise agreement on the tasks that enough people had seen by each day, the middle half of them, "
        "and the mean of all up to then, the newest day first."
    ),
    columns=(
        Column("day", Kind.DAY, _("Day")),
        Column("tasks", Kind.COUNT, _("Tasks")),
        Column("agreement", Kind.SHARE, _("Agreement")),
        Column("lower", Kind.SHARE, _("Lower quartile")),
        Column("upper", Kind.SHARE, _("Upper quartile")),
        Column("so_far", Kind.SHARE, _("Up to then")),
    ),
    sql=_SQL,
    order="day DESC",
)
