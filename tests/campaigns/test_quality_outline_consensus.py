"""Outlines and points of several people: how they merge, and how agreement on them is measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import Polygon
from campaigns.quality import Rule, box_agreement, shape_agreement
from campaigns.quality.matching import match_people
from campaigns.quality.outline_consensus import merge_outlines, merge_points
from campaigns.quality.shape_matching import match_outlines, match_points, outline_pairs, point_pairs

SQUARE = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], dtype=float)


def rectangle(x, y, w, h):
    return [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]


def test_what_more_than_half_drew_is_the_merged_outline():
    drawn = [SQUARE, SQUARE + np.array([1, 0]), SQUARE + np.array([0, 2])]
    (item,) = merge_outlines(drawn, ["ann", "bob", "cid"], [["hare"], ["hare"], ["rabbit"]], seen=4)
    assert (item.label, item.voters, item.seen, item.members) == ("hare", 3, 4, (0, 1, 2))
    # At least two of the three: 100 of the squares' common parts, by inclusion and exclusion.
    a, b, c, all_three = 90.0, 80.0, 72.0, 72.0
    assert Polygon(item.points).area == pytest.approx(a + b + c - 2 * all_three)
    assert item.box == Polygon(item.points).box
    assert item.spread == pytest.approx((0.5773502692, 1.1547005384, 0.5773502692, 1.1547005384))
    assert 0.8 < item.mean_iou < 1
    assert item.disagreement > 0


def test_one_alone_keeps_their_outline():
    (item,) = merge_outlines([SQUARE], ["ann"], [["hare"]], seen=2)
    assert item.points == tuple(map(tuple, SQUARE.tolist()))
    assert (item.spread, item.mean_iou, item.disagreement) == (None, None, 1.0)


def test_what_falls_apart_is_the_medoid():
    bridge = [[0, 0], [30, 0], [30, 10], [20, 10], [20, 1], [10, 1], [10, 10], [0, 10]]
    left, right = rectangle(0, 0, 11, 10), rectangle(19, 0, 11, 10)
    whole = rectangle(0, 0, 30, 10)
    merged = merge_outlines(
        [bridge, whole, bridge], ["ann", "bob", "cid"], [[]] * 3, seen=3, rule=Rule(threshold=0.5)
    )
    assert [tuple(map(tuple, np.asarray(bridge, float).tolist()))] == [item.points for item in merged] or len(
        merged[0].points
    ) == 8
    apart = merge_outlines([left, right], ["ann", "bob"], [[]] * 2, seen=2)
    assert [item.voters for item in apart] == [1, 1]


def test_a_ring_with_a_hole_is_the_medoid():
    """Two horseshoes, one open above, one below: both drew the sides, nobody the whole."""
    up = [[0, 0], [30, 0], [30, 30], [20, 30], [20, 2], [10, 2], [10, 30], [0, 30]]
    down = [[0, 30], [30, 30], [30, 0], [20, 0], [20, 28], [10, 28], [10, 0], [0, 0]]
    (item,) = merge_outlines([up, down], ["ann", "bob"], [[]] * 2, seen=2)
    assert item.points in (tuple(map(tuple, np.asarray(one, float).tolist())) for one in (up, down))


def test_points_within_reach_are_one_and_stand_in_the_middle():
    points = [[100, 100], [104, 100], [102, 109], [300, 300]]
    first, second = merge_points(points, ["ann", "bob", "cid", "ann"], [["hare"]] * 4, reach=10, seen=3)
    assert first.points == ((102.0, 100.0),)
    assert first.box.xywh == (92, 90, 20, 20)
    assert (first.voters, second.voters) == (3, 1)
    assert first.mean_iou is None
    assert 0 < first.disagreement < 1
    assert merge_points([], [], [], reach=10, seen=3) == []


def test_nobody_is_a_crowd_and_nobody_draws_unseen():
    assert len(merge_points([[1, 1], [2, 2]], ["ann", "ann"], [[], []], reach=10, seen=1)) == 2
    for merge, shapes, more in (
        (merge_points, [[1, 1], [2, 2]], {"reach": 5}),
        (merge_outlines, [SQUARE] * 2, {}),
    ):
        with pytest.raises(ValueError, match="only 1 saw"):
            merge(shapes, ["ann", "bob"], [[], []], seen=1, **more)
        with pytest.raises(ValueError, match="its person"):
            merge(shapes, ["ann"], [[], []], seen=1, **more)


boxes = st.lists(
    st.tuples(
        st.integers(0, 20), st.integers(0, 20), st.integers(1, 12), st.integers(1, 12), st.integers(0, 3),
        st.integers(0, 2),
    ),
    max_size=14,
)  # fmt: skip


@given(boxes)
def test_outlines_of_boxes_match_as_the_boxes_do(drawn):
    person, canvas = [d[4] for d in drawn], [d[5] for d in drawn]
    rows = np.array([d[:4] for d in drawn], dtype=float).reshape(-1, 4)
    i, _j, overlap = match_people(rows, person, canvas=canvas)
    a, _b, likeness = match_outlines([rectangle(*row) for row in rows.tolist()], person, canvas=canvas)
    assert len(a) == len(i)
    assert likeness.sum() == pytest.approx(overlap.sum())
    seen = sorted({(place, who) for place in range(3) for who in range(4)})
    looks = {"seen_canvas": [s[0] for s in seen], "seen_person": [s[1] for s in seen]}
    of_boxes = box_agreement(rows, canvas, person, **looks)
    corners = [rectangle(*row) for row in rows.tolist()]
    of_outlines = shape_agreement(
        len(rows),
        np.array(canvas, dtype=int),
        np.array(person, dtype=int),
        lambda who, where: match_outlines(corners, who, canvas=where),
        **looks,
    )
    assert of_outlines.overall.f1 == of_boxes.overall.f1
    assert of_outlines.overall.mean_iou == pytest.approx(of_boxes.overall.mean_iou)


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 100), st.integers(0, 2), st.integers(0, 1)), max_size=20
    )
)
def test_every_matched_point_is_within_reach_and_none_is_matched_twice(drawn):
    rows = np.array([d[:2] for d in drawn], dtype=float).reshape(-1, 2)
    person, canvas = np.array([d[2] for d in drawn]), np.array([d[3] for d in drawn])
    i, j, near = match_points(rows, person, reach=15.0, canvas=canvas)
    assert (np.hypot(*(rows[i] - rows[j]).T) <= 15.0 + 1e-6).all()
    assert (canvas[i] == canvas[j]).all()
    assert (near >= 0).all()
    meetings = {(a, person[b]) for a, b in zip(i.tolist(), j.tolist(), strict=True)}
    assert len(meetings) == len(i)
    # Whoever stands alone with one other within reach is matched with them.
    for a in range(len(rows)):
        for b in range(a + 1, len(rows)):
            alone = all(
                np.hypot(*(rows[c] - rows[[a, b]]).T).min() > 15 for c in range(len(rows)) if c not in (a, b)
            )
            if alone and person[a] != person[b] and canvas[a] == canvas[b]:
                together = np.hypot(*(rows[a] - rows[b])) <= 15 - 1e-6
                assert bool(((i == a) & (j == b) | (i == b) & (j == a)).any()) or not together


def test_pairs_of_two_people():
    assert point_pairs([[0, 0], [50, 50]], [[49, 50]], 5) == [(1, 0)]
    assert point_pairs([], [[1, 1]], 5) == []
    assert outline_pairs([SQUARE, SQUARE + 50], [SQUARE + 51], 0.5) == [(1, 0)]
    assert outline_pairs([], [], 0.5) == []
