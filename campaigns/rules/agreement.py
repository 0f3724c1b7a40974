"""So many people gave alike answers: every two of them at least so alike, as the kind of question compares."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, islice
from typing import Any

from campaigns.rules.evidence import Evidence
from campaigns.rules.rule import Finding, Parameter

KIND = "agreement"
COUNTS = "answers"
PARAMETERS = {"people": Parameter(2, 2, 100), "likeness": Parameter(0.8, 0.01, 1.0)}
Befriended = Callable[[str, str], bool]
_HAIR = 1e-9  # two thirds are two thirds, however they were summed
_FEW = 12  # of so few every group may be tried


def fits(question_kind: str) -> bool:
    return True


def judge(evidence: Evidence, parameters: Mapping[str, Any]) -> Finding | None:
    by_id = {one.id: one for one in evidence.given}
    least = parameters["likeness"] - _HAIR

    def alike(a: str, b: str) -> float:
        return evidence.alike(by_id[a], by_id[b])

    group = _all_friends(evidence.ids, lambda a, b: alike(a, b) >= least, parameters["people"])
    if group is None:
        return None
    likeness = min(alike(a, b) for a, b in combinations(group, 2))
    return Finding(group, {"answers": len(evidence), "alike": len(group), "likeness": round(likeness, 6)})


def _all_friends(among: Sequence[str], friends: Befriended, wanted: int) -> tuple[str, ...] | None:
    """The first `wanted` of these who are all friends of each other, in order; None when there are none.

    No group is larger than the number of circles of strangers that its members fall into; looking there first ends
    a search in vain at once, where trying every group of a hundred people would not end (Tomita and Seki 2003).
    """
    if wanted == 1:
        return tuple(among[:1]) or None
    if len(among) > _FEW and _circles(among, friends) < wanted:
        return None
    for place, one in enumerate(among):
        known = (other for other in among[place + 1 :] if friends(one, other))
        # The last one need not be chosen among all who would do.
        found = _all_friends([*islice(known, 1 if wanted == 2 else None)], friends, wanted - 1)
        if found is not None:
            return (one, *found)
    return None


def _circles(among: Sequence[str], friends: Befriended) -> int:
    """Into how many circles, no two of one being friends, these fall, each joining the first that takes them."""
    circles: list[list[str]] = []
    for one in among:
        circle = next(
            (circle for circle in circles if not any(friends(one, other) for other in circle)), None
        )
        if circle is None:
            circles.append([one])
        else:
            circle.append(one)
    return len(circles)
