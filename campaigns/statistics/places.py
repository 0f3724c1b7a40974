"""The map of the tasks: every one, or in a large campaign every run of them, with where people are at this moment."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.labels import named
from campaigns.statistics.table import Column, Kind, Table

MOST_CELLS = 600  # so many tasks are shown one by one; more in at most as many runs
MOST_LOOKED_AT = 20_000  # of more open tasks an even sample tells how many are begun

# Positions, states and ids are in one index, which is walked once in its order; leases are found person by person.
# A run begins at the position of its first task, so that whatever has a position finds its run by halving.
_SQL = """
WITH size AS MATERIALIZED (
    SELECT count(*) AS tasks, count(*) FILTER (WHERE state = 'open') AS open
      FROM campaigns_task WHERE campaign_id = %(campaign)s
), scale AS (
    SELECT greatest(1, ceil(tasks / {most_cells}.0))::bigint AS run,
           greatest(1, ceil(open / {most_looked_at}.0))::bigint AS step
      FROM size
), runs AS MATERIALIZED (
    SELECT cell, min(position) AS first, count(*) AS tasks, count(*) FILTER (WHERE state = 'open') AS open,
           count(*) FILTER (WHERE state = 'retired') AS retired, count(*) FILTER (WHERE state = 'aside') AS aside,
           count(*) FILTER (WHERE state = 'decided') AS decided
      FROM (SELECT position, state,
                   (row_number() OVER (ORDER BY position) - 1) / (SELECT run FROM scale) AS cell
              FROM campaigns_task WHERE campaign_id = %(campaign)s) ranked
     GROUP BY cell
), places AS MATERIALIZED (
    SELECT array_agg(first ORDER BY cell) AS firsts FROM runs
), in_hand AS MATERIALIZED (
    SELECT t.id, t.position, count(*) AS leases, min(a.created_at) AS since, max(a.expires_at) AS until
      FROM campaigns_participant p
      JOIN campaigns_assignment a ON a.participant_id = p.id AND a.state = 'live'
                                 AND a.expires_at > clock_timestamp()
      JOIN campaigns_task t ON t.id = a.task_id AND t.state = 'open'
     WHERE p.campaign_id = %(campaign)s
     GROUP BY t.id
), held AS (
    SELECT width_bucket(position, (SELECT firsts FROM places)) - 1 AS cell, count(*) AS held,
           sum(leases)::bigint AS leases, min(since) AS since, max(until) AS until
      FROM in_hand GROUP BY 1
), begun AS (
    SELECT width_bucket(t.position, (SELECT firsts FROM places)) - 1 AS cell, count(*) AS looked_at,
           count(*) FILTER (WHERE t.id NOT IN (SELECT id FROM in_hand) AND EXISTS (
               SELECT FROM campaigns_contribution c WHERE c.task_id = t.id AND c.counts)) AS begun
      FROM campaigns_task t
     WHERE t.campaign_id = %(campaign)s AND t.state = 'open' AND t.position %% (SELECT step FROM scale) = 0
     GROUP BY 1
), counted AS (
    SELECT runs.*, coalesce(held.held, 0) AS held, coalesce(held.leases, 0) AS leases, held.since, held.until,
           least(runs.open - coalesce(held.held, 0),
                 coalesce(round(runs.open * begun.begun::numeric / nullif(begun.looked_at, 0)), 0))::bigint AS begun
      FROM runs LEFT JOIN held USING (cell) LEFT JOIN begun USING (cell)
)
SELECT counted.cell + 1 AS cell, m.id AS manifest, {source} AS source, v.id AS canvas, {canvas} AS page,
       counted.tasks, counted.open - counted.held - counted.begun AS waiting, counted.begun, counted.held,
       counted.retired, counted.aside, counted.decided, counted.leases, counted.since, counted.until
  FROM counted
  JOIN campaigns_task t ON t.campaign_id = %(campaign)s AND t.position = counted.first
  JOIN annotation_canvas v ON v.id = t.canvas_id
  JOIN annotation_manifest m ON m.id = v.manifest_id
"""

TABLE = Table(
    name="map",
    title=_("Map"),
    says=_(
        "Every task in the order of the queue: who has it in hand, since when and until when, and how far the others "
        "are. A campaign of more than 600 tasks is shown in runs of tasks that follow each other, named after the "
        "first; of more than 20,000 open tasks an even sample tells how many are begun."
    ),
    columns=(
        Column("cell", Kind.COUNT, _("Place")),
        Column("manifest", Kind.ID, _("Source")),
        Column("source", Kind.TEXT, _("Source")),
        Column("canvas", Kind.ID, _("Page")),
        Column("page", Kind.TEXT, _("Page")),
        Column("tasks", Kind.COUNT, _("Tasks")),
        Column("waiting", Kind.COUNT, _("Waiting")),
        Column("begun", Kind.COUNT, _("Begun")),
        Column("held", Kind.COUNT, _("In hand")),
        Column("retired", Kind.COUNT, _("Seen by enough people")),
        Column("aside", Kind.COUNT, _("Set aside")),
        Column("decided", Kind.COUNT, _("Decided")),
        Column("leases", Kind.COUNT, _("People at it")),
        Column("since", Kind.TIME, _("In hand since")),
        Column("until", Kind.TIME, _("In hand until")),
    ),
    sql=_SQL.format(
        most_cells=MOST_CELLS,
        most_looked_at=MOST_LOOKED_AT,
        source=named("m.label", "m.uri"),
        canvas=named("v.label", "v.uri"),
    ),
    order="cell",
)
