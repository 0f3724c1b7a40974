"""Answers as numbers: who said what about which item, one row an answer, whatever the names are.

Everything that merges or compares labels starts here. A table of n answers takes three columns of n numbers;
answers are spread into items × people only where they fill at least half of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Names = npt.NDArray[Any]

_GREATEST = np.iinfo(np.int64).max
_BITS = 63  # of a number that is not negative
_ROOM = 2  # cells of a table for each answer, up to which it is quicker than sorting
_TWO_LABELS = "Somebody gave two different labels to the same item."
_BLOCK = 65_536  # rows at a time, so that what is only looked at stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Answers:
    """Columns `item`, `person`, `label` `(n,)` of codes into `items`, `people`, `labels`.

    Rows are sorted by item, then person. Every item and person has an answer; a label may have none.
    """

    item: Ints
    person: Ints
    label: Ints
    items: Names
    people: Names
    labels: Names

    def __len__(self) -> int:
        return len(self.item)

    @property
    def voices(self) -> Ints:
        """Answers per item `(items,)`."""
        return np.bincount(self.item, minlength=len(self.items)).astype(np.int64)

    @property
    def answered(self) -> Ints:
        """Answers per person `(people,)`."""
        return np.bincount(self.person, minlength=len(self.people)).astype(np.int64)

    @property
    def starts(self) -> Ints:
        """The first row of each item `(items,)`."""
        counts = self.voices
        return (np.cumsum(counts) - counts).astype(np.int64)

    def without(self, person: int) -> "Answers":
        """The answers of everybody else; items nobody else answered are gone, all labels stay."""
        kept = self.person != person
        return answers_of(
            self.items[self.item[kept]],
            self.people[self.person[kept]],
            self.labels[self.label[kept]],
            labels=self.labels,
            repeats=True,
        )

    def gold_codes(self, gold: Mapping[Any, Any] | None) -> Ints:
        """Known labels as codes `(items,)`, −1 where nothing is known.

        Raises ValueError for a label that is not among the labels; items nobody answered are left out.
        """
        known = np.full(len(self.items), -1, dtype=np.int64)
        if gold:
            places = {value: code for code, value in enumerate(self.items.tolist())}
            codes = {value: code for code, value in enumerate(self.labels.tolist())}
            for item, label in gold.items():
                if label not in codes:
                    raise ValueError(f"The known answer “{label}” is not among the labels that may be given.")
                if item in places:
                    known[places[item]] = codes[label]
        return known


def answers_of(
    item: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike,
    *,
    labels: npt.ArrayLike | None = None,
    repeats: bool = False,
) -> Answers:
    """The answers in three columns of sortable values; `labels`: all that may be given (default: those that were).

    The same answer of a person twice counts once. Raises ValueError when columns differ in length, a label is
    not among `labels`, or somebody gives an item two different labels. With `repeats` every row is kept: a
    person may have judged the same item several times (Dawid & Skene's first observer did).
    """
    (items, item_code), (people, person_code), (names, label_code) = map(_coded, (item, person, label))
    if not item_code.shape == person_code.shape == label_code.shape or item_code.ndim != 1:
        raise ValueError("Items, people and labels come as three columns of the same length.")
    if labels is not None:
        options = np.unique(np.asarray(labels))
        place = np.searchsorted(options, names)
        if not len(options) or (options[np.minimum(place, len(options) - 1)] != names).any():
            raise ValueError("Somebody gave a label that is not among the labels that may be given.")
        names, label_code = options, place[label_code]
    least = _least_step(item_code, person_code, len(people))
    cells = len(items) * len(people)
    if least < 0 and not repeats and cells <= _ROOM * len(item_code):
        return Answers(
            *_on_table(item_code, person_code, label_code, len(people), cells), items, people, names
        )
    if least < 0:
        item_code, person_code, label_code = _in_order(item_code, person_code, label_code)
    if least <= 0 and not repeats:
        same = (item_code[1:] == item_code[:-1]) & (person_code[1:] == person_code[:-1])
        again = np.flatnonzero(same) + 1
        if (label_code[again] != label_code[again - 1]).any():
            raise ValueError(_TWO_LABELS)
        if len(again):
            item_code, person_code, label_code = (
                np.delete(column, again) for column in (item_code, person_code, label_code)
            )
    return Answers(item_code, person_code, label_code, items, people, names)


def _on_table(item: Ints, person: Ints, label: Ints, people: int, cells: int) -> tuple[Ints, Ints, Ints]:
    """Rows sorted by item, then person, each once: laid on a table of all cells, of which most are filled."""
    cell = item * people
    cell += person
    table = np.full(cells, -1, dtype=np.int64)
    table[cell] = label
    if (table[cell] != label).any():
        raise ValueError(_TWO_LABELS)
    filled = np.flatnonzero(table >= 0)
    item = filled // people
    return item, filled - item * people, table[filled]


def _in_order(item: Ints, person: Ints, label: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows sorted by item, then person, then label: each as one number, which is sorted several times as fast as
    places are; places where the three do not fit into one."""
    of_person, of_label = (int(codes.max()).bit_length() for codes in (person, label))
    if int(item.max()).bit_length() + of_person + of_label > _BITS:
        order = np.lexsort((label, person, item))
        return item[order], person[order], label[order]
    rows = item << (of_person + of_label)
    rows |= person << of_label
    rows |= label
    rows.sort()
    sorted_label = rows & ((1 << of_label) - 1)
    rows >>= of_label
    return rows >> of_person, rows & ((1 << of_person) - 1), sorted_label


def _least_step(item: Ints, person: Ints, people: int) -> int:
    """Below 0 where rows are not sorted by item and person, 0 where two in a row are of the same, else above."""
    least = 1
    for low in range(0, len(item) - 1, _BLOCK):
        voice = item[low : low + _BLOCK + 1] * people
        voice += person[low : low + _BLOCK + 1]
        least = min(least, int(np.diff(voice).min()))
        if least < 0:
            break
    return least


def _coded(column: npt.ArrayLike) -> tuple[Names, Ints]:
    """`factorise` of any column. Texts in a list are looked up: an array would make each as wide as the widest."""
    if isinstance(column, list | tuple) and set(map(type, column)) == {str}:
        texts = sorted(set(column))
        names = np.array(texts)
        if names.tolist() == texts:  # an array forgets zeros at the end of a text
            place = {text: code for code, text in enumerate(texts)}
            return names, np.fromiter(map(place.__getitem__, column), np.int64, len(column))
    return factorise(np.asarray(column))


def factorise(values: Names) -> tuple[Names, Ints]:
    """Sortable values → their sorted distinct values and codes `(n,)`; whole numbers in a dense range unsorted fast."""
    if values.dtype.kind in "iu" and len(values):
        low, high = int(values.min()), int(values.max())
        if high - low <= 4 * len(values) + 1000 and high <= _GREATEST:
            codes = np.subtract(values, low, dtype=np.int64, casting="unsafe")
            present = np.zeros(high - low + 1, dtype=bool)
            for start in range(0, len(codes), _BLOCK):
                present[codes[start : start + _BLOCK]] = True
                if present.all():
                    return np.arange(low, high + 1), codes
            return np.flatnonzero(present) + low, (np.cumsum(present) - 1)[codes]
    names, codes = np.unique(values, return_inverse=True)
    return names, codes.astype(np.int64, copy=False)


def sums(index: Ints, values: Floats, size: int) -> Floats:
    """Σ of `values (n,)` per `index (n,)`, `float64 (size,)`; floats also where there is nothing to add."""
    return np.asarray(np.bincount(index, values, size), dtype=np.float64)
