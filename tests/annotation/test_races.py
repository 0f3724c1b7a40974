"""Two who write the same annotation or source at the same moment: nothing that was accepted is written over."""

from types import SimpleNamespace
from uuid import uuid4, uuid5

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from annotation import jobs
from annotation.actions.annotation_batches import take_out_missing
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.actions.documents import create_annotation, replace_annotation
from annotation.actions.following import crawl_again, request_due
from annotation.actions.images import finish_images
from annotation.actions.layers import change_layer
from annotation.actions.placing import place_waiting
from annotation.models import Annotation, Canvas, Layer, SourceCollection, SourceImport, StoredImage
from tests.annotation.conftest import make_layer
from tests.annotation.test_placing import document, fragment
from tests.races import at_once
from work.models import Job
from work.runner import Runner

pytestmark = pytest.mark.django_db(transaction=True)
LATER = "https://example.org/iiif/book/canvas/9"


def said(text):
    return {**document(fragment("10,20,30,40"), LATER), "body": {"type": "TextualBody", "value": text}}


def test_what_somebody_writes_while_annotations_are_placed_stands(manifest, owner):
    layer = make_layer(owner)
    row, _new = create_annotation(layer, said("before"), by=owner, id=uuid4())
    assert row.canvas is None
    canvas = Canvas.objects.create(manifest=manifest, uri=LATER, position=8, width=1000, height=1400)
    ((placed, _left),) = at_once(
        # Not placed by this itself: it was read before the canvas was there.
        lambda: Annotation.objects.filter(pk=row.pk).update(
            document={**row.document, "body": said("after")["body"]}, revision=2
        ),
        lambda: place_waiting(manifest),
    )
    row.refresh_from_db()
    assert (placed, row.canvas, row.document["body"]["value"]) == (1, canvas, "after")
    assert row.revision >= 2


def test_who_writes_an_annotation_anew_while_it_is_placed_leaves_it_there(manifest, owner):
    row, _new = create_annotation(make_layer(owner), said("before"), by=owner, id=uuid4())
    canvas = Canvas.objects.create(manifest=manifest, uri=LATER, position=8, width=1000, height=1400)
    found = Annotation.objects.select_related("layer").get(pk=row.pk)
    Canvas.objects.filter(pk=canvas.pk).update(uri=f"{LATER}0")

    def arrive():
        Canvas.objects.filter(pk=canvas.pk).update(uri=LATER)
        place_waiting(manifest)

    (changed,) = at_once(arrive, lambda: replace_annotation(found, said("after"), by=owner, revision=None))
    assert changed.canvas == canvas
    row.refresh_from_db()
    assert (row.canvas, row.box, row.document["body"]["value"]) == (canvas, (10, 20, 30, 40), "after")


def test_what_somebody_changes_while_its_source_drops_it_stays(manifest, owner):
    layer = make_layer(owner)
    row, _new = create_annotation(
        layer, document(fragment("10,20,30,40"), manifest.canvases.first().uri), by=owner, id=uuid4()
    )
    other = as_of_a_source(layer, row)
    ((taken, kept),) = at_once(
        lambda: replace_annotation(
            other, {**other.document, "body": said("mine")["body"]}, by=owner, revision=None
        ),
        lambda: take_out_missing(layer, set(), reason="import"),
    )
    assert (taken, kept) == (0, 1)
    other.refresh_from_db()
    assert other.deleted_at is None


def as_of_a_source(layer, row):
    """The same annotation under an id that was made from a source."""
    new = NewAnnotation(
        id=uuid5(layer.pk, "one"), layer=layer, canvas=row.canvas, document=row.document,
        motivations=("highlighting",), created_by_id=row.created_by_id,
    )  # fmt: skip
    add_annotations([new])
    row.delete()
    return Annotation.objects.select_related("layer").get(pk=new.id)


def test_two_change_a_layer_in_two_tabs(owner):
    layer = make_layer(owner)
    first, second = Layer.objects.get(pk=layer.pk), Layer.objects.get(pk=layer.pk)
    change_layer(first, by=owner, label={"en": "Hands"})
    change_layer(second, by=owner, is_public=not layer.is_public)
    layer.refresh_from_db()
    assert (layer.label, layer.is_public) == ({"en": "Hands"}, second.is_public)


def test_two_runners_finish_the_same_images(owner):
    source = SourceImport.objects.create(kind=SourceImport.Kind.IMAGES, title="Leaves", created_by=owner)
    for position in range(2):
        StoredImage.objects.create(
            source=source, position=position, name=f"{position}.png", state=StoredImage.State.READY,
            width=10, height=10,
        )  # fmt: skip
    (again,) = at_once(lambda: finish_images(source), lambda: finish_images(source))
    assert again.canvases.count() == Canvas.objects.count() == 2


def test_a_runner_that_was_thought_dead_takes_no_canvas_away(owner, monkeypatch):
    source = SourceImport.objects.create(kind=SourceImport.Kind.IMAGES, title="Leaves", created_by=owner)
    image = StoredImage(source=source, position=0, name="1.png")
    image.original.save("1.png", ContentFile(b"a picture"))

    def convert(*_paths):
        StoredImage.objects.filter(pk=image.pk).update(state=StoredImage.State.READY, width=20, height=10)
        finish_images(source)
        return SimpleNamespace(width=20, height=10, sha256="")

    monkeypatch.setattr(jobs, "convert", convert)
    jobs._convert(Runner(Job()), image)
    image.refresh_from_db()
    assert image.canvas is not None


def test_a_round_begins_once_when_the_clock_and_somebody_begin_it(owner):
    collection = SourceCollection.objects.create(
        uri="https://example.org/all", kind="collection", created_by=owner, every="day", round=3,
        next_check_at=timezone.now(),
    )  # fmt: skip
    at_once(lambda: crawl_again(collection, by=owner), request_due)
    collection.refresh_from_db()
    assert (collection.round, Job.objects.count()) == (4, 1)
