"""Finds the labels and notations that begin like what is typed, and ranks them; never more than a screen can use."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import QuerySet, Value
from django.db.models.functions import Collate, Length, Upper

from taxonomy.models import Concept, Label

# Ranking looks at this many labels at most: beyond it a person types another letter anyway.
MOST_LABELS = 1000
MOST_NOTATIONS = 200
Rank = tuple[object, ...]
_LABEL = ("concept_id", "text", "folded", "kind", "language", "concept__preorder")


def best_labels(
    concepts: QuerySet[Concept], words: Sequence[str], q: str, language: str
) -> dict[UUID, tuple[Rank, str]]:
    """For each concept found, its rank (smaller is better) and the text that matched best; three queries at most.

    `words` are what was typed, folded; `q` is what was typed.
    """
    best: dict[UUID, tuple[Rank, str]] = {}
    for pk, rank, text in (*_by_label(concepts, words, language), *_by_notation(concepts, q.strip())):
        if pk not in best or rank < best[pk][0]:
            best[pk] = (rank, text)
    return best


def _by_label(
    concepts: QuerySet[Concept], words: Sequence[str], language: str
) -> Iterator[tuple[UUID, Rank, str]]:
    folded = " ".join(words)
    for pk, text, label, kind, tag, place in _labels(concepts, words, folded):
        rank = (
            label != folded,
            not label.startswith(folded),
            tag.split("-")[0] != language,
            kind != Label.Kind.PREF,
            len(text),
            place,
        )
        yield pk, rank, text


def _labels(
    concepts: QuerySet[Concept], words: Sequence[str], folded: str
) -> list[tuple[UUID, str, str, str, str, int]]:
    """Labels that begin with all that was typed; where these are few, those with words that begin with its words.

    Both come out of an index in the order that matters: an exact label first of all, and short ones before long ones.
    """
    labels = Label.objects.filter(concept__in=concepts)
    beginning = labels.annotate(letters=Collate("folded", "C")).filter(letters__startswith=folded)
    found = list(beginning.order_by("letters").values_list(*_LABEL)[:MOST_LABELS])
    if len(found) == MOST_LABELS:
        return found
    plain = (word.replace("\\", "").replace("'", "''") for word in words)
    query = SearchQuery(
        " & ".join(f"'{word}':*" for word in plain if word), search_type="raw", config="simple"
    )
    within = labels.annotate(words=SearchVector("folded", config="simple")).filter(words=query)
    return found + list(within.order_by(Length("text")).values_list(*_LABEL)[:MOST_LABELS])


def _by_notation(concepts: QuerySet[Concept], q: str) -> Iterator[tuple[UUID, Rank, str]]:
    coded = concepts.exclude(notation="").annotate(code=Collate(Upper("notation"), "C"))
    rows = coded.filter(code__startswith=Upper(Value(q))).order_by("code")
    for pk, notation, place in rows.values_list("pk", "notation", "preorder")[:MOST_NOTATIONS]:
        yield pk, (notation.lower() != q.lower(), False, False, False, len(notation), place), notation
