"""How often each label was given to each unit: all that chance-corrected agreement needs, linear in the answers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Answers, Floats, Ints, Names, answers_of, sums

_CELLS = 65_536


@dataclass(frozen=True, slots=True)
class Counts:
    """Entries (unit, code, count) for each label given to a unit, sorted by unit and code."""

    unit: Ints
    code: Ints
    count: Floats
    size: Floats  # answers per unit (units,)
    codes: int
    people: int
    item: Ints  # per unit, its place among the items of the answers it comes from

    @property
    def units(self) -> int:
        return len(self.size)

    def pooled(self) -> Floats:
        """How often each label was given `(codes,)`."""
        return sums(self.code, self.count, self.codes)

    def marginals(self, weights: Floats) -> Floats:
        """How often each label was given, for each reweighting of the units `(b, units)` → `(b, codes)`."""
        many = len(weights) > 1  # a table is worth its making only where it is read again and again
        if many and self.units * self.codes <= 2 * len(self.count) + 10_000_000 // len(weights):
            dense = np.zeros((self.units, self.codes))
            dense[self.unit, self.code] = self.count
            return weights @ dense
        return np.stack([sums(self.code, row[self.unit] * self.count, self.codes) for row in weights])


def tally(answers: Answers, *, least: int = 1) -> Counts:
    """The counts of units with at least `least` answers; 2 for the pairable ones."""
    size = answers.voices
    kept = size >= least
    people = len(answers.people)
    item, label = answers.item, answers.label
    if not kept.all():
        rows = kept[item]
        people = len(np.unique(answers.person[rows]))
        item, label = (np.cumsum(kept) - 1)[item[rows]], label[rows]
    k = max(len(answers.labels), 1)
    unit, code, count = _entries(item, label, size[kept], k)
    return Counts(
        unit=unit,
        code=code,
        count=count,
        size=size[kept].astype(np.float64),
        codes=k,
        people=people,
        item=np.flatnonzero(kept).astype(np.int64),
    )


def _entries(item: Ints, label: Ints, size: Ints, k: int) -> tuple[Ints, Ints, Floats]:
    """Unit, label and count of every pair that occurs, sorted; `item (n,)` is sorted, `size` rows of each unit."""
    units = len(size)
    if units * k > 4 * len(item) + 1000:
        key = item * k
        key += label
        key.sort(kind="stable")  # quick, as the items are in order
        starts = np.flatnonzero(np.diff(key, prepend=-1))
        unit = key[starts] // k
        return unit, key[starts] - unit * k, np.diff(starts, append=len(key)).astype(np.float64)
    # Most cells are filled: tables of all cells of some units at a time, small enough for the processor's cache.
    most = min(len(item), units * k)
    unit, code, count = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most)
    step, ends = max(1, _CELLS // k), np.cumsum(size)
    done = row = 0
    for low in range(0, units, step):
        high = min(low + step, units)
        end = int(ends[high - 1])
        key = item[row:end] * k
        key += label[row:end]
        key -= low * k
        cells = np.bincount(key, minlength=(high - low) * k)
        filled = np.flatnonzero(cells > 0)
        here = slice(done, done + len(filled))
        np.floor_divide(filled, k, out=unit[here])
        np.subtract(filled, unit[here] * k, out=code[here])
        unit[here] += low
        count[here] = cells[filled]
        done, row = here.stop, end
    return unit[:done], code[:done], count[:done]


def count_answers(unit: npt.ArrayLike, person: npt.ArrayLike, label: npt.ArrayLike) -> tuple[Counts, Names]:
    """The pairable counts, and the labels behind the codes in sorted order; see `answers_of` for the columns."""
    answers = answers_of(unit, person, label)
    return tally(answers, least=2), answers.labels
