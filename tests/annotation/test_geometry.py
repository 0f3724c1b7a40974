"""Boxes, polygons and SVG outlines: numbers that must survive every border they cross."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import (
    Box,
    FragmentError,
    GeometryError,
    Polygon,
    SvgError,
    as_array,
    iou,
    iou_matrix,
    parse_svg,
)

places = st.floats(-1e6, 1e6, allow_nan=False)
sides = st.floats(0.01, 1e6, allow_nan=False)
boxes = st.builds(Box, places, places, sides, sides)


@given(boxes)
def test_a_fragment_reads_back_to_the_same_box(box):
    assert Box.from_fragment(box.fragment()) == box
    assert "e" not in box.fragment()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xywh=10,20.5,30,40", (10, 20.5, 30, 40)),
        ("#xywh=pixel:1,2,3,4", (1, 2, 3, 4)),
        ("https://example.org/canvas/1#xywh=1,2,3,4", (1, 2, 3, 4)),
        ("https://example.org/canvas/1#t=1,2&xywh=1,2,3,4", (1, 2, 3, 4)),
        ("xywh=9,9,9,9&xywh=1,2,3,4", (1, 2, 3, 4)),
        ("xywh=percent:10,10,50,25", (20, 10, 100, 25)),
        ("xywh=pct:10,10,50,25", (20, 10, 100, 25)),
        ("xywh=1%2C2%2C3%2C4", (1, 2, 3, 4)),
        ("xywh=-5,2, 3,4", (-5, 2, 3, 4)),
    ],
)
def test_fragments_of_the_wild_are_read(text, expected):
    assert Box.from_fragment(text, width=200, height=100).xywh == expected


@pytest.mark.parametrize(
    "text",
    ["", "xywh=", "xywh=1,2,3", "xywh=1,2,0,4", "xywh=1,2,3,-4", "xywh=a,b,c,d", "t=1,2", "xywh=1,2,3,4,5"],
)
def test_what_is_no_rectangle_is_refused_in_a_sentence(text):
    with pytest.raises(FragmentError, match=r"\.$"):
        Box.from_fragment(text)


def test_percent_without_a_canvas_size_is_refused():
    with pytest.raises(FragmentError, match="size of its canvas"):
        Box.from_fragment("xywh=percent:1,2,3,4")


@pytest.mark.parametrize(
    "numbers",
    [
        (0, 0, 0, 1),
        (0, 0, 1, -1),
        (math.nan, 0, 1, 1),
        (0, math.inf, 1, 1),
        (10**400, 0, 1, 1),
        ("1", 0, 1, 1),
    ],
)
def test_a_box_without_area_or_with_a_wild_number_is_refused(numbers):
    with pytest.raises(GeometryError):
        Box(*numbers)


def test_what_a_box_knows():
    box = Box.from_xyxy(10, 20, 40, 60)
    assert (box.xywh, box.xyxy, box.area) == ((10, 20, 30, 40), (10, 20, 40, 60), 1200)
    assert box.inside(40, 60)
    assert not box.inside(39.9, 60)
    assert not Box(-0.5, 0, 1, 1).inside(9, 9)
    assert box.union(Box(0, 0, 1, 1)) == Box(0, 0, 40, 60)
    assert box.scaled(2, 0.5) == Box(20, 10, 60, 20)
    assert Box(1.234, 1.0, 0.001, 2).clean() == Box(1.23, 1.0, 0.01, 2)


@given(st.integers(1, 5000), st.integers(1, 5000), st.data())
def test_cleaning_keeps_a_box_on_its_canvas_and_settles(width, height, data):
    x, y = data.draw(st.floats(0, width - 0.5)), data.draw(st.floats(0, height - 0.5))
    w, h = data.draw(st.floats(0.5, width - x)), data.draw(st.floats(0.5, height - y))
    box = Box(x, y, w, h).clean()
    assert box.inside(width, height)
    assert box.clean() == box


@given(boxes, boxes)
def test_iou_is_a_share_and_the_same_both_ways(a, b):
    value = iou(a, b)
    assert 0 <= value <= 1
    assert value == pytest.approx(iou(b, a), abs=1e-6)
    assert iou(a, a) == 1


def test_iou_by_hand():
    assert iou(Box(0, 0, 2, 2), Box(1, 1, 2, 2)) == pytest.approx(1 / 7)
    assert iou(Box(0, 0, 2, 2), Box(2, 0, 2, 2)) == 0
    assert iou(Box(0, 0, 4, 4), Box(1, 1, 2, 2)) == 0.25


@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=5))
def test_the_matrix_agrees_with_the_pairs(left, right):
    matrix = iou_matrix(as_array(left), as_array(right))
    assert matrix.shape == (len(left), len(right))
    expected = np.array([[iou(a, b) for b in right] for a in left]).reshape(matrix.shape)
    np.testing.assert_allclose(matrix, expected, atol=1e-5)


def test_the_matrix_refuses_other_shapes_and_bears_rows_without_area():
    with pytest.raises(ValueError, match=r"\(n, 4\)"):
        iou_matrix([1, 2, 3, 4], [[1, 2, 3, 4]])
    assert iou_matrix([[0, 0, 0, 0]], [[0, 0, 0, 0]]).tolist() == [[0.0]]


def test_a_polygon_has_box_and_area():
    triangle = Polygon(((0, 0), (4, 0), (0, 3), (0, 0)))
    assert (len(triangle.points), triangle.area, triangle.box) == (3, 6, Box(0, 0, 4, 3))
    with pytest.raises(GeometryError):
        Polygon(((0, 0), (1, 1)))
    with pytest.raises(GeometryError):
        _ = Polygon(((0, 0), (1, 0), (2, 0))).box


def svg(inner: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'


@pytest.mark.parametrize(
    ("inner", "box"),
    [
        ('<rect x="1" y="2" width="3px" height="4"/>', (1, 2, 3, 4)),
        ('<circle cx="5" cy="6" r="2"/>', (3, 4, 4, 4)),
        ('<ellipse cx="5" cy="6" rx="2" ry="1"/>', (3, 5, 4, 2)),
        ('<polygon points="0,0 10,0 10 5"/>', (0, 0, 10, 5)),
        ('<path d="M1 1H11V6L1,6z"/>', (1, 1, 10, 5)),
        ('<path d="m1,1 10,0 0,5 -10,0z"/>', (1, 1, 10, 5)),
        ('<path d="M0 0C0 10 10 10 10 0"/>', (0, 0, 10, 7.5)),
        ('<path d="M0 0Q5 10 10 0T20 0"/>', (0, -5, 20, 10)),
        ('<path d="M0 0 a5,5 0 01 10,0"/>', (0, -5, 10, 5)),
        ('<path d="M0 0a5 5 0 1010 0z"/>', (0, 0, 10, 5)),
        ('<g transform="translate(10, 20) scale(2)"><rect width="3" height="4"/></g>', (10, 20, 6, 8)),
        ('<rect transform="rotate(90 0 0)" width="3" height="4"/>', (-4, 0, 4, 3)),
        ('<rect width="1" height="1"/><rect x="9" y="9" width="1" height="1"/>', (0, 0, 10, 10)),
    ],
)
def test_every_shape_has_its_exact_box_and_keeps_it_when_written_again(inner, box):
    outline = parse_svg(svg(inner))
    assert outline.box.xywh == pytest.approx(box, abs=0.01)
    assert parse_svg(outline.markup).box.xywh == pytest.approx(box, abs=0.01)
    assert outline.polygons


def test_what_is_not_geometry_does_not_survive():
    hostile = svg(
        '<script>alert(1)</script><style>@import "x"</style><defs><path d="M0 0L5 5L0 5Z"/></defs>'
        '<foreignObject><p>hi</p></foreignObject><image href="javascript:x"/>'
        '<path onclick="alert(1)" style="fill:url(x)" fill="red" d="M0 0L10 10L0 10Z"/>'
    )
    outline = parse_svg(hostile)
    assert outline.markup == svg('<path d="M0,0 L10,10 L0,10 Z"/>')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no svg",
        svg(""),
        svg("<text>words</text>"),
        svg('<path d="L1 1"/>'),
        svg('<path d="M1"/>'),
        svg('<path d="M0 0L"/>'),
        svg('<path d="M0 0 1e30 4"/>'),
        svg('<path d="alert(1)"/>'),
        svg('<polygon points="a b"/>'),
        svg('<rect width="50%" height="2"/>'),
        svg('<rect transform="spin(3)" width="1" height="2"/>'),
        svg("<g>" * 100 + "</g>" * 100),
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg><rect width="1" height="1"/></svg>',
        "<svg>" + "x" * 600_000,
    ],
)
def test_unreadable_svg_is_refused_in_a_sentence(text):
    with pytest.raises(SvgError, match=r"\.\)?\.?$"):
        parse_svg(text)


@given(st.text(alphabet="MmLlHhVvCcSsQqTtAaZz0123456789.,- eE+", max_size=60))
def test_no_path_data_crashes_the_reader(data):
    try:
        outline = parse_svg(svg(f'<path d="{data}"/>'))
    except GeometryError:
        return
    assert parse_svg(outline.markup).shapes
