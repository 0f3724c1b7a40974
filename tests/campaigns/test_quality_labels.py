"""Consensus of labels: published solutions, what other libraries find, and what must hold for any answers."""

import csv
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quality.answers import answers_of
from campaigns.quality.labels import (
    MAXIMUM_LIKELIHOOD,
    Habits,
    dawid_skene,
    glad,
    mace,
    merge_many,
    one_coin,
    vote,
)
from campaigns.quality.labels.posterior import candidates_of

MODELS = {
    "vote": vote,
    "dawid_skene": lambda a, **more: dawid_skene(a, **more).consensus,
    "one_coin": lambda a, **more: one_coin(a, **more).consensus,
    "glad": lambda a, **more: glad(a, **more).consensus,
    "mace": lambda a, **more: mace(a, **more).consensus,
}
LEARNING = [name for name in MODELS if name != "vote"]
rows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 3)),
    min_size=1,
    max_size=24,
    unique_by=lambda r: r[:2],
)


def crowd(seed, items, people, labels, each, least, skewed=False):
    """Answers of a made-up crowd whose people are right with `least` to 1, and the truth."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(labels) * (1 if skewed else 100))
    truth = rng.choice(labels, items, p=shares)
    item = np.repeat(np.arange(items), each)
    person = np.concatenate([rng.permutation(people)[:each] for _ in range(items)])
    skill = rng.uniform(least, 1, people)
    said = np.where(rng.random(len(item)) < skill[person], truth[item], rng.integers(0, labels, len(item)))
    return answers_of(item, person, said, labels=np.arange(labels)), truth, skill


def accuracy(consensus, truth):
    """Share of items whose most probable label is true; a tie counts by its share."""
    table = consensus.table()
    best = table >= table.max(axis=1, keepdims=True) - 1e-9
    return (best / best.sum(axis=1, keepdims=True))[np.arange(len(truth)), truth].mean()


@pytest.fixture(scope="module")
def patients(samples):
    folder = samples / "agreement-published"
    with (folder / "dawid_skene_1979_table1.csv").open() as file:
        table = [tuple(int(v) for v in row.values()) for row in csv.DictReader(file)]
    patient, observer, _, label = zip(*table, strict=True)
    expected = json.loads((folder / "dawid_skene_1979_em_expected.json").read_text())
    return answers_of(patient, observer, label, repeats=True), expected


# --- published ---


def test_the_patients_of_1979(patients):
    answers, expected = patients
    found = dawid_skene(answers, prior=MAXIMUM_LIKELIHOOD, tolerance=1e-13)
    assert found.consensus.log_likelihood == pytest.approx(-192.89088121420602, abs=1e-8)
    assert found.consensus.marginals == pytest.approx(expected["class_marginals"], abs=1e-9)
    assert np.round(found.consensus.marginals, 4).tolist() == [0.3996, 0.4220, 0.1118, 0.0667]
    assert found.consensus.table() == pytest.approx(
        np.array(expected["patient_class_probabilities"]), abs=1e-9
    )
    for observer, table in enumerate(expected["error_rates"]):
        assert found.confusion(observer) == pytest.approx(np.array(table), abs=1e-9)
    assert found.consensus.decide() == expected["argmax"]
    assert found.consensus.converged


def test_maximum_likelihood_climbs_and_stops(patients):
    answers, _ = patients
    climbed = [
        dawid_skene(answers, prior=MAXIMUM_LIKELIHOOD, iterations=n, tolerance=0).consensus.log_likelihood
        for n in (1, 2, 3, 5, 8, 13)
    ]
    assert climbed == sorted(climbed)
    assert not dawid_skene(answers, iterations=2, tolerance=0).consensus.converged


def test_the_prior_barely_moves_the_patients(patients):
    answers, expected = patients
    decided = dawid_skene(answers).consensus.decide()
    assert sum(a == b for a, b in zip(decided, expected["argmax"], strict=True)) >= 42


def test_another_library_finds_the_same_model():
    """Expected: crowd-kit 1.4.2, DawidSkene(n_iter=2000, tol=1e-14) on the same answers; it stops a little earlier."""
    answers, truth, _ = crowd(11, 40, 8, 3, 4, 0.4)
    found = dawid_skene(answers, prior=MAXIMUM_LIKELIHOOD, tolerance=1e-12).consensus
    assert found.marginals == pytest.approx([0.3285127, 0.37480814, 0.29667915], abs=5e-5)
    assert accuracy(found, truth) == pytest.approx(0.95)
    # Its OneCoinDawidSkene, GLAD and MACE: 0.975 each.
    assert min(accuracy(MODELS[name](answers), truth) for name in ("one_coin", "glad", "mace")) >= 0.975


# --- never worse than the vote ---

SPARSE = [
    (1000, 1000, 10, 5, 0.9),
    (1000, 1000, 10, 5, 0.5),
    (200, 200, 2, 3, 0.6),
    (60, 40, 5, 3, 0.6),
    (100, 100, 3, 2, 0.5),
    (600, 30, 5, 5, 0.2),
]


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("size", SPARSE, ids=str)
@pytest.mark.parametrize("model", LEARNING)
def test_never_worse_than_the_vote(model, size, skewed):
    gains = []
    for seed in range(12):
        answers, truth, _ = crowd(seed, *size, skewed=skewed)
        gains.append(accuracy(MODELS[model](answers), truth) - accuracy(vote(answers), truth))
    # Where two merges are equally good, one is ahead by luck on given draws: two standard errors are allowed.
    assert np.mean(gains) + 2 * np.std(gains, ddof=1) / np.sqrt(len(gains)) >= -0.0005


def test_without_priors_sparse_answers_ruin_the_full_model():
    """What the priors are for: one answer a label and person is believed against everybody."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 25, 500)
    item, person = np.repeat(np.arange(500), 5), rng.permutation(np.repeat(np.arange(500), 5))
    said = np.where(rng.random(2500) < 0.75, truth[item], rng.integers(0, 25, 2500))
    _, first = np.unique(item * 500 + person, return_index=True)
    answers = answers_of(item[first], person[first], said[first], labels=np.arange(25))
    plain = accuracy(vote(answers), truth)
    assert accuracy(dawid_skene(answers, prior=MAXIMUM_LIKELIHOOD).consensus, truth) < plain - 0.1
    assert accuracy(dawid_skene(answers).consensus, truth) >= plain - 0.001


