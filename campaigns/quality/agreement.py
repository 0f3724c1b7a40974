"""How far people agree beyond chance on labels: percent agreement and Krippendorff's alpha.

Both take long tables, one row per answer: the `unit` that was judged (a canvas, a region, a matched box), the
`person` and the `label`. Anybody may have judged anything; what is missing is simply not there. Only units
with two answers or more say something about agreement.

    alpha = 1 − D_o / D_e
    D_o = 1/n Σ_u Σ_{c≠k} n_uc n_uk δ(c, k) / (m_u − 1)
    D_e = 1/(n (n − 1)) Σ_{c≠k} n_c n_k δ(c, k)

with m_u answers on unit u, n_uc of them c, and n = Σ m_u (Krippendorff 2011, Computing alpha-reliability).

The counts n_uc are all that is kept: time and memory are linear in the answers.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from campaigns.quality.answers import Floats, answers_of, factorise
from campaigns.quality.bootstrap import Interval, Statistic, interval_by_canvas
from campaigns.quality.difference import Difference, jaccard, masi, nominal
from campaigns.quality.tally import Counts, tally

_BLOCK = 4_000_000


def _same_or_not(_: Sequence[Collection[str]]) -> Difference:
    return nominal


SET_DISTANCES: dict[str, Callable[[Sequence[Collection[str]]], Difference]] = {
    "masi": masi,
    "jaccard": jaccard,
    "nominal": _same_or_not,
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Figures on labels; None where the answers cannot tell.

    Without a unit of two answers nothing can be said, without variation nothing about chance (alpha).
    """

    percent: float | None
    alpha: float | None
    interval: Interval | None
    units: int
    people: int
    answers: int


def alpha(counts: Counts, difference: Difference = nominal) -> float | None:
    """Krippendorff's alpha, 1 for perfect and 0 for chance agreement; None without variation or pairs."""
    n = float(counts.size.sum())
    expected = float(expected_difference(counts.pooled()[None], difference)[0])
    if not expected > 0:
        return None
    return 1 - float(observed_difference(counts, difference).sum()) * (n - 1) / expected


def percent_agreement(counts: Counts) -> float | None:
    """Mean over units of the share of their pairs of answers that are equal (Fleiss 1971, P̄), 0–1."""
    if not counts.units:
        return None
    equal = np.bincount(counts.unit, counts.count * (counts.count - 1), counts.units)
    return float((equal / (counts.size * (counts.size - 1))).mean())


def label_agreement(
    unit: npt.ArrayLike,
    person: npt.ArrayLike,
    label: npt.ArrayLike,
    *,
    difference: Callable[[npt.NDArray[Any]], Difference] | None = None,
    canvas: npt.ArrayLike | None = None,
    seed: int | None = None,
    samples: int = 1000,
) -> Agreement:
    """All figures on one label per person and unit.

    `difference` makes the difference from the labels in code order (default nominal). With a `seed` the
    interval of alpha is drawn by `canvas (n,)` of each answer, by default each unit for itself: name the canvas
    where several units share one, or the interval is too narrow.

    Raises ValueError when a unit lies on two canvases.
    """
    answers = answers_of(unit, person, label)
    counts = tally(answers, least=2)
    place = None if canvas is None else canvas_of_units(answers.items, unit, canvas)[counts.item]
    return _figures(counts, difference(answers.labels) if difference else nominal, place, seed, samples)


def canvas_of_units(
    items: npt.NDArray[Any], unit: npt.ArrayLike, canvas: npt.ArrayLike
) -> npt.NDArray[np.int64]:
    """The canvas of each of the sorted distinct `items`, as codes. Raises ValueError for a unit on two canvases."""
    _, at = factorise(np.asarray(canvas))
    row = np.searchsorted(items, np.asarray(unit))
    place = np.zeros(len(items), dtype=np.int64)
    place[row] = at
    if (place[row] != at).any():
        raise ValueError("A unit lies on two canvases.")
    return place


