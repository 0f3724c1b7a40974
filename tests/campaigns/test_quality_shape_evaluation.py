"""Evaluation of outlines and points: pycocotools on masks, boxes as outlines, distances by hand, people as ceiling."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from campaigns.quality.evaluation import (
    DrawnShape,
    as_points,
    ceiling_of_outlines,
    ceiling_of_points,
    compare_ap,
    confusion_of_boxes,
    evaluate_boxes,
    evaluate_voc,
    predicted_boxes,
    report_on_boxes,
    true_boxes,
    with_outlines,
)
from campaigns.quality.evaluation.alike import bar_of
from campaigns.quality.evaluation.points import DISTANCES, REACH
from tests.campaigns.test_quality_detection import said_of, said_row, true_row, truth_of

SIDE = 400  # of the canvases on which masks are drawn
# A mask of 400 × 400 counts whole pixels: along an outline of some hundred pixels each may fall to either side.
IOU_OF_MASKS = 0.015
AP_OF_MASKS = 0.03


def corners_of(box):
    x, y, w, h = box
    return [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]


def as_outlines(truth, said):
    return with_outlines(
        truth, said, [corners_of(row) for row in truth.boxes], [corners_of(row) for row in said.boxes]
    )


def star(random, centre, radius):
    """A simple outline around a centre, with bays and capes."""
    corners = int(random.integers(6, 20))
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    far = radius * random.uniform(0.6, 1.2, corners)
    return np.clip(centre + far[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), 1, SIDE - 1)


def crowded(seed, canvases=12):
    """True outlines, some a crowd, and predictions of them that are off by something."""
    random = np.random.default_rng(seed)
    true, said = [], []
    for canvas in range(canvases):
        for _number in range(int(random.integers(1, 6))):
            centre, radius = random.uniform(70, SIDE - 70, 2), random.uniform(30, 70)
            label, corners = int(random.integers(0, 2)), star(random, centre, radius)
            true.append((canvas, label, corners, random.random() < 0.1))
            if random.random() < 0.85:
                off = np.clip(
                    corners + random.normal(0, 3, 2) + random.normal(0, 2, corners.shape), 1, SIDE - 1
                )
                said.append((canvas, label, off, random.random()))
        if random.random() < 0.5:
            said.append((canvas, 0, star(random, random.uniform(70, SIDE - 70, 2), 30), random.random()))
    return true, said


def tables(true, said):
    t, p = len(true), len(said)
    truth = true_boxes(
        range(1, t + 1), [row[0] for row in true], [row[1] for row in true], np.zeros((t, 4)),
        crowd=[row[3] for row in true],
    )  # fmt: skip
    predictions = predicted_boxes(
        range(p),
        [row[0] for row in said],
        [row[1] for row in said],
        np.zeros((p, 4)),
        [row[3] for row in said],
    )
    return with_outlines(truth, predictions, [row[2] for row in true], [row[2] for row in said])


def masked(corners):
    flat = [np.asarray(corners).ravel().tolist()]
    return mask.merge(mask.frPyObjects(flat, SIDE, SIDE))


def by_masks(true, said, canvases):
    """pycocotools' twelve figures of the masks."""
    coco = COCO()
    coco.dataset = {
        "info": {},
        "images": [{"id": c, "width": SIDE, "height": SIDE} for c in range(canvases)],
        "categories": [{"id": 1}, {"id": 2}],
        "annotations": [
            {
                "id": n + 1, "image_id": canvas, "category_id": label + 1, "iscrowd": int(crowd),
                "segmentation": masked(corners), "area": float(mask.area(masked(corners))), "bbox": [0, 0, 1, 1],
            }
            for n, (canvas, label, corners, crowd) in enumerate(true)
        ],
    }  # fmt: skip
    with redirect_stdout(io.StringIO()):
        coco.createIndex()
        found = coco.loadRes(
            [
                {"image_id": c, "category_id": k + 1, "segmentation": masked(corners), "score": s}
                for c, k, corners, s in said
            ]
        )
        run = COCOeval(coco, found, "segm")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return run.stats


