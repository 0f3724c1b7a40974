"""How many annotations each branch of a vocabulary holds, for the reader's eyes."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from accounts.roles import Person
from annotation.models import AnnotationConcept
from annotation.permissions import visible_layers
from taxonomy.models import Concept


def branch_counts(person: Person, concepts: Iterable[Concept]) -> dict[UUID, int]:
    """Annotations in visible layers that name each concept or one below it; none for what has none.

    An annotation counts once for a branch, however many concepts of it it names. One query for any number of
    concepts of one vocabulary: each link is counted for its ancestor on every level that is asked for.
    """
    levels: dict[int, list[UUID]] = defaultdict(list)
    for concept in concepts:
        levels[concept.depth].append(concept.pk)
    if not levels:
        return {}
    links = AnnotationConcept.objects.filter(
        annotation__deleted_at=None, annotation__layer__in=visible_layers(person).values("pk")
    ).order_by()
    first, *others = [
        links.filter(Q(concept__in=ids) | Q(concept__ancestors__overlap=ids))
        # Below the level the ancestor on it; on the level itself there is none, and the concept counts.
        .values(branch=Coalesce(F(f"concept__ancestors__{depth}"), F("concept")))
        .annotate(count=Count("annotation", distinct=True))
        .values_list("branch", "count")
        for depth, ids in levels.items()
    ]
    return dict(first.union(*others, all=True))
