"""Where annotations stand: percent, refinements, turned outlines, points, and regions of known images."""

import math
from uuid import uuid4

import pytest

from annotation.actions.documents import create_annotation
from annotation.geometry import Box
from annotation.models import Canvas
from annotation.queries import shown_box
from annotation.webanno import read
from problems import Invalid
from tests.annotation.conftest import make_layer

CANVAS = "https://example.org/iiif/book/canvas/1"
SERVICE = "https://example.org/iiif/book/image/1"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


def document(selector, source=CANVAS):
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "motivation": "highlighting",
        "target": {"type": "SpecificResource", "source": source, "selector": selector},
    }


def fragment(value, **more):
    return {"type": "FragmentSelector", "value": f"xywh={value}", **more}


def svg(markup, **more):
    return {"type": "SvgSelector", "value": SVG.format(markup), **more}


def point(x, y):
    return {"type": "PointSelector", "x": x, "y": y}


@pytest.mark.parametrize(
    ("selector", "box"),
    [
        (fragment("10,20,30,40"), Box(10, 20, 30, 40)),
        (fragment("pixel:10,20,30,40"), Box(10, 20, 30, 40)),
        (fragment("percent:10,10,50,50"), Box(100, 140, 500, 700)),
        (fragment("100,200,400,400", refinedBy=fragment("10,20,30,40")), Box(110, 220, 30, 40)),
        (fragment("100,200,400,600", refinedBy=fragment("percent:50,50,25,25")), Box(300, 500, 100, 150)),
        (
            fragment("percent:10,10,50,50", refinedBy=fragment("10,10,50,50", refinedBy=fragment("1,1,2,2"))),
            Box(111, 151, 2, 2),
        ),
        (fragment("100,200,400,400", refinedBy=svg('<rect width="9" height="8"/>')), Box(100, 200, 9, 8)),
        (svg('<rect x="50" y="60" width="9" height="8"/>', refinedBy=fragment("1,2,3,4")), Box(51, 62, 3, 4)),
        (fragment("1,2,3,4", refinedBy={"type": "TextQuoteSelector", "exact": "x"}), Box(1, 2, 3, 4)),
        (fragment("1,2,3,4", refinedBy={"type": "FragmentSelector", "value": "t=1,2"}), Box(1, 2, 3, 4)),
        ([svg('<circle cx="50" cy="50" r="10"/>'), fragment("1,2,3,4")], Box(1, 2, 3, 4)),
        (svg('<circle cx="50" cy="60" r="10"/>'), Box(40, 50, 20, 20)),
        (svg('<ellipse cx="50" cy="60" rx="10" ry="5"/>'), Box(40, 55, 20, 10)),
        (svg('<polygon points="1,1 5,1 5,9"/>'), Box(1, 1, 4, 8)),
        (svg('<path d="M10,10 h20 v30 h-20 z"/>'), Box(10, 10, 20, 30)),
        (svg('<rect width="20" height="10" transform="rotate(90)translate(5 -40)"/>'), Box(30, 5, 10, 20)),
        (svg('<g transform="scale(2)"><rect x="1" y="2" width="3" height="4"/></g>'), Box(2, 4, 6, 8)),
        ({"type": "ImageApiSelector", "region": "pct:10,10,50,50"}, Box(200, 280, 1000, 1400)),
        ({"type": "ImageApiSelector", "region": "square"}, Box(0, 400, 2000, 2000)),
        ({"type": "ImageApiSelector", "region": "10,20,30,40", "rotation": "90"}, Box(10, 20, 30, 40)),
        ({"type": "ImageApiSelector", "region": "full"}, None),
        ({"type": "TextQuoteSelector", "exact": "x"}, None),
        ({"type": "TextQuoteSelector", "exact": "x", "refinedBy": fragment("1,2,3,4")}, None),
    ],
)
def test_the_box_of_a_selector(selector, box):
    reading = read(document(selector), canvas_size=(1000, 1400), image_size=(2000, 2800), embedded=False)
    assert reading.is_acceptable
    found = reading.target.box
    assert (found is None) == (box is None)
    assert box is None or all(map(math.isclose, (a + 1 for a in found.xywh), (b + 1 for b in box.xywh)))


def test_the_outline_of_a_refinement_moves_with_it():
    refined = svg('<polygon points="0,0 10,0 10,10"/>')
    target = read(document(fragment("100,200,50,50", refinedBy=refined))).target
    assert target.svg.box == target.box == Box(100, 200, 10, 10)


def test_a_refinement_of_what_is_no_region_is_said():
    reading = read(document({"type": "TextQuoteSelector", "exact": "x", "refinedBy": fragment("1,2,3,4")}))
    assert [problem.severity for problem in reading.problems] == ["warning"]


def test_points():
    assert read(document(point(12.5, 30))).target.point == (12.5, 30)
    assert read(document(fragment("100,200,50,50", refinedBy=point(5, 6)))).target.point == (105, 206)
    both = read(document([point(1, 2), fragment("1,2,3,4")])).target
    assert (both.point, both.box) == (None, Box(1, 2, 3, 4))
    assert read(document({"type": "PointSelector", "t": 3})).target.point is None