@pytest.mark.parametrize("model", LEARNING)
def test_skill_is_found_and_used(model):
    answers, truth, _ = crowd(5, 1500, 25, 4, 5, 0.1)
    assert accuracy(MODELS[model](answers), truth) > accuracy(vote(answers), truth) + 0.01


def test_habits_are_found():
    """Somebody who always takes hares for rabbits is believed about everything else."""
    rng = np.random.default_rng(8)
    truth = rng.integers(0, 3, 600)
    said = np.stack([truth, truth, np.where(truth == 1, 2, truth)])
    sure = np.array([[0.7], [0.7], [0.95]])
    said = np.where(rng.random(said.shape) < sure, said, rng.integers(0, 3, said.shape))
    answers = answers_of(np.tile(np.arange(600), 3), np.repeat([0, 1, 2], 600), said.ravel())
    found = dawid_skene(answers)
    assert found.confusion(2)[1, 2] > 0.8
    assert found.confusion(0)[1, 1] > 0.6
    assert accuracy(found.consensus, truth) > accuracy(vote(answers), truth) + 0.005


def test_ability_trust_and_ease_are_ranked():
    answers, _, skill = crowd(2, 1500, 20, 4, 5, 0.0)
    for numbers in (one_coin(answers).accuracy, glad(answers).ability, mace(answers).competence):
        order = np.argsort(numbers)
        assert np.corrcoef(np.argsort(order), np.argsort(np.argsort(skill)))[0, 1] > 0.9
    ease = glad(answers).ease
    agreed = vote(answers).best()[1] == 1
    assert ease[agreed].mean() > ease[~agreed].mean()


# --- honest outcomes ---


def test_a_tie_is_no_decision():
    answers = answers_of([1, 1, 2, 2], ["a", "b"] * 2, ["hare", "rabbit", "hare", "hare"])
    assert vote(answers).decide() == [None, "hare"]
    assert one_coin(answers_of([1, 1], ["a", "b"], ["hare", "rabbit"])).consensus.decide() == [None]


