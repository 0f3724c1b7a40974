"""How exactly each person draws each edge of a box, so that the mean of several boxes listens to the exact.

An edge of a thing g is at t_g; a person j puts it at t_g + e, e of variance v_j × side², the side being the width of
the thing for left and right, its height for top and bottom: a hand is as exact as the thing is large. Each one's edges
are held beside the mean of the *others'*, m, without the own vote. Of the others this mean has a variance of its own,

    E (x_j − m)² = v_j + 1 / Σ_{k≠j} 1/v_k,

so that v_j is only what the noise of the others leaves: variance components (Grubbs 1948, JASA 43, 243–264), here by
the steps of restricted likelihood, squares by degrees of freedom (Harville 1977, JASA 72, 320–338). PRIOR boxes at
the crowd's variance belong to everybody: of whom little is known is as exact as the crowd. First all four edges tell of
a hand, then each of its edges is drawn to the hand by as many. Nobody is held for more than ten times as exact (σ) as
the crowd. Weights are 1/v (Aitken 1935), the best there are for a mean; equal ones are the plain mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, Ints, sums
from campaigns.quality.edges import to_edges
from campaigns.quality.overlapping import as_boxes

PRIOR = 10.0
LEAST_BOXES = 30  # fewer drawn by two people or more say nothing of anybody
FINEST = 0.01  # of the crowd's variance
_STEPS, _STILL = 200, 1e-9


@dataclass(frozen=True, slots=True)
class EdgeSpread:
    """`people`: each one's σ of left, top, right and bottom, as a share of the side; `crowd`: that of everybody.

    `boxes`: from how many of each it was learnt.
    """

    people: Mapping[str, tuple[float, float, float, float]]
    crowd: tuple[float, float, float, float]
    boxes: Mapping[str, int]

    def weights(self, person: npt.ArrayLike) -> Floats:
        """`person (n,)` → `(n, 4)`: 1/σ², for whoever is not known that of the crowd."""
        rows = [self.people.get(str(one), self.crowd) for one in np.asarray(person).tolist()]
        return np.asarray(1 / np.square(np.array(rows, dtype=np.float64).reshape(-1, 4)), dtype=np.float64)

    def as_json(self) -> dict[str, Any]:
        """Plain values, from which `from_json` makes it again."""
        return {
            "people": {who: list(row) for who, row in self.people.items()},
            "crowd": list(self.crowd),
            "boxes": dict(self.boxes),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            {who: tuple(row) for who, row in value["people"].items()}, tuple(value["crowd"]), value["boxes"]
        )


def edge_spread(boxes: npt.ArrayLike, person: npt.ArrayLike, group: npt.ArrayLike) -> EdgeSpread | None:
    """From `boxes (n, 4)` of `person (n,)` and `group (n,)`, what is one thing having one number (`group_boxes`).

    Only things that two people or more drew count. None for fewer than LEAST_BOXES of their boxes, or where all are
    drawn alike. Neither the order of the rows nor the size or place of things matters. Raises ValueError for columns of
    other lengths.
    """
    rows, names, things = as_boxes(boxes), np.asarray(person).astype(np.str_), np.asarray(group)
    if not len(rows) == len(names) == len(things):
        raise ValueError("Every box needs its person and the thing that it is of.")
    _, thing, size = np.unique(things, return_inverse=True, return_counts=True)
    rows, names, thing = rows[size[thing] > 1], names[size[thing] > 1], thing[size[thing] > 1]
    if len(rows) < LEAST_BOXES:
        return None
    # In an order of their own, so that sums come out alike to the last digit.
    order = np.lexsort((*rows.T[::-1], names, thing))
    rows, names, thing = rows[order], names[order], np.unique(thing[order], return_inverse=True)[1]
    people, who = np.unique(names, return_inverse=True)
    columns = _scaled(rows, thing).T
    spread = np.std(columns, axis=1)
    if (spread <= 1e-9).any():
        return None
    # A hand first, from all edges alike; then each of its edges, held for like the hand until it shows otherwise.
    of_an_edge = np.repeat(np.arange(4) * (int(thing.max()) + 1), len(who))
    four = np.tile(thing, 4) + of_an_edge
    hand, crowd = _variances((columns / spread[:, None]).ravel(), four, np.tile(who, 4), np.ones(len(people)))
    found = [_variances(column, thing, who, hand / crowd) for column in columns]
    sigma = np.sqrt(np.column_stack([each for each, _crowd in found]))
    left, top, right, bottom = (float(np.sqrt(crowd)) for _each, crowd in found)
    return EdgeSpread(
        {name: tuple(row) for name, row in zip(people.tolist(), sigma.tolist(), strict=True)},
        (left, top, right, bottom),
        dict(zip(people.tolist(), np.bincount(who).tolist(), strict=True)),
    )


def _scaled(rows: Floats, thing: Ints) -> Floats:
    """Edges `(n, 4)` as shares of the mean side of their thing, from the mean edge of it on."""
    n = int(thing.max()) + 1
    count = np.bincount(thing, minlength=n)
    edges = to_edges(rows)
    sides = [sums(thing, rows[:, 2 + axis], n) / count for axis in (0, 1, 0, 1)]
    middle = [sums(thing, edges[:, column], n) / count for column in range(4)]
    return np.column_stack([(edges[:, c] - middle[c][thing]) / sides[c][thing] for c in range(4)])


def _variances(x: Floats, thing: Ints, who: Ints, prior: Floats) -> tuple[Floats, float]:
    """The variance of each person, of `x (n,)`, and that of the crowd, of which `prior (people,)` is each one's share
    while nothing is known."""
    things, people = int(thing.max()) + 1, len(prior)
    met = np.bincount(who, minlength=people)
    freedom = len(x) - things
    crowd = float(np.square(x - (sums(thing, x, things) / np.bincount(thing))[thing]).sum()) / freedom
    each = crowd * prior
    for _step in range(_STEPS):
        weight = 1 / each[who]
        total = sums(thing, weight, things)
        mean = sums(thing, weight * x, things) / total
        # x − mean of all is (x − mean of the others) × the others' share of the weight; its variance v × that share.
        told, free = np.square(x - mean[thing]), 1 - weight / total[thing]
        # The crowd's variance is that of one of its boxes, whoever drew it.
        crowd = float(each @ met) / len(x)
        moved = (sums(who, told, people) + PRIOR * crowd * prior) / (sums(who, free, people) + PRIOR)
        moved = np.maximum(moved, FINEST * crowd)
        still = np.abs(moved - each).max() <= _STILL * crowd
        each = moved
        if still:
            break
    return each, float(each @ met) / len(x)
