"""Where annotations that come in stand: on which canvas, in which of its units, or waiting for it."""

import json
from typing import Any

import pytest

from accounts.roles import Role, grant
from annotation.actions.sources import import_from_file
from annotation.models import Annotation, Canvas, Manifest
from tests.annotation.bringing import GALLICA, bring, dump, gallica, oa, only_layer, sentences, w3c
from tests.annotation.conftest import p3_manifest, report, upload

__all__ = ["bring", "gallica"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "written",
    [
        f"{GALLICA}/canvas/f0002",
        f"{GALLICA}/canvas/f2/",
        f"{GALLICA}/canvas/f2".replace("https", "http"),
        f"{GALLICA}/canvas/f0002".replace("ark:/", "ark%3A%2F"),
    ],
)
def test_a_canvas_is_found_however_its_uri_is_written(bring, gallica, written):
    bring(dump(oa(7, canvas=written), canvas=written))
    row = only_layer().annotations.get()
    assert row.canvas.uri == f"{GALLICA}/canvas/f2"
    assert row.box == (7, 20.5, 30, 39.5)
    assert row.document["target"]["source"] == f"{GALLICA}/canvas/f2", "as viewers look for it"
    assert row.document["rubricator:canvasAsWritten"] == written
    source = bring(dump(oa(7, canvas=written), canvas=written))
    assert "1 unchanged" in sentences(source)


def test_of_two_copies_of_a_canvas_the_named_manifest_has_it(bring, gallica, owner):
    other = Manifest.objects.create(uri=f"{GALLICA}/other", label={}, document={}, created_by=owner)
    grant(owner, other, Role.OWNER)
    twin = Canvas.objects.create(
        manifest=other, uri=f"{GALLICA}/canvas/f2", position=0, width=1000, height=1400
    )
    bring(dump(oa(1), manifest=f"{GALLICA}/other/"))
    assert only_layer().annotations.get().canvas == twin


def test_percent_are_measured_against_the_canvas(bring, gallica):
    bring(w3c(1, f"{GALLICA}/canvas/f2", target=f"{GALLICA}/canvas/f2#xywh=percent:10,10,20,20"))
    assert only_layer().annotations.get().box == (100, 140, 200, 280)


def test_annotations_of_absent_canvases_wait_for_their_manifest(
    bring, owner, finished, django_assert_max_num_queries
):
    from annotation.actions.placing import place_waiting

    canvas = "https://example.org/iiif/book/canvas/{}"
    manifest = "https://example.org/iiif/book/manifest"
    fitting = [w3c(n, canvas.format(1)) for n in range(1, 6)]
    other = w3c(
        8,
        canvas.format(2).replace("https", "http"),
        target="http://example.org/iiif/book/canvas/2#xywh=percent:0,0,50,50",
    )
    leaving = w3c(9, canvas.format(2), target=canvas.format(2) + "#xywh=900,0,900,10")
    source = bring(json.dumps({manifest: {canvas.format(1): [*fitting, other, leaving]}}).encode())
    line = next(line for line in report(source) if "not here" in line.sentence)
    assert (line.sentence.split()[0], line.place, line.severity) == ("7", manifest, "warning")
    assert Annotation.objects.filter(canvas=None).count() == 7
    bring(w3c(1, "https://elsewhere.org/canvas/1"), name="other.json")
    imported = finished(import_from_file(upload(p3_manifest()), by=owner))
    said = sentences(imported)
    assert "6 annotations that were here before it were placed" in said
    assert "region that leaves it" in said
    placed = Annotation.objects.filter(canvas__manifest=imported.manifest)
    assert placed.count() == 6
    half = placed.get(document__via="https://example.org/w3c/8")
    assert (half.box, half.revision, half.revisions.count()) == ((0, 0, 500, 700), 2, 1)
    assert placed.get(document__via="https://example.org/w3c/1").revision == 1
    assert Annotation.objects.filter(canvas=None).count() == 2
    again = bring(json.dumps({manifest: {canvas.format(1): [*fitting, other]}}).encode())
    assert "6 unchanged" in sentences(again), "placing is no change of the source"
    Annotation.objects.update(canvas=None)
    with django_assert_max_num_queries(9):
        place_waiting(imported.manifest)


def test_nobody_elses_waiting_annotations_go_onto_a_private_manifest(bring, manager, manifest):
    from annotation.actions.placing import place_waiting

    bring(w3c(1, "https://elsewhere.org/canvas/1"))
    waiting = Annotation.objects.get()
    manifest.created_by = manager
    manifest.save()
    manifest.canvases.update(uri="https://elsewhere.org/canvas/1") if manifest.canvases.count() == 1 else None
    first = manifest.canvases.first()
    Canvas.objects.filter(pk=first.pk).update(uri="https://elsewhere.org/canvas/1")
    assert place_waiting(manifest) == (0, ())
    manifest.is_public = True
    assert place_waiting(manifest)[0] == 1
    waiting.refresh_from_db()
    assert waiting.canvas == first


