"""The answers to one task as rules see them, with what is computed from them computed once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from campaigns.quality import Consensus, Rule, merge_tags, merge_texts
from campaigns.quality.kinship import likeness
from campaigns.questions import KINDS, Said, get_kind
from campaigns.questions.describe import text_of
from campaigns.questions.kind import Measure
from campaigns.questions.places import as_points
from taxonomy.tree import Tree


@dataclass(frozen=True, slots=True)
class Given:
    """An answer in its normal form under the id of its contribution; each is another person's."""

    id: str
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reported:
    """That somebody reported the task, each another person, and how many of the answers were there by then."""

    id: str
    after: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: kind and settings of the question, how many labels there are to choose from, and the tree
    of them where a coarser label contradicts nobody."""

    kind: str
    config: Mapping[str, Any]
    options: int
    tree: Tree[str] | None = None

    @property
    def says(self) -> Measure:
        """What an answer says. Raises ConfigError for a kind of question that does not exist."""
        return get_kind(self.kind).TRAITS.says

    @property
    def labels(self) -> int:
        """How many labels may be given beside “nothing here”; where that is no answer, one of them stands for it."""
        return self.options if get_kind(self.kind).TRAITS.takes_nothing else self.options - 1

    @property
    def many(self) -> bool:
        return bool(self.config.get("many"))

    def compare(self, a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
        """How alike two answers are, 0 to 1, as agreement is measured in the campaign."""
        compare = get_kind(self.kind).compare
        return compare(a, b) if self.tree is None else compare(a, b, alike=likeness(self.tree))


class Evidence:
    """The answers to one task, and the reports of it that count, each in their order of arrival; `first` of them
    share what has been compared already. What goes by reports alone may leave out what was `asked`."""

    def __init__(self, asked: Asked | None, given: Sequence[Given], reports: Sequence[Reported] = ()) -> None:
        self._asked = asked
        self.given = tuple(given)
        self.reports = tuple(reports)
        self._alike: dict[tuple[str, str], float] = {}
        self._merged: dict[int, list[Consensus]] = {}
        self._figures: dict[tuple[int, str, float], float] = {}

    def __len__(self) -> int:
        return len(self.given)

    @property
    def asked(self) -> Asked:
        if self._asked is None:
            raise LookupError("These answers were not read, so that no rule can compare them.")
        return self._asked

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(one.id for one in self.given))

    def first(self, count: int) -> "Evidence":
        """As it was when so many had answered, and the next one had not."""
        reports = [one for one in self.reports if one.after <= count]
        part = Evidence(self._asked, self.given[:count], reports)
        part._alike, part._merged, part._figures = self._alike, self._merged, self._figures
        return part

    def alike(self, a: Given, b: Given) -> float:
        """How alike two of the answers are, 0 to 1; compared once, in one direction whatever the order."""
        a, b = (a, b) if a.id <= b.id else (b, a)
        if (a.id, b.id) not in self._alike:
            self._alike[a.id, b.id] = self.asked.compare(a.answer, b.answer)
        return self._alike[a.id, b.id]

    def once(self, name: str, parameter: float, compute: Callable[[], float]) -> float:
        """A figure of these answers, computed once for each parameter."""
        key = (len(self), name, parameter)
        if key not in self._figures:
            self._figures[key] = compute()
        return self._figures[key]

    def words(self) -> list[frozenset[str]]:
        """The labels of each row that was merged: of every box, or of every person's tag."""
        if self.asked.says == "boxes":
            return [frozenset(shape["concepts"]) for one in self.given for shape in one.answer["shapes"]]
        return [frozenset(one.answer["concepts"]) for one in self.given]

    def merged(self) -> list[Consensus]:
        """What the answers say together, as the campaign merges them. Raises ConfigError for an unknown kind."""
        if len(self) not in self._merged:
            self._merged[len(self)] = _MERGES[self.asked.says](self)
        return self._merged[len(self)]


def _drawn(evidence: Evidence) -> list[Consensus]:
    asked = evidence.asked
    rows = [(one.id, shape) for one in evidence.given for shape in one.answer["shapes"]]
    if not rows:
        return []
    said = Said(
        people=tuple(one.id for one in evidence.given),
        person=tuple(person for person, _shape in rows),
        boxes=tuple(tuple(shape["box"]) for _person, shape in rows),
        points=tuple(as_points(shape.get("points", ())) for _person, shape in rows),
        # The box of a point is the square around it as far as that reaches.
        reach=min(shape["box"][2] for _person, shape in rows) / 2,
        concepts=tuple(tuple(shape["concepts"]) for _person, shape in rows),
    )
    return get_kind(asked.kind).merge(said, config=asked.config, rule=Rule(), tree=asked.tree)


def _tags(evidence: Evidence) -> list[Consensus]:
    merge = partial(merge_tags, many=evidence.asked.many, tree=evidence.asked.tree)
    return merge([one.id for one in evidence.given], [one.answer["concepts"] for one in evidence.given])


def _texts(evidence: Evidence) -> list[Consensus]:
    written = [text for one in evidence.given if (text := text_of(one.answer))]
    return merge_texts(len(evidence), written)


_MERGES: dict[Measure, Callable[[Evidence], list[Consensus]]] = {
    "boxes": _drawn,
    "labels": _tags,
    "texts": _texts,
}


def is_merged(question_kind: str) -> bool:
    """Whether answers to this kind of question can be merged into one."""
    return question_kind in KINDS and KINDS[question_kind].TRAITS.says != "steps"


def is_labelled(question_kind: str) -> bool:
    """Whether what is said are labels, of places or of the whole, that people can take for each other."""
    return question_kind in KINDS and KINDS[question_kind].TRAITS.says in ("boxes", "labels")
