"""What looks implausible in how somebody works: a reason to look, never to throw anything away."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

HASTE = 0.1  # of the time that people usually take
LEAST_TIMES, LEAST_PEOPLE = 5, 3
LEAST_RUN = 10
DIFFER = 0.5


@dataclass(frozen=True, slots=True)
class Haste:
    """Somebody's median seconds for a task, beside the median of everybody's medians."""

    own_s: float
    usual_s: float


@dataclass(frozen=True, slots=True)
class Uniform:
    """The same answer so many times in a row, and the share of those tasks about which others say something else."""

    run: int
    differ: float


def hasty(seconds: Mapping[Any, Sequence[float]]) -> dict[Any, Haste]:
    """Who takes less than a tenth of the usual time; each person has one voice in what is usual.

    `seconds` above zero by person. Nobody is judged by fewer than five times, or where fewer than three people
    have given that many.
    """
    own = {person: median(times) for person, times in seconds.items() if len(times) >= LEAST_TIMES}
    if len(own) < LEAST_PEOPLE:
        return {}
    usual = median(own.values())
    return {person: Haste(value, usual) for person, value in own.items() if value < HASTE * usual}


def uniform(said: Sequence[tuple[Any, Any, Hashable]]) -> dict[Any, Uniform]:
    """Whose longest run of one answer is ten or more, where most others say something else about the same tasks.

    `said`: (person, task, answer) in the order of handing in; answers that mean the same are equal.
    """
    by_task: defaultdict[Any, dict[Any, Hashable]] = defaultdict(dict)
    by_person: defaultdict[Any, list[tuple[Any, Hashable]]] = defaultdict(list)
    for person, task, answer in said:
        by_task[task][person] = answer
        by_person[person].append((task, answer))
    found = {}
    for person, given in by_person.items():
        run = _longest_run(given)
        if len(run) < LEAST_RUN:
            continue
        others = [one for task, _ in run for who, one in by_task[task].items() if who != person]
        differ = sum(one != run[0][1] for one in others) / len(others) if others else 0.0
        if differ > DIFFER:
            found[person] = Uniform(len(run), differ)
    return found


def _longest_run(given: Sequence[tuple[Any, Hashable]]) -> Sequence[tuple[Any, Hashable]]:
    best, start = (0, 0), 0
    for end in range(1, len(given) + 1):
        if end == len(given) or given[end][1] != given[start][1]:
            best = max(best, (start, end), key=lambda span: span[1] - span[0])
            start = end
    return given[best[0] : best[1]]
