"""Keeps the derived columns of the tree (ancestors, preorder) true to `parent` and `rank`."""

from django.db import connection

from taxonomy.models import Vocabulary

# The walk goes down level by level; the order of siblings at every level makes the depth-first order of all.
_REBUILD = """
WITH RECURSIVE walk AS (
    SELECT id, rank, ARRAY[]::uuid[] AS ancestors
      FROM taxonomy_concept WHERE vocabulary_id = %s AND parent_id IS NULL
     UNION ALL
    SELECT c.id, c.rank, walk.ancestors || walk.id
      FROM walk JOIN taxonomy_concept AS c ON c.parent_id = walk.id
) SEARCH DEPTH FIRST BY rank, id SET path,
placed AS (SELECT id, ancestors, row_number() OVER (ORDER BY path) - 1 AS place FROM walk)
UPDATE taxonomy_concept AS c SET preorder = placed.place, ancestors = placed.ancestors
  FROM placed WHERE c.id = placed.id AND (c.preorder <> placed.place OR c.ancestors <> placed.ancestors)
"""


def rebuild_tree(vocabulary: Vocabulary) -> int:
    """Recompute place and ancestors of every concept; returns how many rows changed. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_REBUILD, [vocabulary.pk])
        return int(cursor.rowcount)
