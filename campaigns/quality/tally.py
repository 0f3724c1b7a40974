"""How often each label was given to each unit: all that chance-corrected agreement needs, linear in the answers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Answers, Floats, Ints, Names, answers_of, factorise, sums


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

    def marginals(self, weights: Floats) -> Floats:
        """How often each label was given, for each reweighting of the units `(b, units)` → `(b, codes)`."""
        if self.units * self.codes <= 2 * len(self.count) + 10_000_000 // max(len(weights), 1):
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
    entry, back = factorise(item * k + label)
    count = np.bincount(back, minlength=len(entry)).astype(np.float64)
    return Counts(
        unit=entry // k,
        code=entry % k,
        count=count,
        size=size[kept].astype(np.float64),
        codes=k,
        people=people,
        item=np.flatnonzero(kept).astype(np.int64),
    )


def count_answers(unit: npt.ArrayLike, person: npt.ArrayLike, label: npt.ArrayLike) -> tuple[Counts, Names]:
    """The pairable counts, and the labels behind the codes in sorted order; see `answers_of` for the columns."""
    answers = answers_of(unit, person, label)
    return tally(answers, least=2), answers.labels