def test_a_single_voice_can_be_too_few():
    answers = answers_of([1, 2, 2], ["a", "a", "b"], ["hare"] * 3)
    assert vote(answers).decide(voices=2) == [None, "hare"]


def test_a_bar_of_certainty():
    answers = answers_of([1] * 5, list("abcde"), ["hare"] * 3 + ["rabbit"] * 2)
    assert vote(answers).decide() == ["hare"]
    assert vote(answers).decide(threshold=2 / 3) == [None]
    assert vote(answers).best()[1] == pytest.approx([0.6])


def test_weights():
    answers = answers_of([1, 1, 1], list("abc"), ["hare", "rabbit", "rabbit"])
    assert vote(answers, weight={"a": 3}).decide() == ["hare"]
    assert vote(answers, weight={"a": 0, "b": 0, "c": 0}).decide() == [None]
    with pytest.raises(ValueError, match="weight"):
        vote(answers, weight={"a": -1})


@pytest.mark.parametrize("model", LEARNING)
def test_gold_is_never_doubted_and_teaches(model):
    answers, truth, _ = crowd(9, 300, 10, 4, 3, 0.2)
    known = {item: int(truth[item]) for item in range(0, 300, 3)}
    found = MODELS[model](answers, gold=known)
    table = found.table()
    assert all(table[item, label] == 1 for item, label in known.items())
    rest = np.array([item for item in range(300) if item not in known])
    plain = MODELS[model](answers).table()
    right = [np.mean(t[rest].argmax(axis=1) == truth[rest]) for t in (table, plain)]
    assert right[0] >= right[1] - 0.005


@pytest.mark.parametrize("model", LEARNING)
def test_gold_may_say_what_nobody_said(model):
    answers = answers_of([1, 1, 2], ["a", "b", "a"], ["x", "x", "y"], labels=["x", "y", "z"])
    assert MODELS[model](answers, gold={1: "z", 99: "x"}).decide()[0] == "z"
    with pytest.raises(ValueError, match="not among"):
        MODELS[model](answers, gold={1: "w"})


# --- properties ---


