"""Coefficients of agreement beside alpha, and agreement taken apart: published numbers and definitions."""

import json
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quality.agreement import label_agreement
from campaigns.quality.answers import answers_of
from campaigns.quality.breakdown import (
    by_stratum,
    concept_agreement,
    pair_agreement,
    person_agreement,
    unit_agreement,
)
from campaigns.quality.coefficients import cohen_kappa, fleiss_kappa, gwet_ac, kappa_of_table, scott_pi
from campaigns.quality.difference import absolute, interval, tree_links, tree_wu_palmer
from taxonomy.tree import Tree

tables = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.sampled_from("abc")), min_size=1, max_size=20,
    unique_by=lambda row: row[:2],
)  # fmt: skip
TREE = Tree(
    {"animal": None, "hare": "animal", "rabbit": "animal", "bird": "animal", "crane": "bird", "plant": None}
)


@pytest.fixture(scope="module")
def published(samples):
    return json.loads((samples / "agreement-published" / "agreement_examples.json").read_text())


def of_table(table):
    """A square table of two people as answers."""
    rows = [
        (unit, person, label)
        for unit, (a, b) in enumerate(
            (a, b) for a, line in enumerate(table) for b, n in enumerate(line) for _ in range(n)
        )
        for person, label in ((0, a), (1, b))
    ]
    return answers_of(*zip(*rows, strict=True))


def of_counts(table):
    """How often each label was given to each unit, as answers."""
    rows = [
        (unit, person, label)
        for unit, line in enumerate(table)
        for person, label in enumerate(np.repeat(np.arange(len(line)), line).tolist())
    ]
    return answers_of(*zip(*rows, strict=True))


def of_grid(grid):
    """People × units with gaps as answers."""
    rows = [(u, p, v) for p, line in enumerate(grid) for u, v in enumerate(line) if v is not None]
    return answers_of(*zip(*rows, strict=True))


def seeded():
    """Three people, sixty units, five ordered labels."""
    rng = np.random.default_rng(17)
    a = rng.integers(0, 5, 60)
    b = np.where(rng.random(60) < 0.6, a, rng.integers(0, 5, 60))
    c = np.where(rng.random(60) < 0.5, a, rng.integers(0, 5, 60))
    return a, b, c


# --- published numbers and other libraries ---


def test_cohen_as_published(published):
    for example in (*published["cohen_wikipedia"], published["cohen_1960"]):
        assert kappa_of_table(example["table"]) == pytest.approx(example["kappa"], abs=1e-9)
        found = cohen_kappa(of_table(example["table"]))
        assert found.value == pytest.approx(example["kappa"], abs=1e-9)
        assert found.units == sum(map(sum, example["table"]))
    assert kappa_of_table(published["cohen_1960"]["table"]) == pytest.approx(0.491525, abs=5e-7)


def test_fleiss_as_published(published):
    example = published["fleiss_wikipedia"]
    found = fleiss_kappa(of_counts(example["counts"]))
    assert found.value == pytest.approx(example["kappa"], abs=1e-12)
    assert found.value == pytest.approx(0.209931, abs=5e-7)
    assert (round(found.observed, 3), round(found.expected, 3)) == (example["P_bar"], example["P_e"])


def test_four_people_with_gaps_as_in_gwets_handbook(published):
    """The data of Krippendorff (2011, C) in the vignette of Gwet's R package irrCAC 1.0 (cac.raw4raters)."""
    answers = of_grid(published["krippendorff_2011_C"]["coders_x_units"])
    ac1, kappa = gwet_ac(answers), fleiss_kappa(answers)
    assert (ac1.observed, ac1.expected, ac1.value) == pytest.approx((0.8181818, 0.1903212, 0.77544), abs=5e-6)
    assert (kappa.observed, kappa.expected, kappa.value) == pytest.approx(
        (0.8181818, 0.2387153, 0.76117), abs=5e-6
    )
    assert (ac1.answers, ac1.units, ac1.people) == (41, 11, 4)


