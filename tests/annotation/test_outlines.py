"""Outlines: whether they cross themselves, how much of them lies in a box, how W3C says them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import Box, Polygon, SvgOutline, area_within, first_crossing
from annotation.webanno import build, corners_in, read
from annotation.webanno.scaling import scaled

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]
L_SHAPE = [(0, 0), (30, 0), (30, 10), (10, 10), (10, 30), (0, 30)]
CANVAS = "https://example.org/canvas"


@pytest.mark.parametrize(
    ("points", "edges"),
    [
        (SQUARE, None),
        (L_SHAPE, None),
        ([(0, 0), (10, 10), (10, 0), (0, 10)], (0, 2)),  # a bow tie
        ([(0, 0), (10, 0), (5, 0), (5, 10)], (0, 1)),  # back along its own edge
        ([(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)], (0, 2)),  # a corner upon another edge
        ([(0, 0), (20, 0), (20, 20), (0, 20), (-5, 10), (25, 10)], (1, 4)),
        ([(0, 0), (10, 0), (20, 0), (20, 10)], None),  # straight on is no crossing
    ],
)
def test_the_edges_that_meet_where_they_must_not(points, edges):
    assert first_crossing(points) == edges
    assert first_crossing([(x + 1e6, y - 3e5) for x, y in points]) == edges


@given(
    st.lists(st.floats(min_value=5, max_value=50), min_size=3, max_size=40),
    st.floats(min_value=-1000, max_value=1000),
)
def test_a_star_never_crosses_itself_and_one_corner_swapped_does(radii, middle):
    turns = np.linspace(0, 2 * math.pi, len(radii), endpoint=False)
    star = [(middle + r * math.cos(t), r * math.sin(t)) for r, t in zip(radii, turns, strict=True)]
    assert first_crossing(star) is None
    if len(star) >= 5 and max(radii) < 1.2 * min(radii):
        star[1], star[2] = star[2], star[1]
        assert first_crossing(star) is not None


def test_a_thousand_corners_are_judged_at_once():
    turns = np.linspace(0, 2 * math.pi, 1000, endpoint=False)
    assert first_crossing(np.column_stack([np.cos(turns), np.sin(turns)]) * 500 + 600) is None


@pytest.mark.parametrize(
    ("box", "area"),
    [
        (Box(-5, -5, 100, 100), 500),
        (Box(0, 0, 10, 10), 100),
        (Box(12, 12, 10, 10), 0),  # within the bounds, outside the outline
        (Box(5, 5, 20, 20), 175),
        (Box(30, 0, 5, 5), 0),  # touching only
    ],
)
def test_how_much_of_an_outline_lies_in_a_box(box, area):
    assert area_within(L_SHAPE, box) == pytest.approx(area)
    assert area_within(L_SHAPE[::-1], box) == pytest.approx(area)


def test_an_outline_is_written_and_read_without_loss():
    points = ((10.25, 20.0), (300.01, 25.5), (150.0, 222.22))
    box = Polygon(points).box
    document = build(id="https://example.org/a", canvas=CANVAS, box=box, svg=SvgOutline.of_polygon(points))
    reading = read(document)
    assert reading.is_acceptable
    assert reading.target.box == box
    assert reading.target.svg.polygons == (Polygon(points),)
    assert corners_in(document) == points
    half = scaled(document, source=CANVAS, sx=0.5, sy=0.5)
    assert corners_in(half) == tuple((x / 2, y / 2) for x, y in points)


def test_a_point_is_written_as_iiif_writes_it():
    document = build(id="https://example.org/a", canvas=CANVAS, point=(3.5, 4))
    assert document["target"]["selector"] == {"type": "PointSelector", "x": 3.5, "y": 4}
    reading = read(document)
    assert reading.is_acceptable
    assert (reading.target.point, reading.target.box) == ((3.5, 4), None)
    assert corners_in(document) == ()


@pytest.mark.parametrize(
    "target",
    [
        CANVAS,
        {"source": CANVAS},
        {"source": CANVAS, "selector": {"type": "SvgSelector", "value": "<svg"}},
        {"source": CANVAS, "selector": {"type": "SvgSelector", "value": 7}},
        None,
    ],
)
def test_what_has_no_outline_has_no_corners(target):
    assert corners_in({"target": target}) == ()