@pytest.mark.parametrize("seed", range(4))
def test_outlines_meet_as_their_masks_do(seed: int) -> None:
    true, said = crowded(seed)
    truth, predictions = tables(true, said)
    both = truth.outlines
    assert both is not None
    one, other = (axis.ravel() for axis in np.meshgrid(np.arange(len(true)), np.arange(len(true), len(both))))
    exact = both.overlaps(other, one, truth.crowd[one])
    drawn = [masked(corners) for corners in both.corners]
    pixels = mask.iou(drawn[len(true) :], drawn[: len(true)], truth.crowd.astype(int).tolist())
    assert np.abs(exact.reshape(-1, len(true)) - pixels).max() < IOU_OF_MASKS
    found = evaluate_boxes(truth, predictions, canvases=range(12))
    names = ["AP", "AP50", "AP75", None, "APm", "APl", "AR1", "AR10", "AR100"]
    expected = by_masks(true, said, 12)
    summary = found.summary()
    for place, name in enumerate(names):
        if name and expected[place] >= 0:
            assert summary[name] == pytest.approx(expected[place], abs=AP_OF_MASKS), name


@settings(max_examples=60, deadline=None)
@given(st.lists(true_row, max_size=10), st.lists(said_row, max_size=12))
def test_upright_rectangles_give_the_figures_of_boxes(true, said) -> None:
    truth, predictions = truth_of(true), said_of(said)
    as_boxes = evaluate_boxes(truth, predictions, canvases=range(3), labels=range(2))
    drawn = evaluate_boxes(*as_outlines(truth, predictions), canvases=range(3), labels=range(2))
    np.testing.assert_allclose(drawn.precision, as_boxes.precision, atol=1e-9)
    np.testing.assert_allclose(drawn.recall, as_boxes.recall, atol=1e-9)
    voc = zip(evaluate_voc(truth, predictions), evaluate_voc(*as_outlines(truth, predictions)), strict=True)
    assert all(
        a.all_points == pytest.approx(b.all_points) if a.all_points else not b.all_points for a, b in voc
    )


def test_two_crosswise_bars_share_little_whatever_their_boxes() -> None:
    """The box around a thin diagonal is nearly the box around the other; as outlines they hardly meet."""
    bar = [[0, 0], [10, 0], [100, 90], [100, 100], [90, 100], [0, 10]]
    other = [[100 - x, y] for x, y in bar]
    truth, said = (
        true_boxes([0], [0], [0], [[0, 0, 100, 100]]),
        predicted_boxes([0], [0], [0], [[0, 0, 100, 100]], [0.9]),
    )
    assert evaluate_boxes(truth, said).ap(threshold=0.5) == pytest.approx(1)
    assert evaluate_boxes(*with_outlines(truth, said, [bar], [other])).ap(threshold=0.5) == 0
    figures = report_on_boxes(*with_outlines(truth, said, [bar], [bar]), canvases=1).figures
    assert (figures["measure"], figures["iou"], figures["reach"]) == ("outline-iou", 0.5, None)
    assert figures["coco"]["AP"] == pytest.approx(1)


def test_what_is_no_outline_is_refused() -> None:
    truth, said = true_boxes([1], [0], [0], [[0, 0, 9, 9]]), predicted_boxes([], [], [], [], [])
    with pytest.raises(ValueError, match="three corners"):
        with_outlines(truth, said, [[[0, 0], [1, 1]]], [])
    with pytest.raises(ValueError, match="needs an outline"):
        with_outlines(truth, said, [], [])
    outlined, _nothing = with_outlines(truth, said, [corners_of([0, 0, 9, 9])], [])
    with pytest.raises(ValueError, match="same table"):
        evaluate_boxes(outlined, predicted_boxes([1], [0], [0], [[0, 0, 9, 9]], [1.0]))


# --- points ---

place = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 60), st.integers(0, 80))
DIAGONAL = 100.0


