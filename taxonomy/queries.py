"""Reads of vocabularies: search as you type, and concepts ready to be shown in a language."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from accounts.models import User
from taxonomy.folding import fold
from taxonomy.models import Concept, Label, Note, Proposal, Vocabulary
from taxonomy.permissions import visible_vocabularies
from taxonomy.searching import best_labels
from taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class ShownConcept:
    """A concept in the reader's language; `matched` is what was found when the label does not tell."""

    id: UUID
    uri: str
    notation: str
    label: str
    matched: str | None
    path: tuple[str, ...]
    scope_note: str | None
    children: int = 0
    ancestors: tuple[UUID, ...] = ()


# How many usable concepts stand directly below; annotated as `children_count`, which `show` reads.
NARROWER = Count("children", filter=~Q(children__status=Concept.Status.DEPRECATED))


def concepts_of(
    vocabulary: Vocabulary, branch: Concept | None = None, *, members: Collection[str] | None = None
) -> QuerySet[Concept]:
    """The usable concepts of a vocabulary, or those below a branch (without the branch itself).

    With `members`, only those of these URIs: the concepts of a collection.
    """
    concepts = Concept.objects.filter(vocabulary=vocabulary).exclude(status=Concept.Status.DEPRECATED)
    if members is not None:
        concepts = concepts.filter(uri__in=members)
    return concepts.filter(ancestors__contains=[branch.pk]) if branch else concepts


def search_concepts(
    vocabulary: Vocabulary, branch: Concept | None, q: str, language: str, limit: int, *,
    members: Collection[str] | None = None,
) -> tuple[list[ShownConcept], int]:  # fmt: skip
    """Concepts whose label, synonym or notation begins like `q` (every word), and how many there are.

    Accents and case are ignored and every language is searched; the best label of `language` is shown.
    Without `q`: the first ones in the order of the tree. A constant number of queries. With `members`,
    only the concepts of these URIs.
    """
    offered = concepts_of(vocabulary, branch, members=members)
    concepts = offered.annotate(children_count=NARROWER)
    q = q[:LONGEST_QUERY].replace("\x00", " ")
    words = fold(q).split()
    if not words:
        return show(concepts.order_by("preorder")[:limit], language), concepts.count()
    best = best_labels(offered, words, q, language)
    order = sorted(best, key=lambda pk: best[pk][0])[:limit]
    rows = {concept.pk: concept for concept in concepts.filter(pk__in=order)}
    shown = show([rows[pk] for pk in order], language, {pk: best[pk][1] for pk in order})
    # What is shown explains itself when it matches too; only another label needs to be told.
    return [replace(item, matched=None) if _begins(item.label, words) else item for item in shown], len(best)


def _begins(label: str, words: Sequence[str]) -> bool:
    """Whether every word typed is the beginning of a word of the label."""
    said = fold(label).split()
    return all(any(one.startswith(word) for one in said) for word in words)


LONGEST_QUERY = 200


def labels_in(concept_ids: Iterable[UUID], language: str) -> dict[UUID, str]:
    """The label of each concept to show in a language: preferred there, else English, else any; one query."""
    rank = Case(
        When(language=language, then=Value(0)),
        When(language__startswith=f"{language}-", then=Value(1)),
        When(language="en", then=Value(2)),
        When(language="und", then=Value(3)),
        default=Value(4),
    )
    rows = (
        Label.objects.filter(concept__in=set(concept_ids), kind=Label.Kind.PREF)
        .order_by("concept_id", rank, "language")
        .distinct("concept_id")
    )
    return dict(rows.values_list("concept_id", "text"))


def label_maps(concept_ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """The preferred labels of each concept in every language; one query."""
    maps: dict[UUID, dict[str, str]] = defaultdict(dict)
    rows = Label.objects.filter(concept__in=set(concept_ids), kind=Label.Kind.PREF)
    for pk, language, text in rows.values_list("concept_id", "language", "text"):
        maps[pk][language] = text
    return dict(maps)


def show(
    concepts: Iterable[Concept], language: str, matched: dict[UUID, str] | None = None
) -> list[ShownConcept]:
    """Concepts with their labels, paths and scope notes in a language; at most three queries more."""
    rows = list(concepts)
    names = _names({pk for concept in rows for pk in (concept.pk, *concept.ancestors)}, language)
    notes = _scope_notes([concept.pk for concept in rows], language)
    shown = []
    for concept in rows:
        label = names.get(concept.pk, "")
        match = (matched or {}).get(concept.pk)
        shown.append(
            ShownConcept(
                id=concept.pk,
                uri=concept.uri,
                notation=concept.notation,
                label=label,
                matched=match if match != label else None,
                path=tuple(names.get(pk, "") for pk in concept.ancestors),
                scope_note=notes.get(concept.pk),
                children=getattr(concept, "children_count", 0),
                ancestors=tuple(concept.ancestors),
            )
        )
    return shown


def _names(ids: set[UUID], language: str) -> dict[UUID, str]:
    """What to call each concept: its label, else its notation, else its URI."""
    labels = labels_in(ids, language)
    nameless = ids - labels.keys()
    if not nameless:
        return labels
    rows = Concept.objects.filter(pk__in=nameless).values_list("pk", "notation", "uri")
    return {**labels, **{pk: notation or uri for pk, notation, uri in rows}}


def _scope_notes(ids: list[UUID], language: str) -> dict[UUID, str]:
    rank = Case(When(language=language, then=Value(0)), When(language="en", then=Value(1)), default=Value(2))
    kind = Case(When(kind=Note.Kind.SCOPE, then=Value(0)), default=Value(1))
    rows = (
        Note.objects.filter(concept__in=ids, kind__in=[Note.Kind.SCOPE, Note.Kind.DEFINITION])
        .order_by("concept_id", rank, kind, F("id"))
        .distinct("concept_id")
    )
    return dict(rows.values_list("concept_id", "text"))


MOST_PROPOSALS = 50


def proposals_of(person: User) -> QuerySet[Proposal]:
    """What a person has proposed in vocabularies they may still see, newest first; one query."""
    rows = Proposal.objects.filter(created_by=person, vocabulary__in=visible_vocabularies(person))
    return rows.select_related("vocabulary").order_by("-created_at")[:MOST_PROPOSALS]


def tree_of(vocabulary: Vocabulary) -> Tree[UUID]:
    """Every concept of a vocabulary, deprecated ones too, where it stands; one query."""
    rows = Concept.objects.filter(vocabulary=vocabulary).order_by("preorder", "pk")
    return Tree(dict(rows.values_list("pk", "parent_id")))


def languages_of(vocabulary: Vocabulary) -> list[str]:
    """The languages of the preferred labels, those with most labels first; one query."""
    labels = Label.objects.filter(concept__vocabulary=vocabulary, kind=Label.Kind.PREF)
    counted = labels.exclude(language="und").order_by().values("language").annotate(n=Count("pk"))
    return list(counted.order_by("-n", "language").values_list("language", flat=True))
