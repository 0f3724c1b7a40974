"""Keeps the derived columns of the tree (ancestors, preorder) true to `parent` and `rank`."""

from collections import defaultdict
from uuid import UUID

from taxonomy.models import Concept, Vocabulary


def rebuild_tree(vocabulary: Vocabulary) -> int:
    """Recompute place and ancestors of every concept; returns how many rows changed."""
    rows = list(
        Concept.objects.filter(vocabulary=vocabulary).only("id", "parent_id", "rank", "preorder", "ancestors")
    )
    children: dict[UUID | None, list[Concept]] = defaultdict(list)
    for concept in rows:
        children[concept.parent_id].append(concept)
    for siblings in children.values():
        siblings.sort(key=lambda concept: (concept.rank, str(concept.pk)))
    changed = []
    stack: list[tuple[Concept, list[UUID]]] = [(root, []) for root in reversed(children[None])]
    for place in range(len(rows)):
        concept, ancestors = stack.pop()
        if concept.preorder != place or concept.ancestors != ancestors:
            concept.preorder, concept.ancestors = place, ancestors
            changed.append(concept)
        below = [*ancestors, concept.pk]
        stack.extend((child, below) for child in reversed(children[concept.pk]))
    Concept.objects.bulk_update(changed, ["preorder", "ancestors"], batch_size=2000)
    return len(changed)
