"""Decided pairs come to groups, and what contradicts itself is named."""

import random
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from campaigns.models import Task
from campaigns.quality import groups
from campaigns.quality.groups import Verdict, grouped
from tests.campaigns.journey import Journey
from tests.campaigns.pairs import initials
from tests.campaigns.test_compare import COMPARE, ids, pair

VERDICTS = st.lists(
    st.builds(Verdict, st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.booleans(), st.just("")),
    max_size=20,
)


def test_a_chain_of_pairs_is_one_group() -> None:
    found = grouped(
        [Verdict("a", "b", joins=True), Verdict("c", "b", joins=True), Verdict("d", "e", joins=True)]
    )
    assert found.groups == (("a", "b", "c"), ("d", "e"))
    assert found.contradictions == ()


def test_what_was_said_to_differ_within_a_group_is_named_with_its_chain() -> None:
    said = [
        Verdict("a", "b", joins=True, pair="1"), Verdict("b", "c", joins=True, pair="2"),
        Verdict("c", "a", joins=False, pair="3"), Verdict("a", "d", joins=False, pair="4"),
    ]  # fmt: skip
    (one,) = grouped(said).contradictions
    assert (one.a, one.b, one.pair, one.chain, one.joined_by) == ("a", "c", "3", ("a", "b", "c"), ("1", "2"))


def test_no_more_chains_are_sought_than_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []

    def counted(joins: Any, start: str, end: str) -> tuple[str, ...]:
        sought.append(start)
        return real(joins, start, end)

    real = groups._chain
    monkeypatch.setattr(groups, "_chain", counted)
    names = [f"{number:03}" for number in range(60)]
    row = [Verdict(a, b, joins=True) for a, b in pairwise(names)]
    torn = [Verdict(names[0], other, joins=False) for other in names[2:]]
    found = grouped([*row, *torn], most=5)
    assert (len(sought), len(found.contradictions), found.contradicted) == (5, 5, 58)
    assert found.contradictions == grouped([*row, *torn]).contradictions[:5]


@given(VERDICTS, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_and_of_the_two_in_them_means_nothing(
    verdicts: list[Verdict], chance: random.Random
) -> None:
    other = [Verdict(one.b, one.a, one.joins, one.pair) if chance.random() < 0.5 else one for one in verdicts]
    chance.shuffle(other)
    assert grouped(other) == grouped(verdicts)


@given(VERDICTS)
def test_groups_are_what_joins_and_nothing_else(verdicts: list[Verdict]) -> None:
    found = grouped(verdicts)
    home: Mapping[str, int] = {member: place for place, group in enumerate(found.groups) for member in group}
    assert len(home) == sum(map(len, found.groups)), "nothing is in two groups"
    joins = {frozenset((one.a, one.b)) for one in verdicts if one.joins}
    for one in verdicts:
        if one.joins and one.a != one.b:
            assert home[one.a] == home[one.b]
    for one in found.contradictions:
        assert home[one.a] == home[one.b]
        assert (one.chain[0], one.chain[-1]) == (one.a, one.b)
        assert all(frozenset(link) in joins for link in pairwise(one.chain))
    parts = {frozenset((one.a, one.b)) for one in verdicts if not one.joins}
    within = {
        both for both in parts if len({home.get(name, name) for name in both}) == 1 and both & home.keys()
    }
    assert {frozenset((one.a, one.b)) for one in found.contradictions} == within


@pytest.mark.django_db(transaction=True)
def test_groups_of_a_campaign(owner: User) -> None:
    journey = Journey(owner, "hands")
    journey.make(**COMPARE, overlap=1)
    layer, regions = initials(owner)
    pair(journey, layer)
    journey.open()
    said = ids(journey)
    a, b, c, d = (str(one.pk) for one in regions)
    truth = {frozenset((a, b)): "same", frozenset((b, c)): "same", frozenset((a, c)): "different"}
    answers = []
    for task in Task.objects.order_by("position"):
        both = frozenset((str(task.about_id), str(task.beside_id)))
        answers.append({"concepts": [said[truth.get(both, "likely")]]})
    journey.answer([answers])
    journey.merge()
    assert journey.judge({}) == 6
    found = journey.call("get", "api-pair-groups")
    assert (found["count"], found["pairs"], found["contradictions"]) == (1, 3, 1)
    (group,) = found["groups"]
    assert {member["annotation"] for member in group["members"]} == {a, b, c}, f"{d} is only likely the same"
    (dispute,) = found["disputes"]
    assert {dispute["a"]["annotation"], dispute["b"]["annotation"]} == {a, c}
    assert dispute["chain"][1]["annotation"] == b
    assert len(dispute["joined_by"]) == 2
    assert journey.call("get", "api-pair-groups", offset=1)["groups"] == []
