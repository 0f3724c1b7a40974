"""A fitted model merges one item as the fit merged all of them, and knows what it has not met."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quality.answers import Answers, answers_of
from campaigns.quality.labels import dawid_skene, one_coin
from campaigns.quality.labels.fitted import ELSEWHERE, MODELS, Fitted, fit_dawid_skene, fit_one_coin


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
    assert found["l0"] > 0.9


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
