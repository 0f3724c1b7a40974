"""Carries annotations along when concepts are merged, and back when the merge is taken back.

An annotation's document stays as it was said; what moves is its link in the index, which remembers the concept
that was meant.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from annotation.models import Annotation, AnnotationConcept
from annotation.webanno import read
from taxonomy.models import Concept
from taxonomy.signals import Touched

Links = QuerySet[AnnotationConcept]


def carry_over(sources: Iterable[UUID], target: UUID) -> int:
    """Let every annotation of the sources count as one of the target; returns how many. Three statements each.

    An annotation that names the target already keeps that link, and loses the other.
    """
    moved = 0
    for source in sources:
        links = AnnotationConcept.objects.filter(concept=source)
        there = AnnotationConcept.objects.filter(annotation=OuterRef("annotation"), concept=target)
        AnnotationConcept.objects.filter(concept=source, said=None).update(said=F("concept"))
        moved += links.exclude(Exists(there)).update(concept=target)
        moved += links.delete()[0]
    return moved


def take_back(sources: Iterable[UUID], target: UUID) -> int:
    """Undo `carry_over`: what was said with a source names it again; returns how many."""
    moved = 0
    for source in Concept.objects.filter(pk__in=list(sources)):
        back = AnnotationConcept.objects.filter(concept=target, said=source)
        moved += back.update(concept=source, said=None)
        lost = [
            AnnotationConcept(annotation=annotation, concept=source, position=position)
            for annotation, position in _naming(source, target)
        ]
        moved += len(AnnotationConcept.objects.bulk_create(lost, ignore_conflicts=True, batch_size=2000))
    return moved


def _naming(source: Concept, target: UUID) -> Iterable[tuple[Annotation, int]]:
    """Annotations of the target whose documents name the source too; their link to it was dropped."""
    linked = AnnotationConcept.objects.filter(annotation=OuterRef("pk"))
    rows = Annotation.objects.filter(Exists(linked.filter(concept=target))).exclude(
        Exists(linked.filter(concept=source))
    )
    # The index narrows it down, the text of the document too; the reading decides.
    for annotation in rows.filter(document__icontains=source.uri).iterator(chunk_size=2000):
        concepts = read(annotation.document).concepts
        if source.uri in concepts:
            yield annotation, concepts.index(source.uri)


def touched(concepts: Iterable[UUID], operation: str) -> list[Touched]:
    """How many annotations name the concepts, and what becomes of them; one query."""
    links = AnnotationConcept.objects.filter(concept__in=list(concepts), annotation__deleted_at=None)
    count = links.aggregate(count=Count("annotation", distinct=True))["count"]
    return [Touched("annotations", count, SENTENCES[operation])] if count else []


SENTENCES = {
    "merge": gettext_noop("These annotations will count as the concept they are merged into."),
    "split": gettext_noop("These annotations keep the concept; people can be asked which part was meant."),
    "move": gettext_noop("These annotations keep the concept, which counts for another branch from then on."),
    "deprecate": gettext_noop("These annotations keep the concept, which is offered to nobody any more."),
}
