"""How exactly people draw each edge: found again where it is known, and worth it in the mean."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality import Rule, merge_boxes
from campaigns.quality import edge_spread as spreads
from campaigns.quality.edge_spread import LEAST_BOXES, EdgeSpread, edge_spread
from campaigns.quality.edges import mean_box, to_edges

UNEQUAL: dict[str, Sequence[Any]] = {
    "persons of unequal hands": [0.01, 0.01, 0.03, 0.06, 0.1],
    "one exact among many": [0.005, 0.05, 0.05, 0.05, 0.05],
    "one careless among many": [0.02, 0.02, 0.02, 0.02, 0.1],
    "each exact at other edges": [
        (0.01, 0.05, 0.02, 0.02),
        (0.05, 0.01, 0.02, 0.02),
        (0.02,) * 4,
        (0.05,) * 4,
    ],
}


def crowd(seed: int, sigma: Sequence[Any], *, things: int, voices: int) -> tuple[Any, Any, Any, Any]:
    """Boxes, who drew them, of which thing; and the true edges of the things."""
    rng = np.random.default_rng(seed)
    spread = np.array([np.broadcast_to(one, 4) for one in sigma])
    corner, side = rng.uniform(0, 1000, (things, 2)), rng.uniform(20, 200, (things, 2))
    true = np.concatenate([corner, corner + side], axis=1)
    who = np.concatenate([rng.permutation(len(sigma))[:voices] for _thing in range(things)])
    thing = np.repeat(np.arange(things), voices)
    edges = true[thing] + rng.normal(size=(len(who), 4)) * spread[who] * np.tile(side, 2)[thing]
    return np.concatenate([edges[:, :2], edges[:, 2:] - edges[:, :2]], axis=1), who, thing, true


def error(boxes: Any, thing: Any, true: Any, weights: Any) -> float:
    """The mean squared distance of merged edges from the true ones, in shares of the side."""
    total = 0.0
    for number, edges in enumerate(true):
        rows = thing == number
        merged = to_edges(mean_box(boxes[rows], None if weights is None else weights[rows])[None])[0]
        total += float(np.square((merged - edges) / np.tile(edges[2:] - edges[:2], 2)).mean())
    return total / len(true)


@pytest.mark.parametrize("name", UNEQUAL)
@pytest.mark.parametrize(("things", "voices"), [(200, 4), (60, 3), (100, 2), (20, 4)])
def test_never_worse_than_the_plain_mean_where_hands_differ(name: str, things: int, voices: int) -> None:
    better = []
    for seed in range(6):
        boxes, who, thing, true = crowd(seed, UNEQUAL[name], things=things, voices=voices)
        found = edge_spread(boxes, who, thing)
        assert found is not None
        better.append((error(boxes, thing, true, found.weights(who)), error(boxes, thing, true, None)))
    by_spread, plain = np.mean(better, axis=0)
    assert by_spread <= plain
    assert all(one <= 1.1 * other for one, other in better)


def test_equal_hands_cost_next_to_nothing() -> None:
    ratios = []
    for seed in range(10):
        boxes, who, thing, true = crowd(seed, [0.03] * 5, things=200, voices=4)
        found = edge_spread(boxes, who, thing)
        assert found is not None
        ratios.append(error(boxes, thing, true, found.weights(who)) / error(boxes, thing, true, None))
    assert np.mean(ratios) < 1.03


@given(st.lists(st.tuples(*[st.floats(1, 90)] * 4), min_size=1, max_size=6), st.floats(0.001, 9))
def test_equal_spreads_are_the_plain_mean(rows: list[Any], sigma: float) -> None:
    spread = EdgeSpread({"0": (sigma,) * 4}, (sigma,) * 4, {})
    boxes = np.array(rows)
    np.testing.assert_allclose(
        mean_box(boxes, spread.weights(np.arange(len(rows)))), mean_box(boxes), rtol=1e-9, atol=1e-9
    )


def test_they_are_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sigma = [0.01, 0.02, 0.03, 0.05, 0.08]
    boxes, who, thing, _true = crowd(3, sigma, things=3000, voices=4)
    drawn_to_the_crowd = edge_spread(boxes, who, thing)
    monkeypatch.setattr(spreads, "PRIOR", 0.0)
    found = edge_spread(boxes, who, thing)
    assert found is not None
    assert drawn_to_the_crowd is not None
    assert found.people["0"][0] < drawn_to_the_crowd.people["0"][0] < 0.02
    for person, value in enumerate(sigma):
        np.testing.assert_allclose(found.people[str(person)], value, rtol=0.1)
    assert found.boxes == {str(person): int((who == person).sum()) for person in range(5)}


@given(
    st.integers(0, 5), st.randoms(use_true_random=False), st.sampled_from([0.25, 8.0]), st.integers(-40, 40)
)
def test_order_size_and_place_change_nothing(seed: int, random: Any, scale: float, shift: int) -> None:
    boxes, who, thing, _true = crowd(seed, [0.01, 0.03, 0.06], things=15, voices=3)
    found = edge_spread(boxes, who, thing)
    order = list(range(len(boxes)))
    random.shuffle(order)
    moved = boxes[order] * scale + np.array([shift, shift, 0, 0])
    again = edge_spread(moved, who[order], (7 - thing)[order])
    assert found is not None
    assert again is not None
    for person in found.people:
        np.testing.assert_allclose(again.people[person], found.people[person], rtol=1e-6)


def test_too_little_is_known_or_nobody_differs() -> None:
    boxes, who, thing, _true = crowd(0, [0.02, 0.02], things=LEAST_BOXES // 2 - 1, voices=2)
    assert edge_spread(boxes, who, thing) is None
    boxes, who, thing, _true = crowd(0, [0.02] * 3, things=40, voices=1)
    assert edge_spread(boxes, who, thing) is None  # nobody drew what another drew
    boxes, who, thing, _true = crowd(0, [0.0] * 3, things=40, voices=3)
    assert edge_spread(boxes, who, thing) is None
    assert edge_spread(np.zeros((0, 4)), [], []) is None
    with pytest.raises(ValueError, match="thing"):
        edge_spread(boxes, who, thing[1:])


def test_who_always_draws_the_same_is_not_infinitely_exact() -> None:
    boxes, who, thing, _true = crowd(1, [0.0, 0.0, 0.05, 0.05], things=200, voices=4)
    found = edge_spread(boxes, who, thing)
    assert found is not None
    assert min(found.people["0"]) >= 0.1 * min(found.crowd) * (1 - 1e-6)


def test_what_was_learnt_survives_json_and_strangers_are_the_crowd() -> None:
    boxes, who, thing, _true = crowd(2, [0.01, 0.05], things=40, voices=2)
    found = edge_spread(boxes, who, thing)
    assert found is not None
    assert EdgeSpread.from_json(found.as_json()) == found
    np.testing.assert_allclose(found.weights(["?"])[0], 1 / np.square(found.crowd))


def test_the_merge_takes_them_for_the_mean_only() -> None:
    boxes = [(100.0, 100.0, 40.0, 80.0), (104.0, 108.0, 40.0, 80.0)]
    weights = [(3.0, 1.0, 1.0, 1.0), (1.0, 1.0, 1.0, 3.0)]
    people, concepts = ["a", "b"], [{"x"}, {"x"}]
    (item,) = merge_boxes(boxes, people, concepts, seen=2, rule=Rule(geometry="mean"), edge_weight=weights)
    assert item.box is not None
    assert to_edges(np.array([item.box.xywh]))[0].tolist() == [101, 104, 142, 186]
    assert item.votes[0].weight == 2
    for geometry in ("median", "max_iou"):
        rule = Rule(geometry=geometry)
        weighed = merge_boxes(boxes, people, concepts, seen=2, rule=rule, edge_weight=weights)
        assert weighed == merge_boxes(boxes, people, concepts, seen=2, rule=rule)
    for wrong in (weights[:1], [(0.0,) * 4] * 2):
        with pytest.raises(ValueError, match="weight"):
            merge_boxes(boxes, people, concepts, seen=2, edge_weight=wrong)
