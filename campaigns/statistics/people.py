"""How each person works, under their pseudonym: how much, how fast, how often with the others, and what to look at."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.skills import skills_of
from campaigns.statistics.table import Column, Kind, Row, Table

# With the consensus: twice what somebody shares with the majority over what both say, over all their tasks; where
# neither says anything they agree on one thing. What is said is a box, or for labels of whole images a label.
_SQL = """
WITH mine AS (
    SELECT id, pseudonym FROM campaigns_participant WHERE campaign_id = %(campaign)s AND merged_into_id IS NULL
), handed AS (
    SELECT c.participant_id, count(*) AS contributions, count(*) FILTER (WHERE c.counts) AS counted,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY c.time_spent_s) FILTER (WHERE c.time_spent_s > 0) AS median_s,
           avg(c.nothing_here::int)::float AS nothing_here, min(c.submitted_at) AS first_at,
           max(c.submitted_at) AS last_at
      FROM mine JOIN campaigns_contribution c ON c.participant_id = mine.id
     GROUP BY 1
), taken AS (
    SELECT a.participant_id, count(*) FILTER (WHERE a.state = 'skipped') AS skipped,
           count(*) FILTER (WHERE a.state = 'live' AND a.expires_at <= clock_timestamp()) AS abandoned
      FROM mine JOIN campaigns_assignment a ON a.participant_id = mine.id
     GROUP BY 1
), majority AS (
    SELECT i.id, k.task_id
      FROM campaigns_taskconsensus k
      JOIN campaigns_consensusitem i ON i.consensus_id = k.id
     WHERE k.campaign_id = %(campaign)s AND 2 * i.support > i.seen
), meant AS (
    SELECT k.task_id, count(majority.id) AS items
      FROM campaigns_taskconsensus k
      LEFT JOIN majority ON majority.task_id = k.task_id
     WHERE k.campaign_id = %(campaign)s
     GROUP BY 1
), shared AS (
    SELECT s.contribution_id, count(DISTINCT majority.id) AS items
      FROM majority
      JOIN campaigns_consensusmember x ON x.item_id = majority.id
      JOIN campaigns_contributionshape s ON s.annotation_id = x.annotation_id
     GROUP BY 1
), said AS (
    SELECT s.contribution_id, count(*) AS items
      FROM annotation_annotation a
      JOIN campaigns_contributionshape s ON s.annotation_id = a.id
      LEFT JOIN annotation_annotationconcept l ON l.annotation_id = a.id AND NOT %(draws)s
     WHERE a.layer_id = %(contributions)s AND a.deleted_at IS NULL
     GROUP BY 1
), beside AS (
    SELECT c.participant_id,
           sum(CASE WHEN meant.items + coalesce(said.items, 0) = 0 THEN 2
                    ELSE 2 * coalesce(shared.items, 0) END)::float
           / sum(CASE WHEN meant.items + coalesce(said.items, 0) = 0 THEN 2
                      ELSE greatest(meant.items + coalesce(said.items, 0), 2 * coalesce(shared.items, 0)) END)
           AS consensus
      FROM mine
      JOIN campaigns_contribution c ON c.participant_id = mine.id AND c.counts
      JOIN meant ON meant.task_id = c.task_id
      LEFT JOIN said ON said.contribution_id = c.id
      LEFT JOIN shared ON shared.contribution_id = c.id
     GROUP BY 1
)
SELECT mine.id AS person, mine.pseudonym AS name, coalesce(contributions, 0) AS contributions,
       coalesce(counted, 0) AS counted, median_s, coalesce(skipped, 0) AS skipped,
       coalesce(abandoned, 0) AS abandoned, nothing_here, first_at, last_at, consensus
  FROM mine
  LEFT JOIN handed ON handed.participant_id = mine.id
  LEFT JOIN taken ON taken.participant_id = mine.id
  LEFT JOIN beside ON beside.participant_id = mine.id
"""


def _complete(campaign: Campaign, rows: Sequence[Row], language: str) -> list[Row]:
    """With the agreement beside the others, on which the person had no voice, and with what looks implausible."""
    skills = skills_of(campaign, [row[0] for row in rows], language)
    found: list[Row] = []
    for row in rows:
        skill = skills[row[0]]
        found.append((*row, skill.others.value, skill.others.of, [flag.sentence for flag in skill.flags]))
    return found


TABLE = Table(
    name="people",
    title=_("People at work"),
    says=_(
        "Of each person how much was handed in, skipped and left behind, how long a task takes, the share without "
        "anything, the agreement with the merged answers and with the others, and what looks implausible."
    ),
    columns=(
        Column("person", Kind.ID, _("Person")),
        Column("name", Kind.TEXT, _("Name")),
        Column("contributions", Kind.COUNT, _("Handed in")),
        Column("counted", Kind.COUNT, _("Counted")),
        Column("median_s", Kind.SECONDS, _("Usual time")),
        Column("skipped", Kind.COUNT, _("Skipped")),
        Column("abandoned", Kind.COUNT, _("Left behind")),
        Column("nothing_here", Kind.SHARE, _("“Nothing here”")),
        Column("first_at", Kind.TIME, _("First")),
        Column("last_at", Kind.TIME, _("Last")),
        Column("consensus", Kind.SHARE, _("With the merged answers")),
        Column("others", Kind.SHARE, _("Beside the others")),
        Column("others_of", Kind.COUNT, _("Cases beside the others")),
        Column("flags", Kind.TEXTS, _("To look at")),
    ),
    sql=_SQL,
    order="contributions DESC, name, person",
    complete=_complete,
)
