"""Merged shapes: boxes three ways, points, and polygons as the Zooniverse merged them."""

import csv
import json
import sys
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.geometry import iou_matrix
from campaigns.quality.consensus import Rule, merge_boxes
from campaigns.quality.edges import GEOMETRIES, grouped_median, max_iou_box, mean_box, median_box
from campaigns.quality.evaluation import ceiling_of_boxes
from campaigns.quality.merged_table import merge_table
from campaigns.quality.outlines import ring_area
from campaigns.quality.overlay import overlay
from campaigns.quality.shapes import group_points, group_polygons, median_point, merge_polygons

side = st.integers(1, 12)
box = st.tuples(st.integers(0, 20), st.integers(0, 20), side, side)
crowds = st.lists(
    st.tuples(box, st.integers(0, 3), st.sampled_from(["hare", "rabbit"]), st.integers(0, 2)), max_size=16
)
corner = st.tuples(st.integers(0, 12), st.integers(0, 12))
polygons = st.lists(st.lists(corner, min_size=3, max_size=6), min_size=1, max_size=4)
SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]


# --- boxes ---


def cost(tried, boxes):
    return float(np.square(1 - iou_matrix(np.array([tried]), np.array(boxes))).sum())


@given(st.lists(box, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_the_box_of_greatest_overlap_beats_all_others(boxes):
    rows = np.array(boxes, dtype=float)
    found = max_iou_box(rows)
    best = cost(found, rows)
    for other in (median_box(rows), mean_box(rows), *rows):
        assert best <= cost(other, rows) + 1e-9
    rng = np.random.default_rng(1)
    for other in found + rng.normal(0, 0.05, (20, 4)):
        if (other[2:] > 0).all():
            assert best <= cost(other, rows) + 1e-6
    assert max_iou_box(rows[::-1]).tolist() == found.tolist()


@given(st.lists(box, min_size=1, max_size=6), st.sampled_from([2.0**-8, 4.0, 2.0**10]))
@settings(max_examples=30, deadline=None)
def test_merged_boxes_scale_with_the_image(boxes, scale):
    rows = np.array(boxes, dtype=float)
    for merge in GEOMETRIES.values():
        assert merge(rows * scale, None) == pytest.approx(merge(rows, None) * scale, abs=1e-5 * scale)


def test_outliers_and_reliability():
    rows = np.array([[0, 0, 10, 10], [0, 0, 10, 10], [5, 0, 10, 10]], dtype=float)
    assert median_box(rows).tolist() == [0, 0, 10, 10]
    assert mean_box(rows).tolist() == pytest.approx([5 / 3, 0, 10, 10])
    assert mean_box(rows, np.array([1.0, 1.0, 0.0])).tolist() == [0, 0, 10, 10]
    assert mean_box(rows, np.zeros(3)).tolist() == pytest.approx([5 / 3, 0, 10, 10])
    assert max_iou_box(rows, np.array([1.0, 1.0, 50.0])) == pytest.approx([5, 0, 10, 10], abs=0.5)
    (item,) = merge_boxes(rows[:2], [1, 2], [[], []], seen=2, rule=Rule(geometry="mean"), weight=[1, 0])
    assert item.box.xywh == (0, 0, 10, 10)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-50, 50)), max_size=20))
def test_grouped_median(rows):
    group = np.array([g for g, _ in rows], dtype=np.int64)
    values = np.array([[v, -v] for _, v in rows], dtype=float).reshape(-1, 2)
    found = grouped_median(values, group, 5)
    for place in range(5):
        mine = values[group == place]
        expected = np.median(mine, axis=0) if len(mine) else [np.nan, np.nan]
        assert found[place] == pytest.approx(expected, nan_ok=True)


@given(crowds)
@settings(max_examples=60)
def test_all_canvases_at_once_are_the_same_as_one_by_one(crowd):
    looks = [(canvas, person) for canvas in range(3) for person in range(4)]
    table = merge_table(
        np.array([b for b, *_ in crowd]).reshape(-1, 4), [c for *_, c in crowd], [p for _, p, *_ in crowd],
        seen_canvas=[c for c, _ in looks], seen_person=[p for _, p in looks], label=[w for _, _, w, _ in crowd],
    )  # fmt: skip
    place = 0
    for canvas in range(3):
        here = [row for row in crowd if row[3] == canvas]
        items = merge_boxes([r[0] for r in here], [r[1] for r in here], [[r[2]] for r in here], seen=4)
        mine = [row for row in range(len(table.voters)) if table.canvas[row] == canvas]
        assert len(mine) == len(items)
        key = sorted((tuple(np.round(table.boxes[r], 9)), table.voters[r]) for r in mine)
        assert key == sorted((tuple(np.round(i.box.xywh, 9)), i.voters) for i in items)
        for item in items:
            row = next(
                r
                for r in mine
                if sorted(np.flatnonzero(table.group == r))
                == sorted(n for n, r2 in enumerate(crowd) if any(r2 is here[m] for m in item.members))
            )
            assert table.support[row] == pytest.approx(item.support)
            name = table.labels[table.label[row]] if table.label[row] >= 0 else None
            assert name == item.label
            if item.spread is not None:
                assert table.spread[row] == pytest.approx(item.spread)
                assert table.mean_iou[row] == pytest.approx(item.mean_iou, abs=1e-8)
        place += len(items)
    assert place == len(table.voters)


