"""“Find more like this” on generated pages whose truth is known, and on a real one."""

import cv2
import numpy as np
import pytest

from annotation.geometry import Box, iou
from campaigns import predictors
from campaigns.predictors import PredictorError, Stopped
from campaigns.predictors.match_template import Exemplar, find, suppress, unusable, validate_config


def glyph(letter, size):
    pixels = np.full((size, size), 235, dtype=np.uint8)
    cv2.putText(
        pixels, letter, (size // 8, size - size // 6), cv2.FONT_HERSHEY_SIMPLEX, size / 26, 20, 2, cv2.LINE_AA
    )
    return pixels


def page_with(*things, size=(600, 400), noise=6):
    """Grey paper with letters at known places: (letter, x, y, side)."""
    page = np.full(size[::-1], 235, dtype=np.uint8)
    for letter, x, y, side in things:
        page[y : y + side, x : x + side] = glyph(letter, side)
    grain = np.random.default_rng(1).normal(0, noise, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


PAGE = page_with(
    ("A", 40, 50, 40), ("A", 300, 60, 40), ("A", 480, 300, 44), ("B", 150, 200, 40), ("Q", 400, 200, 40)
)
SIZE = (600.0, 400.0)


def test_all_copies_and_nothing_else():
    said = find(PAGE, [Exemplar(PAGE[50:90, 40:80], "letter A")], canvas_size=SIZE)
    truth = [Box(40, 50, 40, 40), Box(300, 60, 40, 40), Box(480, 300, 44, 44)]
    assert len(said.found) == 3
    assert {one.label for one in said.found} == {"letter A"}
    for place in truth:
        assert max(iou(one.box, place) for one in said.found) > 0.75
    assert said.found[0].confidence == pytest.approx(1, abs=1e-3)
    assert [one.confidence for one in said.found] == sorted(
        (one.confidence for one in said.found), reverse=True
    )
    assert (said.model, said.quarantined) == ("match_template", ())


def test_boxes_come_in_canvas_space():
    exemplar = Exemplar(PAGE[50:90, 40:80], "A")
    best = find(PAGE, [exemplar], canvas_size=(1200, 1600)).found[0]
    assert best.box == Box(80, 200, 80, 160)


def test_one_place_has_one_label():
    exemplars = [
        Exemplar(PAGE[50:90, 40:80], "A"),
        Exemplar(PAGE[48:92, 38:82], "also A"),
        Exemplar(PAGE[200:240, 150:190], "B"),
    ]
    found = find(PAGE, exemplars, canvas_size=SIZE, config={"threshold": 0.8}).found
    assert len(found) == 4
    assert {"also A", "B"} <= {one.label for one in found}
    for index, one in enumerate(found):
        assert all(iou(one.box, other.box) < 0.3 for other in found[index + 1 :])


def test_an_empty_page_has_nothing():
    exemplars = [Exemplar(PAGE[50:90, 40:80], "A")]
    for page in (
        np.full((400, 600), 200, dtype=np.uint8),
        np.zeros((400, 600), dtype=np.uint8),
        page_with(noise=12),
    ):
        assert find(page, exemplars, canvas_size=SIZE).found == ()


def test_a_page_smaller_than_the_example_has_nothing():
    assert find(PAGE[:30, :30], [Exemplar(PAGE[50:90, 40:80], "A")], canvas_size=SIZE).found == ()


def test_unusable_examples_say_why():
    flat, small = Exemplar(np.full((40, 40), 9, dtype=np.uint8), "x"), Exemplar(PAGE[:5, :40], "x")
    assert "one shade" in unusable(flat)
    assert "at least 6" in unusable(small)
    good = Exemplar(PAGE[50:90, 40:80], "A")
    assert unusable(good) is None
    assert len(find(PAGE, [flat, good, small], canvas_size=SIZE).found) == 3
    for exemplars in ([], [flat]):
        with pytest.raises(PredictorError, match="usable"):
            find(PAGE, exemplars, canvas_size=SIZE)


def test_colour_is_refused():
    with pytest.raises(PredictorError, match="grey"):
        find(np.zeros((10, 10, 3), dtype=np.uint8), [Exemplar(PAGE[50:90, 40:80], "A")], canvas_size=SIZE)


def test_stop_is_heeded_between_steps():
    asked = []

    def stop():
        asked.append(1)
        return len(asked) == 3

    with pytest.raises(Stopped):
        find(PAGE, [Exemplar(PAGE[50:90, 40:80], "A")], canvas_size=SIZE, should_stop=stop)
    assert len(asked) == 3


def test_the_most_are_kept_best_first():
    found = find(PAGE, [Exemplar(PAGE[50:90, 40:80], "A")], canvas_size=SIZE, config={"most": 1}).found
    assert [one.box for one in found] == [Box(40, 50, 40, 40)]


def test_suppression_does_not_depend_on_order():
    rng = np.random.default_rng(4)
    boxes = np.column_stack([rng.uniform(0, 100, (60, 2)), rng.uniform(5, 30, (60, 2))])
    scores = rng.uniform(0, 1, 60)
    kept = suppress(boxes, scores, overlap=0.3, most=500)
    order = rng.permutation(60)
    again = order[suppress(boxes[order], scores[order], overlap=0.3, most=500)]
    assert kept.tolist() == again.tolist()
    for position, a in enumerate(kept):
        assert all(iou(Box(*boxes[a]), Box(*boxes[b])) < 0.3 for b in kept[position + 1 :])


def test_a_real_page_finds_its_own_example(samples):
    path = next(iter(sorted((samples / "images-htromance-latin" / "small").rglob("*.jpg"))))
    page = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    height, width = page.shape
    said = find(
        page,
        [Exemplar(page[300:360, 200:260], "x")],
        canvas_size=(width * 2, height * 2),
        config={"threshold": 0.9},
    )
    assert said.found[0].box == Box(400, 600, 120, 120)
    assert len(said.found) < 5


def test_settings():
    for kind in predictors.KINDS.values():
        assert kind.LABEL
    assert predictors.get_kind("match_template").NEEDS_PIXELS
    config = validate_config({"threshold": 0.8})
    assert config["threshold"] == 0.8
    assert validate_config(config) == config
    with pytest.raises(PredictorError, match="There is no kind"):
        predictors.get_kind("yolo")


@pytest.mark.parametrize(
    "config",
    [{"treshold": 1}, {"threshold": 0}, {"threshold": "0.7"}, {"overlap": 1.1}, {"scales": []}, {"scales": [0]},
     {"scales": [True]}, {"scales": 1}, {"most": 0}, {"most": 1.5}, {"threshold": float("nan")}],
)  # fmt: skip
def test_settings_that_make_no_sense(config):
    with pytest.raises(PredictorError):
        validate_config(config)
