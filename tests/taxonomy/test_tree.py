"""The arithmetic of hierarchies, against definitions written out plainly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.tree import CycleFound, Tree, UnknownParent

ANIMALS = {
    "animals": None,
    "birds": "animals",
    "owl": "birds",
    "barn owl": "owl",
    "eagle": "birds",
    "fish": "animals",
    "plants": None,
}


@st.composite
def forests(draw: st.DrawFn) -> dict[int, int | None]:
    """Forests whose ids are shuffled, so that a parent may stand after its child."""
    size = draw(st.integers(1, 40))
    parents = [draw(st.one_of(st.none(), st.integers(0, n - 1))) if n else None for n in range(size)]
    names = draw(st.permutations(range(size)))
    order = draw(st.permutations(range(size)))
    return {names[n]: None if parents[n] is None else names[parents[n]] for n in order}


def climb(parents: dict[int, int | None], concept: int) -> list[int]:
    way = []
    current: int | None = concept
    while current is not None:
        way.append(current)
        current = parents[current]
    return way


def test_the_animals_by_hand() -> None:
    tree = Tree(ANIMALS)
    assert list(tree) == ["animals", "birds", "owl", "barn owl", "eagle", "fish", "plants"]
    assert tree.roots == ["animals", "plants"]
    assert tree.leaves == ["barn owl", "eagle", "fish", "plants"]
    assert tree.height == 4
    assert tree.path("barn owl") == ["animals", "birds", "owl", "barn owl"]
    assert tree.ancestors("barn owl") == ["owl", "birds", "animals"]
    assert tree.descendants("birds") == ["owl", "barn owl", "eagle"]
    assert tree.children("animals") == ["birds", "fish"]
    assert tree.parent("owl") == "birds"
    assert tree.parent("plants") is None
    assert tree.depth("animals") == 0
    assert tree.nearest_common_ancestor("barn owl", "eagle") == "birds"
    assert tree.path_distance("barn owl", "eagle") == 3
    assert tree.spans()["birds"] == (1, 5, 1)
    assert tree.branch(["owl", "fish"]) == {"owl", "barn owl", "fish"}


def test_wu_palmer_counts_the_root_as_one() -> None:
    tree = Tree(ANIMALS)
    # Nearest common ancestor birds (2); barn owl 4, eagle 3.
    assert tree.wu_palmer("barn owl", "eagle") == pytest.approx(2 * 2 / (4 + 3))
    assert tree.wu_palmer("owl", "owl") == 1.0


def test_two_trees_of_a_forest_have_nothing_in_common() -> None:
    tree = Tree(ANIMALS)
    assert tree.nearest_common_ancestor("owl", "plants") is None
    assert tree.path_distance("owl", "plants") is None
    assert tree.wu_palmer("owl", "plants") == 0.0


def test_rolling_up_takes_the_nearest_target() -> None:
    tree = Tree(ANIMALS)
    assert tree.roll_up(ANIMALS, {"animals", "owl"}) == {
        "animals": "animals",
        "birds": "animals",
        "owl": "owl",
        "barn owl": "owl",
        "eagle": "animals",
        "fish": "animals",
        "plants": None,
    }
    assert tree.roll_up(["owl"], []) == {"owl": None}


def test_an_empty_tree_answers() -> None:
    tree: Tree[str] = Tree({})
    assert len(tree) == 0
    assert tree.height == 0
    assert tree.roots == tree.leaves == list(tree) == []
    assert tree.roll_up([], []) == {}
    assert tree.path_distances([], []).shape == (0,)
    assert tree.nearest_common_ancestors([], []) == []


def test_loops_and_strangers_are_refused_by_name() -> None:
    with pytest.raises(CycleFound) as loop:
        Tree({"leaf": "a", "a": "b", "b": "a", "root": None})
    assert set(loop.value.members) == {"a", "b"}
    with pytest.raises(CycleFound):
        Tree({"a": "a"})
    with pytest.raises(UnknownParent) as stranger:
        Tree({"a": "nobody"})
    assert stranger.value.parent == "nobody"
    with pytest.raises(KeyError):
        Tree(ANIMALS).depth("unicorn")


@given(forests())
def test_answers_agree_with_climbing(parents: dict[int, int | None]) -> None:
    tree = Tree(parents)
    assert set(tree) == set(parents)
    for concept in parents:
        way = climb(parents, concept)
        assert tree.path(concept) == way[::-1]
        assert tree.depth(concept) == len(way) - 1
        assert set(tree.descendants(concept)) == {c for c in parents if concept in climb(parents, c)[1:]}
        assert tree.children(concept) == [c for c in parents if parents[c] == concept]


@given(forests())
def test_preorder_puts_parents_first_and_branches_together(parents: dict[int, int | None]) -> None:
    tree = Tree(parents)
    position = tree.preorder()
    assert sorted(position.values()) == list(range(len(parents)))
    for child, parent in parents.items():
        if parent is not None:
            assert position[parent] < position[child] < tree.spans()[parent][1]
        for other in parents:
            assert tree.is_ancestor(other, child) == (other in climb(parents, child)[1:])


@given(forests(), st.data())
def test_common_ancestors_and_distances_by_definition(
    parents: dict[int, int | None], data: st.DataObject
) -> None:
    tree = Tree(parents)
    pairs = data.draw(
        st.lists(st.tuples(st.sampled_from(list(parents)), st.sampled_from(list(parents))), min_size=1)
    )
    lefts, rights = [a for a, _ in pairs], [b for _, b in pairs]
    commons = tree.nearest_common_ancestors(lefts, rights)
    distances = tree.path_distances(lefts, rights)
    similarities = tree.wu_palmers(lefts, rights)
    for (a, b), common, distance, similarity in zip(pairs, commons, distances, similarities, strict=True):
        up_a, up_b = climb(parents, a), climb(parents, b)
        shared = [one for one in up_a if one in up_b]
        assert common == (shared[0] if shared else None)
        assert distance == (up_a.index(shared[0]) + up_b.index(shared[0]) if shared else -1)
        assert 0 <= similarity <= 1
        assert (similarity == 1) == (a == b)
    assert np.array_equal(distances, tree.path_distances(rights, lefts))
    assert np.array_equal(similarities, tree.wu_palmers(rights, lefts))


@given(forests(), st.data())
def test_rolling_up_by_definition_and_twice(parents: dict[int, int | None], data: st.DataObject) -> None:
    tree = Tree(parents)
    targets = data.draw(st.sets(st.sampled_from(list(parents))))
    rolled = tree.roll_up(parents, targets)
    for concept, target in rolled.items():
        assert target == next((one for one in climb(parents, concept) if one in targets), None)
    kept = [target for target in rolled.values() if target is not None]
    assert tree.roll_up(kept, targets) == {target: target for target in kept}


def test_a_chain_as_deep_as_a_thesaurus_is_long() -> None:
    depth = 20_000
    tree = Tree({n: n - 1 if n else None for n in range(depth)})
    assert tree.height == depth
    assert tree.path_distance(0, depth - 1) == depth - 1
    assert tree.roll_up([depth - 1], [3]) == {depth - 1: 3}


def test_parents_by_number_follow_the_preorder() -> None:
    tree = Tree({"animal": None, "hare": "animal", "plant": None, "rose": "plant"})
    assert list(tree) == ["animal", "hare", "plant", "rose"]
    assert tree.parent_numbers.tolist() == [-1, 0, -1, 2]
    tree.parent_numbers[0] = 3  # a copy: nobody can bend the tree
    assert tree.parent("animal") is None