def test_a_box_on_an_unseen_canvas_is_refused():
    for canvas, person in ((1, "ann"), (0, "cid")):
        with pytest.raises(ValueError, match="seen"):
            merge_table([[0, 0, 5, 5]], [canvas], [person], seen_canvas=[0], seen_person=["ann"])


def test_people_against_the_rest():
    boxes = [[0, 0, 10, 10], [1, 0, 10, 10], [0, 1, 10, 10], [50, 0, 9, 9]]
    looks = {"seen_canvas": [0, 0, 0, 1], "seen_person": ["ann", "bob", "cid", "ann"]}
    found = ceiling_of_boxes(boxes, [0] * 4, ["ann", "bob", "cid", "cid"], **looks)
    assert [(one.person, one.matched, one.drawn, one.wanted) for one in found] == [
        ("ann", 1, 1, 1),
        ("bob", 1, 1, 1),
        ("cid", 1, 2, 1),
    ]
    assert [one.f1 for one in found] == pytest.approx([1, 1, 2 / 3])
    labelled = ceiling_of_boxes(
        boxes, [0] * 4, ["ann", "bob", "cid", "cid"], label=["h", "h", "r", "r"], **looks
    )
    assert [one.f1 for one in labelled] == pytest.approx([0, 0, 0])


# --- points ---


def test_points_belong_together_by_the_size_of_their_canvas():
    points, people = [[100, 100], [108, 100], [104, 106], [300, 300]], [1, 2, 3, 1]
    assert group_points(points, people, size=1000).tolist() == [0, 0, 0, 1]
    assert group_points(np.array(points) / 2, people, size=500).tolist() == [0, 0, 0, 1]
    assert len(set(group_points(points, people, size=200).tolist())) == 4
    assert median_point([[0, 0], [2, 9], [4, 1]]).tolist() == [2, 1]


