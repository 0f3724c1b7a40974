"""The concepts that count in place of merged ones, from the database; and how writers wait for a merge to end."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.db.models.fields.json import KeyTransform

from taxonomy.models import Concept, VocabularyChange
from taxonomy.succession import Step, heir, successors

# Whoever edits a vocabulary holds its row FOR UPDATE until the merge and all that hangs on it are written; many
# writers of annotations may hold it FOR KEY SHARE at once. So what is written sees the whole merge, or is seen by it.
_HOLD = """
SELECT v.id FROM taxonomy_vocabulary v
 WHERE v.id IN (SELECT c.vocabulary_id FROM taxonomy_concept c WHERE c.id = ANY(%s::uuid[]))
 ORDER BY v.id FOR KEY SHARE
"""
DECIDES = ("merge", "restore", "undo")


def hold_vocabularies(concepts: Collection[UUID]) -> None:
    """Wait for edits of the vocabularies of these concepts, and let none begin until the transaction ends."""
    if concepts:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [list(concepts)])


def hold_vocabulary(pk: int) -> None:
    """The same for one vocabulary: between this and the end of the transaction nothing is merged in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM taxonomy_vocabulary WHERE id = %s FOR KEY SHARE", [pk])


def heirs_of(concepts: Iterable[UUID]) -> dict[UUID, UUID]:
    """Each of the concepts that was merged away, with the one that counts instead; others are left out.

    One query while none of them is out of use; else one more for each vocabulary, and a last one.
    """
    gone = Concept.objects.filter(pk__in=set(concepts), status=Concept.Status.DEPRECATED)
    rows = list(gone.order_by().values_list("pk", "uri", "vocabulary_id"))
    if not rows:
        return {}
    by_vocabulary = {pk: successors_in(pk) for pk in {vocabulary for _pk, _uri, vocabulary in rows}}
    ends = {pk: (vocabulary, heir(uri, by_vocabulary[vocabulary])) for pk, uri, vocabulary in rows}
    wanted = {uri for _vocabulary, uri in ends.values()}
    found = Concept.objects.filter(vocabulary__in=by_vocabulary, uri__in=wanted)
    ids = {(vocabulary, uri): pk for pk, uri, vocabulary in found.values_list("pk", "uri", "vocabulary_id")}
    return {pk: ids[end] for pk, end in ends.items() if end in ids and ids[end] != pk}


def successors_in(vocabulary: int) -> dict[str, str]:
    """Source → target, by URI, of the merges that are in force in a vocabulary; one query."""
    return successors(steps_of(vocabulary))


def wholes_in(vocabulary: int) -> dict[str, set[str]]:
    """Each part of a split, taken back or not, with the concepts that it is a part of, by URI; one query."""
    wholes: dict[str, set[str]] = defaultdict(set)
    splits = VocabularyChange.objects.filter(vocabulary=vocabulary, operation="split").annotate(
        concept=KeyTransform("concept", "detail"), parts=KeyTransform("parts", "detail")
    )
    for concept, parts in splits.values_list("concept", "parts"):
        for part in parts:
            wholes[part].add(concept)
    return wholes


def stands(change: VocabularyChange) -> bool:
    """Whether a change is in force: never taken back, or brought back by taking that back; a query a step."""
    undone = VocabularyChange.objects.filter(undoes=change).first()
    return undone is None or not stands(undone)


def steps_of(vocabulary: int) -> list[Step]:
    """The changes that decide who succeeds whom; one query that leaves the described concepts where they are."""
    rows = VocabularyChange.objects.filter(vocabulary=vocabulary, operation__in=DECIDES).annotate(
        sources=KeyTransform("sources", "detail"),
        target=KeyTransform("target", "detail"),
        concept=KeyTransform("concept", "detail"),
        takes_back=F("undoes__version"),
    )
    values = rows.values_list("version", "operation", "sources", "target", "concept", "takes_back")
    return [
        Step(version, operation, tuple(sources or ([concept] if concept else ())), target or "", undoes)
        for version, operation, sources, target, concept, undoes in values
    ]
