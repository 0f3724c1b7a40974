"""A canvas that comes back with another size takes its annotations along, with a record, or leaves them alone."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.actions.rescaling import BATCH, rescale_canvases
from annotation.actions.sources import import_from_file
from annotation.geometry import Box, SvgOutline, parse_svg
from annotation.models import Annotation, AnnotationRevision, Canvas, SourceChange
from annotation.signals import same_shape
from annotation.webanno.scaling import NotScalable, scaled
from tests.annotation.conftest import annotate, make_layer, p3_canvas, p3_manifest, report, upload

CANVAS = "https://example.org/iiif/book/canvas/1"
numbers = st.floats(0.5, 5_000).map(lambda value: round(value, 3))
factors = st.floats(0.05, 20)


# --- the document ----------------------------------------------------------------------------------------


def fragment(value: str) -> dict[str, Any]:
    return {"type": "FragmentSelector", "value": value}


def svg(inside: str) -> dict[str, Any]:
    return {"type": "SvgSelector", "value": f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'}


def on(selector: object, source: object = CANVAS) -> dict[str, Any]:
    return {"type": "Annotation", "target": {"source": source, "selector": selector}}


def moved(document: dict[str, Any], sx: float = 2, sy: float = 3) -> Any:
    before = copy.deepcopy(document)
    after = scaled(document, source=CANVAS, sx=sx, sy=sy)
    assert document == before, "what was given is never changed"
    return after


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("xywh=1,2,3,4", "xywh=2,6,6,12"),
        ("xywh=pixel:1,2,3,4", "xywh=pixel:2,6,6,12"),
        ("xywh=1.5,-2,3,4&t=10", "xywh=3,-6,6,12&t=10"),
        ("xywh=percent:1,2,3,4", "xywh=percent:1,2,3,4"),
        ("t=10,20", "t=10,20"),
        ("char=0,4", "char=0,4"),
    ],
)
def test_fragments(value: str, expected: str) -> None:
    assert moved(on(fragment(value)))["target"]["selector"]["value"] == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<rect x="1" y="2" width="3" height="4"/>', '<rect x="2" y="6" width="6" height="12"/>'),
        ('<circle cx="10" cy="10" r="5"/>', '<ellipse cx="20" cy="30" rx="10" ry="15"/>'),
        ('<ellipse cx="1" cy="1" rx="1" ry="1"/>', '<ellipse cx="2" cy="3" rx="2" ry="3"/>'),
        ('<polygon points="0,0 1,0 1,1"/>', '<polygon points="0,0 2,0 2,3"/>'),
        ('<path d="M0,0 L1,1 Z"/>', '<path d="M0,0 L2,3 Z"/>'),
        ('<g transform="translate(10 0)"><rect width="1" height="1"/></g>', None),
    ],
)
def test_outlines(inside: str, expected: str | None) -> None:
    value = moved(on(svg(inside)))["target"]["selector"]["value"]
    assert expected is None or expected in value
    before, after = parse_svg(svg(inside)["value"]).box, parse_svg(value).box
    assert after.xywh == pytest.approx(before.scaled(2, 3).xywh, rel=1e-6)


def test_a_circle_scaled_evenly_stays_one() -> None:
    value = moved(on(svg('<circle cx="10" cy="10" r="5"/>')), 2, 2)["target"]["selector"]["value"]
    assert '<circle cx="20" cy="20" r="10"/>' in value


def test_everything_that_can_hold_a_region() -> None:
    point = {"type": "PointSelector", "x": 1, "y": 2}
    refined = {**fragment("xywh=1,1,1,1"), "refinedBy": fragment("xywh=2,2,2,2")}
    choice = {"type": "Choice", "items": [fragment("xywh=1,1,1,1"), point]}
    document = {
        "type": "Annotation",
        "body": {"type": "TextualBody", "value": "look at xywh=1,1,1,1"},
        "target": [
            f"{CANVAS}#xywh=1,1,1,1",
            {"id": f"{CANVAS}#xywh=1,1,1,1", "type": "Canvas"},
            {"source": {"id": CANVAS, "type": "Canvas"}, "selector": [refined, choice]},
            {"type": "List", "items": [f"{CANVAS}#xywh=1,1,1,1"]},
            "https://example.org/other#xywh=1,1,1,1",
            {"source": "https://example.org/other", "selector": fragment("xywh=1,1,1,1")},
        ],
    }
    text = json.dumps(moved(document))
    assert text.count("xywh=2,3,2,3") == 5
    assert text.count("xywh=4,6,4,6") == 1
    assert text.count("xywh=1,1,1,1") == 3, "the body and the two other canvases"
    assert '"x": 2, "y": 6' in text


@pytest.mark.parametrize(
    "selector",
    [
        fragment("xywh=a,b,c,d"),
        svg("<text>x</text>"),
        svg("<rect"),
        {"type": "PointSelector", "x": "1", "y": 2},
    ],
)
def test_what_cannot_be_scaled_is_refused(selector: dict[str, Any]) -> None:
    with pytest.raises(NotScalable, match=r"\.$"):
        moved(on(selector))


def test_the_whole_canvas_has_nothing_to_scale() -> None:
    for target in (CANVAS, {"source": CANVAS}, None, 5):
        assert moved({"type": "Annotation", "target": target})["target"] == target
    assert moved({"type": "Annotation"}) == {"type": "Annotation"}


boxes = st.tuples(numbers, numbers, numbers, numbers)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Annotations in the form in which we write them ourselves."""
    x, y, w, h = draw(boxes)
    corners = draw(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=6))
    points = " ".join(f"{a},{b}" for a, b in corners)
    selectors = [
        fragment(Box(x, y, w, h).fragment()),
        svg(f'<rect x="{x}" y="{y}" width="{w}" height="{h}"/>'),
        svg(f'<circle cx="{x}" cy="{y}" r="{w}"/><polygon points="{points}"/>'),
        svg(f'<path d="M{x},{y} L{w},{h} C{x},{h} {w},{y} {w},{w} Z"/>'),
        {"type": "PointSelector", "x": x, "y": y},
    ]
    chosen = draw(st.lists(st.sampled_from(selectors), min_size=1, max_size=3))
    return {**on(chosen), "body": {"value": "a remark"}, "creator": "https://example.org/me"}