def test_two_abstractors_as_in_gwets_vignette():
    """cont3x3abstractors of irrCAC 1.0."""
    answers = of_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    assert cohen_kappa(answers).value == pytest.approx(0.7964094, abs=5e-8)
    assert scott_pi(answers).value == pytest.approx(0.7962397, abs=5e-8)
    assert gwet_ac(answers).value == pytest.approx(0.8493305, abs=5e-8)


def test_weighted_kappa_as_in_another_library():
    """Expected: scikit-learn 1.9.1, cohen_kappa_score with weights None, "linear", "quadratic"."""
    a, b, _ = seeded()
    answers = answers_of(np.tile(np.arange(60), 2), np.repeat([0, 1], 60), np.concatenate([a, b]))
    found = [cohen_kappa(answers, difference=d).value for d in (None, absolute, interval)]
    assert found == pytest.approx([0.7500867754251996, 0.7584879243962198, 0.7580645161290323], abs=1e-12)


def test_fleiss_as_in_another_library():
    """Expected: statsmodels 0.15.0, fleiss_kappa(aggregate_raters(…)[0])."""
    answers = answers_of(np.tile(np.arange(60), 3), np.repeat([0, 1, 2], 60), np.concatenate(seeded()))
    assert fleiss_kappa(answers).value == pytest.approx(0.5470032522843427, abs=1e-12)


# --- definitions and properties ---


def by_hand(table, delta):
    """Observed and expected difference of Fleiss and Gwet from their formulas, unit by unit."""
    units = {}
    for unit, _, label in table:
        units.setdefault(unit, []).append(label)
    labels = sorted({row[2] for row in table})
    apart = [
        np.mean([delta(x, y) for x, y in combinations(said, 2)]) for said in units.values() if len(said) > 1
    ]
    share = {k: np.mean([said.count(k) / len(said) for said in units.values()]) for k in labels}
    fleiss = sum(share[k] * share[m] * delta(k, m) for k in labels for m in labels)
    q = len(labels)
    alike = sum(1 - delta(k, m) for k in labels for m in labels)
    gwet = 1 - alike / (q * (q - 1)) * sum(p * (1 - p) for p in share.values()) if q > 1 else 0
    return np.mean(apart) if apart else None, fleiss, gwet


@given(tables, st.booleans())
@settings(max_examples=80)
def test_fleiss_and_gwet_follow_their_formulas(table, weighted):
    place = {"a": 0, "b": 1, "c": 3}
    kept = sorted({row[2] for row in table})
    longest = max((abs(place[x] - place[y]) for x in kept for y in kept), default=0) or 1

    def delta(x, y):
        return abs(place[x] - place[y]) / longest if weighted else float(x != y)

    make = (lambda labels: absolute([place[word] for word in labels])) if weighted else None
    answers = answers_of(*zip(*table, strict=True))
    apart, *chances = by_hand(table, delta)
    for found, chance in zip(
        (fleiss_kappa(answers, difference=make), gwet_ac(answers, difference=make)), chances, strict=True
    ):
        if apart is None:
            assert found.value is None
        elif chance > 1e-12:
            assert found.value == pytest.approx(1 - apart / chance, abs=1e-9)
        else:
            assert found.value is None or found.value > 1 - 1e-9


