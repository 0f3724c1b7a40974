"""Matching: scale-free, order-free, one voice per person, optimal; by example and by property."""

from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.geometry import iou_matrix
from campaigns.quality.assignment import assign
from campaigns.quality.matching import group_boxes, match_pairs, match_people

side = st.integers(1, 12)
drawing = st.tuples(st.integers(0, 20), st.integers(0, 20), side, side, st.integers(0, 4), st.integers(0, 1))
crowds = st.lists(drawing, min_size=1, max_size=14)


def as_columns(crowd):
    table = np.array(crowd, dtype=np.float64)
    return table[:, :4], table[:, 4].astype(int), table[:, 5].astype(int)


def partition(groups, *columns):
    """The grouping without names or order: a bag of bags of what each member is."""
    bags = {}
    for index, group in enumerate(groups.tolist()):
        bags.setdefault(group, Counter())[
            tuple(np.asarray(c[index]).tolist().__repr__() for c in columns)
        ] += 1
    return Counter(frozenset(bag.items()) for bag in bags.values())


def test_three_people_one_thing_and_one_alone():
    boxes = [[10, 10, 50, 40], [12, 11, 49, 41], [200, 10, 20, 20], [9, 10, 52, 40]]
    assert group_boxes(boxes, ["ann", "bob", "bob", "cid"]).tolist() == [0, 0, 1, 0]


def test_one_person_is_never_a_crowd():
    boxes = [[10, 10, 50, 40]] * 2 + [[10, 10, 50, 40.001]]
    assert sorted(group_boxes(boxes, ["ann", "ann", "ann"]).tolist()) == [0, 1, 2]


def test_the_copy_of_a_box_stays_alone_and_does_not_push_out_another_person():
    boxes = [[10, 10, 50, 40]] * 4
    groups = group_boxes(boxes, ["ann", "ann", "bob", "cid"])
    assert sorted(Counter(groups.tolist()).values()) == [1, 3]


def test_a_chain_is_not_one_thing():
    # Neighbours overlap by 0.6, the ends by 0.33: single link would make one group of three.
    boxes = [[0, 0, 100, 10], [25, 0, 100, 10], [50, 0, 100, 10]]
    assert np.allclose(iou_matrix(boxes, boxes)[0], [1, 0.6, 1 / 3])
    assert sorted(Counter(group_boxes(boxes, [1, 2, 3]).tolist()).values()) == [1, 2]


def test_labels_part_boxes_only_when_asked():
    boxes, person = [[0, 0, 10, 10], [0, 0, 10, 10]], [1, 2]
    assert group_boxes(boxes, person, ["hare", "rabbit"]).tolist() == [0, 0]
    assert group_boxes(boxes, person, ["hare", "rabbit"], class_aware=True).tolist() == [0, 1]


def test_equal_overlap_is_settled_by_equal_labels():
    # Ann put two labels on one spot, Bob and Cid one each: nobody's label is voted down by a tie-break.
    boxes = [[0, 0, 10, 10]] * 4
    groups = group_boxes(boxes, ["ann", "ann", "bob", "cid"], ["hare", "rabbit", "rabbit", "hare"])
    assert groups[0] == groups[3] != groups[1] == groups[2]


def test_canvases_never_mix():
    boxes = [[0, 0, 10, 10]] * 4
    assert group_boxes(boxes, [1, 2, 1, 2], canvas=["p1", "p1", "p2", "p2"]).tolist() == [0, 0, 1, 1]


def test_the_threshold_itself_is_enough():
    boxes = [[0, 0, 30, 10], [0, 0, 15, 10]]
    assert group_boxes(boxes, [1, 2], threshold=0.5).tolist() == [0, 0]
    assert group_boxes(boxes, [1, 2], threshold=0.51).tolist() == [1, 0]


def test_nobody_drew_anything():
    assert group_boxes(np.zeros((0, 4)), []).tolist() == []
    assert match_pairs([], []).tolist() == []
    assert match_pairs([[0, 0, 1, 1]], []).tolist() == []


@pytest.mark.parametrize(
    "boxes", [[[0, 0, 0, 5]], [[0, 0, 5, -1]], [[0, np.nan, 5, 5]], [[0, 0, np.inf, 5]], [[0, 0, 5]]]
)
def test_what_is_no_box_is_refused(boxes):
    with pytest.raises(ValueError, match=r"[Bb]ox"):
        group_boxes(boxes, [1])


@pytest.mark.parametrize("threshold", [0, -1, 1.1, float("nan")])
def test_a_threshold_outside_its_range_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold"):
        group_boxes([[0, 0, 1, 1]], [1], threshold=threshold)


def test_each_box_needs_its_person():
    with pytest.raises(ValueError, match="person"):
        group_boxes([[0, 0, 1, 1]], [1, 2])


@given(crowds, st.booleans(), st.sampled_from([0.2, 0.5, 0.8]))
def test_every_group_keeps_the_promises(crowd, class_aware, threshold):
    boxes, person, label = as_columns(crowd)
    groups = group_boxes(boxes, person, label, threshold=threshold, class_aware=class_aware)
    overlap = iou_matrix(boxes, boxes)
    assert sorted(set(groups.tolist())) == list(range(groups.max() + 1))
    for group in range(groups.max() + 1):
        members = np.flatnonzero(groups == group)
        assert len(set(person[members])) == len(members)
        assert (overlap[np.ix_(members, members)] >= threshold - 1e-8).all()
        assert not class_aware or len(set(label[members])) == 1


