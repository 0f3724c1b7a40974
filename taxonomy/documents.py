"""From rows to the frozen values that codecs and edits work on."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import QuerySet

from taxonomy.models import Concept, ConceptCollection, Relation, Vocabulary
from taxonomy.skos import (
    MATCH_KINDS,
    CollectionValue,
    ConceptValue,
    LabelValue,
    NoteValue,
    VocabularyValue,
)
from taxonomy.skos.values import collection_from_json

CHUNK = 2000


def detailed(concepts: QuerySet[Concept]) -> QuerySet[Concept]:
    """The concepts with all that a value needs; four queries."""
    return concepts.select_related("parent").prefetch_related("labels", "notes", "relations")


def value_of(concept: Concept) -> ConceptValue:
    """The value of a row fetched by `detailed`."""
    relations = sorted(concept.relations.all(), key=lambda relation: relation.pk)
    broader = [concept.parent.uri] if concept.parent else []
    return ConceptValue(
        uri=concept.uri,
        notation=concept.notation,
        labels=tuple(
            LabelValue(label.kind, label.language, label.text)  # type: ignore[arg-type]
            for label in sorted(concept.labels.all(), key=lambda label: label.pk)
        ),
        notes=tuple(
            NoteValue(note.kind, note.language, note.text)
            for note in sorted(concept.notes.all(), key=lambda note: note.pk)
        ),
        broader=(*broader, *_targets(relations, Relation.Kind.BROADER)),
        related=tuple(_targets(relations, Relation.Kind.RELATED)),
        matches=tuple((r.kind, r.target_uri) for r in relations if r.kind in MATCH_KINDS),
        position=concept.rank,
        deprecated=concept.status == Concept.Status.DEPRECATED,
        extra=concept.extra,
        replaced_by=tuple(_targets(relations, Relation.Kind.REPLACED_BY)),
    )


def _targets(relations: Iterable[Relation], kind: str) -> Iterator[str]:
    return (relation.target_uri for relation in relations if relation.kind == kind)


def values_of(vocabulary: Vocabulary, uris: Iterable[str]) -> dict[str, ConceptValue]:
    """The named concepts of a vocabulary by URI; four queries."""
    rows = detailed(Concept.objects.filter(vocabulary=vocabulary, uri__in=set(uris)))
    return {row.uri: value_of(row) for row in rows}


def vocabulary_value(vocabulary: Vocabulary, *, with_proposed: bool = False) -> VocabularyValue:
    """The whole vocabulary in the order of its tree, as the writers of `taxonomy.skos` take it."""
    rows = detailed(Concept.objects.filter(vocabulary=vocabulary)).order_by("preorder", "pk")
    if not with_proposed:
        rows = rows.exclude(status=Concept.Status.PROPOSED)
    return VocabularyValue(
        uri=vocabulary.uri,
        title=vocabulary.title,
        licence=vocabulary.licence,
        source=vocabulary.source,
        concepts=tuple(value_of(row) for row in rows.iterator(chunk_size=CHUNK)),
        extra=vocabulary.extra,
        description=vocabulary.description,
        collections=collections_of(vocabulary),
    )


def collections_of(vocabulary: Vocabulary) -> tuple[CollectionValue, ...]:
    """The collections of a vocabulary as values; one query."""
    return collection_values(vocabulary.collections.all())


def collection_values(rows: QuerySet[ConceptCollection]) -> tuple[CollectionValue, ...]:
    """Rows of collections as values; one query."""
    return tuple(
        collection_from_json([row.uri, row.labels, row.notes, row.members, row.is_ordered, row.extra])
        for row in rows
    )


def around(vocabulary: Vocabulary, concepts: Iterable[Concept]) -> list[ConceptValue]:
    """What is narrower than, or related to, any of these concepts, deprecated ones too; five queries."""
    ids: set[UUID] = {concept.pk for concept in concepts}
    pointing = Relation.objects.filter(
        target__in=ids, kind__in=[Relation.Kind.BROADER, Relation.Kind.RELATED]
    ).values("concept")
    rows = Concept.objects.filter(vocabulary=vocabulary)
    near = rows.filter(parent__in=ids) | rows.filter(pk__in=pointing)
    return [value_of(row) for row in detailed(near.distinct()).order_by("preorder") if row.pk not in ids]


def siblings(vocabulary: Vocabulary, parent: Concept | None) -> list[ConceptValue]:
    """What is in use directly below a concept (None: at the top), in order; four queries."""
    rows = Concept.objects.filter(vocabulary=vocabulary, parent=parent).order_by("rank", "preorder")
    return [value_of(row) for row in detailed(rows.exclude(status=Concept.Status.DEPRECATED))]