def corners(outline: SvgOutline) -> list[float]:
    segments = [segment for shape in outline.shapes for segment in shape.path.segments]
    return [number for segment in segments for point in segment.points for number in point]


def same(a: Any, b: Any) -> bool:
    """Equal, with the numbers in texts and values within a millionth (relative to what they are)."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, str) and a.startswith("<svg"):
        left, right = parse_svg(a), parse_svg(b)
        kinds = [[shape.kind for shape in outline.shapes] for outline in (left, right)]
        return kinds[0] == kinds[1] and corners(left) == pytest.approx(corners(right), rel=1e-6, abs=1e-6)
    if isinstance(a, str) and a.startswith("xywh="):
        return Box.from_fragment(a).xywh == pytest.approx(Box.from_fragment(b).xywh, rel=1e-6, abs=1e-6)
    return bool(a == (pytest.approx(b, rel=1e-6, abs=1e-6) if isinstance(b, float | int) else b))


@given(documents(), factors)
def test_there_and_back_is_the_same_document(document: dict[str, Any], s: float) -> None:
    there = scaled(document, source=CANVAS, sx=s, sy=s)
    back = scaled(there, source=CANVAS, sx=1 / s, sy=1 / s)
    assert same(document, back)
    assert scaled(document, source="https://example.org/another", sx=s, sy=s) == document


def test_the_shape_is_the_same_within_one_per_cent() -> None:
    assert same_shape((1000, 1400), (333, 466))
    assert same_shape((1000, 1000), (1009, 1000))
    assert not same_shape((1000, 1000), (1011, 1000))


# --- the rows --------------------------------------------------------------------------------------------

rows = pytest.mark.django_db


@rows
def test_annotations_move_along_with_a_record(manifest, owner) -> None:
    canvas, other = manifest.canvases.order_by("position")
    layer = make_layer(owner)
    (one,), (bystander,) = annotate(layer, canvas), annotate(layer, other)
    done = rescale_canvases(manifest, {canvas.uri: (500, 700), other.uri: (1000, 1400)})
    assert (dict(done.scaled), dict(done.reshaped), done.not_moved) == ({canvas.uri: 1}, {}, ())
    row = Annotation.objects.get(pk=one.pk)
    assert row.box == (5, 10, 15, 20)
    assert row.document["target"]["selector"]["value"] == "xywh=5,10,15,20"
    assert (row.revision, row.modified_at > one.modified_at, row.created_at) == (2, True, one.created_at)
    record = AnnotationRevision.objects.get()
    assert (record.annotation_id, record.revision, record.document) == (one.pk, 1, one.document)
    assert (record.by, record.reason) == (None, "The canvas has another size: scaled by 0.5 × 0.5.")
    untouched = Annotation.objects.get(pk=bystander.pk)
    assert (untouched.document, untouched.revision) == (bystander.document, 1)
    assert Canvas.objects.get(pk=canvas.pk).resized_at is not None
    assert Canvas.objects.get(pk=other.pk).resized_at is None


@rows
def test_another_shape_is_flagged_and_left(manifest, owner) -> None:
    canvas = manifest.canvases.first()
    (one,) = annotate(make_layer(owner), canvas)
    done = rescale_canvases(manifest, {canvas.uri: (700, 500)})
    assert (dict(done.scaled), dict(done.reshaped)) == ({}, {canvas.uri: 1})
    assert Annotation.objects.get(pk=one.pk).document == one.document
    assert not AnnotationRevision.objects.exists()


@rows
def test_what_cannot_be_computed_stays_and_is_named(manifest, owner) -> None:
    canvas = manifest.canvases.first()
    layer = make_layer(owner)
    (good,) = annotate(layer, canvas)
    (bad,) = annotate(layer, canvas)
    Annotation.objects.filter(pk=bad.pk).update(document=on(svg("<text/>"), canvas.uri))
    done = rescale_canvases(manifest, {canvas.uri: (500, 700)})
    assert [left.id for left in done.not_moved] == [bad.pk]
    assert Annotation.objects.get(pk=bad.pk).revision == 1
    assert Annotation.objects.get(pk=good.pk).revision == 2


@rows
def test_deleted_annotations_stay_as_they_were(manifest, owner) -> None:
    canvas = manifest.canvases.first()
    (one,) = annotate(make_layer(owner), canvas)
    Annotation.objects.filter(pk=one.pk).update(deleted_at=one.created_at)
    rescale_canvases(manifest, {canvas.uri: (500, 700)})
    assert Annotation.objects.get(pk=one.pk).revision == 1


@rows
@pytest.mark.parametrize("count", [3, BATCH])
def test_a_batch_takes_a_constant_number_of_statements(
    manifest, owner, count, django_assert_max_num_queries
) -> None:
    canvas = manifest.canvases.first()
    annotate(make_layer(owner), canvas, count)
    with django_assert_max_num_queries(12):
        rescale_canvases(manifest, {canvas.uri: (500, 700)})
    assert AnnotationRevision.objects.count() == count


@rows
def test_a_manifest_imported_again_takes_its_annotations_along(owner, finished) -> None:
    manifest = finished(import_from_file(upload(p3_manifest(pages=3)), by=owner)).manifest
    first, second, _third = manifest.canvases.order_by("position")
    layer = make_layer(owner)
    (one,), (two,) = annotate(layer, first), annotate(layer, second)
    document = p3_manifest(pages=3)
    base = "https://example.org/iiif/book"
    document["items"][0] = p3_canvas(base, 1, width=2000, height=2800)
    document["items"][1] = p3_canvas(base, 2, width=1000, height=1000)
    document["items"][2] = p3_canvas(base, 3, width=99, height=1)
    source = finished(import_from_file(upload(document), by=owner))
    assert source.job.state == "done"
    assert Annotation.objects.get(pk=one.pk).box == (20, 40, 60, 80)
    assert Annotation.objects.get(pk=two.pk).box == (10, 20, 30, 40)
    said = {line.place[-1]: line.sentence for line in report(source) if "another size" in line.sentence}
    assert "1 annotations were scaled" in said["1"]
    assert "look whether its 1 annotations still fit" in said["2"]
    found = {(row.kind, row.place[-1]): row for row in SourceChange.objects.all()}
    assert not found["canvas-rescaled", "1"].is_open
    assert found["canvas-rescaled", "1"].after == [2000, 2800, 1]
    assert found["canvas-reshaped", "2"].is_open
    assert not found["canvas-reshaped", "3"].needs_attention, "nothing stands on it"


@rows
def test_the_same_document_again_changes_nothing(owner, finished) -> None:
    manifest = finished(import_from_file(upload(p3_manifest(pages=2)), by=owner)).manifest
    annotate(make_layer(owner), manifest.canvases.first())
    finished(import_from_file(upload(p3_manifest(pages=2)), by=owner))
    assert not SourceChange.objects.exists()
    assert not AnnotationRevision.objects.exists()


@rows
def test_concepts_and_words_stay(manifest, owner) -> None:
    canvas = manifest.canvases.first()
    layer = make_layer(owner)
    (one,) = annotate(layer, canvas)
    words = one.words
    rescale_canvases(manifest, {canvas.uri: (2000, 2800)})
    assert Annotation.objects.get(pk=one.pk).words == words
    assert words
    add_annotations([NewAnnotation(one.pk, layer, canvas, one.document, ("tagging",))])
    assert Annotation.objects.get(pk=one.pk).revision == 2, "a late retry of its making undoes nothing"
