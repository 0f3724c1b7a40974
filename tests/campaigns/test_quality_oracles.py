"""Whatever the tables, other libraries find the same figures: scikit-learn and statsmodels, asked as the tests run.

A fixture imports them, since that takes seconds, and nobody else needs it. crowd-kit is not asked live: to import one of its
models is to import all, texts and pictures with them, and so nltk; and its lock would bring eighteen packages more, among
them transformers, tokenizers and pyarrow. What it finds is written down in `test_quality_labels.py`, and
`benchmarks/quality.py` asks it where somebody has installed it. Where a figure cannot be told the others warn, and say 0
or NaN; ours are absent.
"""

import math
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from campaigns.quality.answers import answers_of
from campaigns.quality.coefficients import cohen_kappa, fleiss_kappa, kappa_of_table
from campaigns.quality.difference import absolute, interval
from campaigns.quality.evaluation import (
    calibrate,
    confusion_of_labels,
    evaluate_boxes,
    evaluate_voc,
    figures_of_labels,
    mcnemar,
    ndcg,
    predicted_boxes,
    rank_labels,
    true_boxes,
    wilson,
)

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40)
sides = st.tuples(st.integers(1, 12), st.integers(2, 6))
scores = st.integers(0, 6).map(lambda step: step / 6)  # few steps, so that ties are frequent