def point_tables(true, said):
    truth = true_boxes(range(len(true)), *zip(*true, strict=True)) if true else true_boxes([], [], [], [])
    score = [1 - n / 100 for n in range(len(said))]
    predictions = predicted_boxes(
        range(len(said)),
        [r[0] for r in said],
        [r[1] for r in said],
        [[r[2], r[3], 0, 0] for r in said],
        score,
    )
    return as_points(truth, [DIAGONAL] * len(true)), predictions


def true_points(rows):
    return [(canvas, label, [x, y, 0, 0]) for canvas, label, x, y in rows]


def plain_ap(true, said, label, reach):
    """AP of one label at 101 recalls, in the plainest way: each prediction takes the nearest point that is left."""
    wanted = [row for row in true if row[1] == label]
    left, right = list(enumerate(wanted)), []
    for canvas, name, x, y in said:
        if name != label:
            continue
        near = [
            (np.hypot(x - row[2], y - row[3]), -place, place)
            for place, row in left
            if row[0] == canvas and np.hypot(x - row[2], y - row[3]) <= reach * DIAGONAL + 1e-7
        ]
        right.append(bool(near))
        left = [one for one in left if not near or one[0] != min(near)[2]]
    hits = np.cumsum(right)
    precision, recall = hits / np.arange(1, len(right) + 1), hits / len(wanted)
    return np.mean([max(precision[recall >= r - 1e-12], default=0) for r in np.linspace(0, 1, 101)])


@settings(max_examples=80, deadline=None)
@given(st.lists(place, max_size=8), st.lists(place, max_size=10))
def test_points_by_the_plainest_reading(true, said) -> None:
    found = evaluate_boxes(
        *point_tables(true_points(true), said), canvases=range(3), labels=range(2),
        thresholds=[bar_of(d) for d in DISTANCES],
    )  # fmt: skip
    for label in range(2):
        for reach in DISTANCES:
            ap = found.ap(threshold=bar_of(reach), label=label)
            if not any(row[1] == label for row in true):
                assert ap is None
            else:
                assert ap == pytest.approx(plain_ap(true, said, label, reach), abs=1e-9)


def test_a_point_on_the_very_edge_of_the_reach_is_found() -> None:
    truth, said = point_tables(true_points([(0, 0, 10, 10)]), [(0, 0, 12, 10)])
    assert evaluate_boxes(truth, said, thresholds=[bar_of(REACH)]).ap() == pytest.approx(1)
    truth, said = point_tables(true_points([(0, 0, 10, 10)]), [(0, 0, 12.001, 10)])
    assert evaluate_boxes(truth, said, thresholds=[bar_of(REACH)]).ap() == 0


@given(
    st.lists(place, min_size=1, max_size=6),
    st.lists(place, min_size=1, max_size=6),
    st.sampled_from([0.5, 3, 1000]),
)
@settings(max_examples=40, deadline=None)
def test_half_the_size_of_the_images_changes_nothing(true, said, scale) -> None:
    truth, predictions = point_tables(true_points(true), said)
    larger = as_points(
        true_boxes(truth.id, truth.canvas, truth.label, truth.boxes * scale), [DIAGONAL * scale] * len(truth)
    )
    more = predicted_boxes(
        predictions.id, predictions.canvas, predictions.label, predictions.boxes * scale, predictions.score
    )
    assert (
        report_on_boxes(larger, more, canvases=3).figures
        == report_on_boxes(truth, predictions, canvases=3).figures
    )


