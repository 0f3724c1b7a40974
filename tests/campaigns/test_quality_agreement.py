"""Agreement on labels: published numbers, an independent implementation, and what must hold for any answers."""

import json
from fractions import Fraction
from itertools import combinations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from campaigns.quality.agreement import (
    alpha,
    label_agreement,
    mean_pairwise,
    percent_agreement,
    set_agreement,
)
from campaigns.quality.difference import interval, jaccard, masi, nominal, ordinal, ratio
from campaigns.quality.tally import count_answers

tables = st.integers(2, 5).flatmap(
    lambda people: st.lists(
        st.lists(st.none() | st.integers(1, 4), min_size=people, max_size=people), min_size=1, max_size=8
    )
)


def rows_of(table):
    """People × units with gaps → three columns."""
    cells = [(u, p, v) for p, row in enumerate(table) for u, v in enumerate(row) if v is not None]
    return (
        [np.array(column, dtype=np.int64) for column in zip(*cells, strict=True)]
        if cells
        else [np.zeros(0, int)] * 3
    )


def all_alphas(table):
    counts, values = count_answers(*rows_of(table))
    paired = np.bincount(counts.code, counts.count, counts.codes)
    kinds = {
        "nominal": nominal,
        "ordinal": ordinal(paired),
        "interval": interval(values),
        "ratio": ratio(values),
    }
    return {name: alpha(counts, difference) for name, difference in kinds.items()}


@pytest.fixture(scope="module")
def published(samples):
    return json.loads((samples / "agreement-published" / "agreement_examples.json").read_text())


@pytest.mark.parametrize("example", ["krippendorff_2011_C", "krippendorff_wikipedia"])
def test_alpha_is_as_published(published, example):
    found = all_alphas(published[example]["coders_x_units"])
    assert found == pytest.approx(published[example]["alpha"], abs=5e-7)


def test_percent_agreement_is_as_published(published):
    table = published["fleiss_wikipedia"]["counts"]
    cells = [
        (unit, person, label)
        for unit, counts in enumerate(table)
        for person, label in enumerate(np.repeat(np.arange(len(counts)), counts).tolist())
    ]
    counts, _ = count_answers(*zip(*cells, strict=True))
    assert percent_agreement(counts) == pytest.approx(published["fleiss_wikipedia"]["P_bar"], abs=5e-4)


