"""A fitted model merges one item as the fit merged all of them, and knows what it has not met."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quality.answers import Answers, answers_of
from campaigns.quality.labels import dawid_skene, glad, mace, one_coin, tree_coin
from campaigns.quality.labels.fitted import (
    ELSEWHERE,
    MODELS,
    Fitted,
    fit_dawid_skene,
    fit_glad,
    fit_mace,
    fit_one_coin,
    fit_tree_coin,
)
from taxonomy.tree import Tree


def crowd(seed: int, items: int = 60, people: int = 9, labels: int = 4) -> Answers:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, labels, items)
    skill = rng.uniform(0.35, 0.95, people)
    rows = [
        (f"i{i:03}", f"p{j}", f"l{truth[i] if rng.random() < skill[j] else rng.integers(0, labels)}")
        for i in range(items)
        for j in rng.choice(people, 4, replace=False)
    ]
    return answers_of(*map(np.array, zip(*rows, strict=True)))


def of_item(answers: Answers, code: int) -> list[tuple[str, str]]:
    rows = np.flatnonzero(answers.item == code)
    return [(str(answers.people[answers.person[r]]), str(answers.labels[answers.label[r]])) for r in rows]


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_one_coin_gives_the_probabilities_of_its_fit(seed: int) -> None:
    answers = crowd(seed)
    model, table = fit_one_coin(answers), one_coin(answers).consensus.table()
    labels = answers.labels.tolist()
    for code in range(len(answers.items)):
        found = model.posterior(of_item(answers, code))
        for label, value in found.items():
            if label is not ELSEWHERE:
                assert value == pytest.approx(table[code, labels.index(label)], abs=1e-9)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_dawid_skene_gives_the_next_step_of_its_fit(seed: int) -> None:
    answers = crowd(seed)
    model = fit_dawid_skene(answers)
    table = dawid_skene(answers).consensus.table()
    labels = answers.labels.tolist()
    for code in range(len(answers.items)):
        found = model.posterior(of_item(answers, code))
        assert sum(found.values()) == pytest.approx(1)
        # The kept habits are those of the last probabilities, so that this is one step on.
        for label, value in found.items():
            assert value == pytest.approx(table[code, labels.index(label)], abs=0.1)


@pytest.mark.parametrize("name", MODELS)
def test_it_is_kept_as_json(name: str) -> None:
    answers = crowd(7)
    model = MODELS[name](answers)
    again = Fitted.from_json(model.as_json())
    assert again == model
    assert again.posterior(of_item(answers, 3)) == model.posterior(of_item(answers, 3))


@pytest.mark.parametrize("name", MODELS)
def test_a_person_and_a_label_that_it_has_not_met(name: str) -> None:
    model = MODELS[name](crowd(3))
    found = model.posterior([("somebody new", "l1"), ("p1", "l1"), ("p2", "a label never given")])
    assert max(found, key=lambda label: found[label]) == "l1"
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", MODELS)
def test_who_is_mostly_right_is_believed_against_two_who_guess(name: str) -> None:
    rng = np.random.default_rng(1)
    rows = []
    for item in range(200):
        truth = f"l{rng.integers(0, 2)}"
        rows += [(f"i{item:03}", "good", truth), (f"i{item:03}", "fine", truth)]
        rows += [(f"i{item:03}", f"guess{n}", f"l{rng.integers(0, 2)}") for n in range(2)]
    model = MODELS[name](answers_of(*map(np.array, zip(*rows, strict=True))))
    found = model.posterior([("good", "l0"), ("guess0", "l1"), ("guess1", "l1")])
    assert found["l0"] > 0.85


@pytest.mark.parametrize("name", MODELS)
def test_known_answers_teach_who_is_right(name: str) -> None:
    rows = [(f"i{n:03}", who, "a" if who == "lone" else "b") for n in range(40) for who in ("lone", "x", "y")]
    answers = answers_of(*map(np.array, zip(*rows, strict=True)))
    gold = {f"i{n:03}": "a" for n in range(20)}
    assert MODELS[name](answers, gold).accuracy["lone"] > 0.8 > MODELS[name](answers).accuracy["lone"]


def test_confusion_of_too_many_labels_is_refused() -> None:
    rows = [(f"i{n}", "p", f"l{n}") for n in range(100)]
    with pytest.raises(ValueError, match="100 labels"):
        fit_dawid_skene(answers_of(*map(np.array, zip(*rows, strict=True))))


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_glad_gives_the_probabilities_of_its_fit(seed: int) -> None:
    answers = crowd(seed)
    model = fit_glad(answers)
    table = glad(answers, iterations=500, tolerance=1e-7).consensus.table()
    labels = answers.labels.tolist()
    for code in range(len(answers.items)):
        for label, value in model.posterior(of_item(answers, code)).items():
            if label is not ELSEWHERE:
                assert value == pytest.approx(table[code, labels.index(label)], abs=0.02)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_mace_gives_the_next_step_of_its_fit(seed: int) -> None:
    answers = crowd(seed)
    model, table = fit_mace(answers), mace(answers).consensus.table()
    labels = answers.labels.tolist()
    for code in range(len(answers.items)):
        for label, value in model.posterior(of_item(answers, code)).items():
            if label is not ELSEWHERE:
                assert value == pytest.approx(table[code, labels.index(label)], abs=0.02)


def sparse(seed: int, people: int = 200, each: int = 5) -> tuple[Answers, dict[str, str]]:
    """Five labels a person, three people an item: where full confusion without priors fell to .31."""
    rng = np.random.default_rng(seed)
    items = people * each // 3
    truth = {f"i{i:04}": f"l{rng.integers(0, 10)}" for i in range(items)}
    skill = rng.uniform(0.75, 1.0, people)
    who = rng.permutation(np.repeat(np.arange(people), each))[: items * 3]
    rows = {
        (f"i{n // 3:04}", f"p{j}"): truth[f"i{n // 3:04}"]
        if rng.random() < skill[j]
        else f"l{rng.integers(0, 10)}"
        for n, j in enumerate(who.tolist())
    }
    return answers_of(
        *map(np.array, zip(*((i, p, said) for (i, p), said in rows.items()), strict=True))
    ), truth


@pytest.mark.parametrize("name", MODELS)
def test_on_five_labels_a_person_it_is_never_worse_than_the_vote(name: str) -> None:
    lots = drawn = variance = 0.0
    for seed in range(6):
        answers, truth = sparse(seed)
        model = MODELS[name](answers)
        for code, item in enumerate(answers.items.tolist()):
            given = of_item(answers, code)
            found = {
                label: value for label, value in model.posterior(given).items() if label is not ELSEWHERE
            }
            mine = max(found, key=lambda label: found[label])
            said = [label for _who, label in given]
            best = max(map(said.count, said))
            tied = sorted({label for label in said if said.count(label) == best})
            if len(tied) == 1:
                # What the vote decides is decided in the same way, or better.
                assert mine == tied[0] or mine == truth[item]
            else:
                chance = (truth[item] in tied) / len(tied)
                lots, drawn, variance = (
                    lots + (mine == truth[item]),
                    drawn + chance,
                    variance + chance * (1 - chance),
                )
    # Of equals the vote draws lots; who is no worse than lots is within their scatter.
    assert lots >= drawn - 2 * variance**0.5


TREE = Tree(
    {"leporid": None, "rabbit": "leporid", "hare": "leporid", "bird": None, "owl": "bird", "crow": "bird"}
)


def on_tree(seed: int, items: int = 80, people: int = 40) -> Answers:
    rng = np.random.default_rng(seed)
    leaves = ["rabbit", "hare", "owl", "crow"]
    rows = []
    for item in range(items):
        true = leaves[rng.integers(0, 4)]
        for j in rng.choice(people, 3, replace=False).tolist():
            said = true if rng.random() < 0.8 else leaves[rng.integers(0, 4)]
            rows.append((f"i{item:03}", f"p{j}", TREE.parent(said) if rng.random() < 0.2 else said))
    return answers_of(*map(np.array, zip(*rows, strict=True)))


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_the_tree_coin_gives_the_probabilities_of_its_fit(seed: int) -> None:
    answers = on_tree(seed)
    model, found = fit_tree_coin(answers, TREE), tree_coin(answers, TREE)
    for code in range(len(answers.items)):
        rows = found.item == code
        expected = dict(
            zip(
                (found.concepts[n] for n in found.node[rows].tolist()),
                found.probability[rows].tolist(),
                strict=True,
            )
        )
        # The kept accuracies are those of the last probabilities, so that this is one step on.
        assert model.below(of_item(answers, code), TREE) == pytest.approx(expected, abs=0.01)


def test_rabbit_and_hare_are_a_leporid() -> None:
    model = fit_tree_coin(on_tree(1), TREE)
    found = model.below([("p1", "rabbit"), ("p2", "hare")], TREE)
    assert found["leporid"] > 0.9
    assert max(found["rabbit"], found["hare"]) < 0.75
    assert model.below([], TREE) == {}
    assert Fitted.from_json(model.as_json()) == model