def set_agreement(
    unit: npt.ArrayLike,
    person: npt.ArrayLike,
    sets: Sequence[Collection[str]],
    *,
    distance: str = "masi",
    canvas: npt.ArrayLike | None = None,
    seed: int | None = None,
    samples: int = 1000,
) -> Agreement:
    """All figures on several labels per person and unit; `distance` is “masi”, “jaccard” or “nominal”.

    An empty set is the answer “nothing here”. Percent agreement counts equal sets only.
    """
    frozen = [tuple(sorted(set(members))) for members in sets]
    distinct = sorted(set(frozen))
    place = {members: index for index, members in enumerate(distinct)}
    try:
        make = SET_DISTANCES[distance]
    except KeyError:
        raise ValueError(
            f"There is no distance “{distance}” of sets; there are masi, jaccard and nominal."
        ) from None
    codes = np.array([place[members] for members in frozen], dtype=np.int64)
    return label_agreement(
        unit,
        person,
        codes,
        difference=lambda kept: make([distinct[code] for code in kept.tolist()]),
        canvas=canvas,
        seed=seed,
        samples=samples,
    )


def mean_pairwise(
    answers: Sequence[Mapping[str, Any]], compare: Callable[[Mapping[str, Any], Mapping[str, Any]], float]
) -> float | None:
    """Mean likeness over all pairs of answers to one task, 0–1; None for fewer than two."""
    values = [compare(a, b) for a, b in combinations(answers, 2)]
    return sum(values) / len(values) if values else None


def _figures(
    counts: Counts,
    difference: Difference,
    place: npt.NDArray[np.int64] | None,
    seed: int | None,
    samples: int,
) -> Agreement:
    value = alpha(counts, difference)
    spread = None
    if seed is not None and value is not None:
        statistic, canvases = by_canvas(_alphas(counts, difference), counts.units, place)
        spread = interval_by_canvas(statistic, canvases, seed=seed, samples=samples)
    return Agreement(
        percent=percent_agreement(counts),
        alpha=value,
        interval=spread,
        units=counts.units,
        people=counts.people,
        answers=int(counts.size.sum()),
    )


def by_canvas(statistic: Statistic, units: int, place: npt.NDArray[np.int64] | None) -> tuple[Statistic, int]:
    """A statistic of weighted units as one of weighted canvases, and the number of canvases that hold units."""
    if place is None:
        return statistic, units
    _, at = factorise(place)
    return lambda weights: statistic(weights[:, at]), int(at.max(initial=-1)) + 1


def _alphas(counts: Counts, difference: Difference) -> Statistic:
    """Alpha of many reweightings of the units at once: (b, units) → (b,)."""
    apart = observed_difference(counts, difference)

    def of(weights: Floats) -> Floats:
        n = weights @ counts.size
        with np.errstate(divide="ignore", invalid="ignore"):
            observed = weights @ apart / n
            expected = expected_difference(counts.marginals(weights), difference) / (n * (n - 1))
            return np.where(expected > 0, 1 - observed / expected, np.nan)

    return of


def observed_difference(counts: Counts, difference: Difference) -> Floats:
    """Per unit Σ n_uc n_uk δ(c, k) / (m_u − 1) over ordered pairs."""
    if difference is nominal:
        squares = np.bincount(counts.unit, np.square(counts.count), counts.units)
        total: Floats = np.square(counts.size) - squares
    else:
        starts = np.flatnonzero(np.diff(counts.unit, prepend=-1))
        lengths = np.diff(np.append(starts, len(counts.unit)))
        total = np.zeros(counts.units)
        # The k-th neighbour within the unit: as many rounds as the most varied unit has labels, all of it
        # vectorised.
        for step in range(1, int(lengths.max(initial=1))):
            one = np.flatnonzero(counts.unit[:-step] == counts.unit[step:])
            other = one + step
            apart = difference(counts.code[one], counts.code[other]) * counts.count[one] * counts.count[other]
            total += 2 * np.bincount(counts.unit[one], apart, counts.units)
    return total / (counts.size - 1)


def expected_difference(marginals: Floats, difference: Difference) -> Floats:
    """Σ n_c n_k δ(c, k) over ordered pairs, for each row of marginals (b, codes)."""
    if difference is nominal:
        return np.asarray(
            np.square(marginals.sum(axis=1)) - np.square(marginals).sum(axis=1), dtype=np.float64
        )
    codes = np.arange(marginals.shape[1])
    total = np.zeros(len(marginals))
    step = max(1, _BLOCK // max(len(codes), 1))
    for start in range(0, len(codes), step):
        block = codes[start : start + step]
        total += np.einsum(
            "bc,bc->b", marginals[:, block], marginals @ difference(block[:, None], codes[None]).T
        )
    return total
