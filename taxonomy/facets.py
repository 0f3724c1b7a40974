"""Collections as facets: which concepts one holds, those of the collections inside it included."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from problems import Missing
from taxonomy.documents import collections_of
from taxonomy.models import Vocabulary
from taxonomy.queries import concepts_of
from taxonomy.skos import CollectionValue


@dataclass(frozen=True, slots=True)
class Facet:
    """A collection with the URIs of its concepts, in order, and the collections that stand in it."""

    value: CollectionValue
    members: tuple[str, ...]
    inside: tuple[CollectionValue, ...]


def facets_of(vocabulary: Vocabulary) -> dict[str, Facet]:
    """The collections of a vocabulary by URI, in their order; one query."""
    return facets({value.uri: value for value in collections_of(vocabulary)})


def facet_of(vocabulary: Vocabulary, uri: str) -> Facet:
    """One collection; one query. Raises `Missing`."""
    return named(facets_of(vocabulary), uri)


def named(groups: Mapping[str, Facet], uri: str) -> Facet:
    """The collection of this URI among those of a vocabulary. Raises `Missing`."""
    found = groups.get(uri)
    if found is None:
        raise Missing("The vocabulary has no such collection.")
    return found


def facets(collections: Mapping[str, CollectionValue]) -> dict[str, Facet]:
    """Each collection with what it holds; one that holds itself, by whatever way, is harmless."""
    return {
        uri: Facet(
            value,
            tuple(dict.fromkeys(_concepts(uri, collections))),
            tuple(collections[one] for one in value.members if one in collections),
        )
        for uri, value in collections.items()
    }


def _concepts(uri: str, collections: Mapping[str, CollectionValue]) -> Iterator[str]:
    """The concepts of a collection as its list is read from the top; a stack, since files may nest deeply."""
    stack, seen = [uri], set[str]()
    while stack:
        one = stack.pop()
        if one not in collections:
            yield one
        elif one not in seen:
            seen.add(one)
            stack.extend(reversed(collections[one].members))


def ids_in_order(vocabulary: Vocabulary, facet: Facet) -> list[UUID]:
    """The usable concepts of a collection: in its own order where it has one, else as in the tree; one query."""
    rows = concepts_of(vocabulary, members=facet.members).order_by("preorder").values_list("uri", "pk")
    found = dict(rows)
    order = facet.members if facet.value.is_ordered else tuple(found)
    return [found[uri] for uri in order if uri in found]
