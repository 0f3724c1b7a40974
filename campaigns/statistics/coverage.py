"""How far each source is: which of its tasks were answered, seen by enough people, and decided."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.labels import named
from campaigns.statistics.table import Column, Kind, Table

_SQL = """
WITH said AS (
    SELECT c.task_id, count(*) AS answers
      FROM campaigns_participant p
      JOIN campaigns_contribution c ON c.participant_id = p.id AND c.counts
     WHERE p.campaign_id = %(campaign)s
     GROUP BY c.task_id
)
SELECT m.id AS manifest, {label} AS label, count(*) AS tasks, count(said.task_id) AS answered,
       count(*) FILTER (WHERE t.state = 'retired') AS retired,
       count(*) FILTER (WHERE t.state = 'decided') AS decided,
       count(*) FILTER (WHERE t.state = 'aside') AS aside,
       coalesce(sum(said.answers), 0)::bigint AS answers,
       count(*) FILTER (WHERE t.state <> 'open')::float / count(*) AS done
  FROM campaigns_task t
  JOIN annotation_canvas v ON v.id = t.canvas_id
  JOIN annotation_manifest m ON m.id = v.manifest_id
  LEFT JOIN said ON said.task_id = t.id
 WHERE t.campaign_id = %(campaign)s
 GROUP BY m.id
"""

TABLE = Table(
    name="coverage",
    title=_("Coverage by source"),
    says=_(
        "Of each source the tasks that anybody has answered, that enough people have seen, that are decided, and that "
        "were set aside."
    ),
    columns=(
        Column("manifest", Kind.ID, _("Source")),
        Column("label", Kind.TEXT, _("Source")),
        Column("tasks", Kind.COUNT, _("Tasks")),
        Column("answered", Kind.COUNT, _("Answered")),
        Column("retired", Kind.COUNT, _("Seen by enough people")),
        Column("decided", Kind.COUNT, _("Decided")),
        Column("aside", Kind.COUNT, _("Set aside")),
        Column("answers", Kind.COUNT, _("Answers")),
        Column("done", Kind.SHARE, _("Done")),
    ),
    sql=_SQL.format(label=named("m.label", "m.uri")),
    order="label, manifest",
)
