"""From rows to the frozen values that codecs and edits work on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from sys import intern
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, OuterRef, Q, QuerySet, TextField

from taxonomy.models import Concept, ConceptCollection, Label, Note, Relation, Vocabulary
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
# What stands in a row as `described` gives it.
Row = tuple[UUID, str, str, str | None, int, str, str, list[list[str]], list[list[str]], list[list[str]]]


def described(concepts: QuerySet[Concept]) -> "QuerySet[Concept, Row]":
    """The concepts with all that a value needs, one row each, as of one moment; one query, however many they are."""
    return concepts.annotate(
        said_labels=_said(Label, "kind", "language", "text"),
        said_notes=_said(Note, "kind", "language", "text"),
        said_relations=_said(Relation, "kind", "target_uri"),
    ).values_list(
        "pk", "uri", "notation", "parent__uri", "rank", "status", "extra",
        "said_labels", "said_notes", "said_relations",
    )  # fmt: skip


def _said(model: type[Label | Note | Relation], *fields: str) -> ArraySubquery:
    """The rows about a concept as lists of these fields, in the order in which they were written."""
    array = Func(*fields, template="ARRAY[%(expressions)s]", output_field=ArrayField(TextField()))
    about: QuerySet[Any] = model._default_manager.filter(concept=OuterRef("pk")).order_by("pk")
    return ArraySubquery(about.values_list(array, flat=True))


def value_of(row: Row) -> ConceptValue:
    """The value of a row of `described`."""
    _pk, uri, notation, parent, rank, status, extra, labels, notes, relations = row
    of_kind: dict[str, list[str]] = defaultdict(list)
    for kind, target in relations:
        of_kind[kind].append(target)
    return ConceptValue(
        uri=uri,
        notation=notation,
        # Kinds and languages are few: every concept shares their texts.
        labels=tuple(LabelValue(intern(kind), intern(tag), text) for kind, tag, text in labels),  # type: ignore[arg-type]
        notes=tuple(NoteValue(intern(kind), intern(tag), text) for kind, tag, text in notes),
        broader=(*([parent] if parent else []), *of_kind[Relation.Kind.BROADER]),
        related=tuple(of_kind[Relation.Kind.RELATED]),
        matches=tuple((intern(kind), target) for kind, target in relations if kind in MATCH_KINDS),
        position=rank,
        deprecated=status == Concept.Status.DEPRECATED,
        extra=extra,
        replaced_by=tuple(of_kind[Relation.Kind.REPLACED_BY]),
    )


def values_of(vocabulary: Vocabulary, uris: Iterable[str]) -> dict[str, ConceptValue]:
    """The named concepts of a vocabulary by URI; one query."""
    rows = described(Concept.objects.filter(vocabulary=vocabulary, uri__in=set(uris)))
    return {value.uri: value for value in map(value_of, rows)}


class Streamed(Collection[ConceptValue]):
    """Concepts that are read from the database whenever somebody goes through them, and never held together."""

    def __init__(self, concepts: QuerySet[Concept]) -> None:
        self._concepts = concepts

    def __iter__(self) -> Iterator[ConceptValue]:
        return map(value_of, described(self._concepts).iterator(chunk_size=CHUNK))

    def __len__(self) -> int:
        return self._concepts.count()

    def __contains__(self, value: object) -> bool:
        return any(one == value for one in self)


def vocabulary_value(vocabulary: Vocabulary, *, with_proposed: bool = False) -> VocabularyValue:
    """The whole vocabulary in the order of its tree, as the writers of `taxonomy.skos` take it; see `Streamed`."""
    rows = Concept.objects.filter(vocabulary=vocabulary).order_by("preorder", "pk")
    if not with_proposed:
        rows = rows.exclude(status=Concept.Status.PROPOSED)
    return VocabularyValue(
        uri=vocabulary.uri,
        title=vocabulary.title,
        licence=vocabulary.licence,
        source=vocabulary.source,
        concepts=Streamed(rows),
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
    """What is narrower than, or related to, any of these concepts, deprecated ones too; one query."""
    ids: set[UUID] = {concept.pk for concept in concepts}
    pointing = Relation.objects.filter(
        target__in=ids, kind__in=[Relation.Kind.BROADER, Relation.Kind.RELATED]
    ).values("concept")
    near = Concept.objects.filter(Q(parent__in=ids) | Q(pk__in=pointing), vocabulary=vocabulary)
    return [value_of(row) for row in described(near.exclude(pk__in=ids)).order_by("preorder")]


def siblings(vocabulary: Vocabulary, parent: Concept | None) -> list[ConceptValue]:
    """What is in use directly below a concept (None: at the top), in order; one query."""
    rows = Concept.objects.filter(vocabulary=vocabulary, parent=parent).order_by("rank", "preorder")
    return [value_of(row) for row in described(rows.exclude(status=Concept.Status.DEPRECATED))]
