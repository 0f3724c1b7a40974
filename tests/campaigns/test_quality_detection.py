"""Evaluation of boxes: COCO's and VOC's published figures, pycocotools on anything, and the ids behind them."""

import io
import json
from contextlib import redirect_stdout

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from campaigns.quality.bootstrap import Interval
from campaigns.quality.evaluation import (
    ap_interval,
    as_rows,
    best_score,
    compare_ap,
    confusion_of_boxes,
    evaluate_boxes,
    evaluate_voc,
    figures_of_boxes,
    predicted_boxes,
    sides_by_quantile,
    size_table,
    true_boxes,
)

side = st.integers(1, 40)
true_row = st.tuples(
    st.integers(0, 2), st.integers(0, 1), st.integers(0, 30), st.integers(0, 30), side, side, st.booleans()
)
said_row = st.tuples(
    st.integers(0, 2),
    st.integers(0, 1),
    st.integers(0, 30),
    st.integers(0, 30),
    side,
    side,
    st.integers(0, 5),
)


def truth_of(rows):
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return true_boxes(
        range(1, len(rows) + 1), columns[0], columns[1], [row[2:6] for row in rows], crowd=columns[6]
    )


def said_of(rows):
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return predicted_boxes(
        [f"p{n}" for n in range(len(rows))],
        columns[0],
        columns[1],
        [row[2:6] for row in rows],
        np.array(columns[6]) / 5,
    )


