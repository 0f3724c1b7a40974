"""Which things stand beside each other, and how different ordered answers are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.predictors.alike import glance
from campaigns.quality.difference import nominal, ordered, ordinal
from campaigns.quality.pairs import nearest, pairs_within, sampled


def anything(_one: int, _other: int) -> bool:
    return True


@given(st.integers(0, 12), st.integers(1, 80), st.integers(0, 5))
def test_a_sample_has_no_pair_twice_and_nothing_beside_itself(count: int, most: int, seed: int) -> None:
    found = sampled(range(count), most=most, seed=seed, may=anything)
    assert len(found) == len(set(found)) == min(most, count * (count - 1) // 2)
    assert all(i < j for i, j in found)
    assert found == sampled(range(count), most=most, seed=seed, may=anything)


def test_of_very_many_a_sample_is_drawn_without_making_them_all() -> None:
    found = sampled(range(5000), most=100, seed=1, may=lambda i, j: (i + j) % 2 == 1)
    assert len(set(found)) == 100
    assert all((i + j) % 2 == 1 and i < j for i, j in found)
    assert sampled(range(5000), most=10, seed=1, may=lambda _i, _j: False) == []


def test_pairs_within_groups() -> None:
    groups = [["a"], ["a", "b"], ["b"], ["a"], []]
    assert sorted(pairs_within(groups, most=10, seed=1, may=anything)) == [(0, 1), (0, 3), (1, 2), (1, 3)]
    assert len(pairs_within(groups, most=1, seed=1, may=anything)) == 2, "one of each group"


def test_the_nearest_come_first_and_each_pair_once() -> None:
    vectors = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.0, 0.0]])
    found = nearest(vectors, each=1, may=anything)
    assert found[0][0] == (0, 1)
    assert found[0][1] == pytest.approx(0.9 / np.hypot(0.9, 0.1))
    assert {pair for pair, _likeness in found} == {(0, 1), (1, 2), (0, 3)}
    assert dict(found)[0, 3] == 0.0, "what is all of one shade is like nothing"


def test_a_glance_sees_the_thing_and_not_how_bright_it_is() -> None:
    ring = np.full((64, 48), 200, dtype=np.uint8)
    ring[16:48, 12:36] = 40
    darker = (ring // 2).astype(np.uint8)
    one, other = glance(ring), glance(darker)
    assert one @ other / np.linalg.norm(one) / np.linalg.norm(other) == pytest.approx(1, abs=1e-3)
    assert not glance(np.full((9, 9), 7, dtype=np.uint8)).any()


def test_ordered_answers_differ_by_how_far_they_stand_from_each_other() -> None:
    # Codes: different, cannot tell, same, likely.
    difference = ordered([0.0, None, 1.0, 0.5], [4, 3, 4, 2])
    codes = np.arange(4)
    table = difference(codes[:, None], codes[None, :])
    assert np.array_equal(table, table.T)
    assert table.diagonal().tolist() == [0, 0, 0, 0]
    assert table[0, 2] == 1
    assert table[1].tolist() == [1, 0, 1, 1]
    assert 0 < table[0, 3] == table[3, 2] < 1
    plain = ordinal([4, 2, 4])
    share = plain(np.array([0]), np.array([1])) / plain(np.array([0]), np.array([2]))
    assert table[0, 3] == pytest.approx(float(share[0]))


def test_answers_of_which_none_has_a_degree_are_the_same_or_not() -> None:
    codes = np.arange(3)
    difference = ordered([None, None, None], [1, 1, 1])
    assert np.array_equal(difference(codes[:, None], codes[None, :]), nominal(codes[:, None], codes[None, :]))
