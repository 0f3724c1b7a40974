"""What a vocabulary's page lists instead of its tree: what a search has found, or the members of a collection."""

from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from frontend.views.campaigns import language
from taxonomy.documents import collection_values
from taxonomy.facets import Facet, ids_in_order, named
from taxonomy.models import Concept, Vocabulary
from taxonomy.queries import concepts_of, search_concepts, show

MOST_FOUND = 50
MOST_MEMBERS = 100


def offered(vocabulary: Vocabulary, groups: dict[str, Facet], asked: QueryDict) -> dict[str, Any]:
    """What is found by the word and in the collection that the address names; nothing without either."""
    q = asked.get("q", "")[:200].replace("\x00", "").strip()
    uri = asked.get("collection", "")
    facet = named(groups, uri) if uri else None
    members = facet.members if facet else None
    found, total = (
        search_concepts(vocabulary, None, q, language(), MOST_FOUND, members=members) if q else ([], 0)
    )
    context = {"q": q, "found": found, "total": total, "facet": _shown_facet(facet) if facet else None}
    if facet and not q:
        page = Paginator(ids_in_order(vocabulary, facet), MOST_MEMBERS).get_page(asked.get("page"))
        rows = Concept.objects.in_bulk(page.object_list)
        context |= {"page": page, "found": show([rows[pk] for pk in page], language())}
    return context


def _shown_facet(facet: Facet) -> dict[str, Any]:
    """A collection in the reader's language, with the ones inside it."""
    here = [note for note in facet.value.notes if note.language.split("-")[0] in (language(), "und")]
    return {
        "uri": facet.value.uri,
        "label": facet.value.display(language()),
        "notes": here or facet.value.notes,
        "inside": [(one.uri, one.display(language())) for one in facet.inside],
    }


def counted(vocabulary: Vocabulary, groups: dict[str, Facet]) -> list[tuple[str, str, int]]:
    """Each collection by URI and title with the number of its concepts that are in use; one query."""
    named = {uri for facet in groups.values() for uri in facet.members}
    here = set(concepts_of(vocabulary, members=named).values_list("uri", flat=True)) if named else set()
    return [
        (uri, facet.value.display(language()), len(here.intersection(facet.members)))
        for uri, facet in groups.items()
    ]


def collections_with(vocabulary: Vocabulary, concept: Concept) -> list[tuple[str, str]]:
    """The collections that name the concept, each with its title; one query."""
    rows = vocabulary.collections.filter(members__contains=[concept.uri])
    return [(one.uri, one.display(language())) for one in collection_values(rows)]
