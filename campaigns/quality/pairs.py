"""Which things stand beside each other: unordered pairs of a list, all, a sample, within groups, or the most alike.

A pair is `(i, j)` with `i < j`, places in the list. The same seed gives the same pairs.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence

import numpy as np
import numpy.typing as npt

Pair = tuple[int, int]
May = Callable[[int, int], bool]
# So many pairs are looked through; of more the sample is drawn without making them all.
FEW = 200_000


def pairs_within(groups: Sequence[Sequence[Hashable]], *, most: int, seed: int, may: May) -> list[Pair]:
    """Pairs of which both belong to a group, at most `most` of each group; `groups` of each thing, none or several.

    What may stand beside what, `may` says. Groups come one after the other in the order of their names.
    """
    members: dict[Hashable, list[int]] = defaultdict(list)
    for place, named in enumerate(groups):
        for group in dict.fromkeys(named):
            members[group].append(place)
    found: dict[Pair, None] = {}
    for group in sorted(members, key=str):
        drawn = sampled(members[group], most=most, seed=seed, may=may)
        found.update(dict.fromkeys(drawn))
    return list(found)


def sampled(places: Sequence[int], *, most: int, seed: int, may: May) -> list[Pair]:
    """At most `most` pairs of these places, each as likely as any other, in an order of chance."""
    chance = random.Random(seed)
    count = len(places) * (len(places) - 1) // 2
    if count <= FEW:
        every = [
            _pair(places[i], places[j])
            for i in range(len(places))
            for j in range(i + 1, len(places))
            if may(places[i], places[j])
        ]
        return chance.sample(every, min(most, len(every)))
    found: dict[Pair, None] = {}
    # Of so many nearly all are drawn for the first time; where hardly any may be, what was found stands.
    for _try in range(20 * most + 1000):
        if len(found) >= most:
            break
        one, other = chance.sample(places, 2)
        if may(one, other):
            found[_pair(one, other)] = None
    return list(found)


def nearest(vectors: npt.NDArray[np.float64], *, each: int, may: May) -> list[tuple[Pair, float]]:
    """Each thing beside the `each` most alike it, with how alike they are (−1 to 1); the most alike pairs first.

    `vectors (n, d)`: a row is a thing; likeness is the cosine of two rows, that of a row of zeros is 0. Equally
    alike ones come in the order of the list, so that the order of the rows alone decides nothing else.
    """
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    found: dict[Pair, float] = {}
    for place, row in enumerate(unit):
        alike = unit @ row
        taken = 0
        for other in np.argsort(-alike, kind="stable").tolist():
            if taken >= each:
                break
            if other != place and may(place, other):
                found[_pair(place, other)] = float(alike[other])
                taken += 1
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
