"""Outlines and points in an answer: what they may be, and how each fault is named."""

import math
from uuid import UUID, uuid4

import pytest

from campaigns.models import TaskConsensus
from campaigns.questions import AnswerError, ConfigError, locate
from campaigns.questions.places import reach_on

HARE, RABBIT = (str(UUID(int=n)) for n in (1, 2))
CANVAS = (1000.0, 800.0)
TRIANGLE = [[10, 10], [110, 10], [10, 110]]
BOW_TIE = [[0, 0], [100, 100], [100, 0], [0, 100]]


def shape(points, **changes):
    return {"id": str(uuid4()), "points": points, "concepts": [HARE], **changes}


def check(shapes, kind="polygon", region=None):
    return locate.validate_answer(
        {"shapes": shapes},
        config={"shapes": kind},
        canvas_size=CANVAS,
        allowed_concepts={HARE, RABBIT},
        region=region,
    )


def refusal(shapes, kind="polygon", **more):
    with pytest.raises(AnswerError) as caught:
        check(shapes, kind, **more)
    assert caught.value.sentence.endswith(".")
    return caught.value


def star(corners, radius=300.0):
    turns = [2 * math.pi * n / corners for n in range(corners)]
    return [[400 + radius * math.cos(t), 400 + radius * math.sin(t)] for t in turns]


def test_the_setting_is_one_of_three():
    assert locate.validate_config({})["shapes"] == "box"
    assert locate.validate_config({"shapes": "polygon"})["shapes"] == "polygon"
    for wrong in ("circle", 1, None, ["box"]):
        with pytest.raises(ConfigError) as caught:
            locate.validate_config({"shapes": wrong})
        assert (caught.value.pointer, caught.value.code) == ("/shapes", "unknown-choice")


def test_each_kind_of_shape_is_merged_in_its_own_way():
    methods = {
        locate.TRAITS.method_for({"shapes": kind, "coarser_counts": tree})
        for kind in ("box", "polygon", "point")
        for tree in (False, True)
    }
    assert len(methods) == 6
    assert max(map(len, methods)) <= TaskConsensus._meta.get_field("method").max_length
    assert locate.TRAITS.method_for({}) == locate.TRAITS.method


def test_an_outline_in_its_normal_form_has_its_box_and_stays():
    (drawn,) = check([shape([*TRIANGLE, TRIANGLE[0]], box=[1, 2, 3, 4])])["shapes"]
    assert drawn["points"] == [[10.0, 10.0], [110.0, 10.0], [10.0, 110.0]]
    assert drawn["box"] == [10, 10, 100, 100]
    assert check([drawn])["shapes"] == [drawn]


@pytest.mark.parametrize(
    ("points", "pointer", "code"),
    [
        (None, "", "not-points"),
        ("M0 0", "", "not-points"),
        ([[0, 0], [1, 1], [2]], "/2", "not-a-point"),
        ([[0, 0], [1, 1], ["a", 2]], "/2/0", "not-a-number"),
        ([[0, 0], [1, 1], [True, 2]], "/2/0", "not-a-number"),
        ([[0, 0], [1, 1], [2, math.nan]], "/2/1", "not-finite"),
        ([[0, 0], [1, 1], [2, 10**400]], "/2/1", "not-finite"),
        ([], "", "too-few-corners"),
        ([[0, 0], [10, 10]], "", "too-few-corners"),
        ([[0, 0], [10, 10], [0, 0]], "", "too-few-corners"),
        ([[0, 0], [10, 0], [10, 10], [10, 0]], "/3", "repeated-corner"),
        ([[0, 0], [10, 10], [20, 20]], "", "outline-crosses-itself"),
        (BOW_TIE, "", "outline-crosses-itself"),
        ([[0, 0], [1001, 0], [0, 10]], "/1", "outline-outside-canvas"),
        ([[0, 0], [10, 0], [0, -1]], "/2", "outline-outside-canvas"),
        (star(1001), "", "too-many-corners"),
        ([[n, n] for n in range(1002)], "", "too-many-points"),
    ],
)
def test_what_is_no_outline(points, pointer, code):
    error = refusal([shape(points)])
    assert (error.pointer, error.code) == (f"/shapes/0/points{pointer}", code)