@given(
    st.lists(st.tuples(corner, st.integers(0, 3), st.integers(0, 1)), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
    st.booleans(),
)
@settings(max_examples=60)
def test_groups_of_points_keep_the_promises(rows, random, aware):
    def groups(cells):
        points, person, label = zip(*cells, strict=True)
        found = group_points(points, person, label, size=[100] * len(cells), reach=0.05, class_aware=aware)
        return points, person, label, found

    points, person, label, found = groups(rows)
    for group in range(found.max() + 1):
        members = np.flatnonzero(found == group)
        assert len({person[m] for m in members}) == len(members)
        assert not aware or len({label[m] for m in members}) == 1
        spots = np.array([points[m] for m in members])
        assert (np.hypot(*(spots[:, None] - spots[None]).T) <= 5 + 1e-6).all()
    # As bags of bags: identical rows cannot be told apart.
    bags = [sorted(sorted(repr(rows[m]) for m in np.flatnonzero(found == g)) for g in range(found.max() + 1))]
    other = random.sample(rows, len(rows))
    *_, again = groups(other)
    bags.append(
        sorted(sorted(repr(other[m]) for m in np.flatnonzero(again == g)) for g in range(again.max() + 1))
    )
    assert bags[0] == bags[1]


def test_points_are_checked():
    with pytest.raises(ValueError, match="finite"):
        group_points([[np.nan, 0]], [1], size=10)
    with pytest.raises(ValueError, match="above zero"):
        group_points([[0, 0]], [1], size=0)
    with pytest.raises(ValueError, match="person"):
        group_points([[0, 0]], [1, 2], size=10)
    assert group_points([], [], size=10).tolist() == []


# --- polygons ---


def test_two_squares():
    laid = overlay([SQUARE, [(5, 0), (15, 0), (15, 10), (5, 10)]])
    assert laid.areas().tolist() == [100, 100]
    assert laid.shared().tolist() == [[100, 50], [50, 100]]
    assert laid.iou()[0, 1] == pytest.approx(1 / 3)


def test_a_bow_tie_has_two_halves():
    assert overlay([[(0, 0), (10, 10), (10, 0), (0, 10)]]).areas() == pytest.approx([50])


def test_a_ring_has_a_hole():
    """Two people draw the two halves of a frame: their union is a frame."""
    left = [(0, 0), (6, 0), (6, 2), (2, 2), (2, 8), (6, 8), (6, 10), (0, 10)]
    right = [(10, 0), (10, 10), (5, 10), (5, 8), (8, 8), (8, 2), (5, 2), (5, 0)]
    found = merge_polygons([left, right], least=1)
    assert [round(ring_area(ring), 9) for ring in found.rings] == [100, -36]
    assert [len(ring) for ring in found.rings] == [4, 4]
    assert found.area[0] == pytest.approx(64)
    assert found.area[1] == pytest.approx(4)
    assert sum(ring_area(ring) for ring in merge_polygons([left, right]).rings) == pytest.approx(4)


@given(polygons)
@settings(max_examples=60, deadline=None)
def test_areas_and_outlines_agree(shapes):
    found = [merge_polygons(shapes, least=k) for k in range(1, len(shapes) + 1)]
    areas = found[0].area
    assert all(a >= b - 1e-9 for a, b in pairwise(areas))
    assert sum(areas) == pytest.approx(overlay(shapes).areas().sum(), abs=1e-9)
    for k, merged in enumerate(found):
        assert sum(ring_area(ring) for ring in merged.rings) == pytest.approx(areas[k], abs=1e-5)
    likeness = overlay(shapes).iou()
    assert np.allclose(likeness, likeness.T)
    assert ((likeness >= 0) & (likeness <= 1)).all()


@given(st.lists(box, min_size=2, max_size=4))
def test_boxes_are_polygons_too(boxes):
    shapes = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in boxes]
    assert overlay(shapes).iou() == pytest.approx(iou_matrix(boxes, boxes), abs=1e-9)


def test_areas_as_in_another_library():
    """Expected: shapely 2.2.0 on the same stars; intersection and union of the first two, and of all five."""
    rng = np.random.default_rng(41)
    stars = []
    for _ in range(5):
        angle, radius = np.sort(rng.uniform(0, 2 * np.pi, 40)), rng.uniform(20, 50, 40)
        stars.append(
            np.column_stack([60 + radius * np.cos(angle), 60 + radius * np.sin(angle)])
            + rng.uniform(-8, 8, 2)
        )
    shared, areas = overlay(stars[:2]).shared(), merge_polygons(stars).area
    assert (shared[0, 1], shared[0, 0] + shared[1, 1] - shared[0, 1]) == pytest.approx(
        (2822.9194718226695, 4583.123300459584), abs=1e-8
    )
    assert (areas[0], areas[-1]) == pytest.approx((6339.466360833886, 1933.3702103514406), abs=1e-8)


@pytest.fixture(scope="module")
def cats(samples):
    """Polygons by subject and tool with their authors; and the reductions of the Zooniverse's own code."""
    folder = samples / "crowd-zooniverse-polygons"

    def read(name):
        usual = csv.field_size_limit(sys.maxsize)  # for the whole process
        try:
            with (folder / name).open() as file:
                return list(csv.DictReader(file))
        finally:
            csv.field_size_limit(usual)

    drawn = defaultdict(list)
    for row in read("polygon_extractor_extractions.csv"):
        for tool in (0, 1):
            across = row[f"data.frame0.T0_toolIndex{tool}_pathX"]
            if across:
                down = json.loads(row[f"data.frame0.T0_toolIndex{tool}_pathY"])
                for x, y in zip(json.loads(across), down, strict=True):
                    drawn[row["subject_id"], tool].append((row["user_name"], np.column_stack([x, y])))
    merged = []
    for kind in ("median", "union", "intersection"):
        for row in read(f"polygon_reducer_reductions_{kind}.csv"):
            for tool in (0, 1):
                fields = {
                    k: row[f"data.frame0.T0_toolIndex{tool}_{k}"]
                    for k in ("cluster_labels", "clusters_x", "clusters_y", "consensus")
                }
                if fields["clusters_x"]:
                    merged.append(
                        (kind, row["subject_id"], tool, {k: json.loads(v) for k, v in fields.items()})
                    )
    return drawn, merged


