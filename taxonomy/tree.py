"""Arithmetic on a hierarchy of concepts: ancestors, distances and regrouping, without a database.

Concepts are numbered in preorder once, so that a branch is a run of numbers; whole-vocabulary questions are
then numpy operations over these numbers.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Id = TypeVar("Id", bound=Hashable)
Numbers = NDArray[np.int64]
NONE = -1


class CycleFound(ValueError):
    """A concept is its own ancestor; `members` are the concepts of the loop, child before parent."""

    def __init__(self, members: Sequence[Hashable]) -> None:
        super().__init__(f"These concepts form a loop: {' → '.join(map(str, members))}.")
        self.members = tuple(members)


class UnknownParent(ValueError):
    """A concept names a parent that is not in the tree."""

    def __init__(self, child: Hashable, parent: Hashable) -> None:
        super().__init__(f"{child} has the parent {parent}, which is not in the tree.")
        self.child = child
        self.parent = parent


class Tree(Generic[Id]):
    """A forest given by each concept's parent (None for a root); siblings keep the order of the mapping.

    Raises UnknownParent or CycleFound. Every method that takes an id raises KeyError for one not in the tree.
    """

    def __init__(self, parents: Mapping[Id, Id | None]) -> None:
        order, parent_positions = _preorder(parents)
        self._ids: list[Id] = order
        self._position: dict[Id, int] = {concept: n for n, concept in enumerate(order)}
        self._parent: Numbers = np.array(parent_positions, dtype=np.int64)
        self._depth, self._end = _depths_and_ends(parent_positions)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, concept: object) -> bool:
        return concept in self._position

    def __iter__(self) -> Iterator[Id]:
        return iter(self._ids)

    @property
    def roots(self) -> list[Id]:
        """The concepts without a parent, in order."""
        return [self._ids[n] for n in np.flatnonzero(self._parent == NONE)]

    @property
    def leaves(self) -> list[Id]:
        """The concepts without children, in preorder."""
        return [self._ids[n] for n in np.flatnonzero(self._end == np.arange(len(self)) + 1)]

    @property
    def height(self) -> int:
        """The number of levels; 0 for an empty tree."""
        return int(self._depth.max(initial=-1)) + 1

    @property
    def parent_numbers(self) -> Numbers:
        """The position in preorder of each concept's parent, int64 (n,), -1 for a root; for arithmetic on arrays."""
        return self._parent.copy()

    def preorder(self) -> dict[Id, int]:
        """Return every concept, parents before children, with its position from 0."""
        return dict(self._position)

    def spans(self) -> dict[Id, tuple[int, int, int]]:
        """Return (position, end, depth) of each concept: its branch is `position ≤ p < end`."""
        rows = zip(range(len(self)), self._end.tolist(), self._depth.tolist(), strict=True)
        return dict(zip(self._ids, rows, strict=True))

    def parent(self, concept: Id) -> Id | None:
        """Return the parent, None for a root."""
        n = int(self._parent[self._position[concept]])
        return None if n == NONE else self._ids[n]

    def children(self, concept: Id) -> list[Id]:
        """Return the children in order."""
        n = self._position[concept]
        found, child, end = [], n + 1, int(self._end[n])
        while child < end:
            found.append(self._ids[child])
            child = int(self._end[child])
        return found

    def depth(self, concept: Id) -> int:
        """Return the number of links up to the root, 0 for a root."""
        return int(self._depth[self._position[concept]])

    def ancestors(self, concept: Id) -> list[Id]:
        """Return the ancestors, nearest first, without the concept itself."""
        found = []
        n = int(self._parent[self._position[concept]])
        while n != NONE:
            found.append(self._ids[n])
            n = int(self._parent[n])
        return found

    def path(self, concept: Id) -> list[Id]:
        """Return the concepts from the root down to and with the concept."""
        return [*self.ancestors(concept)[::-1], concept]

    def descendants(self, concept: Id) -> list[Id]:
        """Return everything below the concept in preorder, without itself."""
        n = self._position[concept]
        return self._ids[n + 1 : int(self._end[n])]

    def is_ancestor(self, ancestor: Id, concept: Id) -> bool:
        """Whether `ancestor` is above `concept`; False for a concept and itself."""
        above, below = self._position[ancestor], self._position[concept]
        return above < below < int(self._end[above])

    def branch(self, tops: Iterable[Id]) -> set[Id]:
        """Return the concepts of these branches, tops included."""
        return {
            self._ids[n]
            for top in tops
            for n in range(self._position[top], int(self._end[self._position[top]]))
        }

    def nearest_common_ancestor(self, a: Id, b: Id) -> Id | None:
        """Return the deepest concept that is, or is above, both; None in different trees of the forest."""
        n = int(self._common(self._numbers([a]), self._numbers([b]))[0])
        return None if n == NONE else self._ids[n]

    def nearest_common_ancestors(self, a: Iterable[Id], b: Iterable[Id]) -> list[Id | None]:
        """Return the nearest common ancestor of each pair."""
        common = self._common(self._numbers(a), self._numbers(b)).tolist()
        return [None if n == NONE else self._ids[n] for n in common]

    def path_distance(self, a: Id, b: Id) -> int | None:
        """Return the number of links on the way from `a` to `b`; None where there is no way."""
        links = int(self.path_distances([a], [b])[0])
        return None if links == NONE else links

    def path_distances(self, a: Iterable[Id], b: Iterable[Id]) -> Numbers:
        """Return the number of links of each pair, int64 (n,); -1 where there is no way."""
        left, right = self._numbers(a), self._numbers(b)
        common = self._common(left, right)
        links = self._depth[left] + self._depth[right] - 2 * self._depth[common]
        return np.where(common == NONE, NONE, links)

    def wu_palmer(self, a: Id, b: Id) -> float:
        """Return the similarity of Wu and Palmer, 0 to 1; 0 without a common ancestor."""
        return float(self.wu_palmers([a], [b])[0])

    def wu_palmers(self, a: Iterable[Id], b: Iterable[Id]) -> NDArray[np.float64]:
        """Return 2·d(c) / (d(a) + d(b)) of each pair, float64 (n,), c the nearest common ancestor.

        d counts concepts from the root, which has 1 (Wu and Palmer, Verb semantics and lexical selection,
        ACL 1994).
        """
        left, right = self._numbers(a), self._numbers(b)
        common = self._common(left, right)
        shared = 2.0 * (self._depth[common] + 1)
        return np.where(common == NONE, 0.0, shared / (self._depth[left] + self._depth[right] + 2))

    def roll_up(self, concepts: Iterable[Id], targets: Collection[Id]) -> dict[Id, Id | None]:
        """Return for each concept the nearest of `targets` that is it or above it; None where there is none.

        This is regrouping (400 species into 30 classes) as a view: targets may stand at any depth, one below
        another too.
        """
        chosen = list(concepts)
        nearest = self._nearest(targets)[self._numbers(chosen)].tolist()
        found = (None if n == NONE else self._ids[n] for n in nearest)
        return dict(zip(chosen, found, strict=True))

    def _numbers(self, concepts: Iterable[Id]) -> Numbers:
        position = self._position
        return np.fromiter((position[concept] for concept in concepts), dtype=np.int64)

    def _nearest(self, targets: Iterable[Id]) -> Numbers:
        """Return for each number the nearest target's, by doubling the step until nothing moves."""
        count = len(self)
        # The last entry stands for "above the root", which leads to itself.
        step = np.append(np.where(self._parent == NONE, count, self._parent), count)
        marked = self._numbers(targets)
        step[marked] = marked
        while True:
            further = step[step]
            if np.array_equal(further, step):
                break
            step = further
        return np.where(step == count, NONE, step)[:count]

    @cached_property
    def _jumps(self) -> list[Numbers]:
        """Ancestors 1, 2, 4, … links up; above a root, the number after the last."""
        count = len(self)
        jump = np.append(np.where(self._parent == NONE, count, self._parent), count)
        jumps = [jump]
        for _ in range(max(self.height, 1).bit_length() - 1):
            jump = jump[jump]
            jumps.append(jump)
        return jumps

    def _common(self, a: Numbers, b: Numbers) -> Numbers:
        """Return nearest common ancestors by number: climb from `a` past all that do not hold `b`."""
        count = len(self)
        if not count:
            return np.empty(0, dtype=np.int64)
        # The place above the roots holds everything.
        start = np.append(np.arange(count), NONE)
        end = np.append(self._end, count)
        here = a.copy()
        for jump in reversed(self._jumps):
            there = jump[here]
            holds = (start[there] <= b) & (b < end[there])
            here = np.where(holds, here, there)
        inside = (start[here] <= b) & (b < end[here])
        found = np.where(inside, here, self._jumps[0][here])
        return np.where(found == count, NONE, found)