def test_the_report_of_points() -> None:
    """Two found, one a reach and a half off, one not there; and one taken for something else."""
    truth, said = point_tables(
        true_points([(0, 0, 10, 10), (0, 0, 40, 40), (1, 1, 20, 20), (2, 0, 5, 5)]),
        [(0, 0, 10, 11), (0, 0, 43, 40), (1, 0, 20, 20), (2, 0, 5, 5)],
    )
    report = report_on_boxes(truth, said, canvases=3, score=0.0)
    figures = report.figures
    assert (figures["measure"], figures["iou"], figures["reach"]) == ("distance", None, 0.02)
    assert (figures["coco"], figures["sizes"]) == (None, None)
    assert (figures["overall"]["tp"], figures["overall"]["fp"], figures["overall"]["fn"]) == (2, 2, 2)
    assert figures["confusion"]["counts"] == [[2, 0, 1], [1, 0, 0], [1, 0, 0]]
    ap = {row["reach"]: row["ap"] for row in figures["points"]["distances"]}
    assert list(ap) == [0.005, 0.01, 0.02, 0.04]
    assert ap[0.005] < ap[0.01] == ap[0.02] == figures["points"]["AP_at_reach"] < ap[0.04]
    assert figures["points"]["AP"] == pytest.approx(np.mean(list(ap.values())))
    wider = report_on_boxes(truth, said, canvases=3, score=0.0, reach=0.03).figures
    assert wider["overall"]["tp"] == 3
    assert wider["points"]["AP"] == figures["points"]["AP"]
    assert wider["points"]["AP_at_reach"] > figures["points"]["AP_at_reach"]
    assert confusion_of_boxes(truth, said, threshold=bar_of(0.03)).counts[0, 0] == 3


def test_diagonals_are_needed() -> None:
    with pytest.raises(ValueError, match="diagonal"):
        as_points(true_boxes([1], [0], [0], [[0, 0, 0, 0]]), [0])


# --- people among themselves ---


def test_people_as_the_ceiling_of_outlines() -> None:
    leaf = np.array([[0, 0], [60, 0], [60, 60], [0, 60]], dtype=float)
    drawn = [
        DrawnShape("c", "a", "F", leaf),
        DrawnShape("c", "b", "F", leaf + 1),
        DrawnShape("c", "c", "F", leaf + 2),
        DrawnShape("c", "c", "F", leaf + 300),  # nobody else saw it
    ]
    looks = [("c", who) for who in "abcd"] + [("alone", "a")]
    found = {one.person: (one.matched, one.drawn, one.wanted) for one in ceiling_of_outlines(drawn, looks)}
    assert found == {"a": (1, 1, 1), "b": (1, 1, 1), "c": (1, 2, 1), "d": (0, 0, 1)}


def test_people_as_the_ceiling_of_points() -> None:
    drawn = [
        DrawnShape("c", "a", "F", [[10, 10]]),
        DrawnShape("c", "b", "F", [[11, 10]]),
        DrawnShape("c", "c", "G", [[10, 11]]),
    ]
    looks = [("c", who) for who in "abc"]
    found = ceiling_of_points(drawn, looks, reach=lambda _canvas: 2.0)
    assert [(one.matched, one.drawn, one.wanted) for one in found] == [(0, 1, 0), (0, 1, 0), (0, 1, 1)]
    same = [DrawnShape(one.canvas, one.person, "", one.corners) for one in drawn]
    assert [one.f1 for one in ceiling_of_points(same, looks, reach=lambda _canvas: 2.0)] == [1, 1, 1]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(true_row, min_size=1, max_size=6), st.lists(said_row, max_size=8), st.lists(said_row, max_size=8)
)
def test_of_two_runs_the_one_is_better_by_as_much_as_the_other_is_worse(true, one, other) -> None:
    truth = truth_of(true)
    first, second = (
        evaluate_boxes(truth, said_of(run), canvases=range(3), labels=range(2)) for run in (one, other)
    )
    ahead, back = compare_ap(first, second, seed=3, samples=60), compare_ap(second, first, seed=3, samples=60)
    assert ahead.difference == pytest.approx(-back.difference, nan_ok=True)
    assert ahead.p_value == back.p_value
    if ahead.interval and back.interval:
        assert (ahead.interval.low, ahead.interval.high) == pytest.approx(
            (-back.interval.high, -back.interval.low)
        )
    same = compare_ap(first, first, seed=3, samples=60)
    assert same.p_value in (None, 1.0)
