"""Full confusion on a tree: what is summed is the definition, confusion is found and used, and few answers do no harm."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quality.answers import answers_of
from campaigns.quality.labels import TreeHabits, tree_coin, tree_dawid_skene, vote
from campaigns.quality.labels.fitted import Fitted, fit_tree_dawid_skene
from taxonomy.tree import Tree
from tests.campaigns.test_quality_tree import ANIMALS, brute_force, made_up_crowd

words = st.sampled_from(list(ANIMALS))
tables = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), words), min_size=1, max_size=16, unique_by=lambda r: r[:2]
)


def of(table):
    return answers_of(*zip(*table, strict=True))


def rows_of(found, place):
    rows = found.item == place
    return dict(
        zip((found.concepts[n] for n in found.node[rows].tolist()), found.probability[rows].tolist(), strict=True)
    )  # fmt: skip


@given(tables)
@settings(max_examples=60, deadline=None)
def test_the_first_step_adds_up_all_leaves(table):
    """Before anything is learnt it is the coin of 0.9 on the tree."""
    answers = of(table)
    found = tree_dawid_skene(answers, ANIMALS, iterations=1)
    likelihood = 0.0
    for place, one in enumerate(answers.items.tolist()):
        expected, total = brute_force(table, ANIMALS, dict.fromkeys(range(6), 0.9), one)
        likelihood += np.log(total)
        for concept, probability in rows_of(found, place).items():
            assert probability == pytest.approx(expected[concept], abs=1e-9)
    assert found.log_likelihood == pytest.approx(likelihood)


def over_all_leaves(table, tree, found, item):
    """P(truth at or below c) straight from the definition, with the habits and shares that were learnt."""
    place, people = tree.preorder(), found.people.tolist()
    said = [(people.index(j), word) for i, j, word in table if i == item]
    touched = {step for _, word in said for step in tree.path(word)}
    weight = {}
    for leaf in tree.leaves:
        path, chance = tree.path(leaf), 1.0
        for above, step in zip([None, *path[:-1]], path, strict=True):
            chance *= (
                found.forks.share[place[step] + 1] if above is None or len(tree.children(above)) > 1 else 1.0
            )
        for person, word in said:
            for above, step in zip([None, *tree.path(word)[:-1]], tree.path(word), strict=True):
                children = tree.roots if above is None else tree.children(above)
                if len(children) == 1:
                    continue
                if above is not None and above not in path[:-1]:
                    chance *= found.forks.astray[place[step] + 1]
                    continue
                true = next(child for child in children if child in path)
                if true in touched:
                    table_of = found.confusion(person, tree, above)
                    chance *= table_of[children.index(true), children.index(step)]
                else:
                    chance *= (1 - found.accuracy[person]) / (len(children) - 1)
        weight[leaf] = chance
    total = sum(weight.values())
    return {c: sum(w for leaf, w in weight.items() if c in tree.path(leaf)) / total for c in tree}


@given(tables)
@settings(max_examples=25, deadline=None)
def test_what_was_learnt_adds_up_all_leaves_for_one_item(table):
    answers = answers_of(*zip(*[(f"i{i}", f"p{j}", word) for i, j, word in table], strict=True))
    found, model = tree_dawid_skene(answers, ANIMALS), fit_tree_dawid_skene(answers, ANIMALS)
    for item in answers.items.tolist():
        given_ = [(f"p{j}", word) for i, j, word in table if f"i{i}" == item]
        named = [(item, j, word) for j, word in given_]
        expected = over_all_leaves(named, ANIMALS, found, item)
        below = model.below(given_, ANIMALS)
        assert below == pytest.approx({concept: expected[concept] for concept in below}, abs=1e-7)


@given(tables, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_order_and_names_do_not_matter(table, random):
    names, items = random.sample(range(50, 90), 6), random.sample(range(50, 90), 4)
    one = tree_dawid_skene(of(table), ANIMALS, tolerance=1e-9)
    shuffled = random.sample(table, len(table))
    assert (
        tree_dawid_skene(of(shuffled), ANIMALS, tolerance=1e-9).probability.tolist()
        == one.probability.tolist()
    )
    other = tree_dawid_skene(
        of([(items[i], names[p], word) for i, p, word in shuffled]), ANIMALS, tolerance=1e-9
    )
    for place, name in enumerate(one.items.tolist()):
        again = rows_of(other, other.items.tolist().index(items[name]))
        assert again == pytest.approx(rows_of(one, place), abs=1e-6)


@given(tables)
@settings(max_examples=40, deadline=None)
def test_probabilities_are_probabilities(table):
    found = tree_dawid_skene(of(table), ANIMALS)
    assert ((found.probability >= 0) & (found.probability <= 1 + 1e-9)).all()
    place = {concept: number for number, concept in enumerate(ANIMALS)}
    rows = {
        (i, n): p
        for i, n, p in zip(found.item.tolist(), found.node.tolist(), found.probability.tolist(), strict=True)
    }
    for (item, node), chance in rows.items():
        below = [rows.get((item, place[child]), 0.0) for child in ANIMALS.children(found.concepts[node])]
        assert sum(below) <= chance + 1e-9
    for person in range(len(found.people)):
        for fork in (None, "leporid", "mammal", "bird"):
            table_of = found.confusion(person, ANIMALS, fork)
            assert table_of.sum(axis=1) == pytest.approx(1)
            assert (table_of > 0).all()


def confused(seed, items, people, each, *, skewed=False):
    """On a full tree half of the people take b for a at every fork, the others c for d; nobody is wrong otherwise."""
    rng = np.random.default_rng(seed)
    parents = {"": None}
    for depth in (1, 2, 3):
        parents |= {"".join(way): "".join(way[:-1]) for way in product("abcd", repeat=depth)}
    shares = [0.6, 0.25, 0.1, 0.05] if skewed else [0.25] * 4
    truth = ["".join(rng.choice(list("abcd"), 3, p=shares)) for _ in range(items)]
    first = rng.random(people) < 0.5
    rows = []
    for i in range(items):
        for j in rng.permutation(people)[:each].tolist():
            way = ""
            for depth in range(3):
                if way and rng.random() < 0.15:
                    break
                step = truth[i][depth] if truth[i].startswith(way) else str(rng.choice(list("abcd")))
                taken = {"b": "a"} if first[j] else {"c": "d"}
                way += taken.get(step, step) if rng.random() < 0.7 else step
            rows.append((i, j, way))
    return rows, Tree(parents), truth


def leaves_right(found, truth):
    best = dict.fromkeys(range(len(truth)), ("", 0.0))
    for i, node, p in zip(found.item.tolist(), found.node.tolist(), found.probability.tolist(), strict=True):
        if len(found.concepts[node]) == 3 and p > best[i][1]:
            best[i] = (found.concepts[node], p)
    return np.mean([best[i][0] == one for i, one in enumerate(truth)])


def votes_right(rows, truth):
    """The plain vote on the leaves that were named; of equals each is right with its share."""
    named = [row for row in rows if len(row[2]) == 3]
    found = vote(of(named))
    right = np.zeros(len(truth))
    starts = np.flatnonzero(np.diff(found.item, prepend=-1))
    for begin, end in zip(starts, [*starts[1:], len(found.item)], strict=True):
        top = found.probability[begin:end] >= found.probability[begin:end].max() - 1e-9
        names = found.labels[found.label[begin:end][top]]
        item = int(found.items[found.item[begin]])
        right[item] = np.mean(names == truth[item])
    return right.mean()


SPARSE = [(150, 60, 4), (300, 15, 3), (150, 150, 5), (60, 60, 3), (200, 200, 2)]


@pytest.mark.parametrize("size", SPARSE, ids=str)
def test_never_worse_than_the_vote_on_sparse_answers(size):
    gains = []
    for seed in range(8):
        rows, tree, truth = made_up_crowd(seed, *size)
        gains.append(leaves_right(tree_dawid_skene(of(rows), tree), truth) - votes_right(rows, truth))
    assert np.mean(gains) + 2 * np.std(gains, ddof=1) / np.sqrt(len(gains)) >= -0.0005
    assert np.mean(gains) > 0


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("size", [(300, 300, 5), (600, 20, 4)], ids=str)
def test_confusion_is_found_where_a_coin_is_blind(size, skewed):
    beyond_vote, beyond_coin = [], []
    for seed in range(4):
        rows, tree, truth = confused(seed, *size, skewed=skewed)
        mine = leaves_right(tree_dawid_skene(of(rows), tree), truth)
        beyond_vote.append(mine - votes_right(rows, truth))
        beyond_coin.append(mine - leaves_right(tree_coin(of(rows), tree), truth))
    assert np.mean(beyond_vote) > 0.03
    assert np.mean(beyond_coin) > 0.03


def test_habits_are_found_at_every_fork():
    rows, tree, truth = confused(3, 3000, 10, 6)
    found = tree_dawid_skene(of(rows), tree, gold=dict(list(enumerate(truth))[:1500]))
    kinds = [
        found.confusion(person, tree, "a")[1, 0] > 0.4 for person in range(10)
    ]  # whether b is taken for a
    assert 0 < sum(kinds) < 10
    for person, first in enumerate(kinds):
        for fork in ("", "a", "d"):  # all others lose half of those who could tell
            table = found.confusion(person, tree, fork)
            wanted = np.eye(4)
            if first:
                wanted[1, :2] = 0.7, 0.3
            else:
                wanted[2, 2:] = 0.3, 0.7
            assert np.abs(table - wanted).max() < 0.2


def test_a_coarse_answer_is_no_contradiction():
    crowd = of(
        [(1, 0, "rabbit"), (1, 1, "leporid"), (1, 2, "mammal"), (2, 0, "rabbit"), (2, 1, "hare"), (3, 0, "leporid")]
    )  # fmt: skip
    assert tree_dawid_skene(crowd, ANIMALS).decide()[0] == ["rabbit", "leporid", "leporid"]
    with pytest.raises(ValueError, match="threshold"):
        tree_dawid_skene(crowd, ANIMALS).decide(0.3)


def test_known_answers_are_never_doubted_however_many_say_otherwise():
    crowd = of([(1, j, "hare") for j in range(60)] + [(2, 0, "rabbit")])
    found = tree_dawid_skene(crowd, ANIMALS, gold={1: "crane", 9: "fox"})
    assert found.decide()[0][0] == "crane"
    assert rows_of(found, 0)["crane"] == pytest.approx(1)
    assert rows_of(found, 0)["hare"] == 0
    coarse = tree_dawid_skene(crowd, ANIMALS, gold={1: "mammal"})
    assert rows_of(coarse, 0)["mammal"] == pytest.approx(1)
    assert coarse.decide()[0][0] == "hare", "below what is known, people are heard"
    with pytest.raises(ValueError, match="not in the tree"):
        tree_dawid_skene(crowd, ANIMALS, gold={1: "unicorn"})


def test_known_answers_show_what_nobody_says():
    """Everybody calls a hare a rabbit; where the answers are known this comes out, and then also where they are not."""
    rows = [(i, j, "rabbit") for i in range(80) for j in range(4)]
    rows += [(i, j, "fox") for i in range(80, 120) for j in range(4)]
    gold = {i: "hare" if i % 20 else "rabbit" for i in range(60)}
    found = tree_dawid_skene(of(rows), ANIMALS, gold=gold)
    assert found.decide()[0][70] == "hare"
    assert found.decide()[0][110] == "fox"
    told = fit_tree_dawid_skene(
        answers_of(*zip(*[(str(i), str(j), word) for i, j, word in rows], strict=True)),
        ANIMALS,
        {str(i): one for i, one in gold.items()},
    )
    assert told.below([(str(j), "rabbit") for j in range(4)], ANIMALS)["hare"] > 0.5
    assert Fitted.from_json(told.as_json()) == told


def test_who_and_what_was_never_met():
    model = fit_tree_dawid_skene(answers_of(["i"] * 2, ["p", "q"], ["rabbit", "rabbit"]), ANIMALS)
    found = model.below([("new", "crane"), ("newer", "crane")], ANIMALS)
    assert found["crane"] > 0.5
    assert model.below([], ANIMALS) == {}
    assert model.below([("new", "unicorn")], ANIMALS) == {}


def test_nobody_said_anything_and_priors_are_checked():
    assert tree_dawid_skene(answers_of([], [], []), ANIMALS).decide()[0] == []
    for wrong in ({"fork": 0.0}, {"strength": -1.0}, {"even": float("inf")}, {"trust": float("nan")}):
        with pytest.raises(ValueError, match="above 0"):
            TreeHabits(**wrong)


def test_a_lone_chain_has_no_forks():
    chain = Tree({"a": None, "b": "a", "c": "b"})
    found = tree_dawid_skene(of([(1, 0, "c"), (1, 1, "b")]), chain)
    assert found.decide()[0] == ["c"]
    assert found.probability.tolist() == [1, 1, 1]


def test_rows_stay_linear_however_wide_the_tree():
    wide = Tree({"top": None} | {f"n{k}": "top" for k in range(20_000)})
    rows = [(i, j, f"n{(i * 7 + (j == 2)) % 20_000}") for i in range(2000) for j in range(3)]
    found = tree_dawid_skene(of(rows), wide)
    assert len(found.forks.counts) <= 2 * len(rows)
    assert len(found.item) <= 2000 * 3
    assert found.decide()[0] == [f"n{i * 7 % 20_000}" for i in range(2000)]
