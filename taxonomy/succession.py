"""Which concept counts in place of one that was merged away, read from the log of changes: pure, no database."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Step:
    """A logged change as far as it decides who succeeds whom, all concepts by URI.

    A merge names its `sources` and `target`; a restoration the concept that is in use again as its only source;
    an undoing the version that it takes back.
    """

    version: int
    operation: str
    sources: tuple[str, ...] = ()
    target: str = ""
    undoes: int | None = None


def in_force(steps: Iterable[Step]) -> list[Step]:
    """The steps, oldest first, without those taken back; to take an undoing back puts its change in force again."""
    ordered = sorted(steps, key=lambda step: step.version)
    undone: set[int] = set()
    for step in reversed(ordered):
        if step.undoes is not None and step.version not in undone:
            undone.add(step.undoes)
    return [step for step in ordered if step.version not in undone]


def successors(steps: Iterable[Step]) -> dict[str, str]:
    """Each concept that was merged into another and not brought back, with the one that it was merged into."""
    next_one: dict[str, str] = {}
    for step in in_force(steps):
        if step.operation == "merge":
            next_one |= dict.fromkeys(step.sources, step.target)
        elif step.operation == "restore":
            for source in step.sources:
                next_one.pop(source, None)
    return next_one


def heir(concept: Id, next_one: Mapping[Id, Id]) -> Id:
    """The concept at the end of the chain of merges; the concept itself when it was not merged."""
    seen = {concept}
    while concept in next_one and next_one[concept] not in seen:
        concept = next_one[concept]
        seen.add(concept)
    return concept


def counted_as(concepts: Iterable[Id], next_one: Mapping[Id, Id]) -> list[Id]:
    """What an answer counts as now: each concept by its heir, two that have become one only once."""
    return list(dict.fromkeys(heir(concept, next_one) for concept in concepts))


def predecessors(concept: Id, next_one: Mapping[Id, Id]) -> set[Id]:
    """The concept and all that were merged into it, also by way of others."""
    return {other for other in {*next_one, concept} if heir_reaches(other, concept, next_one)}


def said_before(concept: Id, next_one: Mapping[Id, Id], wholes: Mapping[Id, Iterable[Id]]) -> set[Id]:
    """The concept, and all whose annotations may have come to count as it: by merges, or as a part of them."""
    found: set[Id] = set()
    waiting = [concept]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend({*predecessors(one, next_one), *wholes.get(one, ())})
    return found


def heir_reaches(concept: Id, end: Id, next_one: Mapping[Id, Id]) -> bool:
    """Whether the chain of merges from `concept` passes through, or ends at, `end`."""
    seen = set()
    while concept != end:
        if concept not in next_one or concept in seen:
            return False
        seen.add(concept)
        concept = next_one[concept]
    return True