@pytest.mark.parametrize("kind", ["median", "union", "intersection"])
def test_cats_as_the_zooniverse_merged_them(cats, kind):
    drawn, merged = cats
    seen = 0
    for _, subject, tool, fields in (row for row in merged if row[0] == kind):
        shapes = [shape for _, shape in drawn[subject, tool]]
        for cluster, (x, y) in enumerate(zip(fields["clusters_x"], fields["clusters_y"], strict=True)):
            members = [
                s for s, label in zip(shapes, fields["cluster_labels"], strict=True) if label == cluster
            ]
            found = merge_polygons(
                members, least={"median": None, "union": 1, "intersection": len(members)}[kind]
            )
            ours = members[found.medoid] if kind == "median" else found.rings[0]
            theirs = np.column_stack([x, y])
            # Theirs keeps one piece, and mends outlines that cross themselves: three parts in a thousand at most.
            assert overlay([ours, theirs]).iou()[0, 1] > (0.997 if kind == "intersection" else 0.99999)
            assert found.mean_iou == pytest.approx(fields["consensus"][cluster], abs=2e-3)
            seen += 1
    assert seen == 31


def test_cats_at_least_k_as_the_zooniverse_drew_their_contours(cats, samples):
    """What at least 1, 2, … of the members drew; where it falls apart theirs keeps the largest piece."""
    drawn, _merged = cats
    seen = 0
    with (samples / "crowd-zooniverse-polygons" / "polygon_reducer_contours_reductions.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row, tool in ((row, tool) for row in rows for tool in (0, 1)):
        fields = {
            key: json.loads(row[f"data.frame0.T0_toolIndex{tool}_{key}"] or "null")
            for key in ("contours_x", "contours_y", "cluster_labels", "cluster_label_for_contours")
        }
        if not fields["contours_x"]:
            continue
        shapes = [shape for _, shape in drawn[row["subject_id"], tool]]
        members = [
            shape
            for shape, label in zip(shapes, fields["cluster_labels"], strict=True)
            if label == int(fields["cluster_label_for_contours"])
        ]
        for k, (x, y) in enumerate(zip(fields["contours_x"], fields["contours_y"], strict=True), 1):
            ours = max(merge_polygons(members, least=k).rings, key=lambda ring: abs(ring_area(ring)))
            assert overlay([ours, np.column_stack([x, y])]).iou()[0, 1] > 0.997
            seen += 1
    assert seen == 111


def test_cats_are_grouped_one_voice_each(cats):
    drawn, merged = cats
    same = total = 0
    for _, subject, tool, fields in (row for row in merged if row[0] == "median"):
        people = [person for person, _ in drawn[subject, tool]]
        group = group_polygons([shape for _, shape in drawn[subject, tool]], people)
        for place in range(group.max() + 1):
            members = np.flatnonzero(group == place)
            assert len({people[m] for m in members}) == len(members)
        labels = np.array(fields["cluster_labels"])
        theirs = {frozenset(np.flatnonzero(labels == k).tolist()) for k in set(labels.tolist()) - {-1}}
        ours = {frozenset(np.flatnonzero(group == k).tolist()) for k in range(group.max() + 1)}
        same += theirs == {g for g in ours if len(g) > 1}
        total += 1
    # Theirs chains neighbours and lets one person count twice; where neither happens, the groups are equal.
    assert same >= 0.75 * total


@given(polygons, st.randoms(use_true_random=False), st.sampled_from([0.5, 4.0]))
@settings(max_examples=40, deadline=None)
def test_grouping_polygons_knows_no_order_and_no_scale(shapes, random, scale):
    people = list(range(len(shapes)))
    order = random.sample(people, len(people))

    def bags(found, rows):
        return sorted(
            sorted(repr(rows[m]) for m in np.flatnonzero(found == g)) for g in range(found.max() + 1)
        )

    one = group_polygons(shapes, people, threshold=0.3)
    two = group_polygons([np.array(shapes[n]) * scale for n in order], order, threshold=0.3)
    assert bags(one, shapes) == bags(two, [shapes[n] for n in order])


def test_what_is_no_polygon_is_refused():
    for wrong in ([(0, 0), (1, 1)], [(0, 0), (1, np.inf), (2, 2)]):
        with pytest.raises(ValueError, match="three corners"):
            overlay([wrong])
        with pytest.raises(ValueError, match="three corners"):
            group_polygons([wrong], [1])
    with pytest.raises(ValueError, match="asked to agree"):
        merge_polygons([SQUARE], least=2)
    assert group_polygons([], []).tolist() == []
    assert merge_polygons([[(0, 0), (1, 1), (2, 2)]]).rings == ()
