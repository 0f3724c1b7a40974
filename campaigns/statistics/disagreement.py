"""How far people differ about images: how many images lie in each tenth of disagreement."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.table import Column, Kind, Table

# Full disagreement belongs to the last tenth. A campaign of which nothing is merged has no rows.
_SQL = """
WITH counted AS (
    SELECT least(floor(disagreement * 10), 9)::int AS tenth, count(*) AS images
      FROM campaigns_taskconsensus
     WHERE campaign_id = %(campaign)s
     GROUP BY 1
)
SELECT (tenth / 10.0)::float AS least, ((tenth + 1) / 10.0)::float AS most, coalesce(images, 0) AS images,
       coalesce(images, 0)::float / sum(images) OVER () AS share
  FROM generate_series(0, 9) AS tenth
  LEFT JOIN counted USING (tenth)
 WHERE EXISTS (SELECT FROM counted)
"""

TABLE = Table(
    name="disagreement",
    title=_("Disagreement"),
    says=_("How many images lie in each tenth of disagreement, from none to full."),
    columns=(
        Column("least", Kind.SHARE, _("From")),
        Column("most", Kind.SHARE, _("Up to")),
        Column("images", Kind.COUNT, _("Images")),
        Column("share", Kind.SHARE, _("Share")),
    ),
    sql=_SQL,
    order="least",
)
