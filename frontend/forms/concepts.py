"""Concepts as the choices of a form: indented as in their vocabulary."""

from django.db.models import QuerySet

from taxonomy.models import Concept
from taxonomy.queries import show

MOST_OFFERED = 500


def indented(concepts: QuerySet[Concept], language: str) -> list[tuple[str, str]]:
    """The first 500 in the order of the tree, by their ids."""
    shown = show(concepts.order_by("preorder")[:MOST_OFFERED], language)
    return [(str(one.id), "\u2003" * len(one.path) + one.label) for one in shown]
