"""What stands out among things of one kind: by their measures, and by how far people doubted them.

A measure is compared by the modified z-score, 0.6745 (x − median) / MAD, which one wild value cannot bend; beyond
3.5 it is called unusual (B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC 1993, ch. 3). Where
more than half of the values are equal, and the MAD with it 0, they take the mean absolute deviation in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

UNUSUAL = 3.5
# Fewer have no middle worth the name.
FEWEST = 5
Kind = Literal["large", "small", "wide", "narrow", "right", "left", "low", "high"]
# Above and below the median: of size, of shape, of place across and down.
NAMES: tuple[tuple[Kind, Kind], ...] = (
    ("large", "small"),
    ("wide", "narrow"),
    ("right", "left"),
    ("low", "high"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing: its box in shares of its canvas (x, y, w, h), its proportions as they are seen, and the doubts.

    `aspect`: width by height in pixels. `probability`: that it is what it is called, 0 to 1. A thing without a place
    has no box.
    """

    box: tuple[float, float, float, float] | None
    aspect: float
    probability: float
    disagreement: float


@dataclass(frozen=True, slots=True)
class Oddity:
    """An unusual measure: `factor` times the median, for size and shape."""

    kind: Kind
    z: float
    factor: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a thing stands out, 0 to 1, and by what measures; the oddest first."""

    score: float
    oddities: tuple[Oddity, ...]


def robust_z(values: ArrayLike) -> NDArray[np.float64]:
    """Modified z-scores of n values, shape (n,); all 0 where the values do not differ."""
    data = np.asarray(values, dtype=np.float64)
    if not data.size:
        return data
    away = data - np.median(data)
    spread = np.median(np.abs(away)) / 0.6745
    if spread <= np.finfo(float).eps * max(1.0, float(np.abs(data).max())):
        spread = np.abs(away).mean() * 1.253314
    return away / spread if spread > 0 else np.zeros_like(data)


def standings(things: Sequence[Seen]) -> list[Standing]:
    """How far each stands out among the others.

    1 − (1 − doubt) (1 − oddness): doubt is the greater of 1 − probability and disagreement; oddness is
    z² / (z² + 3.5²) for the oddest of four measures (log of area, log of aspect, the middle across and down), and
    so a half where a measure begins to be unusual. More doubt or a greater z never lowers it.
    """
    placed = [index for index, thing in enumerate(things) if thing.box and min(thing.box[2:]) > 0]
    rows = dict(zip(placed, _measured([things[index] for index in placed]), strict=True))
    return [_standing(thing, rows.get(index)) for index, thing in enumerate(things)]


def _measured(things: Sequence[Seen]) -> NDArray[np.float64]:
    """Four z-scores and two factors over the median (of area and aspect) for each thing, shape (n, 6)."""
    if len(things) < FEWEST:
        return np.zeros((len(things), 6))
    boxes = np.array([thing.box for thing in things], dtype=np.float64)
    aspects = np.array([thing.aspect for thing in things], dtype=np.float64)
    size, shape = np.log(boxes[:, 2] * boxes[:, 3]), np.log(aspects)
    middle = boxes[:, :2] + boxes[:, 2:] / 2
    measures = (size, shape, middle[:, 0], middle[:, 1])
    zs = np.column_stack([robust_z(one) for one in measures])
    factors = np.column_stack([np.exp(np.clip(one - np.median(one), -50, 50)) for one in (size, shape)])
    return np.column_stack([zs, factors])


def _standing(thing: Seen, row: NDArray[np.float64] | None) -> Standing:
    zs = row[:4] if row is not None else np.zeros(4)
    greatest = float(np.abs(zs).max())
    odd = 1 / (1 + (UNUSUAL / greatest) ** 2) if greatest > 0 else 0.0
    doubt = min(1.0, max(0.0, 1 - thing.probability, thing.disagreement))
    found = []
    for index, z in enumerate(zs):
        if abs(z) > UNUSUAL and row is not None:
            factor = float(row[4 + index]) if index < 2 else None
            found.append(Oddity(NAMES[index][0 if z > 0 else 1], float(z), factor))
    found.sort(key=lambda one: -abs(one.z))
    return Standing(1 - (1 - doubt) * (1 - odd), tuple(found))
