"""Documents from outside: checked, placed, indexed; a retry is harmless, a stale change is refused."""

from uuid import uuid4

import pytest

from accounts.roles import Role, grant
from annotation.actions.documents import create_annotation, delete_annotation, replace_annotation
from annotation.models import Annotation, AnnotationRevision
from problems import Conflict, Invalid, Refused, Stale
from tests.annotation.conftest import make_layer
from tests.campaigns.conftest import make_vocabulary

pytestmark = pytest.mark.django_db


def document(canvas, xywh="10,20,30,40", text="Un œil"):
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "motivation": "commenting",
        "body": {"type": "TextualBody", "value": text},
        "target": f"{canvas.uri}#xywh={xywh}",
        "x-unknown": {"kept": True},
    }


def test_a_document_is_kept_whole_placed_and_indexed(owner, manifest):
    layer, canvas = make_layer(owner), manifest.canvases.first()
    row, created = create_annotation(layer, document(canvas), by=owner, id=uuid4())
    assert created
    assert (row.canvas, row.box, row.words, row.motivations) == (
        canvas,
        (10, 20, 30, 40),
        "un oeil",
        ["commenting"],
    )
    assert row.document == document(canvas)


def test_percent_are_measured_against_the_canvas(owner, manifest):
    canvas = manifest.canvases.first()
    row, _ = create_annotation(
        make_layer(owner), document(canvas, "percent:10,10,50,50"), by=owner, id=uuid4()
    )
    assert row.box == (100, 140, 500, 700)


def test_a_concept_that_is_named_is_linked(owner, manifest):
    concept = make_vocabulary("words").concepts.first()
    said = document(manifest.canvases.first())
    said["body"] = {"type": "SpecificResource", "source": concept.uri, "purpose": "classifying"}
    row, _ = create_annotation(make_layer(owner), said, by=owner, id=uuid4())
    assert [link.concept_id for link in row.concept_links.all()] == [concept.pk]


def test_a_canvas_that_is_not_here_keeps_the_annotation_without_a_place(owner, manifest):
    said = {
        **document(manifest.canvases.first()),
        "target": "https://elsewhere.example/canvas/9#xywh=1,2,3,4",
    }
    row, _ = create_annotation(make_layer(owner), said, by=owner, id=uuid4())
    assert (row.canvas, row.box) == (None, None)


def test_the_same_again_is_a_retry_and_other_content_a_conflict(owner, manifest):
    layer, canvas, pk = make_layer(owner), manifest.canvases.first(), uuid4()
    create_annotation(layer, document(canvas), by=owner, id=pk)
    _, created = create_annotation(layer, document(canvas), by=owner, id=pk)
    assert not created
    with pytest.raises(Conflict):
        create_annotation(layer, document(canvas, text="other"), by=owner, id=pk)
    assert Annotation.objects.count() == 1


def test_what_is_no_annotation_or_leaves_its_canvas_is_refused_with_a_pointer(owner, manifest):
    layer, canvas = make_layer(owner), manifest.canvases.first()
    with pytest.raises(Invalid) as outside:
        create_annotation(layer, document(canvas, "990,0,30,30"), by=owner, id=uuid4())
    assert outside.value.faults[0].pointer == "/target"
    with pytest.raises(Invalid) as broken:
        create_annotation(layer, {**document(canvas), "created": "yesterday"}, by=owner, id=uuid4())
    assert broken.value.faults[0].pointer == "/created"
    assert not Annotation.objects.exists()


def test_a_replacement_keeps_what_stood_there(owner, manifest):
    layer, canvas = make_layer(owner), manifest.canvases.first()
    row, _ = create_annotation(layer, document(canvas), by=owner, id=uuid4())
    changed = replace_annotation(row, document(canvas, "1,2,3,4", "Ein Fuß"), by=owner, revision=1)
    changed.refresh_from_db()
    assert (changed.box, changed.words, changed.revision) == ((1, 2, 3, 4), "ein fuss", 2)
    assert [(old.revision, old.document) for old in changed.revisions.all()] == [(1, document(canvas))]
    with pytest.raises(Stale):
        replace_annotation(row, document(canvas), by=owner, revision=1)


def test_a_deletion_leaves_the_history(owner, manifest):
    row, _ = create_annotation(make_layer(owner), document(manifest.canvases.first()), by=owner, id=uuid4())
    with pytest.raises(Stale):
        delete_annotation(row, by=owner, revision=7)
    delete_annotation(row, by=owner, revision=1)
    row.refresh_from_db()
    assert row.deleted_at is not None
    assert AnnotationRevision.objects.filter(annotation=row).count() == 1
    with pytest.raises(Stale):
        delete_annotation(row, by=owner, revision=2)


def test_only_the_author_and_who_manages_the_layer_may_change(owner, contributor, stranger, manifest):
    layer = make_layer(owner, is_public=True)
    grant(contributor, layer, Role.CONTRIBUTOR)
    grant(stranger, layer, Role.CONTRIBUTOR)
    said = {**document(manifest.canvases.first()), "target": "https://elsewhere.example/canvas/1"}
    row, _ = create_annotation(layer, said, by=contributor, id=uuid4())
    with pytest.raises(Refused):
        delete_annotation(row, by=stranger, revision=1)
    replace_annotation(row, {**said, "rights": "https://example.org/licence"}, by=owner, revision=1)


def test_a_layer_that_a_campaign_fills_is_not_written_by_hand(owner, manifest):
    layer = make_layer(owner)
    layer.kind = "consensus"
    with pytest.raises(Refused):
        create_annotation(layer, document(manifest.canvases.first()), by=owner, id=uuid4())