@pytest.fixture(scope="module")
def oracle():
    """What the other libraries compute; their warnings of what cannot be told are no concern of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sklearn import metrics
        from statsmodels.stats.contingency_tables import mcnemar as exact
        from statsmodels.stats.inter_rater import aggregate_raters
        from statsmodels.stats.inter_rater import fleiss_kappa as fleiss
        from statsmodels.stats.proportion import proportion_confint

    def quiet(function):
        def ask(*values, **options):
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                return function(*values, **options)

        return ask

    functions = {name: getattr(metrics, name) for name in _METRICS}
    functions |= {
        "aggregate": aggregate_raters, "exact": exact, "fleiss": fleiss, "confint": proportion_confint,
    }  # fmt: skip
    return SimpleNamespace(**{name: quiet(function) for name, function in functions.items()})


_METRICS = (
    "accuracy_score", "brier_score_loss", "cohen_kappa_score", "confusion_matrix", "coverage_error",
    "label_ranking_average_precision_score", "label_ranking_loss", "multilabel_confusion_matrix",
    "ndcg_score", "precision_recall_curve", "precision_recall_fscore_support",
)  # fmt: skip


def same(ours, theirs):
    """Equal to rounding; None where they say NaN."""
    if ours is None or math.isnan(theirs):
        return ours is None and math.isnan(theirs)
    return ours == pytest.approx(theirs, abs=1e-9)


# --- agreement ---


@given(table=pairs, weights=st.sampled_from([None, "linear", "quadratic"]))
def test_cohens_kappa(oracle, table, weights):
    one, other = (np.array(side) for side in zip(*table, strict=True))
    units = np.arange(len(table))
    answers = answers_of(np.tile(units, 2), np.repeat([0, 1], len(table)), np.concatenate([one, other]))
    # They weight by ranks of the labels given.
    difference = {None: None, "linear": _ranks(absolute), "quadratic": _ranks(interval)}[weights]
    theirs = oracle.cohen_kappa_score(one, other, weights=weights)
    found = cohen_kappa(answers, difference=difference)
    assert same(found.value, theirs)
    if weights is None:
        counts = oracle.confusion_matrix(one, other, labels=range(5))
        assert same(kappa_of_table(counts), theirs)


def _ranks(difference):
    return lambda labels: difference(np.arange(len(labels)))


@given(
    table=arrays.arrays(
        np.int64, st.tuples(st.integers(1, 20), st.integers(2, 5)), elements=st.integers(0, 3)
    )
)
def test_fleiss_kappa(oracle, table):
    """Every unit answered by all, which is what theirs is for."""
    units, people = table.shape
    answers = answers_of(
        np.repeat(np.arange(units), people), np.tile(np.arange(people), units), table.ravel()
    )
    assert same(fleiss_kappa(answers).value, oracle.fleiss(oracle.aggregate(table)[0]))


# --- single and several labels ---


@given(table=pairs)
def test_confusion_and_rates_of_single_labels(oracle, table):
    truth, said = (list(side) for side in zip(*table, strict=True))
    found = confusion_of_labels(np.arange(len(table)), truth, said, labels=range(5))
    assert found.counts[:5, :5].tolist() == oracle.confusion_matrix(truth, said, labels=range(5)).tolist()
    assert found.overall == pytest.approx(oracle.accuracy_score(truth, said))
    per_class = oracle.precision_recall_fscore_support(truth, said, labels=range(5), zero_division=np.nan)
    assert all(map(same, _told(found.accuracy()), per_class[0]))
    assert all(map(same, _told(found.recall()), per_class[1]))
    figures = figures_of_labels(range(len(table)), [{t} for t in truth], [{s} for s in said], labels=range(5))
    _like(figures, per_class)
    micro = oracle.precision_recall_fscore_support(truth, said, average="micro", zero_division=np.nan)
    assert same(figures.together.f1, micro[2])
    # Labels that occur on neither side are not there for them.
    assert same(figures.macro_f1, oracle.precision_recall_fscore_support(truth, said, average="macro")[2])


@given(data=st.data(), shape=sides)
def test_rates_of_several_labels(oracle, data, shape):
    truth, said = (data.draw(arrays.arrays(np.bool_, shape)) for _ in range(2))
    sets = [[set(np.flatnonzero(row).tolist()) for row in side] for side in (truth, said)]
    figures = figures_of_labels(range(shape[0]), *sets, labels=range(shape[1]))
    tables = [[[r.tn, r.fp], [r.fn, r.tp]] for r in figures.rates]
    assert tables == oracle.multilabel_confusion_matrix(truth, said).tolist()
    _like(figures, oracle.precision_recall_fscore_support(truth, said, zero_division=np.nan))
    micro = oracle.precision_recall_fscore_support(truth, said, average="micro", zero_division=np.nan)
    together = figures.together
    assert all(map(same, (together.precision, together.recall, together.f1), micro[:3]))
    macro = oracle.precision_recall_fscore_support(truth, said, average="macro", zero_division=np.nan)[2]
    assert same(figures.macro_f1, macro)


def _like(figures, theirs):
    for rates, *told in zip(figures.rates, *theirs[:3], strict=True):
        assert all(map(same, (rates.precision, rates.recall, rates.f1), told))


def _told(values):
    return [None if math.isnan(value) else value for value in values.tolist()]


# --- rankings and probabilities ---


@given(data=st.data(), shape=sides, top=st.none() | st.integers(1, 6))
def test_rankings(oracle, data, shape, top):
    truth = data.draw(arrays.arrays(np.int64, shape, elements=st.integers(0, 1)))
    score = data.draw(arrays.arrays(np.float64, shape, elements=scores))
    found = rank_labels(truth, score, top=top)
    theirs = {
        "average_precision": oracle.label_ranking_average_precision_score(truth, score),
        "loss": oracle.label_ranking_loss(truth, score),
        "coverage": oracle.coverage_error(truth, score),
        "ndcg": oracle.ndcg_score(truth, score, k=top),
    }
    assert {name: found.mean(name) for name in theirs} == pytest.approx(theirs, abs=1e-9)


@given(data=st.data(), shape=sides, top=st.none() | st.integers(1, 6))
def test_graded_gains(oracle, data, shape, top):
    gain = data.draw(arrays.arrays(np.int64, shape, elements=st.integers(0, 5)))
    score = data.draw(arrays.arrays(np.float64, shape, elements=scores))
    assert ndcg(gain, score, top=top).mean() == pytest.approx(oracle.ndcg_score(gain, score, k=top), abs=1e-9)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_brier(oracle, rows):
    probability, right = zip(*rows, strict=True)
    theirs = oracle.brier_score_loss(right, probability, pos_label=True)
    assert calibrate(range(len(rows)), probability, right).brier == pytest.approx(theirs, abs=1e-9)


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any), st.randoms(use_true_random=False))
def test_the_curve_under_average_precision(oracle, hits, random):
    """One thing to find on some canvases, one sure find of its own score on each: a ranking of right and wrong."""
    n = len(hits)
    score = np.array(random.sample(range(1000), n)) / 1000
    wanted = np.flatnonzero(hits)
    box = np.tile([0.0, 0.0, 10.0, 10.0], (n, 1))
    truth = true_boxes(wanted, wanted, np.zeros(len(wanted)), box[wanted])
    said = predicted_boxes(np.arange(n), np.arange(n), np.zeros(n), box, score)
    # Theirs goes from the greatest recall down, and ends in a point that no prediction makes.
    precision, recall = (line[:-1] for line in oracle.precision_recall_curve(hits, score)[:2])
    greatest = np.maximum.accumulate(precision)  # at this recall or beyond, as VOC and COCO want it
    voc = evaluate_voc(truth, said)[0]
    assert voc.all_points == pytest.approx(-np.sum(np.diff(recall, append=0.0) * greatest), abs=1e-9)
    points = [greatest[recall >= share].max(initial=0.0) for share in np.linspace(0, 1, 101)]
    found = evaluate_boxes(truth, said, canvases=np.arange(n), labels=[0.0])
    assert found.ap(threshold=0.5) == pytest.approx(np.mean(points), abs=1e-9)


# --- intervals and tests ---


@given(st.integers(1, 10_000), st.data())
def test_wilson(oracle, n, data):
    count = data.draw(st.integers(0, n))
    found = wilson(count / n, n)
    low, high = oracle.confint(count, n, method="wilson")
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_mcnemar(oracle, rows):
    one, other = (np.array(side) for side in zip(*rows, strict=True))
    table = [[int((a & b).sum()) for b in (other, ~other)] for a in (one, ~one)]
    theirs = oracle.exact(table, exact=True).pvalue
    assert mcnemar(one, other) == pytest.approx(theirs, abs=1e-9)
