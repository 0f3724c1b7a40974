"""The tree of a vocabulary as pages show it: a level at a time, with what each branch holds."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.roles import Person
from annotation.branches import branch_counts
from taxonomy.models import Concept, Vocabulary
from taxonomy.queries import NARROWER, ShownConcept, concepts_of, show

MOST_SHOWN = 500
# With so few top concepts their branches are open from the beginning: nobody comes to see one closed root.
FEW_TOPS = 3


@dataclass(frozen=True, slots=True)
class Node:
    """A concept in the tree; `below` is None while its branch is not fetched, `more` how many are left out."""

    concept: ShownConcept
    status: str
    level: int
    count: int
    below: tuple["Node", ...] | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """The nodes of one level, and how many further ones are not listed."""

    nodes: tuple[Node, ...]
    more: int = 0


class TreeReader:
    """Reads levels of a vocabulary's tree for one person in one language; with `everything`, deprecated ones too."""

    def __init__(self, vocabulary: Vocabulary, person: Person, language: str, *, everything: bool) -> None:
        self.person, self.language = person, language
        if everything:
            rows, narrower = Concept.objects.filter(vocabulary=vocabulary), Count("children")
        else:
            rows, narrower = concepts_of(vocabulary), NARROWER
        self.rows: QuerySet[Concept] = rows.annotate(children_count=narrower).order_by("preorder", "pk")

    def below(self, parent: UUID) -> Branch:
        """What stands directly below a concept."""
        level, more = self._level(Q(parent=parent))
        return Branch(self._nodes(level), more)

    def top(self) -> Branch:
        """The top concepts; where they are few, with their own narrower ones."""
        tops, more = self._level(Q(parent=None))
        children = self._level(Q(parent__in=[row.pk for row in tops]))[0] if len(tops) <= FEW_TOPS else []
        nodes = {node.concept.id: node for node in self._nodes([*tops, *children])}
        below = _grouped(children, nodes)
        opened = [_opened(nodes[row.pk], below.get(row.pk)) for row in tops]
        return Branch(tuple(opened), more)

    def around(self, concept: Concept) -> Branch:
        """The way down to a concept with its siblings, and what is below it."""
        path = list(Concept.objects.filter(pk__in=concept.ancestors).order_by("preorder"))
        siblings, more = self._level(Q(parent=concept.parent_id))
        if concept.pk not in {row.pk for row in siblings}:
            # Beyond what is listed, or deprecated and otherwise hidden: where one is must be seen.
            siblings.append(concept)
        children, more_below = self._level(Q(parent=concept))
        nodes = {node.concept.id: node for node in self._nodes([*path, *siblings, *children])}
        below = tuple(nodes[row.pk] for row in children)
        level = tuple(
            _opened(nodes[row.pk], below, more_below) if row.pk == concept.pk and below else nodes[row.pk]
            for row in siblings
        )
        for row in reversed(path):
            level, more = (_opened(nodes[row.pk], level, more),), 0
        return Branch(level, more)

    def _level(self, where: Q) -> tuple[list[Concept], int]:
        found = list(self.rows.filter(where)[: MOST_SHOWN + 1])
        if len(found) <= MOST_SHOWN:
            return found, 0
        return found[:MOST_SHOWN], self.rows.filter(where).count() - MOST_SHOWN

    def _nodes(self, rows: Sequence[Concept]) -> tuple[Node, ...]:
        counts = branch_counts(self.person, rows)
        shown = show(rows, self.language)
        return tuple(
            Node(concept, row.status, row.depth + 1, counts.get(row.pk, 0))
            for row, concept in zip(rows, shown, strict=True)
        )


def _opened(node: Node, below: Sequence[Node] | None, more: int = 0) -> Node:
    return Node(node.concept, node.status, node.level, node.count, tuple(below) if below else None, more)


def _grouped(children: Sequence[Concept], nodes: dict[UUID, Node]) -> dict[UUID, list[Node]]:
    below: dict[UUID, list[Node]] = defaultdict(list)
    for row in children:
        if row.parent_id:
            below[row.parent_id].append(nodes[row.pk])
    return below