@pytest.mark.parametrize("wrong", [{"x": "1", "y": 2}, {"x": True, "y": 2}, {"x": None, "y": 2}])
def test_a_point_that_is_none_is_refused(wrong):
    reading = read(document({"type": "PointSelector", **wrong}))
    assert reading.problems[0].pointer == "/target/selector/x"
    assert not reading.is_acceptable


# --- rows ------------------------------------------------------------------------------------------


@pytest.fixture
def put(owner, manifest):
    layer = make_layer(owner)
    return lambda said: create_annotation(layer, said, by=owner, id=uuid4())[0]


@pytest.mark.django_db
def test_a_point_is_kept_as_a_place_without_extent(put):
    row = put(document(point(12.5, 30)))
    assert (row.x, row.y, row.w, row.h) == (12.5, 30, 0, 0)
    assert (row.box, row.point) == (None, (12.5, 30))
    with pytest.raises(Invalid):
        put(document(point(1001, 5)))


@pytest.mark.django_db
def test_what_is_shown_of_a_point_keeps_within_the_canvas(put, manifest):
    canvas = manifest.canvases.get(position=0)
    for x, y in ((500, 700), (0, 0), (1000, 1400)):
        row = put(document(point(x, y)))
        around = shown_box(row, canvas)
        assert around.inside(canvas.width, canvas.height)
        assert (around.w, around.h) == (60, 60)
        assert around.x <= x <= around.x + around.w
    assert shown_box(put(document(fragment("1,2,3,4"))), canvas) == Box(1, 2, 3, 4)
    assert shown_box(put({**document(point(1, 1)), "target": CANVAS}), canvas) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "selector", "box"),
    [
        # The image has twice the pixels of the canvas.
        (CANVAS, {"type": "ImageApiSelector", "region": "200,400,100,60"}, (100, 200, 50, 30)),
        (SERVICE, {"type": "ImageApiSelector", "region": "200,400,100,60"}, (100, 200, 50, 30)),
        (SERVICE, {"type": "ImageApiSelector", "region": "pct:10,10,50,50"}, (100, 140, 500, 700)),
        (f"{SERVICE}/info.json", {"type": "ImageApiSelector", "region": "square"}, (0, 200, 1000, 1000)),
        (
            f"{SERVICE}/full/max/0/default.jpg",
            {"type": "ImageApiSelector", "region": "2,2,4,4"},
            (1, 1, 2, 2),
        ),
        ({"id": SERVICE, "type": "ImageService3"}, fragment("200,400,100,60"), (100, 200, 50, 30)),
        ({"id": SERVICE, "type": "Image"}, fragment("percent:10,10,50,50"), (100, 140, 500, 700)),
        ({"id": SERVICE, "type": "Image"}, svg('<rect width="20" height="40"/>'), (0, 0, 10, 20)),
    ],
)
def test_a_region_of_a_known_image_is_placed_on_its_canvas(put, source, selector, box):
    row = put(document(selector, source))
    assert row.canvas.uri == CANVAS
    assert row.box == pytest.approx(box)


@pytest.mark.django_db
def test_a_point_in_a_known_image_is_placed_and_what_leaves_it_refused(put):
    row = put(document(point(200, 400), {"id": SERVICE, "type": "Image"}))
    assert row.point == (100, 200)
    with pytest.raises(Invalid) as refused:
        put(document({"type": "ImageApiSelector", "region": "1990,0,20,20"}, SERVICE))
    assert refused.value.faults[0].code == "outside-canvas"


@pytest.mark.django_db
def test_an_image_that_is_cut_and_placed_is_heeded(put):
    Canvas.objects.filter(uri=CANVAS).update(
        extra={"placed": [100, 100, 500, 500], "taken": [1000, 1000, 1000, 1000]}
    )
    row = put(document({"type": "ImageApiSelector", "region": "1000,1000,100,200"}, SERVICE))
    assert row.box == (100, 100, 50, 100)


@pytest.mark.django_db
def test_an_image_that_others_keep_private_is_not_known(owner, stranger, manifest):
    layer = make_layer(stranger)
    said = document({"type": "ImageApiSelector", "region": "1,1,2,2"}, SERVICE)
    row, _created = create_annotation(layer, said, by=stranger, id=uuid4())
    assert (row.canvas, row.box) == (None, None)


def test_a_region_of_an_image_that_no_measure_holds_is_refused(manifest, owner):
    """Ten times as large on its canvas, its far corner would be beyond every number."""
    Canvas.objects.update(image_width=100, image_height=140, image_url="https://example.org/1.jpg")
    target = {"id": "https://example.org/1.jpg#xywh=1,1,1e308,1", "type": "Image"}
    document = {"type": "Annotation", "body": "https://example.org/b", "target": target}
    with pytest.raises(Invalid) as refused:
        create_annotation(make_layer(owner), document, by=owner, id=uuid4())
    assert [fault.code for fault in refused.value.faults] == ["outside-canvas"]
