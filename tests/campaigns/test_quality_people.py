"""People: reliability with how sure it is, habits of drawing, drift and speed."""

import numpy as np
import pytest

from campaigns.quality.answers import answers_of
from campaigns.quality.people import (
    against_gold,
    against_others,
    box_habits,
    drift,
    reliability,
    share,
    speeds,
)
from campaigns.quality.people.credible import beta_interval, mean_interval, slope_interval


def crowd(seed=1, items=400, skill=(0.95, 0.85, 0.7, 0.4)):
    rng = np.random.default_rng(seed)
    truth, people = rng.integers(0, 3, items), len(skill)
    said = np.where(rng.random((items, people)) < skill, truth[:, None], rng.integers(0, 3, (items, people)))
    return answers_of(
        np.repeat(np.arange(items), people), np.tile(np.arange(people), items), said.ravel()
    ), truth


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (0.5, 0.5, (0.001541333, 0.998458667)),
        (17.5, 3.5, (0.651422, 0.955869)),
        (0.5, 20.5, (0.000024, 0.116639)),
        (300.5, 40.5, (0.844899, 0.913333)),
    ],
)
def test_shares_as_in_another_library(a, b, expected):
    """Expected: scipy 1.17.1, beta.ppf."""
    found = beta_interval(a, b)
    assert (found.low, found.high) == pytest.approx(expected, abs=2e-4)


def test_slopes_as_in_another_library():
    """Expected: statsmodels 0.15.0, OLS(y, add_constant(x)).fit(cov_type="HC1")."""
    rng = np.random.default_rng(9)
    y = (rng.random(80) < np.linspace(0.5, 0.9, 80)).astype(float)
    slope, interval = slope_interval(np.arange(80) / 100, y)
    assert (slope, interval.low, interval.high) == pytest.approx(
        (0.9716361931551805, 0.60600222, 1.33727016), abs=1e-8
    )


def test_gold_shows_who_is_reliable():
    answers, truth = crowd()
    found = reliability(against_gold(answers, dict(enumerate(truth.tolist()))))
    assert [one.person for one in found] == [0, 1, 2, 3]
    values = [one.accuracy.value for one in found]
    assert values == sorted(values, reverse=True)
    for one, skill in zip(found, (0.95, 0.85, 0.7, 0.4), strict=True):
        expected = skill + (1 - skill) / 3
        assert one.accuracy.interval.low - 0.02 < expected < one.accuracy.interval.high + 0.02
        assert one.accuracy.of == 400
        assert one.confusion.sum(axis=1) == pytest.approx(1)
        assert len(one.skills) == 3


def test_few_answers_make_no_bold_claims():
    few, many = share(3, 0), share(300, 0)
    assert few.value < many.value < 1
    assert few.interval.high - few.interval.low > 10 * (many.interval.high - many.interval.low)
    assert share(0, 0).value is None
    answers = answers_of([1], ["ann"], ["hare"], labels=["hare", "rabbit"])
    (found,) = reliability(against_gold(answers, {1: "rabbit"}))
    # One mistake does not make a person who always errs.
    assert found.confusion[1, 0] < 0.75
    assert found.counts[1, 0] == 1


def test_sensitivity_and_specificity():
    truth = ["a"] * 6 + ["b"] * 4
    said = ["a"] * 5 + ["b"] + ["b"] * 3 + ["a"]
    answers = answers_of(range(10), ["ann"] * 10, said)
    (found,) = reliability(against_gold(answers, dict(enumerate(truth))))
    of_a = found.skills[0]
    assert (of_a.concept, of_a.sensitivity.of, of_a.specificity.of) == ("a", 6, 4)
    assert of_a.sensitivity.value == pytest.approx(5.5 / 7)
    assert of_a.specificity.value == pytest.approx(3.5 / 5)


def test_nobody_judges_themselves():
    """Two people who always agree with each other are judged by each other; alone, nobody is."""
    answers = answers_of([1, 1, 2], ["ann", "bob", "ann"], ["x", "x", "y"])
    judged = against_others(answers)
    assert (judged.person.tolist(), judged.said.tolist(), judged.true.tolist()) == ([0, 1], [0, 0], [0, 0])
    assert reliability(against_others(answers_of([1, 2], ["ann", "ann"], ["x", "y"]))) == []
    answers, _ = crowd()
    values = [one.accuracy.value for one in reliability(against_others(answers))]
    assert values == sorted(values, reverse=True)


def test_gold_must_be_a_label():
    answers, _ = crowd(items=5)
    with pytest.raises(ValueError, match="not among"):
        against_gold(answers, {0: 99})


def test_boxes_drawn_too_large_and_too_far_right():
    rng = np.random.default_rng(4)
    true = np.column_stack([rng.uniform(0, 500, (60, 2)), rng.uniform(20, 80, (60, 2))])
    drawn = true.copy()
    drawn[:, 2] *= 1.1  # a tenth too wide, to the right
    drawn[:, :2] += rng.normal(0, 0.3, (60, 2))
    found = box_habits(drawn, np.arange(60), true, np.arange(60))
    assert found.matched == 60
    assert found.width.mean == pytest.approx(np.log(1.1), abs=1e-9)
    assert found.across.mean == pytest.approx(0.05, abs=0.01)
    assert found.across.interval.low > 0
    assert found.down.interval.low < 0 < found.down.interval.high
    assert found.height.mean == pytest.approx(0, abs=1e-9)
    assert 0.85 < found.mean_iou < 0.95
    half = box_habits(drawn / 2, np.arange(60), true / 2, np.arange(60))
    assert (half.width.mean, half.across.mean) == pytest.approx((found.width.mean, found.across.mean))
    assert box_habits([], [], true, np.arange(60)).matched == 0


def test_drift():
    rng = np.random.default_rng(6)
    better = rng.random(400) < np.linspace(0.4, 0.95, 400)
    found = drift(np.arange(400), better)
    assert found.interval.low > 0
    assert found.per_hundred == pytest.approx(0.55 / 4, abs=0.06)
    assert found.answers == 400
    steady = drift(np.arange(400), rng.random(400) < 0.8)
    assert steady.interval.low < 0 < steady.interval.high
    shuffled = rng.permutation(400)
    assert drift(shuffled, better[shuffled]).per_hundred == pytest.approx(found.per_hundred)
    assert drift([1, 2], [True, False]) is None


def test_speed_is_relative_to_the_task():
    """Somebody who gets the hard tasks is not slow."""
    task = [1, 1, 2, 2, 3, 3]
    found = speeds(["ann", "bob"] * 3, task, [10, 10, 100, 100, 8, 16])
    assert [one.person for one in found] == ["ann", "bob"]
    assert found[0].median_s == 10
    assert found[0].relative.mean == pytest.approx(np.log(8 / 12) / 3)
    assert found[1].relative.mean == pytest.approx(np.log(16 / 12) / 3)
    assert found[0].tasks == 3
    with pytest.raises(ValueError, match="above zero"):
        speeds(["ann"], [1], [0])
    with pytest.raises(ValueError, match="same length"):
        speeds(["ann"], [1, 2], [1, 2])


def test_a_single_value_has_no_interval():
    assert mean_interval(np.array([2.0])) == (2.0, None)
    assert slope_interval(np.array([1.0, 1.0, 1.0]), np.array([0.0, 1.0, 1.0])) is None
