"""The human ceiling where an image may have several labels: each person's set of them against what the others say.

What the others say is what a merge of them would: each label that more than half of the others gave the image. By the
same counts as a model (`figures`): right where both say a label, false where only the person does, missed where only
the others do; images that nobody else answered are left out. A person gives no scores: a set of labels ranks those in
it before all others, and none of them before another, so that the label ranking average precision (`ranking`) is, of t
true and s said labels of k, r of them right,

    LRAP = (r · r / s + (t − r) · t / k) / t,   1 where t is 0 or k.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints, factorise, sums
from campaigns.quality.bootstrap import Interval, interval_by_canvas
from campaigns.quality.labels.many import YES, Questions, questions_of


@dataclass(frozen=True, slots=True)
class ManyFigures:
    """Counts of labels over `judged` answers, and what follows; a figure is None where nothing was said nor true."""

    tp: int
    fp: int
    fn: int
    macro_f1: float | None
    average_precision: float | None
    judged: int

    @property
    def f1(self) -> float | None:
        """Micro F1: 2 tp / (2 tp + fp + fn)."""
        total = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / total if total else None


@dataclass(frozen=True, slots=True)
class ManyCeiling:
    """All people together, the interval by item of their micro F1, and each of them in sorted order."""

    overall: ManyFigures
    interval: Interval | None
    people: tuple[tuple[Any, ManyFigures], ...]


def ceiling_of_sets(
    item: npt.ArrayLike,
    person: npt.ArrayLike,
    sets: Sequence[Collection[str]],
    *,
    labels: Collection[str] = (),
    seed: int | None = None,
    samples: int = 1000,
) -> ManyCeiling:
    """One row a person and item `(n,)`, the labels given as a set, maybe empty; `labels`: all that there are to choose
    from, beside those that were given.

    Raises ValueError when somebody answers an item twice.
    """
    asked = questions_of(item, person, sets)
    looks = _looks(item, person)
    rows = _judged(asked)
    kinds = len(set(asked.labels.tolist()) | set(labels))
    who = np.searchsorted(looks.people, asked.answers.people)[asked.answers.person[rows.row]]
    place = np.searchsorted(looks.items, asked.items)[asked.item[rows.question]]
    label = asked.label[rows.question]
    look = looks.find(place, who)
    n = len(looks.item)
    right, said, true = (
        sums(look, one.astype(float), n) for one in (rows.mine & rows.true, rows.mine, rows.true)
    )
    ranked = _ranked(right, said, true, kinds)
    met = looks.voices[looks.item] > 1
    spread = None
    if seed is not None and met.any():
        at = factorise(looks.item[met])[1]
        canvases = int(at.max()) + 1
        hits = sums(at, 2 * right[met], canvases)
        total = sums(at, said[met] + true[met], canvases)
        spread = interval_by_canvas(
            lambda w: np.divide(w @ hits, w @ total, out=np.full(len(w), np.nan), where=w @ total > 0),
            canvases,
            seed=seed,
            samples=samples,
        )

    def figures(answer: npt.NDArray[np.bool_], here: npt.NDArray[np.bool_]) -> ManyFigures:
        tp, one, other = (float(column[here].sum()) for column in (right, said, true))
        judged = int(here.sum())
        return ManyFigures(
            int(tp), int(one - tp), int(other - tp),
            _macro(label[answer], rows.mine[answer], rows.true[answer], len(asked.labels)),
            fsum(ranked[here].tolist()) / judged if judged else None,
            judged,
        )  # fmt: skip

    return ManyCeiling(
        figures(np.ones(len(who), dtype=bool), met),
        spread,
        tuple(
            (name, figures(who == code, met & (looks.person == code)))
            for code, name in enumerate(looks.people.tolist())
        ),
    )


@dataclass(frozen=True, slots=True)
class _Looks:
    """Who answered which item, sorted by item and person."""

    items: npt.NDArray[Any]
    people: npt.NDArray[Any]
    item: Ints
    person: Ints
    voices: Ints

    def find(self, item: Ints, person: Ints) -> Ints:
        keys = self.item * max(len(self.people), 1) + self.person
        return np.searchsorted(keys, item * max(len(self.people), 1) + person).astype(np.int64)


def _looks(item: npt.ArrayLike, person: npt.ArrayLike) -> _Looks:
    items, at = np.unique(np.asarray(item), return_inverse=True)
    people, who = np.unique(np.asarray(person), return_inverse=True)
    keys = np.unique(at.astype(np.int64) * max(len(people), 1) + who)
    place, name = keys // max(len(people), 1), keys % max(len(people), 1)
    return _Looks(items, people, place, name, np.bincount(place, minlength=len(items)).astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Judged:
    """Answers to questions that somebody else answered too: whether the person says yes, and whether the others do."""

    row: Ints
    question: Ints
    mine: npt.NDArray[np.bool_]
    true: npt.NDArray[np.bool_]


def _judged(asked: Questions) -> _Judged:
    answers = asked.answers
    yes = answers.label == YES
    # The items of these answers are questions, in the order of their numbers.
    question = answers.items[answers.item].astype(np.int64)
    votes, voices = (
        np.bincount(question, column, len(asked.item)) for column in (yes.astype(float), np.ones(len(yes)))
    )
    others = voices[question] - 1
    row = np.flatnonzero(others > 0).astype(np.int64)
    left = votes[question] - yes
    return _Judged(row, question[row], yes[row], (2 * left > others)[row])


def _ranked(right: Floats, said: Floats, true: Floats, kinds: int) -> Floats:
    share = right * right / np.maximum(said, 1) + (true - right) * true / max(kinds, 1)
    return np.where((true > 0) & (true < kinds), share / np.maximum(true, 1), 1.0)


def _macro(
    label: Ints, mine: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_], labels: int
) -> float | None:
    """The mean F1 of the labels that the person or the others gave."""
    hits = sums(label, (mine & true).astype(float), labels)
    total = sums(label, mine.astype(float) + true, labels)
    told = total > 0
    return float((2 * hits[told] / total[told]).mean()) if told.any() else None