@given(tables, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_order_and_names_do_not_matter(table, random):
    names = random.sample(range(10, 90), 4)
    other = [(unit, names[person], label) for unit, person, label in random.sample(table, len(table))]
    one, two = (answers_of(*zip(*cells, strict=True)) for cells in (table, other))
    for measure in (fleiss_kappa, gwet_ac):
        a, b = measure(one), measure(two)
        assert (a.value is None) == (b.value is None)
        assert a.value is None or a.value == pytest.approx(b.value, abs=1e-9)


def test_two_people_are_two():
    answers = answers_of([1, 1, 1], [1, 2, 3], ["a", "a", "b"])
    for measure in (cohen_kappa, scott_pi):
        with pytest.raises(ValueError, match="two people"):
            measure(answers)
        assert measure(answers_of([1, 2], [1, 2], ["a", "b"])).value is None


def test_only_units_that_both_answered_count_for_two():
    rows = [(1, 1, "a"), (1, 2, "a"), (2, 1, "b"), (2, 2, "b"), (3, 1, "a"), (4, 2, "b")]
    found = cohen_kappa(answers_of(*zip(*rows, strict=True)))
    assert (found.value, found.units) == (1.0, 2)
    assert scott_pi(answers_of(*zip(*rows, strict=True))).value == 1.0


def test_a_frequent_label_ruins_kappa_and_not_ac1():
    """The paradox of Feinstein & Cicchetti (1990), which AC1 was made for."""
    answers = of_table([[118, 5], [2, 0]])
    assert cohen_kappa(answers).value < 0
    assert gwet_ac(answers).value > 0.93


def test_intervals_are_by_canvas():
    rng = np.random.default_rng(3)
    canvas = np.repeat(np.arange(30), 10)
    mood = rng.random(30)[canvas]  # some canvases are hard altogether
    a = rng.integers(0, 3, 300)
    b = np.where(rng.random(300) < mood, a, rng.integers(0, 3, 300))
    answers = answers_of(np.tile(np.arange(300), 2), np.repeat([0, 1], 300), np.concatenate([a, b]))
    for measure in (cohen_kappa, scott_pi, fleiss_kappa, gwet_ac):
        wide, narrow = (
            measure(answers, canvas=canvas, seed=1, samples=300),
            measure(answers, seed=1, samples=300),
        )
        assert wide.interval.low < wide.value < wide.interval.high
        assert wide.interval.high - wide.interval.low > 1.3 * (narrow.interval.high - narrow.interval.low)
    columns = (np.tile(np.arange(300), 2), np.repeat([0, 1], 300), np.concatenate([a, b]))
    wide, narrow = (
        label_agreement(*columns, canvas=c, seed=1, samples=300).interval for c in (np.tile(canvas, 2), None)
    )
    assert wide.high - wide.low > 1.3 * (narrow.high - narrow.low)
    with pytest.raises(ValueError, match="two canvases"):
        label_agreement([1, 1], [1, 2], ["a", "b"], canvas=["p", "q"])


# --- tree distance ---


def test_a_rabbit_taken_for_a_hare_is_a_small_mistake():
    words = ["rabbit", "hare", "crane", "plant", "animal"]
    codes = np.arange(5)
    links, likeness = tree_links(words, TREE), tree_wu_palmer(words, TREE)
    far = links(codes[:, None], codes[None])
    assert far[0].tolist() == pytest.approx([0, 2 / 6, 3 / 6, 3 / 6, 1 / 6])
    assert likeness(codes[:, None], codes[None])[0].tolist() == pytest.approx([0, 0.5, 0.6, 1, 1 / 3])
    for a, b in combinations(range(4), 2):
        if TREE.path_distance(words[a], words[b]) is not None:
            assert far[a, b] * 6 == pytest.approx(TREE.path_distance(words[a], words[b]))
            assert likeness(np.int64(a), np.int64(b)) == pytest.approx(1 - TREE.wu_palmer(words[a], words[b]))
    near = (["rabbit", "hare"], ["crane", "crane"], ["plant", "plant"])
    apart = (["rabbit", "plant"], ["crane", "crane"], ["hare", "hare"])
    values = [
        label_agreement(
            np.repeat([0, 1, 2], 2), [0, 1] * 3, [w for pair in pairs for w in pair],
            difference=lambda labels: tree_links(labels.tolist(), TREE),
        ).alpha
        for pairs in (near, apart)
    ]  # fmt: skip
    assert values[0] > values[1]


# --- taken apart ---


@given(tables)
@settings(max_examples=80)
def test_every_part_follows_its_definition(table):
    answers = answers_of(*zip(*table, strict=True))
    units = {}
    for unit, person, label in table:
        units.setdefault(unit, {})[person] = label
    met = {unit: said for unit, said in units.items() if len(said) > 1}

    for found in concept_agreement(answers):
        binary = [(u, p, word == found.concept) for u, said in met.items() for p, word in said.items()]
        expected = label_agreement(*zip(*binary, strict=True)).alpha
        assert found.alpha == (pytest.approx(expected, abs=1e-9) if expected is not None else None)
        assert found.answers == sum(row[2] for row in binary)
    for found in person_agreement(answers):
        pairs = [
            (said[found.person], other)
            for said in met.values()
            if found.person in said
            for p, other in said.items()
            if p != found.person
        ]
        assert found.meetings == len(pairs)
        assert found.percent == (pytest.approx(np.mean([a == b for a, b in pairs])) if pairs else None)
    twos = {(two.a, two.b): two for two in pair_agreement(answers)}
    for a, b in combinations(range(4), 2):
        both = [(said[a], said[b]) for said in met.values() if a in said and b in said]
        assert ((a, b) in twos) == bool(both)
        if both:
            assert twos[a, b].units == len(both)
            assert twos[a, b].percent == pytest.approx(np.mean([x == y for x, y in both]))
            cells = Counter(both)
            table_of = [[cells[x, y] for y in "abc"] for x in "abc"]
            assert twos[a, b].kappa == (
                pytest.approx(kappa_of_table(table_of)) if kappa_of_table(table_of) is not None else None
            )
    for unit, share in zip(answers.items.tolist(), unit_agreement(answers).tolist(), strict=True):
        said = list(units[unit].values())
        pairs = [x == y for x, y in combinations(said, 2)]
        assert share == pytest.approx(np.mean(pairs)) if pairs else np.isnan(share)


def test_alpha_is_the_mean_of_the_people_weighted_by_meetings():
    rng = np.random.default_rng(1)
    answers = answers_of(np.repeat(np.arange(50), 3), np.tile([0, 1, 2], 50), rng.integers(0, 3, 150))
    people = person_agreement(answers)
    whole = label_agreement(np.repeat(np.arange(50), 3), np.tile([0, 1, 2], 50), answers.label).alpha
    assert np.mean([person.corrected for person in people]) == pytest.approx(whole)


def test_the_specific_agreement_of_a_concept():
    """Given that one says rabbit, how often does another: 2·2 / (2·2 + 1) for two people."""
    answers = of_table([[2, 1], [0, 5]])
    assert concept_agreement(answers)[0].specific == pytest.approx(4 / 5)
    assert concept_agreement(answers)[1].specific == pytest.approx(10 / 11)


def test_concepts_have_intervals():
    rng = np.random.default_rng(2)
    a = rng.integers(0, 3, 200)
    b = np.where(rng.random(200) < 0.7, a, rng.integers(0, 3, 200))
    answers = answers_of(np.tile(np.arange(200), 2), np.repeat([0, 1], 200), np.concatenate([a, b]))
    for found in concept_agreement(answers, seed=5):
        assert found.interval.low < found.alpha < found.interval.high
    by_page = concept_agreement(answers, seed=5, canvas=np.arange(200) // 10)
    assert all(found.interval is not None for found in by_page)


def test_strata():
    unit, person = np.repeat(np.arange(4), 2), np.tile([0, 1], 4)
    found = by_stratum(unit, person, list("aabbabba"), ["blind"] * 4 + ["shown"] * 4)
    assert found["blind"].alpha == 1
    assert found["shown"].percent == 0


def test_nobody_met():
    alone = answers_of([1, 2], [1, 2], ["a", "b"])
    assert (concept_agreement(alone), pair_agreement(alone)) == ([], [])
    assert [person.percent for person in person_agreement(alone)] == [None, None]
    assert fleiss_kappa(alone).value is None
    assert gwet_ac(answers_of([], [], [])).value is None
