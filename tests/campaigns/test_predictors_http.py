"""The HTTP predictor: what it asks, the shapes of answer it understands, and what it keeps apart."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import Box
from campaigns.predictors import PredictorError, get_kind
from campaigns.predictors.http import Target, build_request, predict, read_answer, validate_config

# The model sees the image at half the size of the canvas.
TARGET = Target(
    "https://example.org/canvas/1",
    (2000.0, 3000.0),
    "https://example.org/full/1000,/0/default.jpg",
    (1000.0, 1500.0),
)
CONFIG = validate_config({"url": "https://models.example.org/predict"})


def read(document, **config):
    return read_answer(json.dumps(document), TARGET, {**CONFIG, **config})


def test_the_request():
    asked = []

    def send(request):
        asked.append(request)
        return b'{"predictions": []}'

    assert predict(TARGET, {**CONFIG, "labels": ["clef"]}, send).found == ()
    (request,) = asked
    assert (request.method, request.url) == ("POST", CONFIG["url"])
    assert request.json == {
        "image": TARGET.image_url, "width": 1000, "height": 1500, "canvas": TARGET.canvas, "labels": ["clef"],
    }  # fmt: skip
    assert build_request(TARGET, CONFIG).json["labels"] == []


def test_our_own_shape():
    said = read(
        {
            "model": "clefs",
            "version": 2,
            "predictions": [
                {"box": [10, 20, 30, 40], "label": "F clef", "confidence": 0.9},
                {"box": None, "concept": "https://example.org/hand-a", "confidence": 0.4},
                {"label": "printed"},
            ],
        }
    )
    assert (said.model, said.version, said.quarantined) == ("clefs", "2", ())
    assert [(one.box, one.label, one.confidence) for one in said.found] == [
        (Box(20, 40, 60, 80), "F clef", 0.9),
        (None, "https://example.org/hand-a", 0.4),
        (None, "printed", None),
    ]


@pytest.mark.parametrize(
    ("anchor", "box"), [("centre", Box(180, 380, 40, 40)), ("top-left", Box(200, 400, 40, 40))]
)
def test_roboflow(anchor, box):
    entry = {"x": 100, "y": 200, "width": 20, "height": 20, "class": "Lettrine", "confidence": 0.537}
    said = read({"predictions": [entry]}, anchor=anchor)
    assert [(one.box, one.label, one.confidence) for one in said.found] == [(box, "Lettrine", 0.537)]


def test_the_size_of_the_image_that_the_model_saw():
    entry = {"x": 100, "y": 200, "width": 20, "height": 20, "class": "Lettrine"}
    seen = read({"predictions": [entry], "image": {"width": "500", "height": 750}})
    assert seen.found[0].box == Box(360, 760, 80, 80)
    for odd in ("x", {}, {"width": 0, "height": 5}, {"width": None, "height": 5}):
        assert read({"predictions": [entry], "image": odd}).found[0].box == Box(180, 380, 40, 40)


def test_supervision():
    entry = {
        "x_min": 1,
        "y_min": 2,
        "x_max": 4,
        "y_max": 8,
        "class_id": 3,
        "confidence": "1.0",
        "tracker_id": None,
    }
    said = read([{**entry, "class_name": "Vignette", "file": "f12.jpg", "model": "snooptypo/2"}])
    assert [(one.box, one.label, one.confidence) for one in said.found] == [
        (Box(2, 4, 6, 12), "Vignette", 1.0)
    ]
    assert said.model == "snooptypo/2"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"box": [990, 0, 11, 5], "label": "x"}, "leaves its canvas, which is 2000 × 3000"),
        ({"box": [-1, 0, 11, 5], "label": "x"}, "leaves its canvas"),
        ({"x": 5, "y": 100, "width": 20, "height": 20, "class": "x"}, "leaves its canvas"),
        ({"box": [0, 0, 0, 5], "label": "x"}, "above zero"),
        ({"x_min": 4, "y_min": 0, "x_max": 1, "y_max": 2, "class_name": "x"}, "above zero"),
        ({"box": [0, 0, float("nan"), 5], "label": "x"}, "finite"),
        ({"box": [0, 0, 5], "label": "x"}, "any shape"),
        ({"box": "0,0,5,5", "label": "x"}, "any shape"),
        ({"box": [0, 0, True, 5], "label": "x"}, "any shape"),
        ({"x": 5, "y": 5, "width": 2, "class": "x"}, "any shape"),
        ({"box": [0, 0, 5, 5]}, "no class"),
        ({"box": [0, 0, 5, 5], "label": ""}, "no class"),
        ({"box": [0, 0, 5, 5], "label": "x", "confidence": 94.5}, "between 0 and 1"),
        ({"box": [0, 0, 5, 5], "label": "x", "confidence": "high"}, "any shape"),
        ({"box": [0, 0, 5, 5], "label": "x", "confidence": True}, "between 0 and 1"),
        ("clef", "any shape"),
        (None, "any shape"),
    ],
)
def test_what_cannot_be_used_is_kept_apart_with_its_reason(entry, reason):
    said = read({"predictions": [entry, {"box": [0, 0, 1000, 1500], "label": "whole"}]})
    assert [one.label for one in said.found] == ["whole"]
    (apart,) = said.quarantined
    assert reason in apart.reason
    assert json.dumps(apart.raw) == json.dumps(entry)


def test_what_is_not_sure_enough_is_passed_over():
    entries = [{"label": "a", "confidence": 0.2}, {"label": "b", "confidence": 0.5}, {"label": "c"}]
    assert [one.label for one in read(entries, least_confidence=0.5).found] == ["b", "c"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><h1>502</h1>", "web page"),
        (b"\xff\xfe", "not JSON"),
        (b"", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (b"{}", "no list"),
        (b"3", "no list"),
        (b'{"predictions": {}}', "no list"),
        (json.dumps([{}] * 10_001), "the most"),
    ],
)
def test_what_is_no_answer_is_refused(content, words):
    with pytest.raises(PredictorError, match=words):
        read_answer(content, TARGET, CONFIG)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["box", "label", "x", "y", "width", "height", "x_min", "confidence"]), inner
        )
    ),
    max_leaves=10,
)


@given(st.lists(anything, max_size=5))
def test_every_prediction_is_used_or_kept_apart(entries):
    said = read(entries)
    assert len(said.found) + len(said.quarantined) == len(entries)
    for one in said.found:
        assert one.box is None or one.box.inside(2000.01, 3000.01)


def test_settings():
    assert get_kind("http").validate_config(CONFIG) == CONFIG
    assert not get_kind("http").NEEDS_PIXELS


@pytest.mark.parametrize(
    "config",
    [{}, {"url": "models.example.org"}, {"url": "file:///etc/passwd"}, {"url": "https://"}, {"url": 3},
     {"url": "https://[::1"}, {"anchor": "middle"}, {"least_confidence": 2}, {"longest_side": 10}, {"labels": "clef"},
     {"labels": [3]}, {"token": "secret"}],
)  # fmt: skip
def test_settings_that_make_no_sense(config):
    with pytest.raises(PredictorError):
        validate_config({"url": CONFIG["url"], **config} if config else {})


def test_outlines_and_points():
    said = read(
        {
            "predictions": [
                {"points": [[10, 20], [40, 20], [25, 60], [10, 20]], "label": "F clef", "confidence": 0.9},
                {"points": [[500, 750]], "label": "dot"},
            ]
        }
    )
    outline, point = said.found
    assert outline.points == ((20, 40), (80, 40), (50, 120))
    assert outline.box == Box(20, 40, 60, 80)
    assert (point.points, point.box) == (((1000, 1500),), None)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([[0, 0], [100, 100], [100, 0], [0, 100]], "crosses itself"),
        ([[0, 0], [1001, 0], [0, 10]], "leaves its canvas"),
        ([[0, 0], [10, 10]], "from 3 to 1000 corners"),
        ([[n / 2, 0] for n in range(1001)], "from 3 to 1000 corners"),
        ([], "from 3 to 1000 corners"),
        ([[0, 0], [float("nan"), 0], [0, 1]], "finite"),
        ([[0, 0], [1, 2, 3], [4, 4]], "not a prediction"),
        ([["a", "b"], [1, 2], [3, 4]], "not a prediction"),
        (7, "not a prediction"),
    ],
)
def test_an_outline_that_cannot_be_used_is_kept_apart(points, reason):
    said = read({"predictions": [{"points": points, "label": "F clef"}]})
    assert said.found == ()
    assert reason in said.quarantined[0].reason
