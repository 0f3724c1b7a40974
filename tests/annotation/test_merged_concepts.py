"""Annotations go with their concepts when these are merged, and come back when that is taken back."""

from uuid import uuid4

import pytest

from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.models import Annotation, AnnotationConcept
from taxonomy.actions.editing import foresee, merge_concepts, undo_change
from taxonomy.models import Concept
from tests.annotation.conftest import make_layer

pytestmark = pytest.mark.django_db


def concept(name: str) -> Concept:
    return Concept.objects.select_related("vocabulary").get(uri=f"https://example.org/clefs/{name}")


def tag(layer, canvas, *names: str) -> Annotation:
    concepts = [concept(name) for name in names]
    new = NewAnnotation(
        id=uuid4(),
        layer=layer,
        canvas=canvas,
        document={
            "type": "Annotation",
            "motivation": "tagging",
            "body": [
                {"type": "SpecificResource", "source": one.uri, "purpose": "classifying"} for one in concepts
            ],
            "target": canvas.uri,
        },
        motivations=("tagging",),
        concept_ids=tuple(one.pk for one in concepts),
    )
    add_annotations([new])
    return Annotation.objects.get(pk=new.id)


def names(annotation: Annotation) -> list[str]:
    links = annotation.concept_links.select_related("concept").order_by("position")
    return [link.concept.uri.rpartition("/")[2] for link in links]


def test_annotations_are_carried_along_and_remember_what_was_meant(clefs, owner, manifest):
    layer, canvas = make_layer(owner), manifest.canvases.first()
    first, both, other = tag(layer, canvas, "c"), tag(layer, canvas, "f", "c"), tag(layer, canvas, "g")
    before = {row.pk: (names(row), row.document) for row in (first, both, other)}
    (told,) = [one for one in foresee(clefs, "merge", [concept("c")], by=owner) if one.kind == "annotations"]
    assert told.count == 2
    change = merge_concepts([concept("c")], concept("f"), by=owner)
    assert [names(row) for row in (first, both, other)] == [["f"], ["f"], ["g"]]
    assert AnnotationConcept.objects.get(annotation=first).said == concept("c")
    undo_change(change, by=owner)
    assert {row.pk: (names(row), row.document) for row in Annotation.objects.all()} == before
    assert not AnnotationConcept.objects.exclude(said=None).exists()


def test_two_concepts_merged_into_a_third(clefs, owner, manifest):
    layer, canvas = make_layer(owner), manifest.canvases.first()
    all_three = tag(layer, canvas, "f", "c", "g")
    change = merge_concepts([concept("f"), concept("c")], concept("g"), by=owner)
    assert names(all_three) == ["g"]
    undo_change(change, by=owner)
    assert names(all_three) == ["f", "c", "g"]


def test_a_merge_of_many_annotations_is_a_few_statements(
    clefs,
    owner,
    manifest,
    django_assert_max_num_queries,
):
    layer, canvas = make_layer(owner), manifest.canvases.first()
    for _ in range(30):
        tag(layer, canvas, "c")
    with django_assert_max_num_queries(45):
        merge_concepts([concept("c")], concept("f"), by=owner)
    assert AnnotationConcept.objects.filter(concept=concept("f")).count() == 30
