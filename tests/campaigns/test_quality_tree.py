"""Consensus on a tree: coarser answers are no contradiction, and doubt climbs to what everybody says."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quality import choosing, merge_boxes, merge_tags
from campaigns.quality.answers import answers_of
from campaigns.quality.labels import lowest_supported, one_coin, tree_coin, vote
from campaigns.quality.labels.lowest import explain
from taxonomy.tree import Tree

ANIMALS = Tree({
    "animal": None, "mammal": "animal", "leporid": "mammal", "rabbit": "leporid", "hare": "leporid", "fox": "mammal",
    "bird": "animal", "crane": "bird", "heron": "bird", "ornament": None,
})  # fmt: skip
words = st.sampled_from(list(ANIMALS))
tables = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), words), min_size=1, max_size=16, unique_by=lambda r: r[:2]
)


def said(*labels):
    return answers_of([1] * len(labels), range(len(labels)), labels)


def lowest(*labels, **options):
    return lowest_supported(said(*labels), ANIMALS, **options).concepts[0]


@pytest.mark.parametrize(
    ("labels", "concept"),
    [
        (["rabbit", "rabbit", "rabbit", "hare"], "rabbit"),
        (["rabbit", "rabbit", "hare"], "leporid"),  # exactly two thirds are not more
        (["rabbit", "hare"], "leporid"),
        (["rabbit", "leporid"], "leporid"),
        (["rabbit", "rabbit", "leporid", "mammal", "animal"], "rabbit"),  # coarser answers do not contradict
        (["rabbit", "crane"], "animal"),
        (["rabbit"], None),  # one voice
        (["rabbit", "ornament"], None),  # nothing in common
        (["rabbit", "rabbit", "rabbit", "ornament"], "rabbit"),
        (["rabbit", "fox", "fox", "crane"], "mammal"),
    ],
)
def test_worked_examples(labels, concept):
    assert lowest(*labels) == concept


def test_figures_and_reasons():
    found = lowest_supported(said("rabbit", "rabbit", "hare", "mammal"), ANIMALS)
    assert (found.concepts, found.voices.tolist()) == (("leporid",), [3])
    assert (found.support.tolist(), found.against.tolist()) == ([3.0], [0.0])
    sentence = explain({"rabbit": 3, "hare": 1}, "leporid", {"leporid": "Leporidae"})
    assert sentence == "3 of 4 said “rabbit”, 1 said “hare”; together: “Leporidae”."
    assert explain({"rabbit": 1}, None, {}) == "1 of 1 said “rabbit”; undecided."


def test_weights_and_bars():
    assert lowest("rabbit", "rabbit", "hare", weight={0: 3}) == "rabbit"
    assert lowest("rabbit", voices=1) == "rabbit"
    assert lowest("rabbit", "rabbit", "hare", share=0.5) == "rabbit"
    with pytest.raises(ValueError, match="share"):
        lowest("rabbit", share=0.4)
    with pytest.raises(ValueError, match="not in the tree"):
        lowest("unicorn")


@given(tables)
@settings(max_examples=80)
def test_the_rule_is_as_defined(table):
    item, person, label = zip(*table, strict=True)
    found = lowest_supported(answers_of(item, person, label), ANIMALS)
    for one, concept in zip(found.items.tolist(), found.concepts, strict=True):
        voices = [word for i, _, word in table if i == one]
        fit = []
        for c in ANIMALS:
            below = sum(c in ANIMALS.path(v) for v in voices)
            against = sum(c not in ANIMALS.path(v) and v not in ANIMALS.path(c) for v in voices)
            if below >= 2 and 3 * below > 2 * (below + against):
                fit.append(c)
        assert concept == (max(fit, key=ANIMALS.depth) if fit else None)
        assert all(f in ANIMALS.path(concept) for f in fit)


@given(tables, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_and_names_do_not_matter(table, random):
    names = random.sample(range(50, 90), 6)
    other = [(i, names[p], word) for i, p, word in random.sample(table, len(table))]
    one, two = (answers_of(*zip(*cells, strict=True)) for cells in (table, other))
    assert lowest_supported(one, ANIMALS).concepts == lowest_supported(two, ANIMALS).concepts
    assert tree_coin(one, ANIMALS).probability == pytest.approx(tree_coin(two, ANIMALS).probability, abs=1e-9)


def brute_force(table, tree, accuracy, item):
    """P(truth at or below c) by adding up over all leaves, straight from the definition."""
    children = {c: tree.children(c) for c in tree}
    weight = {}
    for leaf in tree.leaves:
        path = tree.path(leaf)
        chance = np.prod([1 / (len(children[p]) if p else len(tree.roots)) for p in [None, *path[:-1]]])
        for i, person, label in table:
            if i != item:
                continue
            for above, step in zip([None, *tree.path(label)[:-1]], tree.path(label), strict=True):
                ways = len(children[above]) if above else len(tree.roots)
                if ways == 1:
                    continue
                if above is None or above in path[:-1]:
                    chance *= accuracy[person] if step in path else (1 - accuracy[person]) / (ways - 1)
                else:
                    chance *= 1 / ways
        weight[leaf] = chance
    total = sum(weight.values())
    return {c: sum(w for leaf, w in weight.items() if c in tree.path(leaf)) / total for c in tree}, total


@given(tables)
@settings(max_examples=60, deadline=None)
def test_the_passes_add_up_all_leaves(table):
    item, person, label = zip(*table, strict=True)
    answers = answers_of(item, person, label)
    found = tree_coin(answers, ANIMALS, iterations=1)
    skill = dict.fromkeys(range(6), 0.9)  # what everybody is held to be worth before the first step
    likelihood = 0.0
    for place, one in enumerate(answers.items.tolist()):
        expected, total = brute_force(table, ANIMALS, skill, one)
        likelihood += np.log(total)
        rows = found.item == place
        for node, probability in zip(
            found.node[rows].tolist(), found.probability[rows].tolist(), strict=True
        ):
            assert probability == pytest.approx(expected[found.concepts[node]], abs=1e-9)
    assert found.log_likelihood == pytest.approx(likelihood)


def test_doubt_climbs():
    crowd = answers_of(
        [1, 1, 2, 2, 3, 3, 3],
        [0, 1, 0, 1, 0, 1, 2],
        ["rabbit", "hare", "rabbit", "rabbit", "leporid"] + ["mammal"] * 2,
    )
    concepts, sure = tree_coin(crowd, ANIMALS).decide()
    assert concepts == ["leporid", "rabbit", "leporid"]
    assert (sure > 0.5).all()
    with pytest.raises(ValueError, match="threshold"):
        tree_coin(crowd, ANIMALS).decide(0.3)


def test_known_answers_are_never_doubted():
    crowd = answers_of([1, 1, 1, 2], [0, 1, 2, 0], ["hare", "hare", "hare", "rabbit"])
    found = tree_coin(crowd, ANIMALS, gold={1: "crane", 9: "fox"})
    assert found.decide()[0][0] == "crane"
    with pytest.raises(ValueError, match="not in the tree"):
        tree_coin(crowd, ANIMALS, gold={1: "unicorn"})
    with pytest.raises(ValueError, match="above 0"):
        tree_coin(crowd, ANIMALS, strength=0)


def test_nobody_said_anything():
    assert lowest_supported(answers_of([], [], []), ANIMALS).concepts == ()
    assert tree_coin(answers_of([], [], []), ANIMALS).decide()[0] == []


def test_a_flat_tree_is_the_one_coin_model_with_even_marginals():
    rng = np.random.default_rng(6)
    flat = Tree(dict.fromkeys("abcd"))
    truth = np.arange(300) % 4  # even, as the model on the tree takes them to be
    item, person = np.repeat(np.arange(300), 4), np.tile(np.arange(8), 150)
    label = np.where(rng.random(1200) < 0.7, truth[item], rng.integers(0, 4, 1200))
    answers = answers_of(item, person, np.array(list("abcd"))[label])
    one, two = one_coin(answers, tolerance=1e-12), tree_coin(answers, flat, tolerance=1e-12)
    assert two.accuracy == pytest.approx(one.accuracy, abs=0.01)
    rows = {
        (i, word): p
        for i, word, p in zip(one.consensus.item, one.consensus.label, one.consensus.probability, strict=True)
    }
    for i, n, p in zip(two.item, two.node, two.probability, strict=True):
        assert p == pytest.approx(rows[i, n], abs=0.1)


def made_up_crowd(seed, items, people, each, height=3, ways=3):
    """People of different skill who stop early now and then, on a full tree."""
    rng = np.random.default_rng(seed)
    parents = {"": None}
    for depth in range(1, height + 1):
        parents |= {"".join(way): "".join(way[:-1]) for way in product("abc"[:ways], repeat=depth)}
    truth = ["".join(rng.choice(list("abc"[:ways]), height)) for _ in range(items)]
    skill = rng.uniform(0.35, 0.98, people)
    rows = []
    for i in range(items):
        for j in rng.permutation(people)[:each].tolist():
            way = ""
            for depth in range(height):
                if way and rng.random() < 0.15:
                    break
                right = rng.random() < skill[j] and truth[i].startswith(way)
                way += truth[i][depth] if right else str(rng.choice(list("abc"[:ways])))
            rows.append((i, j, way))
    return rows, Tree(parents), truth


@pytest.mark.parametrize("size", [(150, 60, 4), (300, 15, 3), (150, 150, 5)], ids=str)
def test_never_worse_than_the_vote_and_knows_how_deep(size):
    gains, sound = [], []
    for seed in range(6):
        rows, tree, truth = made_up_crowd(seed, *size)
        answers = answers_of(*zip(*rows, strict=True))
        found = tree_coin(answers, tree)
        leaves = dict.fromkeys(range(size[0]), ("", 0.0))
        for i, node, p in zip(
            found.item.tolist(), found.node.tolist(), found.probability.tolist(), strict=True
        ):
            name = found.concepts[node]
            if len(name) == 3 and p > leaves[i][1]:
                leaves[i] = (name, p)
        counts = [
            Counter(word for i, _, word in rows if i == one and len(word) == 3) for one in range(size[0])
        ]
        plain = np.mean(
            [
                np.mean([word == truth[i] for word, n in c.items() if n == max(c.values())]) if c else 0.0
                for i, c in enumerate(counts)
            ]
        )
        gains.append(np.mean([leaves[i][0] == truth[i] for i in range(size[0])]) - plain)
        concepts, sure = found.decide()
        right = np.array([c is not None and t.startswith(c) for c, t in zip(concepts, truth, strict=True)])
        sound.append(right.mean() - sure.mean())
    assert np.mean(gains) > 0
    # What it claims to know, it knows: as often right as it says, within a few per cent.
    assert abs(np.mean(sound)) < 0.05


def test_the_plain_vote_cannot_do_this():
    assert vote(said("rabbit", "hare", "leporid")).decide() == [None]
    assert lowest("rabbit", "hare", "leporid") == "leporid"


# --- one thing at a time, as the consensus of a task has it ---


def one_thing(*labels, silent=0, weights=None):
    words = [{label} for label in labels] + [set()] * silent
    return choosing.lowest(words, np.array(weights or [1.0] * len(words)), ANIMALS)


@given(st.lists(words, min_size=2, max_size=8), st.data())
def test_one_thing_is_judged_as_many_are(labels, data):
    weights = data.draw(
        st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=len(labels), max_size=len(labels))
    )
    many = lowest(*labels, weight=dict(enumerate(weights)))
    assert one_thing(*labels, weights=weights) == many


def test_a_single_voice_is_heard_and_silence_speaks_against():
    assert one_thing("rabbit") == "rabbit"
    assert one_thing("rabbit", silent=1) is None
    assert one_thing("rabbit", "rabbit", "rabbit", silent=1) == "rabbit"
    assert one_thing() is None


def test_that_everything_is_an_animal_is_no_news():
    animals = Tree({"animal": None, "rabbit": "animal", "crane": "animal"})
    even = np.ones(2)
    assert choosing.lowest([{"rabbit"}, {"crane"}], even, animals) is None
    assert choosing.lowest([{"rabbit"}, {"animal"}], even, animals) == "animal"
    assert choosing.lowest([{"unicorn"}, {"unicorn"}], even, animals) == "unicorn", (
        "outside the tree it stands alone"
    )


def test_boxes_on_a_tree():
    boxes = [[0, 0, 10, 10]] * 3
    (item,) = merge_boxes(boxes, [1, 2, 3], [["rabbit"], ["hare"], ["leporid"]], seen=3, tree=ANIMALS)
    assert (item.concepts, item.decided, item.voters) == (("leporid",), True, 3)
    assert [(vote.concept, vote.count) for vote in item.votes] == [("hare", 1), ("leporid", 1), ("rabbit", 1)]
    (flat,) = merge_boxes(boxes, [1, 2, 3], [["rabbit"], ["hare"], ["leporid"]], seen=3)
    assert not flat.decided
    assert 0 < item.disagreement < flat.disagreement == 1


def test_several_labels_on_a_tree_keep_the_most_specific():
    said = [["rabbit", "crane"], ["rabbit"], ["leporid", "crane"]]
    (item,) = merge_boxes([[0, 0, 10, 10]] * 3, [1, 2, 3], said, seen=3, many=True, tree=ANIMALS)
    assert set(item.concepts) == {"rabbit", "crane"}
    tags = {item.label: item for item in merge_tags([1, 2, 3], said, many=True, tree=ANIMALS)}
    assert {label: item.voters for label, item in tags.items()} == {"rabbit": 2, "crane": 2}
    split = merge_tags([1, 2, 3, 4], [["rabbit"], ["hare"], ["leporid"], []], many=True, tree=ANIMALS)
    assert [item.label for item in split if item.decided] == ["leporid"]
    assert len(split) == 3, "what is not decided stays for the review"


def test_tags_on_a_tree():
    (item,) = merge_tags([1, 2, 3], [["rabbit"], ["rabbit"], ["mammal"]], many=False, tree=ANIMALS)
    assert (item.label, item.voters, item.members) == ("rabbit", 2, (0, 1))
    (item,) = merge_tags([1, 2, 3], [["rabbit"], ["hare"], ["mammal"]], many=False, tree=ANIMALS)
    assert (item.label, item.voters) == ("leporid", 2)
    (item,) = merge_tags([1, 2], [["rabbit"], ["ornament"]], many=False, tree=ANIMALS)
    assert (item.label, item.members) == (None, (0, 1))


@given(tables)
def test_the_order_of_people_does_not_matter_on_the_tree(rows):
    people, said = [], []
    for _item, person, word in rows:
        if person not in people:
            people.append(person)
            said.append({word})
    (one,) = merge_tags(people, said, many=False, tree=ANIMALS)
    (other,) = merge_tags(people[::-1], said[::-1], many=False, tree=ANIMALS)
    assert (one.concepts, one.votes, one.disagreement) == (
        other.concepts,
        other.votes,
        pytest.approx(other.disagreement),
    )
