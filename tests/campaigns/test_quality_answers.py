"""Three columns in any order become the same rows, whichever way they are sorted by."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality import answers as module
from campaigns.quality.answers import Answers, answers_of

Row = tuple[int, int, int]
FEW, MANY = st.integers(0, 6), st.integers(-(10**12), 10**12)
ROWS = st.lists(st.tuples(FEW, FEW, FEW)) | st.lists(st.tuples(MANY, MANY, MANY))


def rows_of(answers: Answers) -> list[Row]:
    columns = (answers.items[answers.item], answers.people[answers.person], answers.labels[answers.label])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def read(rows: Sequence[Row], *, repeats: bool = False) -> list[Row]:
    item, person, label = (np.array([row[place] for row in rows], dtype=np.int64) for place in range(3))
    return rows_of(answers_of(item, person, label, repeats=repeats))


@given(st.dictionaries(st.tuples(FEW, FEW), FEW) | st.dictionaries(st.tuples(MANY, MANY), MANY), st.randoms())
def test_the_same_answers_are_the_same_rows_in_any_order(
    said: dict[tuple[int, int], int], luck: random.Random
) -> None:
    rows = [(*voice, label) for voice, label in said.items()]
    again = [*rows, *luck.choices(rows, k=3)] if rows else []
    luck.shuffle(again)
    assert read(again) == sorted(rows)


@given(ROWS)
def test_every_row_is_kept_where_people_judge_again(rows: list[Row]) -> None:
    assert sorted(read(rows, repeats=True)) == sorted(rows)


@given(st.lists(st.tuples(FEW, FEW, FEW), min_size=2), st.sampled_from([0, 2]), st.sampled_from([1, 63]))
def test_each_way_of_sorting_gives_the_same(rows: list[Row], room: int, bits: int) -> None:
    once = list({row[:2]: row for row in rows}.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ROOM", room)
        patch.setattr(module, "_BITS", bits)
        assert read(once) == sorted(once)
        # Whose answers lie on a table need not lie beside each other to contradict.
        with pytest.raises(ValueError, match="two different labels"):
            read([*once, (*once[0][:2], once[0][2] + 1)])
