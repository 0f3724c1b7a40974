"""Which tasks take people long: often those that ask too much, or show a picture that loads badly."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.labels import named
from campaigns.statistics.table import Column, Kind, Table

BY_TASK = """
WITH handed AS (
    SELECT c.task_id, count(*) AS answers,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY c.time_spent_s) FILTER (WHERE c.time_spent_s > 0) AS median_s
      FROM campaigns_participant p
      JOIN campaigns_contribution c ON c.participant_id = p.id
     WHERE p.campaign_id = %(campaign)s
     GROUP BY 1
), refused AS (
    SELECT a.task_id, count(*) FILTER (WHERE a.state = 'skipped') AS skipped,
           count(*) FILTER (WHERE a.state = 'live' AND a.expires_at <= clock_timestamp()) AS abandoned
      FROM campaigns_participant p
      JOIN campaigns_assignment a ON a.participant_id = p.id AND a.state IN ('skipped', 'live')
     WHERE p.campaign_id = %(campaign)s
     GROUP BY 1
)
SELECT t.id AS task, {canvas} AS canvas, {manifest} AS source, t.state AS state, coalesce(answers, 0) AS answers,
       median_s, coalesce(skipped, 0) AS skipped, coalesce(abandoned, 0) AS abandoned
  FROM handed FULL JOIN refused USING (task_id)
  JOIN campaigns_task t ON t.id = task_id
  JOIN annotation_canvas v ON v.id = t.canvas_id
  JOIN annotation_manifest m ON m.id = v.manifest_id
 WHERE {only}
"""
NAMES = {"canvas": named("v.label", "v.uri"), "manifest": named("m.label", "m.uri")}
COLUMNS = (
    Column("task", Kind.ID, _("Task")),
    Column("canvas", Kind.TEXT, _("Image")),
    Column("source", Kind.TEXT, _("Source")),
    Column("state", Kind.TEXT, _("State")),
    Column("answers", Kind.COUNT, _("Answers")),
    Column("median_s", Kind.SECONDS, _("Usual time")),
    Column("skipped", Kind.COUNT, _("Skipped")),
    Column("abandoned", Kind.COUNT, _("Left behind")),
)

TABLE = Table(
    name="slow-tasks",
    title=_("Slow tasks"),
    says=_("The tasks on which people took longest, by the median of their times."),
    columns=COLUMNS,
    sql=BY_TASK.format(**NAMES, only="median_s IS NOT NULL"),
    order="median_s DESC, source, canvas, task",
)
