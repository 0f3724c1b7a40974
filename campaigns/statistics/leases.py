"""Where people are at work at this moment, and what they left lying: the map of leases, source by source."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.labels import named
from campaigns.statistics.table import Column, Kind, Table

# A lease ends soon when less than five minutes are left; one whose time is over frees its place by itself.
_SQL = """
SELECT m.id AS manifest, {label} AS label, count(*) FILTER (WHERE a.expires_at > clock_timestamp()) AS live,
       count(*) FILTER (WHERE a.expires_at > clock_timestamp()
                          AND a.expires_at <= clock_timestamp() + interval '5 minutes') AS ending,
       count(DISTINCT a.participant_id) FILTER (WHERE a.expires_at > clock_timestamp()) AS people,
       count(*) FILTER (WHERE a.expires_at <= clock_timestamp()) AS abandoned,
       min(a.expires_at) FILTER (WHERE a.expires_at > clock_timestamp()) AS next_end
  FROM campaigns_participant p
  JOIN campaigns_assignment a ON a.participant_id = p.id AND a.state = 'live'
  JOIN campaigns_task t ON t.id = a.task_id
  JOIN annotation_canvas v ON v.id = t.canvas_id
  JOIN annotation_manifest m ON m.id = v.manifest_id
 WHERE p.campaign_id = %(campaign)s
 GROUP BY m.id
"""

TABLE = Table(
    name="leases",
    title=_("At work right now"),
    says=_(
        "Of each source the tasks that somebody has in hand, those whose time is over within five minutes, and those "
        "that were left until it was over."
    ),
    columns=(
        Column("manifest", Kind.ID, _("Source")),
        Column("label", Kind.TEXT, _("Source")),
        Column("live", Kind.COUNT, _("In hand")),
        Column("ending", Kind.COUNT, _("Ending soon")),
        Column("people", Kind.COUNT, _("People")),
        Column("abandoned", Kind.COUNT, _("Left behind")),
        Column("next_end", Kind.TIME, _("Next one ends")),
    ),
    sql=_SQL.format(label=named("m.label", "m.uri")),
    order="live DESC, abandoned DESC, label, manifest",
)