@given(rows, st.sampled_from(list(MODELS)), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_nothing_depends_on_order_or_names(table, model, random):
    def probabilities(cells):
        item, person, label = (list(column) for column in zip(*cells, strict=True))
        return MODELS[model](answers_of(item, person, label, labels=[0, 1, 2, 3])).table()

    names = random.sample(range(100, 200), 5)
    other = [(i, names[p], word) for i, p, word in random.sample(table, len(table))]
    assert probabilities(table) == pytest.approx(probabilities(other), abs=1e-9)


@given(rows, st.sampled_from(list(MODELS)))
@settings(max_examples=60)
def test_probabilities_are_probabilities(table, model):
    item, person, label = zip(*table, strict=True)
    found = MODELS[model](answers_of(item, person, label, labels=[0, 1, 2, 3]))
    dense = found.table()
    assert ((dense >= 0) & (dense <= 1 + 1e-12)).all()
    assert dense.sum(axis=1) == pytest.approx(1)
    assert found.converged or found.iterations == 200


@pytest.mark.parametrize("model", LEARNING)
def test_a_frequent_label_does_not_overrule_the_only_voice_for_a_rare_one(model):
    item, person = [*range(20), 20], [*np.arange(20) % 5, 4]
    assert MODELS[model](answers_of(item, person, ["hare"] * 20 + ["lynx"])).decide()[20] in {"lynx", None}


@given(rows)
def test_the_vote_is_the_count(table):
    item, person, label = zip(*table, strict=True)
    found = vote(answers_of(item, person, label))
    for i, word, share in zip(
        found.item.tolist(), found.label.tolist(), found.probability.tolist(), strict=True
    ):
        said = [row[2] for row in table if row[0] == found.items[i]]
        assert share == pytest.approx(said.count(found.labels[word]) / len(said))


@pytest.mark.parametrize("model", list(MODELS))
def test_nobody_said_anything(model):
    found = MODELS[model](answers_of([], [], []))
    assert found.decide() == []
    assert found.table().shape == (0, 0)


@pytest.mark.parametrize("model", list(MODELS))
def test_only_one_label_may_be_given(model):
    assert MODELS[model](answers_of([1, 1, 2], [1, 2, 1], ["x"] * 3)).decide() == ["x", "x"]


def test_rows_stay_linear_whatever_the_number_of_labels():
    answers = answers_of([1, 1, 2], [1, 2, 1], [5, 7, 5], labels=np.arange(100_000))
    for model in (one_coin(answers), glad(answers), mace(answers)):
        assert len(model.consensus.item) == 3
        assert 0 < model.consensus.elsewhere[0] < 0.2
        assert model.consensus.decide()[1] == 5


def test_a_voice_counts_once():
    assert len(answers_of([1, 1], ["a", "a"], ["x", "x"])) == 1
    with pytest.raises(ValueError, match="two different labels"):
        answers_of([1, 1], ["a", "a"], ["x", "y"])
    with pytest.raises(ValueError, match="same length"):
        answers_of([1, 1], ["a"], ["x", "y"])
    with pytest.raises(ValueError, match="not among"):
        answers_of([1], ["a"], ["z"], labels=["x", "y"])


@pytest.mark.parametrize("make", [lambda: Habits(strength=-1), lambda: Habits(trust=float("inf"))])
def test_priors_are_checked(make):
    with pytest.raises(ValueError, match="prior"):
        make()


def test_other_priors_are_checked():
    answers = answers_of([1], [1], [1])
    for wrong in (
        lambda: one_coin(answers, strength=0),
        lambda: mace(answers, strength=0),
        lambda: glad(answers, spread=0),
    ):
        with pytest.raises(ValueError, match="above 0"):
            wrong()


def test_without_a_person():
    answers = answers_of([1, 1, 2], ["a", "b", "a"], ["x", "y", "x"])
    rest = answers.without(0)
    assert (rest.items.tolist(), rest.people.tolist(), rest.labels.tolist()) == ([1], ["b"], ["x", "y"])


def test_pairs_know_their_answers():
    answers = answers_of([2, 1, 1], ["a", "b", "a"], ["x", "y", "x"])
    pairs = candidates_of(answers)
    assert np.array_equal(pairs.item[pairs.pair], answers.item)
    assert np.array_equal(pairs.label[pairs.pair], answers.label)


# --- several labels at once ---


def test_each_label_is_a_question():
    item = [1, 1, 1, 2, 2, 2]
    sets = [{"a", "b"}, {"a"}, {"a"}, {"b"}, set(), set()]
    found = merge_many(item, list("xyzxyz"), sets, model=vote)
    assert found.decide() == {1: ("a",), 2: ()}
    by_question = {
        (found.questions.items[i], found.questions.labels[word]): p
        for i, word, p in zip(found.questions.item, found.questions.label, found.probability, strict=True)
    }
    assert by_question == pytest.approx({(1, "a"): 1, (1, "b"): 1 / 3, (2, "b"): 1 / 3})


def test_reliability_helps_with_several_labels_too():
    rng = np.random.default_rng(4)
    truth = rng.random((400, 6)) < 0.3
    item, person, sets = [], [], []
    skill = np.array([0.95, 0.95, 0.6, 0.6, 0.6])
    for i in range(400):
        for j in range(5):
            right = rng.random(6) < skill[j]
            item.append(i)
            person.append(j)
            sets.append({f"label {k}" for k in np.flatnonzero(truth[i] == right)})

    def f1(found):
        decided = found.decide()
        said = np.array([[f"label {k}" in decided[i] for k in range(6)] for i in range(400)])
        return 2 * (said & truth).sum() / (said.sum() + truth.sum())

    assert f1(merge_many(item, person, sets)) > f1(merge_many(item, person, sets, model=vote)) + 0.03


def test_one_set_a_person():
    with pytest.raises(ValueError, match="once"):
        merge_many([1, 1], ["a", "a"], [{"x"}, {"y"}])
    assert merge_many([1], ["a"], [set()]).decide() == {1: ()}
