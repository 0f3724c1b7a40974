"""Regroups a tree of concepts into classes, as a view: 400 species become 30 classes and stay 400 species."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from taxonomy.tree import Tree

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True, slots=True)
class ClassRow(Generic[Id]):
    """One class: how often its own concept was said, and what it takes in, the most frequent first."""

    concept: Id
    own: int
    total: int
    members: tuple[tuple[Id, int], ...]


def chosen(tree: Tree[Id], classes: Iterable[Id]) -> list[Id]:
    """The named concepts as classes, in the order of the tree. Raises KeyError for one not in it."""
    wanted = dict.fromkeys(classes)
    places = tree.preorder()
    return sorted(wanted, key=lambda concept: places[concept])


def at_depth(tree: Tree[Id], depth: int) -> list[Id]:
    """Every concept `depth` links below a root (0: the roots), and each leaf that ends higher up."""
    leaves = set(tree.leaves)
    return [one for one in tree if tree.depth(one) == depth or (tree.depth(one) < depth and one in leaves)]


def at_least(tree: Tree[Id], counts: Mapping[Id, int], least: int) -> list[Id]:
    """The deepest concepts that reach `least` annotations, each with what has been rolled up into it.

    From the leaves up: a concept that has enough, its own and what its narrower concepts were too few for, is
    a class; one that has not passes all it has to its parent. A root keeps what is left, if it is anything.
    """
    held = {concept: counts.get(concept, 0) for concept in tree}
    classes = set()
    for concept in reversed(list(tree)):
        above = tree.parent(concept)
        if held[concept] >= max(least, 1) or (above is None and held[concept] > 0):
            classes.add(concept)
        elif above is not None:
            held[above] += held[concept]
    return [concept for concept in tree if concept in classes]


def class_of(tree: Tree[Id], classes: Collection[Id]) -> dict[Id, Id | None]:
    """For every concept its class: itself or the nearest above; None where there is none."""
    return tree.roll_up(tree, classes)


def class_table(tree: Tree[Id], classes: Collection[Id], counts: Mapping[Id, int]) -> list[ClassRow[Id]]:
    """How the annotations of the concepts distribute over the classes, in the order of the tree.

    What belongs to no class, and concepts that are not in the tree, are in no row: compare the totals.
    """
    said = [concept for concept, count in counts.items() if count and concept in tree]
    home = tree.roll_up(said, classes)
    members: dict[Id, list[tuple[Id, int]]] = {concept: [] for concept in classes}
    for concept in said:
        mine = home[concept]
        if mine is not None:
            members[mine].append((concept, counts[concept]))
    return [
        ClassRow(
            concept=concept,
            own=counts.get(concept, 0),
            total=sum(count for _one, count in members[concept]),
            members=tuple(sorted(members[concept], key=lambda pair: -pair[1])),
        )
        for concept in chosen(tree, classes)
    ]