SELECTED = [
    {"type": "PointSelector", "x": 12, "y": 30},
    {"type": "ImageApiSelector", "region": "200,400,100,60"},
    {"type": "ImageApiSelector", "region": "1990,0,20,20"},
]
IMAGE = "https://example.org/iiif/book/image/1"


def selected(number: int, selector: dict[str, Any], source: str) -> dict[str, Any]:
    target = {"type": "SpecificResource", "source": source, "selector": selector}
    return w3c(number, source, target=target)


@pytest.mark.parametrize("comes_first", ["annotations", "manifest"])
def test_points_and_regions_of_the_image_stand_where_they_are_meant(bring, owner, finished, comes_first):
    canvas = "https://example.org/iiif/book/canvas/1"
    sources = [canvas, IMAGE, IMAGE]
    said = [selected(n, *pair) for n, pair in enumerate(zip(SELECTED, sources, strict=True))]
    if comes_first == "manifest":
        finished(import_from_file(upload(p3_manifest()), by=owner))
    source = bring(json.dumps(said).encode())
    if comes_first == "annotations":
        report_of_it = finished(import_from_file(upload(p3_manifest()), by=owner))
    else:
        report_of_it = source
    here = {row.document["via"][-1]: row for row in Annotation.objects.exclude(canvas=None)}
    assert [(row.x, row.y, row.w, row.h) for _via, row in sorted(here.items())] == [
        (12, 30, 0, 0),
        (100, 200, 50, 30),
    ]
    assert "region" in sentences(report_of_it)
    assert "leaves" in sentences(report_of_it)


def test_what_moved_along_with_its_canvas_is_not_moved_back_by_the_same_words(bring, owner, finished):
    def manifest_of(factor: int) -> dict[str, Any]:
        document = p3_manifest()
        for canvas in document["items"]:
            canvas["width"], canvas["height"] = canvas["width"] * factor, canvas["height"] * factor
        return document

    canvas = "https://example.org/iiif/book/canvas/1"
    said = json.dumps([w3c(1, canvas), w3c(2, canvas)]).encode()
    finished(import_from_file(upload(p3_manifest()), by=owner))
    bring(said)
    for factor in (2, 4):
        finished(import_from_file(upload(manifest_of(factor)), by=owner))
        assert "2 unchanged" in sentences(bring(said))
    boxes = Annotation.objects.order_by("x").values_list("x", "y", "w", "h")
    assert list(boxes) == [(4, 8, 12, 16), (8, 8, 12, 16)]
    anew = json.dumps([w3c(1, canvas, target=f"{canvas}#xywh=5,5,5,5"), w3c(2, canvas)]).encode()
    assert "1 changed, 1 unchanged" in sentences(bring(anew))
    assert Annotation.objects.filter(x=5, y=5, w=5, h=5).count() == 1


def test_points_and_regions_of_the_image_are_placed_like_those_that_are_sent(bring, manifest):
    """The canvas is 1000 × 1400, its image has twice as many pixels."""
    canvas = "https://example.org/iiif/book/canvas/1"
    source = {"id": canvas, "type": "Canvas"}
    selectors = [
        {"type": "PointSelector", "x": 40, "y": 50},
        {"type": "ImageApiSelector", "region": "200,400,100,60"},
        {"type": "ImageApiSelector", "region": "pct:50,50,10,10"},
        {"type": "PointSelector", "x": 4000, "y": 50},
    ]
    items = [
        w3c(number, canvas, target={"type": "SpecificResource", "source": source, "selector": selector})
        for number, selector in enumerate(selectors)
    ]
    brought = bring({"type": "AnnotationPage", "id": "https://example.org/page", "items": items})
    places = [(row.x, row.y, row.w, row.h) for row in only_layer().annotations.order_by("document__via")]
    assert places == [(40, 50, 0, 0), (100, 200, 50, 30), (500, 700, 100, 140)]
    assert "leaves its canvas" in sentences(brought)


def test_a_point_that_waited_for_its_manifest_is_placed_as_a_point(bring, owner, finished):
    source = {"id": "https://example.org/iiif/book/canvas/1", "type": "Canvas"}
    target = {
        "type": "SpecificResource",
        "source": source,
        "selector": {"type": "PointSelector", "x": 40, "y": 50},
    }
    bring({"type": "AnnotationPage", "id": "https://example.org/p", "items": [w3c(1, "", target=target)]})
    assert Annotation.objects.get().canvas is None
    finished(import_from_file(upload(p3_manifest()), by=owner))
    assert Annotation.objects.get().point == (40, 50)
