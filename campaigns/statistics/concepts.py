"""What became of each concept: how often people gave it, what was merged from that, and what the review made of it."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.labels import CONCEPT
from campaigns.statistics.table import Column, Kind, Table

# Known answers are left out: how often one of them is given out says nothing about the images.
_SQL = """
WITH given AS (
    SELECT l.concept_id, count(*) AS given, count(DISTINCT c.participant_id) AS people
      FROM annotation_annotation a
      JOIN annotation_annotationconcept l ON l.annotation_id = a.id
      JOIN campaigns_contributionshape s ON s.annotation_id = a.id
      JOIN campaigns_contribution c ON c.id = s.contribution_id
      JOIN campaigns_assignment g ON g.id = c.assignment_id
     WHERE a.layer_id = %(contributions)s AND a.deleted_at IS NULL AND NOT g.seeded
     GROUP BY 1
), merged AS (
    SELECT l.concept_id, count(*) AS merged
      FROM annotation_annotation a
      JOIN annotation_annotationconcept l ON l.annotation_id = a.id
     WHERE a.layer_id = %(consensus)s AND a.deleted_at IS NULL
     GROUP BY 1
), truth AS (
    SELECT l.concept_id, count(*) AS truth
      FROM annotation_annotation a
      JOIN annotation_annotationconcept l ON l.annotation_id = a.id
     WHERE a.layer_id = %(ground_truth)s AND a.deleted_at IS NULL
     GROUP BY 1
), judged AS (
    SELECT l.concept_id, count(*) FILTER (WHERE d.verdict = 'accepted') AS accepted,
           count(*) FILTER (WHERE d.verdict = 'corrected') AS corrected,
           count(*) FILTER (WHERE d.verdict = 'rejected') AS rejected
      FROM campaigns_task t
      JOIN campaigns_decision d ON d.task_id = t.id AND d.superseded_at IS NULL
      JOIN annotation_annotationconcept l ON l.annotation_id = d.judged_id
     WHERE t.campaign_id = %(campaign)s
     GROUP BY 1
)
SELECT n.id AS concept, {label} AS label, n.notation, coalesce(given, 0) AS given, coalesce(people, 0) AS people,
       coalesce(merged, 0) AS consensus, coalesce(truth, 0) AS ground_truth, coalesce(accepted, 0) AS accepted,
       coalesce(corrected, 0) AS corrected, coalesce(rejected, 0) AS rejected
  FROM given FULL JOIN merged USING (concept_id) FULL JOIN truth USING (concept_id)
  FULL JOIN judged USING (concept_id)
  JOIN taxonomy_concept n ON n.id = concept_id
"""

TABLE = Table(
    name="concepts",
    title=_("What people said, by concept"),
    says=_(
        "How often each concept was given and by how many people, how often it stands in the merged answers and in "
        "the ground truth, and how often the review accepted, corrected or rejected it."
    ),
    columns=(
        Column("concept", Kind.ID, _("Concept")),
        Column("label", Kind.TEXT, _("Concept")),
        Column("notation", Kind.TEXT, _("Notation")),
        Column("given", Kind.COUNT, _("Given")),
        Column("people", Kind.COUNT, _("People")),
        Column("consensus", Kind.COUNT, _("In merged answers")),
        Column("ground_truth", Kind.COUNT, _("Ground truth")),
        Column("accepted", Kind.COUNT, _("Accepted")),
        Column("corrected", Kind.COUNT, _("Corrected")),
        Column("rejected", Kind.COUNT, _("Rejected")),
    ),
    sql=_SQL.format(label=CONCEPT),
    order="given DESC, label, concept",
)