@given(tables)
def test_alpha_equals_an_independent_implementation(table):
    data = np.array([[np.nan if v is None else v for v in row] for row in table])
    pairable = data[:, (~np.isnan(data)).sum(axis=0) >= 2]
    assume(len(np.unique(pairable[~np.isnan(pairable)])) > 1)
    found = all_alphas(table)
    for level, value in found.items():
        assert value == pytest.approx(krippendorff.alpha(data, level_of_measurement=level), abs=1e-9)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_people_and_canvases_does_not_matter_nor_repeating_oneself(table, random):
    unit, person, label = rows_of(table)
    order = np.array(random.sample(range(len(unit)), len(unit)), dtype=int)
    doubled = np.concatenate([order, order[: len(order) // 2]])
    names, pages = np.array(random.sample("abcdefgh", 8)), np.array(random.sample(range(100), 8))
    one = label_agreement(unit, person, label)
    two = label_agreement(pages[unit[doubled]], names[person[doubled]], label[doubled])
    assert (one.percent, one.alpha) == pytest.approx((two.percent, two.alpha), abs=1e-12)
    assert (one.units, one.people, one.answers) == (two.units, two.people, two.answers)


@given(tables)
def test_figures_stay_in_their_ranges(table):
    found = label_agreement(*rows_of(table), seed=1, samples=50)
    if found.percent is None:
        assert found.units == 0
        assert found.alpha is None
        return
    assert 0 <= found.percent <= 1
    assert found.alpha is None or found.alpha <= 1 + 1e-12
    assert found.percent < 1 or found.alpha is None or found.alpha == pytest.approx(1)
    if found.interval is not None:
        assert found.interval.low <= found.interval.high <= 1 + 1e-12


@given(tables)
def test_percent_is_the_share_of_equal_pairs(table):
    unit, person, label = rows_of(table)
    shares = []
    for one in set(unit.tolist()):
        pairs = list(combinations(label[unit == one].tolist(), 2))
        if pairs:
            shares.append(Fraction(sum(a == b for a, b in pairs), len(pairs)))
    found = label_agreement(unit, person, label).percent
    assert found == (pytest.approx(float(sum(shares) / len(shares))) if shares else None)


def test_one_person_agrees_with_nobody():
    found = label_agreement([1, 2, 3], ["ann"] * 3, ["a", "b", "a"])
    assert (found.percent, found.alpha, found.units) == (None, None, 0)


def test_without_variation_alpha_is_silent():
    found = label_agreement([1, 1, 2, 2], [1, 2, 1, 2], ["a"] * 4)
    assert (found.percent, found.alpha) == (1.0, None)


def test_two_different_answers_of_one_person_are_refused():
    with pytest.raises(ValueError, match="two different labels"):
        label_agreement([1, 1], ["ann", "ann"], ["a", "b"])
    with pytest.raises(ValueError, match="same length"):
        label_agreement([1, 1], ["ann"], ["a", "b"])


def test_sets_of_one_are_labels():
    rng = np.random.default_rng(5)
    unit, person = np.repeat(np.arange(40), 3), np.tile(np.arange(3), 40)
    label = rng.choice(["a", "b", "c"], 120)
    expected = label_agreement(unit, person, label)
    for distance in ("masi", "jaccard", "nominal"):
        found = set_agreement(unit, person, [{word} for word in label], distance=distance)
        assert (found.alpha, found.percent) == pytest.approx((expected.alpha, expected.percent))


def test_distances_of_sets():
    sets = [set(), {"a"}, {"a", "b"}, {"b", "c"}, {"d"}]
    codes = np.arange(5)
    far, near = masi(sets)(codes[:, None], codes[None]), jaccard(sets)(codes[:, None], codes[None])
    assert far[1, 2] == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert far[2, 3] == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert near[2, 3] == pytest.approx(2 / 3)
    assert (far[0, 1:] == 1).all()
    assert (far[4, :4] == 1).all()
    for matrix in (far, near):
        assert np.allclose(matrix, matrix.T)
        assert np.allclose(np.diag(matrix), 0)
        assert ((matrix >= 0) & (matrix <= 1)).all()


@given(
    st.lists(
        st.lists(st.sets(st.sampled_from("abc"), max_size=3), min_size=2, max_size=4), min_size=1, max_size=6
    )
)
def test_alpha_of_sets_follows_the_definition(pages):
    rows = [(u, p, s) for u, page in enumerate(pages) for p, s in enumerate(page)]
    unit, person, sets = zip(*rows, strict=True)
    found = set_agreement(unit, person, sets, distance="jaccard").alpha

    def distance(a, b):
        return 1 - len(a & b) / len(a | b) if a | b else 0.0

    n = len(rows)
    observed = (
        sum(2 * distance(a, b) / (len(page) - 1) for page in pages for a, b in combinations(page, 2)) / n
    )
    expected = sum(2 * distance(a, b) for a, b in combinations(sets, 2)) / (n * (n - 1))
    assert found == (pytest.approx(1 - observed / expected) if expected > 0 else None)


def test_an_unknown_distance_is_refused():
    with pytest.raises(ValueError, match="masi"):
        set_agreement([1], [1], [{"a"}], distance="hamming")


def test_the_interval_is_seeded_covers_the_value_and_narrows():
    rng = np.random.default_rng(2)

    def answers(pages):
        truth = np.repeat(rng.integers(0, 4, pages), 3)
        label = np.where(rng.random(3 * pages) < 0.8, truth, rng.integers(0, 4, 3 * pages))
        return np.repeat(np.arange(pages), 3), np.tile([1, 2, 3], pages), label

    few, many = answers(30), answers(600)
    one, again, other = (label_agreement(*few, seed=seed).interval for seed in (7, 7, 8))
    assert one == again != other
    found = label_agreement(*many, seed=7)
    assert found.interval.low < found.alpha < found.interval.high
    assert found.interval.high - found.interval.low < one.high - one.low


def test_mean_pairwise_likeness():
    def same(a, b):
        return float(a == b)

    assert mean_pairwise([{"x": 1}, {"x": 1}, {"x": 2}], same) == pytest.approx(1 / 3)
    assert mean_pairwise([{"x": 1}], same) is None
