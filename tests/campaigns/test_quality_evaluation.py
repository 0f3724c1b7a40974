"""Evaluation of labels, scores and probabilities: what other libraries find, and the definitions."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.quality.answers import answers_of
from campaigns.quality.evaluation import (
    as_rows,
    calibrate,
    ceiling_of_labels,
    compare_counts,
    confusion_of_labels,
    figures_of_labels,
    figures_on_tree,
    mcnemar,
    ndcg,
    rank_labels,
    temperature,
    wilson,
)
from campaigns.quality.evaluation.calibration import curve
from campaigns.quality.left_out import others_vote
from taxonomy.tree import Tree

TREE = Tree(
    {
        "animal": None,
        "leporid": "animal",
        "hare": "leporid",
        "rabbit": "leporid",
        "bird": "animal",
        "crane": "bird",
    }
)


@pytest.fixture(scope="module")
def seeded():
    """The data on which scikit-learn 1.9.1 and statsmodels 0.15.0 were asked."""
    rng = np.random.default_rng(23)
    truth = (rng.random((40, 6)) < 0.35).astype(int)
    truth[0], truth[1] = 0, 1
    score = np.round(np.round(rng.random((40, 6)), 1) + 0.2 * truth, 1)
    single = rng.integers(0, 4, 50)
    said = np.where(rng.random(50) < 0.7, single, rng.integers(0, 4, 50))
    sure = rng.random(200)
    return truth, score, single, said, sure, rng.random(200) < sure**1.5


# --- single labels ---


def test_confusion_and_rates_as_in_another_library(seeded):
    """Expected: scikit-learn 1.9.1, confusion_matrix, precision_recall_fscore_support, f1_score, accuracy_score."""
    _, _, truth, said, _, _ = seeded
    found = confusion_of_labels(np.arange(50), truth, said)
    assert found.counts[:4, :4].tolist() == [[8, 1, 1, 0], [2, 13, 1, 1], [0, 0, 10, 1], [1, 1, 1, 9]]
    assert found.accuracy() == pytest.approx(
        [0.7272727272727273, 0.8666666666666667, 0.7692307692307693, 0.8181818181818182]
    )
    assert found.recall() == pytest.approx([0.8, 0.7647058823529411, 0.9090909090909091, 0.75])
    assert found.overall == pytest.approx(0.8)
    figures = figures_of_labels(range(50), [{t} for t in truth.tolist()], [{s} for s in said.tolist()])
    assert [r.f1 for r in figures.rates] == pytest.approx(
        [0.7619047619047619, 0.8125, 0.8333333333333334, 0.782608695652174]
    )
    assert figures.macro_f1 == pytest.approx(0.7975866977225673)
    assert figures.together.f1 == pytest.approx(0.8)
    assert figures.rates[0].specificity == pytest.approx((50 - 10 - 3) / (50 - 10))
    ids = found.behind(1, 0)
    assert len(ids) == 2
    assert all((truth[a], said[a], a) == (1, 0, b) for a, b in ids)
    assert figures.missed[0] == tuple(np.flatnonzero((truth == 0) & (said != 0)).tolist())
    assert as_rows(found)[1][:5] == [0, 8, 1, 1, 0]


def test_labels_may_be_named_beforehand():
    found = confusion_of_labels([1, 2], ["a", "b"], ["a", "a"], labels=["b", "a", "c"])
    assert found.counts[:3, :3].tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert np.isnan(found.recall()[2])
    with pytest.raises(ValueError, match="not among"):
        confusion_of_labels([1], ["a"], ["z"], labels=["a"])
    with pytest.raises(ValueError, match="same length"):
        confusion_of_labels([1], ["a"], ["z", "z"])
    with pytest.raises(ValueError, match="not among"):
        figures_of_labels([1], [{"a"}], [{"z"}], labels=["a"])
    with pytest.raises(ValueError, match="id"):
        figures_of_labels([1], [{"a"}], [])


# --- several labels ---


def test_several_labels_as_in_another_library(seeded):
    """Expected: scikit-learn 1.9.1, multilabel_confusion_matrix (tn, fp, fn, tp), f1_score(average="macro")."""
    truth, score, *_ = seeded
    said = score > 0.6
    sets = [[set(np.flatnonzero(row).tolist()) for row in side] for side in (truth, said)]
    figures = figures_of_labels(range(40), *sets)
    assert [[r.tn, r.fp, r.fn, r.tp] for r in figures.rates] == [
        [15, 8, 8, 9], [19, 10, 5, 6], [16, 13, 4, 7], [18, 9, 4, 9], [13, 14, 7, 6], [18, 6, 6, 10],
    ]  # fmt: skip
    assert figures.macro_f1 == pytest.approx(0.4991251062171366)


def test_ranking_as_in_another_library(seeded):
    """Expected: scikit-learn 1.9.1, label_ranking_average_precision_score, …_loss, coverage_error, ndcg_score."""
    truth, score, *_ = seeded
    found = rank_labels(truth, score)
    assert found.mean("average_precision") == pytest.approx(0.6809722222222222, abs=1e-12)
    assert found.mean("loss") == pytest.approx(0.344375, abs=1e-12)
    assert found.mean("coverage") == pytest.approx(3.75, abs=1e-12)
    assert found.mean("ndcg") == pytest.approx(0.7259722093622283, abs=1e-12)
    assert rank_labels(truth, score, top=3).mean("ndcg") == pytest.approx(0.5757766811341857, abs=1e-12)
    assert found.told == 38 - sum(row.sum() in (0, 6) for row in truth[2:])
    spread = found.interval("ndcg", seed=1)
    assert spread.low < found.mean("ndcg") < spread.high


@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 5))
@settings(max_examples=40)
def test_ranking_by_the_definition(seed, n, k):
    rng = np.random.default_rng(seed)
    truth, score = rng.random((n, k)) < 0.4, rng.integers(0, 4, (n, k)).astype(float)
    found = rank_labels(truth, score)
    for row in range(n):
        yes, no = np.flatnonzero(truth[row]), np.flatnonzero(~truth[row])
        if len(yes) and len(no):
            lost = [score[row, a] <= score[row, b] for a in yes for b in no]
            assert found.loss[row] == pytest.approx(np.mean(lost))
            shares = [
                sum(score[row, b] >= score[row, a] for b in yes) / (score[row] >= score[row, a]).sum()
                for a in yes
            ]
            assert found.average_precision[row] == pytest.approx(np.mean(shares))
        assert 0 <= found.ndcg[row] <= 1 + 1e-12


def test_a_perfect_ranking():
    truth, score = [[1, 0, 1]], [[0.9, 0.1, 0.8]]
    found = rank_labels(truth, score)
    assert (
        found.mean("average_precision"),
        found.mean("loss"),
        found.mean("coverage"),
        found.mean("ndcg"),
    ) == (1, 0, 2, 1)
    assert ndcg([[3, 2, 0]], [[0.1, 0.2, 0.3]])[0] < 0.7
    assert rank_labels(np.zeros((0, 3)), np.zeros((0, 3))).mean("loss") is None
    with pytest.raises(ValueError, match="same shape"):
        rank_labels([[1]], [[0.5, 0.5]])


# --- probabilities ---


def test_calibration(seeded):
    """Expected Brier score: scikit-learn 1.9.1, brier_score_loss."""
    *_, sure, right = seeded
    found = calibrate(np.arange(200), sure, right)
    assert found.brier == pytest.approx(0.162192496725694, abs=1e-12)
    bins = [np.flatnonzero((sure > low / 10) & (sure <= (low + 1) / 10)) for low in range(10)]
    gaps = [len(b) * abs(sure[b].mean() - right[b].mean()) for b in bins]
    assert found.expected_error == pytest.approx(sum(gaps) / 200)
    assert found.greatest_error == pytest.approx(max(g / len(b) for g, b in zip(gaps, bins, strict=True)))
    assert [set(one.ids) for one in found.bins] == [set(b.tolist()) for b in bins]
    assert all(one.interval.low <= one.right <= one.interval.high for one in found.bins)
    assert curve(found)[:, 2].sum() == 200
    even = calibrate(np.arange(200), sure, right, equal_size=True)
    assert {len(one.ids) for one in even.bins} == {20}


def test_the_edges_of_probability():
    found = calibrate([1, 2], [0.0, 1.0], [False, True])
    assert (found.expected_error, found.brier, len(found.bins)) == (0, 0, 2)
    assert calibrate([], [], []).expected_error is None
    with pytest.raises(ValueError, match="0 to 1"):
        calibrate([1], [1.2], [True])
    with pytest.raises(ValueError, match="same length"):
        calibrate([1], [0.2, 0.3], [True])


def test_wilson_as_in_another_library():
    """Expected: statsmodels 0.15.0, proportion_confint(17, 20, method="wilson")."""
    found = wilson(17 / 20, 20)
    assert (found.low, found.high) == pytest.approx((0.639581135259243, 0.9476312541037833), abs=1e-12)


def test_a_temperature_makes_overconfidence_honest():
    rng = np.random.default_rng(7)
    honest = rng.normal(0, 2, 4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-honest))
    found = temperature(3 * honest, right)
    assert found == pytest.approx(3, rel=0.1)
    with pytest.raises(ValueError, match="wrong"):
        temperature([1, 2], [True, True])


# --- on a tree ---


def test_a_hare_for_a_rabbit_is_half_right():
    found = figures_on_tree([1, 2, 3], [["rabbit"]] * 3, [["hare"], ["crane"], ["leporid"]], TREE)
    # Without the root: rabbit and hare share leporid of two each; crane nothing of two; leporid one of one.
    assert (found.common.tolist(), found.predicted.tolist(), found.true.tolist()) == (
        [1, 0, 1],
        [2, 2, 1],
        [2, 2, 2],
    )
    assert found.precision == pytest.approx(2 / 5)
    assert found.recall == pytest.approx(2 / 6)
    assert found.f1 == pytest.approx(2 * 2 / 11)
    assert found.links.tolist() == [2, 4, 1]
    assert found.at(4) == (2,)
    assert found.mean_links == pytest.approx(7 / 3)
    assert found.interval(seed=1).low < found.f1 < found.interval(seed=1).high
    with pytest.raises(KeyError):
        figures_on_tree([1], [["unicorn"]], [[]], TREE)


def test_on_a_flat_tree_it_is_the_plain_f1():
    flat, rng = Tree(dict.fromkeys("abcd")), np.random.default_rng(1)
    truth, said = ([[str(w)] for w in rng.choice(list("abcd"), 60)] for _ in range(2))
    plain = figures_of_labels(range(60), truth, said).together
    assert figures_on_tree(range(60), truth, said, flat).f1 == pytest.approx(plain.f1)
    assert figures_on_tree([1], [[]], [[]], flat).f1 is None


# --- better or luckier ---


def test_mcnemar_as_in_another_library():
    """Expected: statsmodels 0.15.0, mcnemar([[10, 3], [11, 20]], exact=True)."""
    first = [True] * 10 + [True] * 3 + [False] * 11 + [False] * 20
    second = [True] * 10 + [False] * 3 + [True] * 11 + [False] * 20
    assert mcnemar(first, second) == pytest.approx(0.057373046875, abs=1e-12)
    assert mcnemar(first, first) == 1
    assert mcnemar([True] * 3000, [False] * 3000) == pytest.approx(0)
    with pytest.raises(ValueError, match="same images"):
        mcnemar([True], [])


def f1(tp, fp, fn):
    return 2 * tp / (2 * tp + fp + fn)


def counts(rng, canvases, skill):
    right = rng.binomial(10, skill, canvases)
    return np.stack([right, 10 - right, 10 - right]).astype(float)


def test_the_better_run_is_found_and_the_equal_is_not():
    rng = np.random.default_rng(11)
    better, worse = counts(rng, 80, 0.8), counts(rng, 80, 0.65)
    found = compare_counts(better, worse, f1, seed=1)
    assert found.difference == pytest.approx(0.15, abs=0.05)
    assert found.p_value < 0.01
    assert found.interval.low > 0
    with pytest.raises(ValueError, match="same canvases"):
        compare_counts(better, worse[:, :5], f1, seed=1)


def test_equal_runs_are_called_different_as_rarely_as_promised():
    rng = np.random.default_rng(12)
    values = [
        compare_counts(counts(rng, 25, 0.7), counts(rng, 25, 0.7), f1, seed=n, samples=199).p_value
        for n in range(120)
    ]
    assert 0.01 <= np.mean(np.array(values) < 0.1) <= 0.2
    assert np.mean(values) == pytest.approx(0.5, abs=0.1)


def test_intervals_narrow_with_canvases():
    rng = np.random.default_rng(3)
    truth = [{int(w)} for w in rng.integers(0, 3, 300)]
    said = [{int(w)} if rng.random() < 0.8 else {0} for row in truth for w in row]
    alone = figures_of_labels(range(300), truth, said).interval("macro_f1", seed=1)
    pages = figures_of_labels(range(300), truth, said, canvas=np.arange(300) // 30)
    assert len(pages.canvases) == 10
    few = pages.interval("macro_f1", seed=1)
    assert few.low < pages.macro_f1 < few.high
    assert alone.low < pages.macro_f1 < alone.high
    for name in ("precision", "recall", "f1"):
        assert pages.interval(name, label=1, seed=1).low <= getattr(pages.rates[1], name)


# --- people by the same measure ---

tables = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.sampled_from("abc")), min_size=1, max_size=20,
    unique_by=lambda row: row[:2],
)  # fmt: skip


@given(tables)
@settings(max_examples=60)
def test_the_vote_of_others_is_without_ones_own(table):
    answers = answers_of(*zip(*table, strict=True))
    found = others_vote(answers)
    for row in range(len(answers)):
        rest = [
            label
            for item, person, label in table
            if item == answers.items[answers.item[row]] and person != answers.people[answers.person[row]]
        ]
        most = max((rest.count(w) for w in rest), default=0)
        best = {w for w in rest if rest.count(w) == most}
        expected = best.pop() if len(best) == 1 else None
        assert (answers.labels[found.label[row]] if found.label[row] >= 0 else None) == expected


def test_the_human_ceiling():
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 4, 300)
    skill = np.array([0.95, 0.9, 0.6])
    said = np.where(rng.random((300, 3)) < skill, truth[:, None], rng.integers(0, 4, (300, 3)))
    answers = answers_of(np.repeat(np.arange(300), 3), np.tile([0, 1, 2], 300), said.ravel())
    found = ceiling_of_labels(answers, seed=1, samples=200)
    assert [person.accuracy for person in found.people] == sorted(
        (p.accuracy for p in found.people), reverse=True
    )
    assert found.interval.low < found.accuracy < found.interval.high
    assert all(p.interval.low < p.accuracy < p.interval.high for p in found.people)
    assert sum(p.judged for p in found.people) == sum(a == b for row in said for a, b in combinations(row, 2))
    assert ceiling_of_labels(answers_of([1], ["a"], ["x"])).accuracy is None
