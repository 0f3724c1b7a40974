"""What became of an answer, told thing by thing."""

from campaigns.quality.verdicts import Outcome, Ruled, Said, judge_boxes, judge_labels

HERE = (10.0, 10.0, 40.0, 80.0)
NEAR = (14.0, 10.0, 40.0, 80.0)
SHIFTED = (26.0, 10.0, 40.0, 80.0)
THERE = (500.0, 500.0, 40.0, 80.0)


def mine(box: tuple[float, float, float, float] = HERE, label: str = "F", pk: str = "m") -> Said:
    return Said(box, (label,), pk)


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [outcome.kind for outcome in outcomes]


def test_a_box_belongs_to_the_decision_on_what_it_was_merged_into() -> None:
    """Even where another true box overlaps it more."""
    ruled = Ruled(Said(SHIFTED, ("F",)), "wider", frozenset({"m"}))
    outcomes = judge_boxes([mine()], [Ruled(Said(HERE, ("G",))), ruled])
    assert [(one.kind, one.reason) for one in outcomes] == [("moved", "wider"), ("missed", "")]


def test_a_box_that_went_into_no_merge_is_found_by_its_place() -> None:
    """Late work is kept, and told what was decided all the same."""
    assert kinds(judge_boxes([mine()], [Ruled(Said(NEAR, ("F",)))])) == ["stood"]
    assert kinds(judge_boxes([mine()], [Ruled(Said(NEAR, ("G",)), "curled")])) == ["renamed"]
    assert kinds(judge_boxes([mine()], [Ruled(Said(THERE, ("F",)))])) == ["refused", "missed"]
    assert kinds(judge_boxes([mine()], [])) == ["refused"]


def test_of_two_boxes_on_one_true_one_only_one_stands() -> None:
    outcomes = judge_boxes([mine(NEAR, pk="a"), mine(HERE, pk="b")], [Ruled(Said(HERE, ("F",)))])
    assert kinds(outcomes) == ["refused", "stood"]


def test_what_was_rejected_says_why() -> None:
    ruled = Ruled(None, "an initial", frozenset({"m"}))
    assert judge_boxes([mine()], [ruled]) == [Outcome("refused", mine(), None, "an initial")]


def test_nothing_against_nothing_needs_no_word() -> None:
    assert judge_boxes([], []) == []
    assert kinds(judge_boxes([], [Ruled(Said(HERE, ("F",)))])) == ["missed"]


def test_labels_of_a_whole_picture_are_judged_together() -> None:
    both = [Ruled(Said(None, ("F",))), Ruled(Said(None, ("G",)), "look closer")]
    assert kinds(judge_labels(Said(None, ("G", "F")), both)) == ["stood"]
    (outcome,) = judge_labels(Said(None, ("F",)), both)
    assert (outcome.kind, outcome.truth, outcome.reason) == (
        "renamed",
        Said(None, ("F", "G")),
        "look closer",
    )
    assert kinds(judge_labels(Said(None, ("F",)), [Ruled(None)])) == ["refused"]
    assert kinds(judge_labels(Said(None, ()), both)) == ["missed"]
    assert kinds(judge_labels(Said(None, ()), [])) == ["stood"]
