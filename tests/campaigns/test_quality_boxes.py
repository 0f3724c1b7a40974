"""Agreement on boxes: a published pair of annotators, worked examples, and what must hold for any drawings."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.agreement import label_agreement
from campaigns.quality.answers import answers_of
from campaigns.quality.box_agreement import agreement_curve, box_agreement
from campaigns.quality.coefficients import cohen_kappa
from campaigns.quality.matched_things import matched_agreement
from campaigns.quality.matching import match_people

drawing = st.tuples(
    st.integers(0, 12),
    st.integers(0, 12),
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(0, 2),
    st.integers(0, 2),
)
drawings = st.lists(drawing, max_size=12)
EVERYBODY = ([page for page in range(3) for _ in range(3)], [0, 1, 2] * 3)


def measure(crowd, **options):
    table = np.array(crowd, dtype=np.float64).reshape(-1, 6)
    return box_agreement(
        table[:, :4], table[:, 4].astype(int), table[:, 5].astype(int), seen_canvas=EVERYBODY[0],
        seen_person=EVERYBODY[1], **options,
    )  # fmt: skip


def read_kscgr(samples):
    folder = samples / "crowd-boxes-kscgr" / "sample300"
    rows = []
    for person in (1, 2):
        for line in (folder / f"annotator_{person}.txt").read_text().splitlines()[1:]:
            frame, label, box, _, _ = line.split("\t")
            rows.append((int(frame), person, label, [float(v) for v in box.strip("()").split(",")]))
    frame, who, label, boxes = zip(*rows, strict=True)
    return (
        np.array(boxes),
        np.array(frame),
        np.array(who),
        np.array(label),
        json.loads((folder / "expected.json").read_text()),
    )


def test_two_published_annotators(samples):
    boxes, frame, person, label, expected = read_kscgr(samples)
    looks = np.unique(np.column_stack([frame, person]), axis=0)
    found = box_agreement(
        boxes, frame, person, seen_canvas=looks[:, 0], seen_person=looks[:, 1], label=label, threshold=1e-6, seed=1,
        samples=200,
    )  # fmt: skip
    figures = found.overall
    assert found.canvases == expected["frames"]
    assert figures.matched == expected["both"]
    assert figures.boxes_a - figures.matched == expected["only_1"]
    assert figures.boxes_b - figures.matched == expected["only_2"]
    assert figures.mean_iou == pytest.approx(expected["iou_plain"]["mean"], abs=1e-9)
    assert figures.f1 == pytest.approx(2 * 3859 / (3859 + 3860))
    _, _, overlap = match_people(boxes, person, label, canvas=frame, threshold=1e-6)
    assert overlap.std() == pytest.approx(expected["iou_plain"]["sd_population"], abs=1e-9)
    assert (overlap >= 0.5).sum() == expected["iou_plain"]["ge_0.5"]
    assert (overlap >= 0.7).sum() == expected["iou_plain"]["ge_0.7"]
    assert found.interval.low <= figures.f1 <= found.interval.high


def test_their_overlaps_as_the_authors_reckon_them(samples):
    """Their IoU counts the pixels of both edges, and is rounded to two digits before anything is made of it.

    The expected figures are those of frames 2000 to 2299: the published 61,653 objects of all 4983 frames, with 197 and
    29 by one alone, are not in the data.
    """
    boxes, frame, person, label, expected = read_kscgr(samples)
    i, j, _ = match_people(boxes, person, label, canvas=frame, threshold=1e-6)
    one, other = boxes[i], boxes[j]
    start = np.maximum(one[:, :2], other[:, :2])
    end = np.minimum(one[:, :2] + one[:, 2:], other[:, :2] + other[:, 2:])
    common = np.prod(np.clip(end - start + 1, 0, None), axis=1)
    whole = np.prod(one[:, 2:] + 1, axis=1) + np.prod(other[:, 2:] + 1, axis=1) - common
    overlap = np.array([round(value, 2) for value in (common / whole).tolist()])
    published = expected["iou_authors_plus1_rounded2"]
    assert len(overlap) == published["n"]
    assert overlap.mean() == pytest.approx(published["mean"], abs=1e-12)
    assert overlap.std() == pytest.approx(published["sd_population"], abs=1e-12)
    assert (overlap >= 0.5).sum() == published["ge_0.5"]
    assert (overlap >= 0.7).sum() == published["ge_0.7"]


def test_their_labels_on_matched_boxes(samples):
    boxes, frame, person, label, expected = read_kscgr(samples)
    i, j, _ = match_people(boxes, person, label, canvas=frame, threshold=1e-6)
    alone = np.setdiff1d(np.arange(len(boxes)), np.concatenate([i, j]))
    unit = np.concatenate([np.arange(len(i)), np.arange(len(i)), np.arange(len(alone)) + len(i)])
    unit, rows = np.concatenate([unit, np.arange(len(alone)) + len(i)]), np.concatenate([i, j, alone, alone])
    said, who = label[rows].astype("U20"), person[rows].copy()
    said[len(said) - len(alone) :] = "(missing)"
    who[len(who) - len(alone) :] = 3 - person[alone]
    kappa = cohen_kappa(answers_of(unit, who, said)).value
    assert kappa == pytest.approx(expected["cohen_kappa_labels_0_is_missing"], abs=1e-12)
    # Alpha for two people is kappa with pooled margins: on margins this alike the two agree to five digits.
    found = label_agreement(unit, who, said)
    assert found.alpha == pytest.approx(expected["cohen_kappa_labels_0_is_missing"], abs=1e-5)


def test_a_worked_example():
    # Page 0: both drew the thing, Ann one more. Page 1: nothing, say both. Page 2: Ann says nothing, Bob drew two.
    found = box_agreement(
        [[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 5, 5], [0, 0, 4, 4], [9, 9, 4, 4]],
        [0, 0, 0, 2, 2],
        ["ann", "bob", "ann", "bob", "bob"],
        seen_canvas=[0, 0, 1, 1, 2, 2],
        seen_person=["ann", "bob"] * 3,
    )
    pair = found.pairs[0]
    assert (pair.a, pair.b) == ("ann", "bob")
    assert (pair.figures.canvases, pair.figures.boxes_a, pair.figures.boxes_b, pair.figures.matched) == (
        3,
        2,
        3,
        1,
    )
    assert pair.figures.f1_boxes == pytest.approx(2 * 1 / 5)
    assert pair.figures.f1 == pytest.approx(2 * 2 / (5 + 2 + 1))
    assert pair.figures.mean_iou == pytest.approx(0.9)
    assert found.overall == pair.figures


def test_only_canvases_both_saw_count():
    found = box_agreement(
        [[0, 0, 10, 10]] * 3,
        [0, 0, 1],
        ["ann", "bob", "bob"],
        seen_canvas=[0, 0, 1],
        seen_person=["ann", "bob", "bob"],
    )
    assert found.overall.f1 == 1
    assert found.canvases == 1


def test_labels_must_match_when_given():
    columns = {"seen_canvas": [0, 0], "seen_person": [1, 2]}
    boxes, canvas, person = [[0, 0, 10, 10]] * 2, [0, 0], [1, 2]
    assert box_agreement(boxes, canvas, person, label=["hare", "hare"], **columns).overall.f1 == 1
    assert box_agreement(boxes, canvas, person, label=["hare", "rabbit"], **columns).overall.f1 == 0


def test_two_empty_canvases_agree():
    found = box_agreement([], [], [], seen_canvas=[0, 0], seen_person=["ann", "bob"])
    assert (found.overall.f1, found.overall.f1_boxes, found.overall.mean_iou) == (1, None, None)


def test_one_person_agrees_with_nobody():
    found = box_agreement(
        [[0, 0, 5, 5]] * 2, [0, 1], ["ann"] * 2, seen_canvas=[0, 1], seen_person=["ann"] * 2, seed=1
    )
    assert (found.overall.f1, found.pairs, found.interval, found.people) == (None, (), None, 0)


@pytest.mark.parametrize(("canvas", "person"), [(1, "ann"), (0, "cid"), (0, "bob")])
def test_a_box_on_an_unseen_canvas_is_refused(canvas, person):
    with pytest.raises(ValueError, match="seen"):
        box_agreement([[0, 0, 5, 5]], [canvas], [person], seen_canvas=[0, 2], seen_person=["ann", "bob"])


@given(drawings)
def test_figures_stay_in_their_ranges(crowd):
    found = measure(crowd, seed=3, samples=40)
    for figures in [found.overall, *(pair.figures for pair in found.pairs)]:
        assert 0 <= figures.f1 <= 1
        assert figures.matched <= min(figures.boxes_a, figures.boxes_b)
        assert figures.mean_iou is None or 0.5 <= figures.mean_iou <= 1
    assert len(found.pairs) == 3
    assert found.interval.low <= found.interval.high
    for name in ("canvases", "boxes_a", "boxes_b", "matched", "both_empty", "one_empty"):
        assert getattr(found.overall, name) == sum(getattr(pair.figures, name) for pair in found.pairs)


@given(drawings, st.randoms(use_true_random=False))
def test_nothing_depends_on_order_names_or_scale(crowd, random):
    pages, people = random.sample(range(3), 3), random.sample(range(3), 3)
    other = [
        (x * 4, y * 4, w * 4, h * 4, pages[c], people[p])
        for x, y, w, h, c, p in random.sample(crowd, len(crowd))
    ]
    one, two = measure(crowd).overall, measure(other).overall
    assert one.f1 == two.f1
    assert one.f1_boxes == two.f1_boxes
    assert (one.mean_iou or 0) == pytest.approx(two.mean_iou or 0)


@given(drawings)
def test_agreeing_with_oneself_is_perfect(crowd):
    mirrored = [(*d[:5], person) for d in crowd if d[5] == 0 for person in range(3)]
    assert measure(mirrored).overall.f1 == 1


def test_the_stricter_the_threshold_the_less_agreement(samples):
    boxes, frame, person, label, _ = read_kscgr(samples)
    looks = np.unique(np.column_stack([frame, person]), axis=0)
    curve = agreement_curve(
        boxes, frame, person, seen_canvas=looks[:, 0], seen_person=looks[:, 1], label=label
    )
    assert list(curve) == [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
    values = [figures.f1 for figures in curve.values()]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.99 > 0.5 > values[-1]
    assert [curve[t].mean_iou >= t for t in curve] == [True] * 10


def test_agreement_on_things_counts_what_somebody_did_not_draw(samples):
    boxes, frame, person, label, expected = read_kscgr(samples)
    looks = np.unique(np.column_stack([frame, person]), axis=0)
    found = matched_agreement(
        boxes, frame, person, label, seen_canvas=looks[:, 0], seen_person=looks[:, 1], threshold=0.4, seed=1, samples=100
    )  # fmt: skip
    assert found.alpha == pytest.approx(expected["cohen_kappa_labels_0_is_missing"], abs=2e-4)
    assert found.interval.low <= found.alpha <= found.interval.high


def test_a_thing_that_one_of_two_drew_is_a_disagreement():
    columns = {"seen_canvas": [0, 0, 1, 1], "seen_person": ["ann", "bob"] * 2}
    both, alone = [[0, 0, 9, 9], [0, 0, 9, 9]], [[20, 0, 9, 9]]
    found = matched_agreement(both + alone, [0, 0, 1], ["ann", "bob", "ann"], ["hare"] * 3, **columns)
    assert (found.units, found.people, found.answers, found.percent) == (2, 2, 4, 0.5)
    with pytest.raises(ValueError, match="seen"):
        matched_agreement(alone, [2], ["ann"], ["hare"], **columns)
    assert matched_agreement([], [], [], [], **columns).alpha is None


def by_canvas(found):
    rows = found.by_canvas
    columns = (rows.canvas, rows.f1, rows.mean_iou, rows.people, rows.shapes)
    return [tuple(row) for row in zip(*(column.tolist() for column in columns), strict=True)]


@given(drawings, st.randoms(use_true_random=False))
def test_each_canvas_is_measured_by_itself(crowd, random):
    found = measure(crowd)
    shuffled = list(crowd)
    random.shuffle(shuffled)
    np.testing.assert_array_equal(by_canvas(measure(shuffled)), by_canvas(found))
    np.testing.assert_array_equal(
        by_canvas(measure([(x * 8, y * 8, w * 8, h * 8, page, who) for x, y, w, h, page, who in crowd])),
        by_canvas(found),
    )
    table = np.array(crowd, dtype=np.float64).reshape(-1, 6)
    for canvas, f1, mean_iou, people, shapes in by_canvas(found):
        here = table[table[:, 4] == canvas]
        alone = box_agreement(
            here[:, :4], here[:, 4].astype(int), here[:, 5].astype(int), seen_canvas=[canvas] * 3, seen_person=range(3)
        ).overall  # fmt: skip
        assert f1 == alone.f1
        assert mean_iou == alone.mean_iou or (np.isnan(mean_iou) and alone.mean_iou is None)
        assert (people, shapes) == (3, len(here))
        assert 0 <= f1 <= 1


def test_a_canvas_that_one_saw_has_no_row():
    found = box_agreement(
        [[0, 0, 10, 10]] * 3, [0, 0, 1], ["ann", "bob", "bob"], seen_canvas=[0, 0, 1], seen_person=["ann", "bob", "bob"]
    )  # fmt: skip
    assert by_canvas(found) == [(0, 1.0, 1.0, 2, 2)]
