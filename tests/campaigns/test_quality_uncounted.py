"""What is too unsure to count stands behind the bins of the calibration, the surest of each first."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.quality.evaluation import report_on_labels, uncounted
from campaigns.quality.evaluation.judged import Pair
from campaigns.quality.evaluation.uncounted import bins_of, surest


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
    score = np.random.default_rng(0).random(500)
    place = bins_of(score)
    kept = surest(score, place, most=10)
    assert len(kept) == 100
    for tenth in range(10):
        assert sorted(score[kept][place[kept] == tenth]) == sorted(score[place == tenth])[-10:]
    assert surest(np.zeros(0), bins_of(np.zeros(0))).tolist() == []
    # Scores of another scale have no tenths.
    far = np.linspace(0.0, 7.0 * 29, 30)
    assert surest(far, bins_of(far), most=2).tolist() == [28, 29]


def test_what_is_not_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncounted, "MOST_A_BIN", 3)
    scores = np.full((8, 1), 0.35)
    report = report_on_labels([{0}] * 8, scores, many=True, score=0.5)
    (one,) = report.figures["calibration"]["bins"]
    assert (one["n"], one["kept"], report.figures["score"]["below"]) == (8, 3, 8)
    assert sum(not pair.counts for pair in report.pairs) == 3
