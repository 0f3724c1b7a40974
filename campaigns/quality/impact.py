"""What a decision is worth: how much is learned by it, and whether the next release lacks examples of it."""

from dataclasses import dataclass
from math import log2


@dataclass(frozen=True, slots=True)
class Standing:
    """A concept within a campaign: how often people said it, and how many decided examples there are."""

    said: int
    decided: int


def rarity(said: int, total: int) -> float:
    """The information −log₂ p of a concept, as a share of the most that there can be: 0 (all say it) to 1 (nobody).

    p = (said + 1) / (total + 1); `total`: how often any concept was said.
    """
    most = log2(total + 1)
    return (most - log2(said + 1)) / most if most else 1.0


def lacking(decided: int, wanted: int) -> float:
    """The share of the wanted examples that is not there yet, 0 to 1; 0 where none are wanted."""
    return max(0, wanted - decided) / wanted if wanted else 0.0


def impact(standing: Standing, *, total: int, wanted: int) -> float:
    """1 + rarity + what is lacking: 1 for what is common and well covered, 3 for what nobody has said or decided."""
    return 1 + rarity(standing.said, total) + lacking(standing.decided, wanted)


def priority(disagreement: float, weight: float) -> float:
    """Disagreement × impact, 0 to 3: what nobody disputes waits, however rare it is."""
    return disagreement * weight
