"""Confusion: what was taken for what, with the recall of rows, the accuracy of columns, the ids in each cell.

Rows are what is true, columns what was predicted. The recall of a row is the share of its things that were
predicted rightly (producer's accuracy), the accuracy of a column the share of its predictions that are right
(user's accuracy, precision): Congalton (1991), A review of assessing the accuracy of classifications, Remote
Sensing of Environment 37, 35–46. For boxes there is a row for what is not there (false finds) and a column for
what was not found (missed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints, factorise
from campaigns.quality.evaluation.alike import alike
from campaigns.quality.evaluation.columns import PredictedBoxes, TrueBoxes, shared_codes
from campaigns.quality.evaluation.greedy import meet, rank_in_group


@dataclass(frozen=True, slots=True)
class Confusion:
    """`counts (k + 1, k + 1)`: the last row is “not there”, the last column “missed”; both 0 for whole images.

    `row`, `column (n,)`: the cell of each judgement; `true`, `predicted`: their ids, None where there is none.
    """

    labels: tuple[Any, ...]
    counts: Ints
    row: Ints
    column: Ints
    true: tuple[Any, ...]
    predicted: tuple[Any, ...]

    def recall(self) -> Floats:
        """Of each label, NaN where nothing is it `(k,)`."""
        return _shares(np.diag(self.counts)[:-1], self.counts.sum(axis=1)[:-1])

    def accuracy(self) -> Floats:
        """Of the predictions of each label, NaN where there is none `(k,)`."""
        return _shares(np.diag(self.counts)[:-1], self.counts.sum(axis=0)[:-1])

    @property
    def overall(self) -> float | None:
        """Share of all judgements on the diagonal."""
        total = int(self.counts.sum())
        return float(np.trace(self.counts) / total) if total else None

    def behind(self, true: Any | None, predicted: Any | None) -> tuple[tuple[Any, Any], ...]:
        """The (truth, prediction) ids of a cell; None for “not there” and for “missed”."""
        rows = np.flatnonzero((self.row == self._code(true)) & (self.column == self._code(predicted)))
        return tuple((self.true[place], self.predicted[place]) for place in rows.tolist())

    def _code(self, label: Any | None) -> int:
        return len(self.labels) if label is None else self.labels.index(label)


def confusion_of_labels(
    ids: npt.ArrayLike, truth: npt.ArrayLike, predicted: npt.ArrayLike, *, labels: Sequence[Any] | None = None
) -> Confusion:
    """Of single labels of whole images or regions, columns `(n,)`. Raises ValueError for columns of other lengths."""
    names, said, heard = (np.asarray(column) for column in (ids, truth, predicted))
    if not names.shape == said.shape == heard.shape or names.ndim != 1:
        raise ValueError("Ids, truths and predictions come as three columns of the same length.")
    known, codes = factorise(np.concatenate([said, heard]))
    if labels is not None:
        options = list(labels)
        if unknown := set(known.tolist()) - set(options):
            raise ValueError(f"The label “{min(map(str, unknown))}” is not among those given.")
        codes = np.array([options.index(name) for name in known.tolist()], dtype=np.int64)[codes]
        kept = tuple(options)
    else:
        kept = tuple(known.tolist())
    row, column = codes[: len(said)], codes[len(said) :]
    same = tuple(names.tolist())
    return Confusion(kept, _table(row, column, len(kept)), row, column, same, same)


def confusion_of_boxes(
    truth: TrueBoxes, predictions: PredictedBoxes, *, threshold: float = 0.5, score: float = -np.inf
) -> Confusion:
    """Of boxes of at least this `score`, met by place alone at IoU ≥ `threshold`, whatever their labels.

    What meets a crowd, and the crowd, stay out of it.
    """
    shown = predictions.at_least(score)
    codes = shared_codes(truth, shown)
    _, rank = rank_in_group(codes.canvas, shown.score)
    meeting = meet(
        alike(shown, truth), codes.canvas, rank, codes.true_canvas, truth.crowd, truth.crowd[None],
        np.array([threshold]),
    )  # fmt: skip
    met, aside = meeting.met[0, 0], meeting.ignored[0, 0]
    k = len(codes.labels)
    right, alone = np.flatnonzero((met >= 0) & ~aside), np.flatnonzero(met < 0)
    found = np.zeros(len(truth), dtype=bool)
    found[met[right]] = True
    missed = np.flatnonzero(~found & ~truth.crowd)
    row = np.concatenate([codes.true_label[met[right]], np.full(len(alone), k), codes.true_label[missed]])
    column = np.concatenate([codes.label[right], codes.label[alone], np.full(len(missed), k)])
    true = [*truth.id[met[right]].tolist(), *[None] * len(alone), *truth.id[missed].tolist()]
    predicted = [*shown.id[right].tolist(), *shown.id[alone].tolist(), *[None] * len(missed)]
    return Confusion(
        tuple(codes.labels.tolist()), _table(row, column, k), row, column, tuple(true), tuple(predicted)
    )


def _table(row: Ints, column: Ints, k: int) -> Ints:
    cells = np.bincount(row * (k + 1) + column, minlength=(k + 1) ** 2)
    return cells.reshape(k + 1, k + 1).astype(np.int64)


def _shares(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> Floats:
    shares: Floats = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return shares


def as_rows(confusion: Confusion) -> list[list[Any]]:
    """The table as an interface shows it: a head, a row a label with its recall, and the accuracies below."""
    recall, accuracy = confusion.recall().tolist(), confusion.accuracy().tolist()
    rows: list[list[Any]] = [["", *confusion.labels, None, "recall"]]
    for place, label in enumerate([*confusion.labels, None]):
        share = recall[place] if place < len(recall) else None
        rows.append([label, *confusion.counts[place].tolist(), share])
    return [*rows, ["accuracy", *accuracy, None, confusion.overall]]
