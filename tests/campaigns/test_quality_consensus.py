"""Consensus: merged boxes and votes with their reasons."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.consensus import (
    Rule,
    explain,
    merge_boxes,
    merge_tags,
    overall_disagreement,
)
from campaigns.quality.edges import median_box

drawing = st.tuples(
    st.integers(0, 20), st.integers(0, 20), st.integers(1, 12), st.integers(1, 12), st.integers(0, 4),
    st.sets(st.sampled_from(["hare", "rabbit"]), max_size=2),
)  # fmt: skip
crowds = st.lists(drawing, max_size=12)


def merge(crowd, **options):
    return merge_boxes(
        [d[:4] for d in crowd], [d[4] for d in crowd], [d[5] for d in crowd], **{"seen": 5, **options}
    )


def test_a_merged_box_says_how_it_came_about():
    (item,) = merge_boxes(
        [[10, 10, 50, 40], [12, 10, 48, 44], [11, 8, 50, 42]],
        ["ann", "bob", "cid"],
        [["rabbit"], ["rabbit"], ["hare"]],
        seen=4,
    )
    assert item.box.xywh == (11, 10, 49, 40)
    assert item.label == "rabbit"
    assert [(vote.concept, vote.count, vote.weight) for vote in item.votes] == [
        ("rabbit", 2, 2.0),
        ("hare", 1, 1.0),
    ]
    assert (item.voters, item.seen, item.support) == (3, 4, 0.75)
    assert item.members == (0, 1, 2)
    assert item.spread == pytest.approx((1.0, 2 / 3**0.5, 0.5773502692, 2.3094010768), abs=1e-9)
    assert 0.85 < item.mean_iou < 1
    names = {"rabbit": "Lapin", "hare": "Lièvre"}
    assert explain(item, names) == "3 of 4 gave it: 2 said “Lapin”, 1 said “Lièvre”."


def test_a_tie_is_undecided():
    (item,) = merge_boxes([[0, 0, 10, 10]] * 2, ["ann", "bob"], [["hare"], ["rabbit"]], seen=2)
    assert (item.label, item.concepts, item.decided) == (None, (), False)
    assert explain(item, {}).endswith("; undecided.")


def test_weights_break_a_tie_and_the_silent_abstain():
    boxes, people = [[0, 0, 10, 10]] * 3, ["ann", "bob", "cid"]
    (item,) = merge_boxes(boxes, people, [["hare"], ["rabbit"], []], seen=3, weight=[2, 1, 9])
    assert item.label == "hare"
    assert [vote.count for vote in item.votes] == [1, 1]


def test_boxes_without_labels_need_no_vote():
    (item,) = merge_boxes([[0, 0, 10, 10]] * 2, [1, 2], [[], []], seen=2)
    assert (item.label, item.decided, item.votes, item.disagreement) == (None, True, (), 0)


def test_several_labels_each_need_a_majority():
    (item,) = merge_boxes([[0, 0, 10, 10]] * 3, [1, 2, 3], [["a", "b"], ["a", "b"], ["b", "c"]], seen=3)
    assert item.concepts == ("b", "a")
    assert item.label is None
    assert item.decided


def test_what_one_of_five_drew_survives_as_a_candidate():
    items = merge_boxes([[0, 0, 10, 10], [40, 0, 10, 10], [0, 0, 10, 10]], [1, 1, 2], [["a"]] * 3, seen=5)
    assert [item.support for item in items] == [0.4, 0.2]
    assert items[1].spread is None
    assert items[1].mean_iou is None


def test_class_aware_merging_keeps_labels_apart():
    boxes, people, labels = [[0, 0, 10, 10]] * 2, [1, 2], [["hare"], ["rabbit"]]
    assert len(merge_boxes(boxes, people, labels, seen=2)) == 1
    apart = merge_boxes(boxes, people, labels, seen=2, rule=Rule(class_aware=True))
    assert sorted(item.label for item in apart) == ["hare", "rabbit"]


def test_disagreement_is_the_mean_distance_of_pairs():
    same = [[0, 0, 10, 10]] * 3
    assert merge_boxes(same, [1, 2, 3], [["a"]] * 3, seen=3)[0].disagreement == 0
    assert merge_boxes(same[:1], [1], [["a"]], seen=2)[0].disagreement == 1
    assert merge_boxes(same[:1], [1], [["a"]], seen=3)[0].disagreement == pytest.approx(2 / 3)
    assert merge_boxes(same[:1], [1], [["a"]], seen=1)[0].disagreement == 0
    assert merge_boxes(same, [1, 2, 3], [["a"], ["a"], ["b"]], seen=3)[0].disagreement == pytest.approx(2 / 3)
    assert merge_boxes([[0, 0, 10, 10], [0, 0, 10, 8]], [1, 2], [["a"]] * 2, seen=2)[
        0
    ].disagreement == pytest.approx(0.2)
    assert overall_disagreement([]) == 0


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        (([[0, 0, 1, 1]], [1], [[], []]), {"seen": 1}),
        (([[0, 0, 1, 1]] * 2, [1, 2], [[], []]), {"seen": 1}),
        (([], [], []), {"seen": 0}),
        (([[0, 0, 1, 1]], [1], [[]]), {"seen": 1, "weight": [-1]}),
        (([[0, 0, 1, 1]], [1], [[]]), {"seen": 1, "weight": [1, 1]}),
    ],
)
def test_what_makes_no_sense_is_refused(columns, options):
    with pytest.raises(ValueError, match=r".+"):
        merge_boxes(*columns, **options)


def test_rules_are_checked_and_recorded():
    assert Rule().parameters() == {
        "threshold": 0.5,
        "class_aware": False,
        "majority": 0.5,
        "geometry": "median",
    }
    assert Rule(geometry="max_iou").parameters()["geometry"] == "max_iou"
    with pytest.raises(ValueError, match="median"):
        Rule(geometry="largest")
    with pytest.raises(ValueError, match="majority"):
        Rule(majority=0.4)


@given(crowds)
def test_every_item_keeps_the_promises(crowd):
    items = merge(crowd)
    assert sorted(index for item in items for index in item.members) == list(range(len(crowd)))
    for item in items:
        corners = np.array([[x, y, x + w, y + h] for x, y, w, h, *_ in (crowd[m] for m in item.members)])
        merged = np.array(item.box.xyxy)
        assert (merged >= corners.min(axis=0) - 1e-9).all()
        assert (merged <= corners.max(axis=0) + 1e-9).all()
        assert item.voters == len({crowd[m][4] for m in item.members}) == len(item.members)
        assert 0 < item.support <= 1
        assert 0 <= item.disagreement <= 1
        assert set(item.concepts) <= {vote.concept for vote in item.votes}


@given(crowds, st.randoms(use_true_random=False))
def test_order_and_names_do_not_matter(crowd, random):
    people = random.sample(range(100), 5)
    other = [(*d[:4], people[d[4]], d[5]) for d in random.sample(crowd, len(crowd))]

    def picture(items):
        return Counter(
            (i.box, frozenset(i.concepts), i.votes, i.voters, round(i.disagreement, 9)) for i in items
        )

    assert picture(merge(crowd)) == picture(merge(other))


@given(st.lists(st.tuples(*[st.floats(1, 1000)] * 4), min_size=1, max_size=7))
def test_a_median_box_is_a_box(boxes):
    _, _, w, h = median_box(np.array(boxes))
    assert w > 0
    assert h > 0


def test_one_tag_by_majority_of_those_who_saw():
    (item,) = merge_tags(["ann", "bob", "cid"], [["hand A"], ["hand A"], ["hand B"]], many=False)
    assert (item.label, item.voters, item.seen, item.members) == ("hand A", 2, 3, (0, 1))
    assert item.box is None
    assert item.disagreement == pytest.approx(2 / 3)


def test_nothing_here_counts_against_a_tag():
    (item,) = merge_tags(["ann", "bob"], [["hand A"], []], many=False)
    assert (item.label, item.decided, item.support) == (None, False, 0.5)
    assert merge_tags(["ann", "bob"], [[], []], many=False) == []


def test_each_of_many_tags_is_voted_on_by_itself():
    items = merge_tags(["ann", "bob", "cid"], [["a", "b"], ["a"], ["a", "c"]], many=True)
    assert [(item.votes[0].concept, item.label, item.voters) for item in items] == [
        ("a", "a", 3),
        ("b", None, 1),
        ("c", None, 1),
    ]
    assert [item.disagreement for item in items] == pytest.approx([0, 2 / 3, 2 / 3])


def test_a_person_tags_once():
    with pytest.raises(ValueError, match="once"):
        merge_tags(["ann", "ann"], [["a"], ["b"]], many=False)


def test_weighted_tags():
    (item,) = merge_tags(["ann", "bob", "cid"], [["a"], ["b"], ["b"]], many=False, weight=[3, 1, 1])
    assert item.label == "a"
    assert item.voters == 1
