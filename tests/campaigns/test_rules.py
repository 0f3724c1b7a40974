"""Rules for when enough people have seen a task: each by hand, and what holds for all of them whatever is said."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.questions import KINDS
from campaigns.rules import (
    RULES,
    Asked,
    Condition,
    Evidence,
    Given,
    Reported,
    RuleError,
    conditions_of,
    decide,
    replay,
)
from campaigns.rules.outcome import is_same, outcome_of
from taxonomy.tree import Tree

TREE = Tree({"bird": None, "owl": "bird", "kingfisher": "bird"})
TAG = Asked("tag", {"many": False}, options=4)
MANY = Asked("tag", {"many": True}, options=4)
BOXES = Asked("locate", {"many": False}, options=4)
Box = tuple[float, float, float, float]
ONE: Box = (100, 100, 40, 80)
TWO: Box = (100, 400, 40, 80)


def tags(*said: str, asked: Asked = TAG) -> Evidence:
    """An answer each: labels with spaces between them, "" for “nothing here”."""
    answers = [{"nothing_here": not one, "concepts": sorted(one.split())} for one in said]
    return Evidence(asked, [Given(f"{place:02}", answer) for place, answer in enumerate(answers)])


def boxes(*drawn: Sequence[tuple[Box, str]], asked: Asked = BOXES) -> Evidence:
    answers: list[dict[str, Any]] = [
        {
            "nothing_here": not shapes,
            "shapes": [{"box": list(box), "concepts": [label] if label else []} for box, label in shapes],
        }
        for shapes in drawn
    ]
    return Evidence(asked, [Given(f"{place:02}", answer) for place, answer in enumerate(answers)])


def read(*raw: Condition, overlap: int = 5, kind: str = "tag") -> list[Condition]:
    return conditions_of(list(raw), overlap=overlap, question_kind=kind)


AGREE, CERTAIN, NOTHING = {"rule": "agreement"}, {"rule": "posterior"}, {"rule": "nothing_here"}


# --- each by hand ---------------------------------------------------------------------------------


def reported(said: Evidence, *after: int) -> Evidence:
    """The same answers, with reports that came when so many answers were there."""
    reports = [Reported(f"r{place}", number) for place, number in enumerate(after)]
    return Evidence(said.asked, said.given, reports)


def test_so_many_have_reported_it_whatever_was_answered() -> None:
    rule = read({**AGREE, "people": 2}, {"rule": "flagged"})
    assert decide(reported(tags(), 0), rule, 5) is None
    for said in (tags(), tags("A", "B"), tags("A", "A")):
        stop = decide(reported(said, 0, 0), rule, 5)
        assert stop is not None
        assert (stop.rule, stop.parameters) == ("flagged", {"people": 2})
        assert (stop.finding.answers, stop.finding.reports) == ((), ("r0", "r1"))
        assert stop.finding.figures == {"reports": 2, "answers": len(said)}
    agreed = decide(reported(tags("A", "A"), 0), rule, 5)
    assert agreed is not None
    assert agreed.rule == "agreement"


def test_more_people_may_report_than_may_answer() -> None:
    assert read({"rule": "flagged", "people": 7}, overlap=3) == [{"rule": "flagged", "people": 7}]
    # Unread answers are enough for it.
    assert decide(Evidence(None, [], [Reported("r0")]), read({"rule": "flagged", "people": 1}), 3) is not None


def test_reports_are_replayed_between_the_answers() -> None:
    rule = read({**AGREE, "people": 3}, {"rule": "flagged"})
    said = reported(tags("A", "B", "A", "A"), 0, 2)
    used, stop = replay(said, rule, 5)
    assert stop is not None
    assert (len(used), stop.rule) == (2, "flagged"), "the second report came after two answers"
    used, stop = replay(reported(said, 0, 0), rule, 5)
    assert stop is not None
    assert len(used) == 0
    used, stop = replay(reported(said, 0), rule, 5)
    assert stop is not None
    assert (len(used), stop.rule) == (4, "agreement")


def test_the_cap_is_all_there_is_without_conditions() -> None:
    assert decide(tags("A", "B"), [], 3) is None
    stop = decide(tags("A", "B", "C"), [], 3)
    assert stop is not None
    assert (stop.rule, stop.parameters) == ("fixed", {"people": 3})
    assert (stop.finding.answers, stop.finding.figures) == (("00", "01", "02"), {"answers": 3})


def test_so_many_agree() -> None:
    rule = read({**AGREE, "people": 2})
    assert decide(tags("A"), rule, 5) is None
    assert decide(tags("A", "B", "C"), rule, 5) is None
    stop = decide(tags("A", "B", "C", "B"), rule, 5)
    assert stop is not None
    assert stop.finding.answers == ("01", "03")
    assert stop.finding.figures == {"answers": 4, "alike": 2, "likeness": 1.0}
    assert stop.parameters == {"people": 2, "likeness": 0.8}


def test_everyone_who_agrees_agrees_with_everyone() -> None:
    """A is like B and B like C by 2/3, but A and C have only one of four labels in common."""
    said = tags("x y", "x y z", "y z", asked=MANY)
    rule = read({**AGREE, "people": 3, "likeness": 2 / 3})
    assert decide(said, rule, 5) is None
    assert decide(said, read({**AGREE, "people": 2, "likeness": 2 / 3}), 5) is not None
    assert decide(said, read({**AGREE, "people": 3, "likeness": 1 / 3}), 5) is not None


def test_boxes_agree_as_the_question_compares_them() -> None:
    """One of two boxes in common: F1 is 2 · 1 / (2 + 1) = 2/3."""
    said = boxes([(ONE, "A"), (TWO, "A")], [(ONE, "A")])
    assert decide(said, read({**AGREE, "likeness": 0.66}, kind="locate"), 5) is not None
    assert decide(said, read({**AGREE, "likeness": 0.67}, kind="locate"), 5) is None
    nothing = boxes([], [])
    assert decide(nothing, read(AGREE, kind="locate"), 5) is not None


def test_on_a_tree_a_broader_answer_agrees_in_part() -> None:
    """Wu and Palmer: 2 · 1 / (2 + 1) = 2/3 for a bird that is an owl, 2 · 1 / (2 + 2) for two kinds of it."""
    on_tree = Asked("tag", {"coarser_counts": True}, options=3, tree=TREE)
    rule = read({**AGREE, "likeness": 0.6})
    assert decide(tags("owl", "bird", asked=on_tree), rule, 5) is not None
    assert decide(tags("owl", "kingfisher", asked=on_tree), rule, 5) is None
    assert decide(tags("owl", "bird"), rule, 5) is None


class Camps(Evidence):
    """People are like everybody but those of their own camp, of which there are nine."""

    def alike(self, a: Given, b: Given) -> float:
        return float(int(a.id) % 9 != int(b.id) % 9)


def test_a_search_in_vain_among_a_hundred_people_ends_at_once() -> None:
    """Nine people, one of each camp, are alike; ten never, in any of 17 million million groups of ten."""
    people = Camps(TAG, tags(*[""] * 100).given)
    assert decide(people, read({**AGREE, "people": 10}, overlap=100), 101) is None
    stop = decide(people, read({**AGREE, "people": 9}, overlap=100), 101)
    assert stop is not None
    assert len(stop.finding.answers) == 9


def test_certain_enough() -> None:
    """Two of two: 256 / 260 = 0.9846; two of three: 256 / 275 = 0.9309, three of four 4096 / 4115 = 0.9954."""
    rule = read(CERTAIN)
    stop = decide(tags("A", "A"), rule, 5)
    assert stop is not None
    assert stop.finding.figures == {"answers": 2, "certainty": pytest.approx(256 / 260, abs=1e-6)}
    assert decide(tags("A", "B", "A"), rule, 5) is None
    assert decide(tags("A", "B", "A", "A"), rule, 5) is not None
    assert decide(tags("A"), read({**CERTAIN, "certainty": 0.8, "people": 2}), 5) is None
    assert decide(tags("A"), read({**CERTAIN, "certainty": 0.75, "people": 1}), 5) is not None
    # Less is believed where people are right less often.
    assert decide(tags("A", "A"), read({**CERTAIN, "accuracy": 0.6}), 5) is None


def test_boxes_are_certain_when_the_least_certain_is() -> None:
    rule = read({**CERTAIN, "certainty": 0.9}, kind="locate")
    alike = [(ONE, "A")]
    assert decide(boxes(alike, alike), rule, 5) is not None  # 16/17 · 256/260 = 0.927
    assert decide(boxes(alike, [*alike, (TWO, "A")]), rule, 5) is None
    assert decide(boxes([], [], []), rule, 5) is not None  # 64 / 65


def test_nothing_here() -> None:
    rule = read(NOTHING)
    assert decide(tags("", "A"), rule, 5) is None
    assert decide(tags("", "A", "", "A"), rule, 5) is None, "as many say something"
    stop = decide(tags("", "A", ""), rule, 5)
    assert stop is not None
    assert (stop.finding.answers, stop.finding.figures) == (("00", "02"), {"answers": 3, "nothing_here": 2})


def test_the_first_condition_that_holds_is_the_reason() -> None:
    both = tags("", "", "")
    first = [decide(both, read(*rules), 3) for rules in ((NOTHING, AGREE), (AGREE, NOTHING))]
    assert [stop.rule for stop in first if stop] == ["nothing_here", "agreement"]
    capped = decide(tags("A", "B", "C"), read(NOTHING, AGREE), 3)
    assert capped is not None
    assert capped.rule == "fixed"


def test_answers_are_replayed_until_they_are_enough() -> None:
    used, stop = replay(tags("A", "B", "B", "A", "A"), read(AGREE), 5)
    assert (len(used), stop and stop.rule) == (3, "agreement")
    used, stop = replay(tags("A", "B", "C"), read(AGREE), 5)
    assert (len(used), stop) == (3, None)
    used, stop = replay(tags("A", "B", "C"), [], 2)
    assert (len(used), stop and stop.rule) == (2, "fixed")


# --- what comes out -------------------------------------------------------------------------------


def test_outcomes_of_tags() -> None:
    said = tags("A", "B", "A")
    assert outcome_of(said).labels == {"A"}
    assert outcome_of(said.first(2)).is_open
    assert not is_same(outcome_of(said), outcome_of(said.first(2)))
    assert is_same(outcome_of(said), outcome_of(said.first(1)))
    assert not outcome_of(tags("", "", "A")).is_open, "that nothing is there is a decision"


def test_outcomes_of_boxes() -> None:
    """The second box is of one in three, and does not stand; the first may move a little."""
    near: Box = (104, 100, 40, 80)
    three = boxes([(ONE, "A")], [(near, "A"), (TWO, "B")], [(ONE, "A")])
    assert len(outcome_of(three).boxes) == 1
    assert is_same(outcome_of(three), outcome_of(boxes([(near, "A")])))
    assert not is_same(outcome_of(three), outcome_of(boxes([(near, "B")])))
    assert not is_same(outcome_of(three), outcome_of(boxes([(TWO, "A")])))
    assert not is_same(outcome_of(three), outcome_of(boxes([])))
    assert outcome_of(boxes([(ONE, "A")], [(ONE, "B")])).is_open


# --- read -----------------------------------------------------------------------------------------


def test_conditions_are_completed() -> None:
    assert read(AGREE, CERTAIN, NOTHING) == [
        {"rule": "agreement", "people": 2, "likeness": 0.8},
        {"rule": "posterior", "people": 2, "certainty": 0.95, "accuracy": 0.8},
        {"rule": "nothing_here", "people": 2},
    ]
    assert read(*read(AGREE, CERTAIN, NOTHING)) == read(AGREE, CERTAIN, NOTHING)


@pytest.mark.parametrize(
    ("raw", "pointer", "code"),
    [
        ("agreement", "", "not-a-list"),
        (["agreement"], "/0", "not-an-object"),
        ([{}], "/0/rule", "unknown-rule"),
        ([{"rule": ["agreement"]}], "/0/rule", "unknown-rule"),
        ([{"rule": "fixed", "people": 2}], "/0/rule", "unknown-rule"),
        ([{**AGREE, "persons": 2}], "/0", "unknown-parameter"),
        ([{**AGREE, "people": 1}], "/0/people", "bad-number"),
        ([{**AGREE, "people": 2.5}], "/0/people", "bad-number"),
        ([{**AGREE, "people": True}], "/0/people", "bad-number"),
        ([{**AGREE, "likeness": "0.8"}], "/0/likeness", "bad-number"),
        ([{**AGREE, "likeness": float("nan")}], "/0/likeness", "bad-number"),
        ([{**CERTAIN, "certainty": 1}], "/0/certainty", "bad-number"),
        ([{**CERTAIN, "accuracy": 0.5}], "/0/accuracy", "bad-number"),
        ([{**NOTHING, "people": 0}], "/0/people", "bad-number"),
        ([NOTHING, {**NOTHING, "people": 6}], "/1/people", "more-than-overlap"),
        ([NOTHING, AGREE, NOTHING], "/2/rule", "rule-twice"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(raw: Any, pointer: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        conditions_of(raw, overlap=5, question_kind="tag")
    assert (refused.value.pointer, refused.value.code) == (pointer, code)


def test_certainty_is_for_answers_that_are_merged() -> None:
    with pytest.raises(RuleError) as refused:
        conditions_of([CERTAIN], overlap=5, question_kind="riddle")
    assert refused.value.code == "rule-unfit"


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_rule_has_its_people_and_fits_a_question(name: str) -> None:
    rule = RULES[name]
    assert (rule.KIND, rule.PARAMETERS["people"].is_whole) == (name, True)
    assert any(rule.fits(kind) for kind in KINDS)


# --- whatever is said -----------------------------------------------------------------------------

words = st.sampled_from(["", "A", "B", "C"])
drawings = st.lists(st.tuples(st.sampled_from([ONE, TWO, (105, 102, 40, 80)]), words), max_size=2)
conditions = st.lists(
    st.one_of(
        st.fixed_dictionaries({"rule": st.just("agreement"), "people": st.integers(2, 4)}),
        st.fixed_dictionaries({"rule": st.just("posterior"), "certainty": st.floats(0.5, 0.999)}),
        st.fixed_dictionaries({"rule": st.just("nothing_here"), "people": st.integers(1, 3)}),
    ),
    unique_by=lambda one: one["rule"],
    max_size=3,
)


@given(st.lists(words, min_size=1, max_size=5), conditions, st.randoms())
def test_the_order_of_people_does_not_matter(said: list[str], raw: list[Condition], luck: Any) -> None:
    evidence = tags(*said)
    shuffled = list(evidence.given)
    luck.shuffle(shuffled)
    rule = read(*raw)
    assert decide(Evidence(TAG, shuffled), rule, 5) == decide(evidence, rule, 5)


@given(st.lists(drawings, min_size=1, max_size=4), conditions)
def test_nor_does_it_for_boxes(drawn: list[list[tuple[Box, str]]], raw: list[Condition]) -> None:
    evidence, rule = boxes(*drawn), read(*raw, kind="locate")
    decided = decide(evidence, rule, 5)
    for order in permutations(evidence.given):
        assert decide(Evidence(BOXES, order), rule, 5) == decided


@given(st.lists(words, min_size=1, max_size=8), conditions, st.integers(4, 6))
def test_never_more_than_the_cap_and_never_fewer_than_asked(
    said: list[str], raw: list[Condition], overlap: int
) -> None:
    rule = read(*raw, overlap=overlap)
    used, stop = replay(tags(*said), rule, overlap)
    assert len(used) <= overlap
    if stop is None:
        assert len(said) < overlap
        assert len(used) == len(said)
    else:
        assert len(used) >= stop.parameters["people"]
        assert set(stop.finding.answers) <= set(used.ids)


@given(st.lists(words, min_size=2, max_size=5), words, st.integers(2, 4))
def test_agreement_once_reached_stays(said: list[str], more: str, people: int) -> None:
    rule = read({**AGREE, "people": people})
    before, after = decide(tags(*said), rule, 9), decide(tags(*said, more), rule, 9)
    assert before is None or after is not None


@given(st.lists(words, min_size=1, max_size=5), st.integers(1, 3))
def test_another_nothing_here_never_speaks_against_it(said: list[str], people: int) -> None:
    rule = read({**NOTHING, "people": people})
    before, after = decide(tags(*said), rule, 9), decide(tags(*said, ""), rule, 9)
    assert before is None or after is not None


@given(st.lists(words, min_size=2, max_size=5), st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_who_asks_for_more_certainty_never_stops_earlier(said: list[str], a: float, b: float) -> None:
    less, more = sorted((a, b))
    used = [len(replay(tags(*said), read({**CERTAIN, "certainty": one}), 5)[0]) for one in (less, more)]
    assert used[0] <= used[1]
