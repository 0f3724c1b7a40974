"""What the others decide alone is decided in the same way whatever one more person says: tried for every vote."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.evaluation.unaided import settled, settled_by_choice, settled_by_sets


@given(others=st.integers(1, 12), votes=st.lists(st.integers(0, 12), max_size=6))
def test_things_stand_or_fall_with_and_without_the_person(others: int, votes: list[int]) -> None:
    votes = [min(k, others) for k in votes]
    outcomes = {
        tuple((k + mine) / (others + 1) > 0.5 for k in votes)
        for mine in (0, 1)
    }  # fmt: skip
    assert settled(votes, others) == (len(outcomes) == 1)


@given(st.lists(st.sampled_from(["", "F", "G", "C"]), min_size=1, max_size=9))
def test_the_first_label_stays_the_first_whatever_is_said(said: list[str]) -> None:
    sets = [{one} if one else set() for one in said]

    def firsts(votes: list[str]) -> set[str]:
        counts = Counter(votes)
        return {one for one in counts if counts[one] == max(counts.values())}

    stands = all(
        firsts([*said, mine]) == firsts(said) and len(firsts(said)) == 1 for mine in ("", "F", "G", "C", "D")
    )
    assert settled_by_choice(sets) == stands


def test_nobody_else_decides_nothing() -> None:
    assert not settled([], 0)
    assert not settled_by_sets([])
    assert not settled_by_choice([])
    # That nobody drew anything is decided too.
    assert settled([], 2)
    assert settled_by_sets([set(), set()])
    assert not settled_by_sets([{"F"}, set()])
    assert settled_by_sets([{"F"}, {"F"}])