def _preorder(parents: Mapping[Id, Id | None]) -> tuple[list[Id], list[int]]:
    """Return the concepts in preorder, and the position of each one's parent (-1 for a root)."""
    children: dict[Id, list[Id]] = {}
    stack: list[tuple[Id, int]] = []
    for child, parent in parents.items():
        if parent is None:
            stack.append((child, NONE))
        elif parent in parents:
            children.setdefault(parent, []).append(child)
        else:
            raise UnknownParent(child, parent)
    stack.reverse()
    order: list[Id] = []
    above: list[int] = []
    while stack:
        concept, parent_position = stack.pop()
        position = len(order)
        order.append(concept)
        above.append(parent_position)
        below = children.get(concept)
        if below:
            stack += [(child, position) for child in reversed(below)]
    if len(order) < len(parents):
        loop = _loop(parents, set(order))
        raise CycleFound(loop)
    return order, above


def _loop(parents: Mapping[Id, Id | None], reached: set[Id]) -> list[Id]:
    """Return one loop among the concepts that no root leads to."""
    current: Id | None = next(concept for concept in parents if concept not in reached)
    seen: dict[Id, int] = {}
    while current is not None and current not in seen:
        seen[current] = len(seen)
        current = parents[current]
    return list(seen)[seen[current] if current is not None else 0 :]


def _depths_and_ends(above: Sequence[int]) -> tuple[Numbers, Numbers]:
    depth = [0] * len(above)
    for n, parent in enumerate(above):
        depth[n] = depth[parent] + 1 if parent != NONE else 0
    end = list(range(1, len(above) + 1))
    for n in range(len(above) - 1, -1, -1):
        parent = above[n]
        if parent != NONE and end[n] > end[parent]:
            end[parent] = end[n]
    return np.array(depth, dtype=np.int64), np.array(end, dtype=np.int64)