@given(crowds, st.sampled_from([0.3, 0.5]))
def test_no_two_groups_could_still_merge(crowd, threshold):
    unique = list({tuple(row): row for row in crowd}.values())
    boxes, person, label = as_columns(unique)
    groups = group_boxes(boxes, person, label, threshold=threshold)
    overlap = iou_matrix(boxes, boxes)
    for a, b in combinations(range(groups.max() + 1), 2):
        both = np.flatnonzero((groups == a) | (groups == b))
        alike = (overlap[np.ix_(both, both)] >= threshold + 1e-8).all()
        assert not (alike and len(set(person[both])) == len(both))


@given(crowds, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_boxes_and_the_names_of_people_do_not_matter(crowd, random, class_aware):
    boxes, person, label = as_columns(crowd)
    groups = group_boxes(boxes, person, label, class_aware=class_aware)
    order = np.array(random.sample(range(len(crowd)), len(crowd)))
    names = np.array(random.sample("abcde", 5))
    shuffled = group_boxes(boxes[order], names[person[order]], label[order], class_aware=class_aware)
    assert partition(groups, boxes, label) == partition(shuffled, boxes[order], label[order])


@given(crowds, st.sampled_from([2.0**-20, 0.5, 4.0, 2.0**20]), st.sampled_from([0.0, 64.0, 4096.0]))
def test_scale_and_place_do_not_matter(crowd, scale, shift):
    boxes, person, label = as_columns(crowd)
    moved = boxes * scale
    moved[:, :2] += shift * scale
    assert group_boxes(boxes, person, label).tolist() == group_boxes(moved, person, label).tolist()


@given(st.lists(crowds, min_size=1, max_size=4), st.booleans())
def test_many_canvases_at_once_are_the_same_as_one_by_one(pages, class_aware):
    crowd = [row for page in pages for row in page]
    place = np.repeat(np.arange(len(pages)), [len(page) for page in pages])
    boxes, person, label = as_columns(crowd)
    groups = group_boxes(boxes, person, label, canvas=place, class_aware=class_aware)
    expected, start = [], 0
    for page in pages:
        found = group_boxes(*as_columns(page), class_aware=class_aware)
        expected += (found + start).tolist()
        start += int(found.max()) + 1
    assert partition(groups, boxes, person, label, place) == partition(
        np.array(expected), boxes, person, label, place
    )


@given(st.lists(drawing, max_size=5), st.lists(drawing, max_size=5), st.sampled_from([0.2, 0.5]))
def test_pairs_are_optimal(left, right, threshold):
    a, b = np.array([d[:4] for d in left]).reshape(-1, 4), np.array([d[:4] for d in right]).reshape(-1, 4)
    overlap = np.round(iou_matrix(a, b), 9)
    pairs = match_pairs(a, b, threshold)
    assert len(set(pairs[:, 0])) == len(set(pairs[:, 1])) == len(pairs)
    got = (len(pairs), sum(overlap[i, j] for i, j in pairs))
    if len(a) > len(b):
        overlap = overlap.T
    best = max(
        (sum(v >= threshold for v in values), sum(v for v in values if v >= threshold))
        for choice in permutations(range(overlap.shape[1]), overlap.shape[0])
        for values in [[overlap[i, j] for i, j in enumerate(choice)]]
    )
    assert got == pytest.approx(best)


def test_optimal_beats_greedy():
    # Greedy takes the 0.9 pair in the middle and leaves the outer two alone.
    a, b = [[0, 0, 100, 10], [22, 0, 100, 10]], [[20, 0, 100, 10], [44, 0, 100, 10]]
    assert match_pairs(a, b).tolist() == [[0, 0], [1, 1]]


@given(st.lists(crowds, min_size=1, max_size=3))
def test_all_meetings_at_once_are_the_same_as_pair_by_pair(pages):
    crowd = [row for page in pages for row in page]
    place = np.repeat(np.arange(len(pages)), [len(page) for page in pages])
    boxes, person, _ = as_columns(crowd)
    i, j, overlap = match_people(boxes, person, canvas=place)
    assert (person[i] < person[j]).all()
    assert (place[i] == place[j]).all()
    meetings = Counter(zip(place[i].tolist(), person[i].tolist(), person[j].tolist(), strict=True))
    everything = [(page, p, q) for page in range(len(pages)) for p, q in combinations(range(5), 2)]
    for page, p, q in everything:
        one, two = (place == page) & (person == p), (place == page) & (person == q)
        pairs = match_pairs(boxes[one], boxes[two])
        assert meetings[page, p, q] == len(pairs)
        here = (place[i] == page) & (person[i] == p) & (person[j] == q)
        expected = sum(iou_matrix(boxes[one], boxes[two])[a, b] for a, b in pairs)
        assert overlap[here].sum() == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 10_000))
def test_assignment_is_the_best_of_all(n, m, seed):
    worth = np.random.default_rng(seed).integers(-2, 6, (n, m)).astype(float)
    total = sum(worth[i, j] for i, j in assign(worth))
    wide = np.clip(worth if n <= m else worth.T, 0, None)
    assert total == max(
        sum(wide[i, j] for i, j in enumerate(p)) for p in permutations(range(max(n, m)), min(n, m))
    )
