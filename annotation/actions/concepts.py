"""Carries annotations along when concepts are merged, and back when a merge or a split is taken back.

An annotation's document stays as it was said; what moves is its link in the index, which remembers the concept
that was meant.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from annotation.models import Annotation, AnnotationConcept
from annotation.webanno import read
from taxonomy.heirs import heirs_of, successors_in, wholes_in
from taxonomy.models import Concept
from taxonomy.signals import Touched
from taxonomy.succession import predecessors, said_before

Links = QuerySet[AnnotationConcept]


def carry_over(sources: Iterable[UUID], target: UUID) -> int:
    """Let every annotation of the sources count as one of the target; returns how many. Two statements each.

    An annotation that names the target already keeps that link, and loses the other.
    """
    moved = 0
    for source in sources:
        links = AnnotationConcept.objects.filter(concept=source)
        there = AnnotationConcept.objects.filter(annotation=OuterRef("annotation"), concept=target)
        # Each link is written once: what was said first stays, and the concept moves.
        moved += links.exclude(Exists(there)).update(said=Coalesce("said", "concept"), concept=target)
        moved += links.delete()[0]
    return moved


def take_back(sources: Iterable[UUID], target: UUID) -> int:
    """Undo `carry_over`: what was said with a source, or with what a source had taken over, names it again.

    Returns how many. The log says already that the merge is taken back.
    """
    rows = list(Concept.objects.filter(pk__in=list(sources)))
    next_one = successors_in(rows[0].vocabulary_id) if rows else {}
    # Looked up before links move: an annotation may have named several of the concepts.
    concerned = {link.annotation_id for link in _remembering(target)} if len(rows) > 1 else set()
    moved = 0
    for source in rows:
        meant = _meant(source, next_one)
        back = AnnotationConcept.objects.filter(concept=target, said__in=meant)
        here = AnnotationConcept.objects.filter(annotation=OuterRef("annotation"), concept=source)
        moved += back.exclude(Exists(here)).update(
            concept=source, said=Case(When(said=source, then=None), default=F("said"))
        )
        lost = [
            AnnotationConcept(annotation=annotation, concept=source, said=said, position=position)
            for annotation, said, position in _naming(source, target, meant, concerned)
        ]
        moved += len(AnnotationConcept.objects.bulk_create(lost, ignore_conflicts=True, batch_size=2000))
    return moved


def gather(concept: UUID, parts: Sequence[UUID]) -> int:
    """What counts as a part since a split, or as what that part became, counts as the whole again; returns how many.

    Only what was said with the whole, as the link remembers, is moved: what was said with a part itself, also by
    a person who has changed an annotation since, stays as it is. The log says already that the split is taken back.
    """
    whole = Concept.objects.get(pk=concept)
    next_one = successors_in(whole.vocabulary_id)
    sure = predecessors(whole.uri, next_one)
    perhaps = said_before(whole.uri, next_one, wholes_in(whole.vocabulary_id)) - sure
    rows = Concept.objects.filter(vocabulary=whole.vocabulary_id)
    heirs = heirs_of(parts)
    links = AnnotationConcept.objects.filter(
        Q(said__in=rows.filter(uri__in=sure).values("pk"))
        | Q(said__in=rows.filter(uri__in=perhaps).values("pk"), concept__in={*parts, *heirs.values()})
    )
    here = AnnotationConcept.objects.filter(annotation=OuterRef("annotation"), concept=whole)
    # One link of an annotation at most may name the whole.
    moved = links.exclude(Exists(here)).order_by("annotation", "position", "pk").distinct("annotation")
    return AnnotationConcept.objects.filter(pk__in=list(moved.values_list("pk", flat=True))).update(
        concept=whole, said=Case(When(said=whole, then=None), default=F("said"))
    )


def _remembering(target: UUID) -> Links:
    return AnnotationConcept.objects.filter(concept=target).exclude(said=None).only("annotation_id")


def _meant(source: Concept, next_one: Mapping[str, str]) -> list[Concept]:
    """The source first, then the concepts that it had taken over before."""
    uris = predecessors(source.uri, next_one)
    rows = Concept.objects.filter(vocabulary=source.vocabulary_id, uri__in=uris - {source.uri})
    return [source, *rows.order_by("pk")]


def _naming(
    source: Concept, target: UUID, meant: Sequence[Concept], concerned: Collection[UUID]
) -> Iterator[tuple[Annotation, Concept | None, int]]:
    """Annotations of the target whose documents name the source too; their link to it was dropped."""
    linked = AnnotationConcept.objects.filter(annotation=OuterRef("pk"))
    rows = Annotation.objects.filter(Exists(linked.filter(concept=target)) | Q(pk__in=concerned)).exclude(
        Exists(linked.filter(concept=source))
    )
    # The index narrows it down, the text of the document too; the reading decides.
    named = reduce(or_, (Q(document__icontains=one.uri) for one in meant))
    for annotation in rows.filter(named).iterator(chunk_size=2000):
        concepts = read(annotation.document).concepts
        said = next((one for one in meant if one.uri in concepts), None)
        if said is not None:
            yield annotation, None if said == source else said, concepts.index(said.uri)


def touched(concepts: Iterable[UUID], operation: str) -> list[Touched]:
    """How many annotations name the concepts, and what becomes of them; one query."""
    links = AnnotationConcept.objects.filter(concept__in=list(concepts), annotation__deleted_at=None)
    count = links.aggregate(count=Count("annotation", distinct=True))["count"]
    return [Touched("annotations", count, SENTENCES[operation])] if count else []


GATHERED = gettext_noop("These annotations count as the concept again, which had been divided.")
SENTENCES = {
    "merge": gettext_noop("These annotations will count as the concept they are merged into."),
    "split": gettext_noop("These annotations keep the concept; people can be asked which part was meant."),
    "move": gettext_noop("These annotations keep the concept, which counts for another branch from then on."),
    "deprecate": gettext_noop("These annotations keep the concept, which is offered to nobody any more."),
}
