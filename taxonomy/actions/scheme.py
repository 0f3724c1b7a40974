"""What a vocabulary says of itself, and its collections, as an import changes them and an undoing brings them back."""

from collections.abc import Mapping
from typing import Any

from problems import Conflict
from taxonomy.documents import collections_of
from taxonomy.models import ConceptCollection, Vocabulary
from taxonomy.skos import CollectionValue, VocabularyValue
from taxonomy.skos.values import collection_from_json, collection_to_json

FIELDS = ("title", "description", "licence", "source", "extra")
# Field → what stood and what stands, as the log keeps it; `collections` as taxonomy.skos.values writes them.
Said = dict[str, list[Any]]


def said_anew(
    vocabulary: Vocabulary, value: VocabularyValue, *, title: Mapping[str, str], source: str
) -> Said:
    """How a file would change what is said of the vocabulary; what it does not say is left as it is."""
    after = {
        "title": dict(title) or dict(value.title) or vocabulary.title or {"und": vocabulary.slug},
        "description": dict(value.description) or vocabulary.description,
        "licence": value.licence or vocabulary.licence,
        "source": value.source or source or vocabulary.source,
        "extra": value.extra or vocabulary.extra,
    }
    before = {name: getattr(vocabulary, name) for name in FIELDS}
    return {name: [before[name], new] for name, new in after.items() if before[name] != new}


def collections_anew(
    vocabulary: Vocabulary, values: tuple[CollectionValue, ...], *, is_complete: bool
) -> Said:
    """How a file would change the collections: its own stand in the place of those that are here."""
    here = collections_of(vocabulary)
    if here == values or not (values or is_complete):
        return {}
    return {"collections": [[collection_to_json(one) for one in several] for several in (here, values)]}


def write_scheme(vocabulary: Vocabulary, said: Said) -> None:
    """Let the vocabulary say what comes after; the caller holds its lock."""
    fields = [name for name in FIELDS if name in said]
    for name in fields:
        setattr(vocabulary, name, said[name][1])
    vocabulary.save(update_fields=[*fields, "modified_at"])
    if "collections" in said:
        _write_collections(vocabulary, [collection_from_json(one) for one in said["collections"][1]])


def _write_collections(vocabulary: Vocabulary, values: list[CollectionValue]) -> None:
    vocabulary.collections.all().delete()
    ConceptCollection.objects.bulk_create(
        ConceptCollection(
            vocabulary=vocabulary,
            uri=one.uri,
            labels=[[label.kind, label.language, label.text] for label in one.labels],
            notes=[[note.kind, note.language, note.text] for note in one.notes],
            members=list(one.members),
            is_ordered=one.is_ordered,
            position=position,
            extra=one.extra,
        )
        for position, one in enumerate(values)
    )


def taken_back(vocabulary: Vocabulary, said: Said) -> Said:
    """The change the other way round. Raises `Conflict` when it no longer stands as it was left."""
    now: dict[str, Any] = {name: getattr(vocabulary, name) for name in FIELDS}
    if "collections" in said:
        now["collections"] = [collection_to_json(one) for one in collections_of(vocabulary)]
    if any(now[name] != after for name, (_before, after) in said.items()):
        raise Conflict(
            "What the vocabulary says of itself, or a collection, has been changed since. "
            "Take the later change back first.",
            code="changed-since",
        )
    return {name: [after, before] for name, (before, after) in said.items()}