def by_pycocotools(truth, predictions, canvases=range(3), labels=range(2)):
    """The twelve figures, and AP per threshold, size and label."""
    coco = COCO()
    coco.dataset = {
        "info": {},
        "images": [{"id": int(c)} for c in canvases],
        "categories": [{"id": int(k) + 1} for k in labels],
        "annotations": [
            {
                "id": int(truth.id[n]),
                "image_id": int(truth.canvas[n]),
                "category_id": int(truth.label[n]) + 1,
                "bbox": truth.boxes[n].tolist(),
                "area": float(truth.area[n]),
                "iscrowd": int(truth.crowd[n]),
            }
            for n in range(len(truth))
        ],
    }
    with redirect_stdout(io.StringIO()):
        coco.createIndex()
        found = coco.loadRes(
            [
                {
                    "image_id": int(predictions.canvas[n]),
                    "category_id": int(predictions.label[n]) + 1,
                    "bbox": predictions.boxes[n].tolist(),
                    "score": float(predictions.score[n]),
                }
                for n in range(len(predictions))
            ]
        )
        run = COCOeval(coco, found, "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    precision = run.eval["precision"][:, :, :, :, -1]  # thresholds, recalls, labels, sizes
    return run.stats, np.where(precision < 0, np.nan, precision).mean(axis=1).transpose(2, 0, 1)


@pytest.fixture(scope="module")
def coco100(samples):
    folder = samples / "detection-coco100"
    truth = json.loads((folder / "instances_val2014_100.json").read_text())
    said = json.loads((folder / "instances_val2014_fakebbox100_results.json").read_text())
    marks = truth["annotations"]
    return (
        true_boxes(
            [m["id"] for m in marks], [m["image_id"] for m in marks], [m["category_id"] for m in marks],
            [m["bbox"] for m in marks], area=[m["area"] for m in marks], crowd=[m["iscrowd"] for m in marks],
        ),
        predicted_boxes(
            np.arange(len(said)), [m["image_id"] for m in said], [m["category_id"] for m in said],
            [m["bbox"] for m in said], [m["score"] for m in said],
        ),
        [image["id"] for image in truth["images"]],
        [category["id"] for category in truth["categories"]],
        json.loads((folder / "expected.json").read_text()),
    )  # fmt: skip


# --- COCO ---


def test_a_hundred_images_of_coco(coco100):
    truth, said, canvases, labels, expected = coco100
    found = evaluate_boxes(truth, said, canvases=canvases, labels=labels)
    summary = found.summary()
    assert list(summary) == [
        "AP",
        "AP50",
        "AP75",
        "APs",
        "APm",
        "APl",
        "AR1",
        "AR10",
        "AR100",
        "ARs",
        "ARm",
        "ARl",
    ]
    for name, value in expected["stats"].items():
        assert summary[name] == pytest.approx(value, abs=1e-9), name
    assert [round(summary[name], 6) for name in ("AP", "AP50", "AP75")] == [0.504581, 0.696973, 0.572982]
    for label, value in expected["AP50_per_category_id"].items():
        ap = found.ap(threshold=0.5, label=int(label))
        assert ap == (None if value is None else pytest.approx(value, abs=1e-9)), label


@given(st.lists(true_row, max_size=14), st.lists(said_row, min_size=1, max_size=18))
@settings(max_examples=60, deadline=None)
def test_equal_to_pycocotools_on_anything(true_rows, said_rows):
    """Crowds, ties in score and overlap, sizes on the edge, several predictions of one thing, labels without any."""
    truth, said = truth_of(true_rows), said_of(said_rows)
    stats, table = by_pycocotools(truth, said)
    found = evaluate_boxes(truth, said, canvases=range(3), labels=range(2))
    ours = [-1 if value is None else value for value in found.summary().values()]
    assert ours == pytest.approx(stats.tolist(), abs=1e-9)
    assert found.average_precision() == pytest.approx(table, abs=1e-9, nan_ok=True)


def test_more_than_a_hundred_predictions_of_one_label():
    rng = np.random.default_rng(5)
    n, m = 130, 260
    rows = np.concatenate([rng.integers(0, 200, (n, 2)), rng.integers(4, 30, (n, 2))], axis=1)
    crowd = rng.random(n) < 0.05
    truth = true_boxes(range(1, n + 1), np.zeros(n, int), np.zeros(n, int), rows, crowd=crowd)
    drawn = rows[rng.integers(0, n, m)] + rng.integers(-3, 4, (m, 4))
    drawn[:, 2:] = np.maximum(drawn[:, 2:], 1)
    said = predicted_boxes(range(m), np.zeros(m, int), np.zeros(m, int), drawn, rng.integers(0, 50, m) / 50)
    stats, _ = by_pycocotools(truth, said, [0], [0])
    found = evaluate_boxes(truth, said)
    ours = [-1 if value is None else value for value in found.summary().values()]
    assert ours == pytest.approx(stats.tolist(), abs=1e-9)
    assert len(found.behind().true) + len(found.behind().false) <= 100


def test_nothing_predicted_and_nothing_true():
    truth, none = truth_of([(0, 0, 0, 0, 9, 9, False)]), said_of([])
    assert evaluate_boxes(truth, none).summary()["AP"] == 0
    assert evaluate_boxes(truth, none).behind().missed == (1,)
    said = said_of([(0, 0, 0, 0, 9, 9, 5)])
    assert evaluate_boxes(truth_of([]), said).summary()["AP"] is None
    assert evaluate_boxes(truth_of([]), said).behind().false == ("p0",)
    assert evaluate_boxes(truth_of([]), none).summary()["AP"] is None


@given(st.lists(true_row, max_size=10), st.lists(said_row, max_size=12))
@settings(max_examples=40)
def test_the_ids_behind_add_up(true_rows, said_rows):
    truth, said = truth_of(true_rows), said_of(said_rows)
    found = evaluate_boxes(truth, said, canvases=range(3), labels=range(2))
    behind = found.behind()
    assert len({p for p, _ in behind.true}) == len({t for _, t in behind.true}) == len(behind.true)
    assert {t for _, t in behind.true} | set(behind.missed) == set(truth.id[~truth.crowd].tolist())
    assert not {t for _, t in behind.true} & set(behind.missed)
    assert not {p for p, _ in behind.true} & set(behind.false)
    for label in (0, 1):
        one = found.behind(label=label)
        assert all(said.label[said.id.tolist().index(p)] == label for p, _ in one.true)
    figures = figures_of_boxes(found)
    assert figures.together.tp == len(behind.true)
    assert figures.together.fp == len(behind.false)
    assert figures.together.fn == len(behind.missed)
    assert [len(ids) for ids in figures.missed] == [rates.fn for rates in figures.rates]
    assert figures.per_canvas.sum(axis=(1, 2)).tolist() == [
        figures.together.tp,
        figures.together.fp,
        figures.together.fn,
    ]


@given(
    st.lists(true_row, min_size=1, max_size=10),
    st.lists(said_row, max_size=12),
    st.randoms(use_true_random=False),
)
@settings(max_examples=30)
def test_order_of_truth_and_canvases_does_not_matter(true_rows, said_rows, random):
    scores = random.sample(range(100), len(said_rows))  # no ties: among equals the order given decides
    said_rows = [(*row[:6], score) for row, score in zip(said_rows, scores, strict=True)]
    unique = list({row[:6]: row for row in true_rows}.values())
    names = random.sample(range(10), 3)
    other = [(names[r[0]], *r[1:]) for r in random.sample(unique, len(unique))]
    shuffled = [(names[r[0]], *r[1:]) for r in random.sample(said_rows, len(said_rows))]
    one, two = (evaluate_boxes(truth_of(t), said_of(s)) for t, s in ((unique, said_rows), (other, shuffled)))
    for a, b in zip(one.summary().values(), two.summary().values(), strict=True):
        assert a == (pytest.approx(b, abs=1e-12) if b is not None else None)


def test_what_makes_no_sense_is_refused():
    good = ([1], [0], [0], [[0, 0, 5, 5]])
    with pytest.raises(ValueError, match="shape"):
        true_boxes([1], [0], [0], [[0, 0, 5]])
    with pytest.raises(ValueError, match="finite"):
        true_boxes([1], [0], [0], [[0, 0, np.nan, 5]])
    with pytest.raises(ValueError, match="negative"):
        predicted_boxes([1], [0], [0], [[0, 0, -1, 5]], [1])
    with pytest.raises(ValueError, match="score"):
        predicted_boxes(*good, [np.inf])
    with pytest.raises(ValueError, match="id"):
        true_boxes([1, 2], [0], [0], [[0, 0, 5, 5]])
    with pytest.raises(ValueError, match="canvas"):
        evaluate_boxes(true_boxes(*good), predicted_boxes(*good, [1]), canvases=[7])
    with pytest.raises(ValueError, match="not made at"):
        evaluate_boxes(true_boxes(*good), predicted_boxes(*good, [1])).behind(threshold=0.33)


# --- VOC ---


@pytest.fixture(scope="module")
def persons(samples):
    folder = samples / "detection-voc-example"
    sides = {}
    for name in ("groundtruths", "detections"):
        rows = [
            (path.stem, *line.split())
            for path in sorted((folder / name).glob("*.txt"))
            for line in path.read_text().splitlines()
        ]
        sides[name] = rows
    truth, said = sides["groundtruths"], sides["detections"]
    return (
        true_boxes(range(len(truth)), [r[0] for r in truth], [r[1] for r in truth], [[float(v) for v in r[2:]] for r in truth]),
        predicted_boxes(
            range(len(said)), [r[0] for r in said], [r[1] for r in said], [[float(v) for v in r[3:]] for r in said],
            [float(r[2]) for r in said],
        ),
        json.loads((folder / "expected.json").read_text()),
    )  # fmt: skip


@pytest.mark.parametrize("threshold", ["0.1", "0.3", "0.5", "0.75"])
@pytest.mark.parametrize("pixels", [True, False])
def test_the_worked_example_of_voc(persons, threshold, pixels):
    truth, said, expected = persons
    table = expected[
        "published_and_reproduced_pixel_inclusive_plus1" if pixels else "computed_plain_iou_without_plus1"
    ][threshold]
    (found,) = evaluate_voc(truth, said, threshold=float(threshold), pixels=pixels)
    assert found.label == "person"
    assert found.all_points == pytest.approx(table["all_point"], abs=1e-9)
    eleven = table.get("11_point", table.get("11_point_exact_tenths"))
    assert found.eleven_points == pytest.approx(eleven, abs=1e-9)
    assert len(found.true) + len(found.missed) == len(truth) == 15
    assert len(found.true) + len(found.false) == len(said) == 24


def test_a_second_find_is_wrong_and_a_difficult_one_nothing():
    rows = [(0, 0, 0, 0, 10, 10, False), (0, 0, 50, 0, 10, 10, True)]
    said = [(0, 0, 0, 0, 10, 10, 5), (0, 0, 0, 0, 10, 9, 4), (0, 0, 50, 0, 10, 10, 3)]
    (found,) = evaluate_voc(truth_of(rows), said_of(said))
    assert (found.true, found.false, found.missed) == ((("p0", 1),), ("p1",), ())
    assert found.all_points == 1
    (only_difficult,) = evaluate_voc(truth_of(rows[1:]), said_of(said[2:]))
    assert (only_difficult.all_points, only_difficult.false) == (None, ())


# --- an operating point, confusion, sizes, intervals ---


def test_rates_at_a_score(coco100):
    truth, said, canvases, labels, _ = coco100
    found = evaluate_boxes(truth, said, canvases=canvases, labels=labels)
    score, f1 = best_score(found)
    figures = figures_of_boxes(found, score=score)
    assert figures.together.f1 == pytest.approx(f1)
    for other in np.quantile(said.score, np.linspace(0, 1, 23)).tolist():
        assert figures_of_boxes(found, score=other).together.f1 <= f1 + 1e-12
    assert figures_of_boxes(found, score=0.9).together.precision > figures_of_boxes(found).together.precision
    assert figures_of_boxes(found, score=0.9).together.recall < figures_of_boxes(found).together.recall
    spread = figures.interval("f1", seed=1, samples=300)
    assert spread.low < f1 < spread.high
    assert figures.together.specificity is None
    assert best_score(found, label=labels[0])[1] > 0
    assert best_score(evaluate_boxes(truth_of([]), said)) is None


def test_confusion_has_what_was_missed_and_what_is_not_there():
    truth = truth_of(
        [
            (0, 0, 0, 0, 10, 10, False),
            (0, 1, 50, 0, 10, 10, False),
            (1, 1, 0, 0, 9, 9, False),
            (1, 0, 90, 90, 40, 40, True),
        ]
    )
    said = said_of(
        [(0, 1, 0, 0, 10, 10, 5), (0, 1, 50, 0, 10, 9, 4), (1, 0, 70, 70, 5, 5, 3), (1, 0, 95, 95, 9, 9, 3)]
    )
    found = confusion_of_boxes(truth, said)
    assert found.labels == (0, 1)
    assert found.counts.tolist() == [[0, 1, 0], [0, 1, 1], [1, 0, 0]]
    assert found.recall().tolist() == [0.0, 0.5]
    assert found.accuracy().tolist() == [0.0, 0.5]
    assert found.overall == 0.25
    assert found.behind(0, 1) == ((1, "p0"),)
    assert found.behind(1, None) == ((3, None),)
    assert found.behind(None, 0) == ((None, "p2"),)
    table = as_rows(found)
    assert table[0] == ["", 0, 1, None, "recall"]
    assert table[1] == [0, 0, 1, 0, 0.0]
    assert table[-1] == ["accuracy", 0.0, 0.5, None, 0.25]
    assert confusion_of_boxes(truth, said, score=0.9).counts.sum() == 3


@given(st.lists(true_row, max_size=10), st.lists(said_row, max_size=12))
@settings(max_examples=30)
def test_confusion_counts_everything_once(true_rows, said_rows):
    truth, said = truth_of(true_rows), said_of(said_rows)
    found = confusion_of_boxes(truth, said)
    real = truth.id[~truth.crowd].tolist()
    assert sorted(name for name in found.true if name is not None) == sorted(real)
    assert len({name for name in found.predicted if name is not None}) == sum(
        n is not None for n in found.predicted
    )


def test_small_things_and_large(coco100):
    truth, said, canvases, labels, expected = coco100
    table = size_table(truth, said, (0, 32, 96, np.inf), canvases=canvases, labels=labels)
    assert table.ap.shape == table.true.shape == (len(labels), 3)
    assert np.nanmean(table.whole) == pytest.approx(expected["stats"]["AP50"], abs=1e-9)
    assert table.true.sum() == (~truth.crowd).sum()
    # Mean AP50 of the large, by COCO's own range.
    whole = evaluate_boxes(truth, said, canvases=canvases, labels=labels)
    assert np.nanmean(table.ap[:, 2]) == pytest.approx(whole.ap(threshold=0.5, size="large"), abs=0.01)
    edges = sides_by_quantile(truth)
    held = size_table(truth, said, edges).true.sum(axis=0)
    assert held.max() - held.min() <= 0.1 * held.sum()
    with pytest.raises(ValueError, match="greater"):
        size_table(truth, said, (10, 10))


def test_intervals_of_average_precision(coco100):
    truth, said, canvases, labels, expected = coco100
    found = evaluate_boxes(truth, said, canvases=canvases, labels=labels)
    spread = ap_interval(found, threshold=0.5, seed=3, samples=60)
    assert isinstance(spread, Interval)
    assert spread.low < expected["stats"]["AP50"] < spread.high
    assert spread == ap_interval(found, threshold=0.5, seed=3, samples=60)


def test_a_redrawn_canvas_counts_as_often_as_it_was_drawn():
    """The weighted sums are those of an evaluation with the canvas copied."""
    from campaigns.quality.evaluation.resampled import ap_statistic

    rng = np.random.default_rng(1)
    true_rows = [
        (int(c), int(k), int(x), int(y), 20, 20, False)
        for c, k, x, y in zip(
            rng.integers(0, 3, 30),
            rng.integers(0, 2, 30),
            rng.integers(0, 300, 30),
            rng.integers(0, 300, 30),
            strict=True,
        )
    ]
    said_rows = [
        (r[0], r[1], r[2] + int(rng.integers(-6, 7)), r[3], 20, 20, n) for n, r in enumerate(true_rows)
    ]
    found = evaluate_boxes(truth_of(true_rows), said_of(said_rows), canvases=range(3))
    weighted = ap_statistic(found, threshold=0.5)(np.array([[2.0, 0.0, 1.0], [1.0, 1.0, 1.0]]))
    copied = [r for r in true_rows if r[0] != 1] + [(9, *r[1:]) for r in true_rows if r[0] == 0]
    again = [r for r in said_rows if r[0] != 1] + [(9, *r[1:]) for r in said_rows if r[0] == 0]
    # Copies have equal scores: put each just behind its original, as the weighted sums do.
    expected = evaluate_boxes(truth_of(copied), said_of(again)).ap(threshold=0.5)
    assert weighted[0] == pytest.approx(expected, abs=0.02)
    assert weighted[1] == pytest.approx(found.ap(threshold=0.5), abs=1e-12)


def test_a_better_run_is_told_from_a_luckier_one(coco100):
    truth, said, canvases, labels, _ = coco100
    moved = said.boxes.copy()
    moved[::4, 0] += moved[::4, 2]  # every fourth stands beside what it means
    worse = predicted_boxes(said.id, said.canvas, said.label, moved, said.score)
    one, two = (evaluate_boxes(truth, run, canvases=canvases, labels=labels) for run in (said, worse))
    found = compare_ap(one, two, threshold=0.5, seed=1, samples=60)
    assert found.difference == pytest.approx(one.ap(threshold=0.5) - two.ap(threshold=0.5))
    assert found.interval.low > 0
    same = compare_ap(one, one, threshold=0.5, seed=1, samples=20)
    assert (same.difference, same.interval.low, same.interval.high) == (0, 0, 0)
    with pytest.raises(ValueError, match="same canvases"):
        compare_ap(one, evaluate_boxes(truth, said, canvases=[*canvases, -1], labels=labels), seed=1)
