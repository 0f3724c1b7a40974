"""Writes values of concepts into their rows: what is new by COPY, of what is there no more than what differs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Model

from taxonomy.addresses import minted_id
from taxonomy.copying import copy_rows
from taxonomy.folding import fold
from taxonomy.models import Concept, Label, Note, Relation, Vocabulary
from taxonomy.skos import ConceptValue
from taxonomy.tree import Tree

BATCH = 5000
_NEW = ("id", "vocabulary", "uri", "notation", "parent", "status", "ancestors", "preorder", "rank", "extra")
# What is no longer deprecated is accepted; what waits to be accepted goes on waiting.
_UPDATE = """
UPDATE taxonomy_concept AS c
   SET notation = v.notation, rank = v.rank, extra = v.extra, parent_id = v.parent,
       status = CASE WHEN v.deprecated THEN 'deprecated'
                     WHEN c.status = 'deprecated' THEN 'accepted' ELSE c.status END
  FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::text[], %s::uuid[], %s::boolean[])
    AS v (id, notation, rank, extra, parent, deprecated)
 WHERE c.id = v.id
"""


class ConceptWriter:
    """Writes into one vocabulary; `ids` are those of the concepts that the values name, as far as they exist.

    The caller holds the vocabulary's lock, and rebuilds its tree when parents or positions have changed.
    """

    def __init__(self, vocabulary: Vocabulary, ids: Mapping[str, UUID]) -> None:
        self.vocabulary = vocabulary
        self.ids = dict(ids)

    def write(self, values: Sequence[ConceptValue], before: Mapping[str, ConceptValue]) -> None:
        """Make the rows that are not there yet, and bring the others up to date; `before` is how these stand."""
        fresh = [value for value in values if value.uri not in self.ids]
        known = [value for value in values if value.uri in self.ids]
        self.ids |= {one.uri: minted_id(self.vocabulary.slug, one.uri) or uuid4() for one in fresh}
        copy_rows(Concept, _NEW, self._new(fresh))
        self._update([one for one in known if _own(before.get(one.uri)) != _own(one)])
        for model, fields, rows_of in (
            (Label, ("concept", "kind", "language", "text", "folded"), self._labels),
            (Note, ("concept", "kind", "language", "text"), self._notes),
            (Relation, ("concept", "kind", "target_uri", "target"), self._relations),
        ):
            said = _SAID[model]
            other = [one for one in known if one.uri not in before or said(before[one.uri]) != said(one)]
            self._forget(model, other)
            copy_rows(model, fields, (row for value in (*fresh, *other) for row in rows_of(value)))

    def _new(self, values: Sequence[ConceptValue]) -> Iterator[tuple[Any, ...]]:
        """Rows with the places that they have among each other, which are right where nothing else is.

        A parent may be made after its child: its key is known, and checked at the end of the transaction.
        """
        by_uri = {value.uri: value for value in values}
        order = sorted(values, key=lambda value: (value.position, str(self.ids[value.uri])))
        above: dict[str, list[UUID]] = {}
        parents = {one.uri: next((uri for uri in one.broader[:1] if uri in by_uri), None) for one in order}
        for place, uri in enumerate(Tree(parents)):
            value, parent = by_uri[uri], parents[uri]
            above[uri] = [*above[parent], self.ids[parent]] if parent is not None else []
            status = Concept.Status.DEPRECATED if value.deprecated else Concept.Status.ACCEPTED
            yield (
                self.ids[uri], self.vocabulary.pk, uri, value.notation, self._parent(value), status.value,
                above[uri], place, value.position, value.extra,
            )  # fmt: skip

    def _parent(self, value: ConceptValue) -> UUID | None:
        return self.ids[value.broader[0]] if value.broader else None

    def _update(self, values: Sequence[ConceptValue]) -> None:
        for start in range(0, len(values), BATCH):
            rows = [
                (self.ids[one.uri], one.notation, one.position, one.extra, self._parent(one), one.deprecated)
                for one in values[start : start + BATCH]
            ]
            with connection.cursor() as cursor:
                cursor.execute(_UPDATE, [list(column) for column in zip(*rows, strict=True)])

    def _forget(self, model: type[Model], values: Sequence[ConceptValue]) -> None:
        for start in range(0, len(values), BATCH):
            ids = [self.ids[value.uri] for value in values[start : start + BATCH]]
            model._default_manager.filter(concept__in=ids).delete()

    def _labels(self, value: ConceptValue) -> Iterable[tuple[Any, ...]]:
        concept = self.ids[value.uri]
        return ((concept, one.kind, one.language, one.text, fold(one.text)) for one in value.labels)

    def _notes(self, value: ConceptValue) -> Iterable[tuple[Any, ...]]:
        return ((self.ids[value.uri], one.kind, one.language, one.text) for one in value.notes)

    def _relations(self, value: ConceptValue) -> Iterable[tuple[Any, ...]]:
        for kind, uri in dict.fromkeys(relations_of(value)):
            yield self.ids[value.uri], kind, uri, self.ids.get(uri)


def _own(value: ConceptValue | None) -> object:
    """What stands in the row of a concept itself."""
    return value and (value.notation, value.position, value.extra, value.broader[:1], value.deprecated)


def relations_of(value: ConceptValue) -> list[tuple[str, str]]:
    """The further broader concepts, the related ones, the matches and the replacements, as rows keep them."""
    broader = [(Relation.Kind.BROADER.value, uri) for uri in value.broader[1:]]
    related = [(Relation.Kind.RELATED.value, uri) for uri in value.related]
    replaced = [(Relation.Kind.REPLACED_BY.value, uri) for uri in value.replaced_by]
    return [*broader, *related, *((kind, uri) for kind, uri in value.matches), *replaced]


_SAID = {Label: lambda value: value.labels, Note: lambda value: value.notes, Relation: relations_of}
