"""Sums over answers in rounds are the sums over answers, however they are cut into rounds, rest and blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.answers import answers_of, factorise
from campaigns.quality.labels import MAXIMUM_LIKELIHOOD, Habits, dawid_skene, rounds
from campaigns.quality.labels.rounds import rounds_of

tables = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 6)), max_size=40)


@pytest.fixture(params=[(1, 2), (2, 3), (3, 100), (512, 4)], ids=str)
def cut(request, monkeypatch):
    few, block = request.param
    monkeypatch.setattr(rounds, "_FEW", few)
    monkeypatch.setattr(rounds, "_BLOCK", block)


def test_every_answer_has_its_turn_once(cut):
    @given(tables)
    def hold(table):
        answers = answers_of(*_columns(table), repeats=True)
        found = rounds_of(answers)
        assert sorted(found.answer.tolist()) == list(range(len(answers)))
        assert sorted(found.order.tolist()) == list(range(len(answers.items)))
        assert [len(range(*part.indices(len(found.order)))) for part in found.blocks()] or not table

    hold()


def test_sums_are_sums(cut):
    @given(tables, st.randoms(use_true_random=False))
    def hold(table, random):
        answers = answers_of(*_columns(table), repeats=True)
        found = rounds_of(answers)
        people = answers.person[found.answer]
        values = np.array([random.random() for _ in answers.people])
        of_item = np.array([random.random() for _ in answers.items])
        summed = np.full(len(answers.items), np.nan)
        found.per_item(values, people, summed)
        plain = np.bincount(answers.item, values[answers.person], len(answers.items))
        assert summed == pytest.approx(plain[found.order])
        given_back = np.ones(len(answers.people))
        found.per_value(of_item[found.order], people, given_back)
        plain = np.bincount(answers.person, of_item[answers.item], len(answers.people))
        assert given_back == pytest.approx(1 + plain)
        assert found.in_order_of_items(of_item[found.order][None]).ravel() == pytest.approx(of_item)

    hold()


def test_a_model_does_not_care_how_answers_are_cut(monkeypatch):
    rng = np.random.default_rng(6)
    item = np.concatenate([rng.integers(0, 3000, 12_000), np.zeros(400, dtype=np.int64)])
    person, said = rng.integers(0, 40, len(item)), rng.integers(0, 4, len(item))
    answers = answers_of(item, person, said, repeats=True)
    whole = dawid_skene(answers)
    for few, block in ((1, 50), (100_000, 16_384)):
        monkeypatch.setattr(rounds, "_FEW", few)
        monkeypatch.setattr(rounds, "_BLOCK", block)
        other = dawid_skene(answers)
        assert other.consensus.probability == pytest.approx(whole.consensus.probability, abs=1e-9)
        assert other.consensus.log_likelihood == pytest.approx(whole.consensus.log_likelihood)


@pytest.mark.parametrize("prior", [Habits(), MAXIMUM_LIKELIHOOD], ids=["drawn", "plain"])
def test_another_order_gives_the_same_to_the_last_digit(prior):
    rng = np.random.default_rng(7)
    cells = rng.permutation(2000 * 30)[:9000]
    item, person, said = cells // 30, cells % 30, rng.integers(0, 4, 9000)
    found, other = (
        dawid_skene(answers_of(item[rows], person[rows], said[rows]), prior=prior).consensus
        for rows in (np.arange(9000), rng.permutation(9000))
    )
    assert np.array_equal(found.probability, other.probability)
    assert found.log_likelihood == other.log_likelihood


@pytest.mark.parametrize("kind", ["int8", "uint8", "int64", "uint64"])
def test_the_ends_of_a_kind_of_number_have_codes(kind):
    ends = np.array([np.iinfo(kind).max, np.iinfo(kind).min, np.iinfo(kind).max], dtype=kind)
    names, codes = factorise(ends)
    assert names[codes].tolist() == ends.tolist()
    high = np.array([np.iinfo(kind).max, np.iinfo(kind).max - 2], dtype=kind)
    names, codes = factorise(high)
    assert (names.tolist(), codes.tolist()) == (sorted(high.tolist()), [1, 0])


@given(st.lists(st.text(max_size=3), max_size=30))
def test_texts_are_the_same_in_a_list_and_in_an_array(texts):
    rows = np.arange(len(texts))
    found = answers_of(texts, rows, rows)
    other = answers_of(np.array(texts, dtype=np.str_), rows, rows)
    assert found.items.tolist() == other.items.tolist()
    assert found.item.tolist() == other.item.tolist()
    assert answers_of(tuple(texts), rows, rows).person.tolist() == other.person.tolist()


def _columns(table):
    item, person = ([row[side] for row in table] for side in (0, 1))
    return (
        np.array(item, dtype=np.int64),
        np.array(person, dtype=np.int64),
        np.zeros(len(table), dtype=np.int64),
    )
