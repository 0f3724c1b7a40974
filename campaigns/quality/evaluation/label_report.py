"""Everything that is told of a model that names whole images: plain figures, and the images behind each of them."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats
from campaigns.quality.evaluation.calibration import calibrate
from campaigns.quality.evaluation.confusion import Confusion
from campaigns.quality.evaluation.figures import LabelFigures, figures_of_labels
from campaigns.quality.evaluation.hierarchy import TreeFigures, figures_on_tree
from campaigns.quality.evaluation.judged import Pair, Report
from campaigns.quality.evaluation.plain import plain
from campaigns.quality.evaluation.ranking import rank_labels
from campaigns.quality.evaluation.report import (
    SEED,
    VERSION,
    calibration_of,
    class_row,
    commonest,
    overall_of,
    pairs_of,
    table_of,
)
from campaigns.quality.evaluation.uncounted import uncounted_labels, with_kept
from taxonomy.tree import Tree

RANKINGS = ("average_precision", "loss", "coverage", "ndcg")


def report_on_labels(
    truth: Sequence[Collection[int]],
    scores: Floats,
    *,
    many: bool,
    score: float | None = None,
    known: Collection[int] = (),
    scored: bool = True,
    names: Sequence[str] = (),
    tree: Tree[str] | None = None,
    ranked: bool = True,
) -> Report:
    """`truth`: the true labels of each image; `scores (images, labels)`: how sure the model is, NaN where silent.

    `names` of the labels and the `tree` that these stand in: then there are figures on it too.
    With one label an image (`many` False) the surest prediction of at least `score` counts, and there is a
    confusion table. With several, every prediction of at least `score`; None takes the one of greatest F1.
    `ranked` is False for people, who say what they say and not how sure they are: what ranks labels is left out.
    """
    images, labels = scores.shape
    said = np.where(np.isnan(scores), -np.inf, scores)
    cut = score if score is not None else (_best_cut(truth, said) if many else 0.0)
    heard = _heard(said, cut, many=many)
    rates = figures_of_labels(range(images), truth, heard, labels=range(labels))
    wanted = np.zeros((images, labels))
    for row, true in enumerate(truth):
        wanted[row, list(true)] = 1.0
    occurs = [place for place, one in enumerate(rates.rates) if one.tp or one.fp or one.fn]
    often = commonest(rates)
    confusion = None if many else _confusion(truth, heard, occurs)
    given = _given(scores, many=many)
    below = uncounted_labels(truth, scores, given, heard)
    near = _on_tree(truth, heard, names, tree) if tree is not None and tree.height > 1 else None
    chosen = "given" if score is not None else "best-f1" if many else "surest"
    figures: dict[str, Any] = {
        "version": VERSION,
        "kind": "labels",
        "score": {"value": cut, "chosen": chosen, "below": below.count},
        "overall": {**overall_of(rates), "accuracy": _accuracy(truth, heard)},
        "classes": [class_row(rates, place, interval=place in often) for place in occurs],
        "confusion": table_of(confusion) if confusion else None,
        "ranking": _ranking(wanted, np.nan_to_num(scores, nan=0.0)) if ranked else None,
        "calibration": with_kept(_calibration(truth, scores, given), below) if scored and ranked else None,
        "hierarchy": _hierarchy(near) if near else None,
        "without_known": _without(truth, heard, set(known), labels),
    }
    pairs = _by_label(rates, scores) + below.pairs + (pairs_of(confusion) if confusion else [])
    if near is None:
        return Report(plain(figures), pairs)
    links = tuple(None if far < 0 else far for far in near.links.tolist())
    return Report(plain(figures), pairs, links, tuple(plain(near.likeness.tolist())))


def _on_tree(
    truth: Sequence[Collection[int]], heard: Sequence[set[int]], names: Sequence[str], tree: Tree[str]
) -> TreeFigures:
    """Concepts at or above what is true and what was said (Kiritchenko et al. 2006); off the tree stays out."""
    sides = [
        [{names[code] for code in row if names[code] in tree} for row in side] for side in (truth, heard)
    ]
    return figures_on_tree(range(len(truth)), sides[0], sides[1], tree)


def _hierarchy(found: TreeFigures) -> dict[str, Any]:
    return {
        "hierarchical_precision": {"value": found.precision, "interval": None},
        "hierarchical_recall": {"value": found.recall, "interval": None},
        "hierarchical_f1": {"value": found.f1, "interval": plain(found.interval(seed=SEED))},
        "mean_links": {"value": found.mean_links, "interval": None},
        "by_links": [{"links": links, "n": n} for links, n in found.by_links()],
    }


def _heard(said: Floats, cut: float, *, many: bool) -> list[set[int]]:
    if many:
        return [set(np.flatnonzero(row >= cut).tolist()) for row in said]
    if not said.shape[1]:
        return [set() for _ in said]
    best = said.argmax(axis=1).tolist()
    return [{label} if said[row, label] >= cut else set() for row, label in enumerate(best)]


def _best_cut(truth: Sequence[Collection[int]], said: Floats) -> float:
    """The score from which on F1 over all labels is greatest; the lowest that was given where nothing is right."""
    rows, columns = np.nonzero(np.isfinite(said))
    if not len(rows):
        return 0.0
    score = said[rows, columns]
    right = np.array([c in truth[r] for r, c in zip(rows.tolist(), columns.tolist(), strict=True)])
    order = np.argsort(-score, kind="stable")
    values = 2 * np.cumsum(right[order]) / (np.arange(1, len(order) + 1) + sum(map(len, truth)))
    # A cut between equal scores does not exist.
    values[:-1][score[order][:-1] == score[order][1:]] = -1
    return float(score[order][int(np.argmax(values))])


def _confusion(truth: Sequence[Collection[int]], heard: Sequence[set[int]], occurs: list[int]) -> Confusion:
    """Single labels; the last row is for images that have none, the last column for those left without."""
    place, k = {label: code for code, label in enumerate(occurs)}, len(occurs)
    row = np.array([place[min(names)] if names else k for names in truth], dtype=np.int64)
    column = np.array([place[min(names)] if names else k for names in heard], dtype=np.int64)
    told = (row < k) | (column < k)
    ids = np.flatnonzero(told).tolist()
    counts = np.bincount(row[told] * (k + 1) + column[told], minlength=(k + 1) ** 2).reshape(k + 1, k + 1)
    return Confusion(
        tuple(occurs), counts.astype(np.int64), row[told], column[told],
        tuple(one if row[one] < k else None for one in ids),
        tuple(one if column[one] < k else None for one in ids),
    )  # fmt: skip


def _accuracy(truth: Sequence[Collection[int]], heard: Sequence[set[int]]) -> float | None:
    """The share of images of which exactly what is true was said."""
    right = [set(true) == said for true, said in zip(truth, heard, strict=True)]
    return sum(right) / len(right) if right else None


def _ranking(wanted: Floats, scores: Floats) -> dict[str, Any]:
    found = rank_labels(wanted, scores)
    return {
        "told": found.told,
        **{
            name: {"value": found.mean(name), "interval": plain(found.interval(name, seed=SEED))}
            for name in RANKINGS
        },
    }


def _given(scores: Floats, *, many: bool) -> npt.NDArray[np.bool_]:
    """What the model is held to: everything that it said; with one label an image the surest of each, however sure."""
    said = np.isfinite(scores)
    if many or not scores.shape[1]:
        return said
    best = np.where(said, scores, -np.inf).argmax(axis=1)
    surest_of_each = np.arange(scores.shape[1])[None] == best[:, None]
    return np.asarray(said & surest_of_each, dtype=np.bool_)


def _calibration(
    truth: Sequence[Collection[int]], scores: Floats, given: npt.NDArray[np.bool_]
) -> dict[str, Any] | None:
    rows, columns = (place.tolist() for place in np.nonzero(given))
    sure = scores[rows, columns]
    if not len(sure) or sure.min() < 0 or sure.max() > 1:
        return None
    right = [c in truth[r] for r, c in zip(rows, columns, strict=True)]
    return calibration_of(calibrate(np.arange(len(rows)), sure, right))


def _without(
    truth: Sequence[Collection[int]], heard: Sequence[set[int]], known: set[int], labels: int
) -> dict[str, Any] | None:
    left = [row for row in range(len(truth)) if row not in known]
    if not known or not left:
        return None
    some, said = [truth[row] for row in left], [heard[row] for row in left]
    rates = figures_of_labels(left, some, said, labels=range(labels))
    return {"canvases": len(left), "f1": rates.together.f1, "accuracy": _accuracy(some, said)}


def _by_label(rates: LabelFigures, scores: Floats) -> list[Pair]:
    """Rows are images on both sides; how sure the model was is of image and label."""
    pairs = []
    for place, label in enumerate(rates.labels):
        sure = scores[:, label].tolist()
        pairs += [Pair(one, one, label, label, by_label=True, score=sure[one]) for one in rates.true[place]]
        pairs += [Pair(None, one, None, label, by_label=True, score=sure[one]) for one in rates.false[place]]
        pairs += [Pair(one, None, label, None, by_label=True) for one in rates.missed[place]]
    return pairs
