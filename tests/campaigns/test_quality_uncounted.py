"""What is too unsure to count stands behind the bins of the calibration, the surest of each first."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.evaluation import report_on_labels
from campaigns.quality.evaluation.judged import Pair
from campaigns.quality.evaluation.uncounted import bins_of, surest, with_kept


def sure(pair: Pair) -> float:
    assert pair.score is not None
    return pair.score


scores = st.lists(
    st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=3, max_size=3), min_size=1, max_size=6
)


@given(scores, st.floats(0, 1), st.booleans(), st.data())
def test_bins_and_pairs_are_the_same_predictions(
    rows: Any, cut: float, many: bool, data: st.DataObject
) -> None:
    truth = [data.draw(st.frozensets(st.integers(0, 2), max_size=3 if many else 1)) for _row in rows]
    table = np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=float)
    report = report_on_labels(truth, table, many=many, score=cut)
    said = [pair for pair in report.pairs if pair.by_label and pair.predicted is not None]
    calibration = report.figures["calibration"]
    assert (calibration is None) == (not said)
    for one in calibration["bins"] if calibration else ():
        here = [
            pair for pair in said
            if (one["low"] < sure(pair) or one["low"] == 0) and sure(pair) <= one["high"]
        ]  # fmt: skip
        assert len(here) == one["n"] == one["kept"]
        assert sum(pair.true is not None for pair in here) == pytest.approx(one["right"] * one["n"])
    assert sum(not pair.counts for pair in said) == report.figures["score"]["below"]
    assert all((sure(pair) >= cut) == pair.counts for pair in said)


def test_of_each_tenth_the_surest_are_kept() -> None:
    rng = np.random.default_rng(0)
    pairs = [
        Pair(None, row, None, 0, by_label=True, counts=False, score=float(s))
        for row, s in enumerate(rng.random(500))
    ]
    kept = surest(pairs, most=10)
    assert len(kept) == 100
    for place in range(10):
        here, there = (
            sorted(sure(pair) for pair in some if bins_of(np.array([sure(pair)]))[0] == place)
            for some in (pairs, kept)
        )
        assert there == here[-10:]
    bins = [{"low": place / 10, "n": 60} for place in range(10)]
    told = with_kept({"bins": bins}, pairs, kept)["bins"]
    assert sum(one["n"] - one["kept"] for one in told) == 400
    assert surest([]) == []
    assert with_kept(None, [], []) is None
    # Scores of another scale have no tenths.
    far = [Pair(None, row, None, 0, by_label=True, counts=False, score=row * 7.0) for row in range(30)]
    assert [pair.score for pair in surest(far, most=2)] == [28 * 7.0, 29 * 7.0]
