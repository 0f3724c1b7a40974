"""Groups of what was found to be one: connected components of the pairs that join, and the pairs that contradict them.

Where A is one with B and B with C, the three are a group. A pair said to be different within a group is a
contradiction: it comes with the shortest chain of joining pairs between its two, one of which must be wrong, or the
pair itself. Whatever order the pairs come in, the groups are the same.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Verdict:
    """What was decided of two things: `joins` that they are one, else that they are not. `pair` names the decision."""

    a: str
    b: str
    joins: bool
    pair: str = ""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things of one group that were said to be different, and the chain that joins them: ids in order."""

    a: str
    b: str
    pair: str
    chain: tuple[str, ...]
    joined_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """`groups`: the largest first, ids in order, each of two or more; `contradictions` in the order of their ids.

    `contradicted` counts all contradictions, also those that were not asked for.
    """

    groups: tuple[tuple[str, ...], ...]
    contradictions: tuple[Contradiction, ...]
    contradicted: int


def grouped(verdicts: Iterable[Verdict], *, most: int | None = None) -> Groups:
    """The groups, and the first `most` contradictions (None: all); linear in the pairs, but for their chains.

    A chain is a search through its whole group: thousands of them are no answer to a question on a page.
    """
    joins: dict[str, dict[str, str]] = defaultdict(dict)
    parts: list[Verdict] = []
    for one in sorted({_straight(verdict) for verdict in verdicts}):
        if not one.joins:
            parts.append(one)
        elif one.a != one.b:
            joins[one.a].setdefault(one.b, one.pair)
            joins[one.b].setdefault(one.a, one.pair)
    groups = _components(joins)
    home = {member: place for place, group in enumerate(groups) for member in group}
    torn = [one for one in parts if one.a in home and home[one.a] == home.get(one.b)]
    contradictions = []
    for one in torn[:most]:
        chain = _chain(joins, one.a, one.b)
        links = tuple(joins[a][b] for a, b in pairwise(chain))
        contradictions.append(Contradiction(one.a, one.b, one.pair, chain, links))
    return Groups(groups, tuple(contradictions), len(torn))


def _straight(one: Verdict) -> Verdict:
    """The smaller id first: which of the two was named first means nothing."""
    return one if one.a <= one.b else Verdict(one.b, one.a, one.joins, one.pair)


def _components(joins: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, ...], ...]:
    seen: set[str] = set()
    groups: list[tuple[str, ...]] = []
    for start in sorted(joins):
        if start in seen:
            continue
        seen.add(start)
        group, waiting = [start], deque([start])
        while waiting:
            for other in joins[waiting.popleft()]:
                if other not in seen:
                    seen.add(other)
                    group.append(other)
                    waiting.append(other)
        groups.append(tuple(sorted(group)))
    return tuple(sorted(groups, key=lambda group: (-len(group), group)))


def _chain(joins: Mapping[str, Mapping[str, str]], start: str, end: str) -> tuple[str, ...]:
    """The shortest way from one to the other; of equally short ones that of the smallest ids."""
    before: dict[str, str] = {}
    waiting: deque[str] = deque([start])
    while waiting and end not in before:
        here = waiting.popleft()
        for other in sorted(joins[here]):
            if other not in before and other != start:
                before[other] = here
                waiting.append(other)
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))
