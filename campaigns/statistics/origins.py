"""Where shapes come from: drawn by hand, copied, taken over from a suggestion as it was, or corrected."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.table import Column, Kind, Table

_SQL = """
SELECT s.origin AS origin, count(*) AS shapes, count(DISTINCT c.participant_id) AS people,
       count(*)::float / sum(count(*)) OVER () AS share, avg(s.prediction_iou) AS iou
  FROM campaigns_participant p
  JOIN campaigns_contribution c ON c.participant_id = p.id
  JOIN campaigns_contributionshape s ON s.contribution_id = c.id
 WHERE p.campaign_id = %(campaign)s
 GROUP BY 1
"""

TABLE = Table(
    name="origins",
    title=_("Where shapes come from"),
    says=_(
        "How many shapes were drawn, copied from the image before, taken over from predictions, and corrected; and how "
        "much of the prediction they overlap (IoU)."
    ),
    columns=(
        Column("origin", Kind.TEXT, _("Origin")),
        Column("shapes", Kind.COUNT, _("Shapes")),
        Column("people", Kind.COUNT, _("People")),
        Column("share", Kind.SHARE, _("Share")),
        Column("iou", Kind.SHARE, _("Overlap with the prediction")),
    ),
    sql=_SQL,
    order="shapes DESC, origin",
)