def test_a_crossing_is_said_with_its_edges():
    error = refusal([shape(BOW_TIE)])
    assert "the edge from corner 1 to 2 meets the edge from 3 to 4" in error.sentence
    assert error.values == {"edges": [0, 2]}


def test_an_outline_may_have_a_thousand_corners():
    (drawn,) = check([shape(star(1000))])["shapes"]
    assert len(drawn["points"]) == 1000


def test_the_same_outline_is_one_wherever_it_begins_and_whichever_way_it_runs():
    again = [TRIANGLE[2], TRIANGLE[1], TRIANGLE[0]]
    error = refusal([shape(TRIANGLE), shape(again)])
    assert (error.pointer, error.code) == ("/shapes/1", "duplicate-polygon")
    assert check([shape(TRIANGLE), shape(again, concepts=[RABBIT])])["shapes"]


def test_an_outline_touches_the_region_with_its_inside():
    assert check([shape(TRIANGLE)], region=(0, 0, 20, 20))
    # Its box reaches into this region, the triangle itself does not.
    error = refusal([shape(TRIANGLE)], region=(80, 80, 50, 50))
    assert (error.pointer, error.code) == ("/shapes/0/points", "outline-outside-region")


def test_a_point_in_its_normal_form_says_how_far_it_reaches():
    reach = reach_on(CANVAS)
    (drawn,) = check([shape([[500, 400]])], "point")["shapes"]
    assert drawn["points"] == [[500.0, 400.0]]
    assert drawn["box"] == [500 - reach, 400 - reach, 2 * reach, 2 * reach]
    assert check([drawn], "point")["shapes"] == [drawn]


@pytest.mark.parametrize(
    ("points", "pointer", "code"),
    [
        ([], "", "not-a-point"),
        ([[1, 2], [3, 4]], "", "not-a-point"),
        ([[1, 2, 3]], "/0", "not-a-point"),
        ([[-1, 2]], "/0", "point-outside-canvas"),
        ([[1, 800.5]], "/0", "point-outside-canvas"),
    ],
)
def test_what_is_no_point(points, pointer, code):
    error = refusal([shape(points)], "point")
    assert (error.pointer, error.code) == (f"/shapes/0/points{pointer}", code)


def test_a_point_lies_in_the_region():
    assert check([shape([[20, 20]])], "point", region=(0, 0, 20, 20))
    assert refusal([shape([[21, 20]])], "point", region=(0, 0, 20, 20)).code == "point-outside-region"
    assert refusal([shape([[5, 5]]), shape([[5, 5]])], "point").code == "duplicate-point"


def test_a_box_is_no_outline_and_an_outline_no_box():
    boxed = {"id": str(uuid4()), "box": [0, 0, 10, 10], "concepts": [HARE]}
    assert refusal([boxed]).code == "not-points"
    assert refusal([boxed], "point").code == "not-points"
    error = refusal([shape(TRIANGLE)], "box")
    assert (error.pointer, error.code) == ("/shapes/0/points", "unknown-field")


def test_answers_are_compared_by_what_was_drawn():
    inner = [[10, 10], [110, 10], [110, 110], [10, 110]]  # twice the triangle, with the same box
    bar = [[10, 10], [110, 10], [110, 40], [10, 40]]
    triangle, square, thin = (check([shape(points)]) for points in (TRIANGLE, inner, bar))
    assert locate.compare(triangle, square) == 1.0  # IoU is just 0.5
    assert locate.compare(square, thin) == 0.0  # 0.3
    here, near, far = (check([shape([[x, 400]])], "point") for x in (500, 525, 526))
    assert locate.compare(here, near) == 1.0
    assert locate.compare(here, far) == 0.0
    assert locate.compare(here, {"shapes": []}) == 0.0
