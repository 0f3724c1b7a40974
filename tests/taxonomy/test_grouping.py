"""Classes made of a tree: nothing is counted twice, and what is counted is where it belongs."""

from hypothesis import given
from hypothesis import strategies as st

from taxonomy.grouping import at_depth, at_least, chosen, class_of, class_table
from taxonomy.tree import Tree

ANIMALS = Tree(
    {
        "animal": None, "bird": "animal", "kingfisher": "bird", "owl": "bird", "barn owl": "owl",
        "mammal": "animal", "hare": "mammal", "fish": "animal", "plant": None,
    }
)  # fmt: skip
SAID = {"kingfisher": 120, "barn owl": 30, "owl": 40, "hare": 60, "bird": 5, "fish": 3, "unheard of": 9}


def test_named_concepts_stand_in_the_order_of_the_tree():
    assert chosen(ANIMALS, ["mammal", "bird", "bird"]) == ["bird", "mammal"]


def test_a_depth_takes_what_ends_above_it_too():
    assert at_depth(ANIMALS, 0) == ["animal", "plant"]
    assert at_depth(ANIMALS, 1) == ["bird", "mammal", "fish", "plant"]


def test_too_few_roll_up_until_they_are_enough():
    classes = at_least(ANIMALS, SAID, 50)
    assert classes == ["animal", "kingfisher", "owl", "hare"]
    assert class_of(ANIMALS, classes)["barn owl"] == "owl"
    table = {row.concept: row for row in class_table(ANIMALS, classes, SAID)}
    assert (table["owl"].own, table["owl"].total) == (40, 70)
    assert table["owl"].members == (("owl", 40), ("barn owl", 30))
    assert table["animal"].members == (("bird", 5), ("fish", 3)), "what is left stays with the root"


parents = st.lists(st.integers(-1, 30), min_size=1, max_size=30)


@given(
    parents=parents, counts=st.lists(st.integers(0, 50), min_size=30, max_size=30), least=st.integers(0, 80)
)
def test_every_annotation_has_one_class_and_every_class_enough(parents, counts, least):
    tree = Tree({n: (p if 0 <= p < n else None) for n, p in enumerate(parents)})
    said = {n: counts[n] for n in tree}
    table = class_table(tree, at_least(tree, said, least), said)
    assert sum(row.total for row in table) == sum(said.values())
    for row in table:
        assert row.total >= max(least, 1) or tree.parent(row.concept) is None


@given(parents=parents, depth=st.integers(0, 5))
def test_every_concept_at_or_below_a_depth_has_one_class(parents, depth):
    tree = Tree({n: (p if 0 <= p < n else None) for n, p in enumerate(parents)})
    home = class_of(tree, at_depth(tree, depth))
    for concept in tree:
        leaf = not tree.children(concept)
        assert (home[concept] is None) == (tree.depth(concept) < depth and not leaf)
