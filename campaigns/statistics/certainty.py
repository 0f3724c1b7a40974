"""Whether those who say that they are sure are right more often: how far the others say the same."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.table import Column, Kind, Table

# Each label on each thing, or a thing without a label: of the others who saw the image the share that says it too.
# A label that nobody else gives has no vote but one's own.
_SQL = """
WITH said AS (
    SELECT s.certainty, c.participant_id, a.id AS annotation_id, l.concept_id
      FROM campaigns_participant p
      JOIN campaigns_contribution c ON c.participant_id = p.id AND c.counts
      JOIN campaigns_contributionshape s ON s.contribution_id = c.id AND s.certainty <> ''
      JOIN annotation_annotation a ON a.id = s.annotation_id AND a.deleted_at IS NULL
      LEFT JOIN annotation_annotationconcept l ON l.annotation_id = a.id
     WHERE p.campaign_id = %(campaign)s
), beside AS (
    SELECT said.*,
           CASE WHEN i.seen > 1 THEN
               (CASE WHEN said.concept_id IS NULL THEN i.support
                     ELSE coalesce((SELECT (vote->>'count')::int FROM jsonb_array_elements(i.votes) vote
                                     WHERE vote->>'concept' = said.concept_id::text), 1) END - 1)::float
               / (i.seen - 1) END AS others
      FROM said
      LEFT JOIN campaigns_consensusmember x ON x.annotation_id = said.annotation_id
      LEFT JOIN campaigns_consensusitem i ON i.id = x.item_id
)
SELECT certainty, count(*) AS given, count(DISTINCT participant_id) AS people,
       count(*)::float / sum(count(*)) OVER () AS share, avg(others) AS others, count(others) AS others_of
  FROM beside
 GROUP BY certainty
"""

TABLE = Table(
    name="certainty",
    title=_("How sure people are"),
    says=_(
        "By how sure people say they are: how often, and the share of the others who say the same of the same thing. "
        "It is filled where the question asks for it."
    ),
    columns=(
        Column("certainty", Kind.TEXT, _("How sure")),
        Column("given", Kind.COUNT, _("Given")),
        Column("people", Kind.COUNT, _("People")),
        Column("share", Kind.SHARE, _("Share")),
        Column("others", Kind.SHARE, _("Beside the others")),
        Column("others_of", Kind.COUNT, _("Cases beside the others")),
    ),
    sql=_SQL,
    order="array_position(ARRAY['sure', 'likely', 'unsure'], certainty::text)",
)
