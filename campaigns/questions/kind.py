"""The shape that every kind of question has, so that campaigns can ask any of them without knowing which."""

from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from campaigns.quality import Consensus, Rule
from campaigns.quality.texts import Text
from campaigns.questions.likeness import Likeness
from taxonomy.tree import Tree

Answer = dict[str, Any]
Config = dict[str, Any]
Size = tuple[float, float]
Region = tuple[float, float, float, float]
Points = tuple[tuple[float, float], ...]
Measure = Literal["boxes", "labels", "texts", "steps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the few answers to a question that brings its own: a concept of the campaign's own small vocabulary.

    `name` is stable in the settings and is the concept's notation; `labels` by language are what the concept is called
    at first; `letters` by language are the keys that choose it, beside its number.
    `degree`: where it stands on the scale of its set, 0 to 1, where these answers are ordered.
    `joins`, `parts`: whether it says of two things that they are one, or that they are not.
    """

    name: str
    labels: Mapping[str, str]
    letters: Mapping[str, str] = field(default_factory=dict)
    degree: float | None = None
    joins: bool = False
    parts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What the rest of the house must know of a kind to treat all kinds alike.

    `method`, `tree_method`: how its answers are merged, where a
    coarser label contradicts a finer one and where not; `other_methods`: both, by the `shapes` that a question asks
    for. `says`: what agreement is measured on; `released_as`: what a model is measured on against a release.
    `draws`: people draw the places themselves, else the task has it.
    `answers`: the few that there are, where the question brings its own words; “nothing here” is then none of them.
    `about`: each task is about an annotation that is there already.
    `judges`: each task shows one annotation, to be accepted, corrected or rejected.
    `pairs`: each task is about two annotations, one beside the other. `other_answers`: the answers where its setting
    `asks` has that value.
    `nothing`: “nothing here” may be said of the whole.
    """

    method: str
    tree_method: str
    says: Measure
    released_as: Measure
    draws: bool = False
    answers: tuple[Choice, ...] = ()
    about: bool = False
    judges: bool = False
    pairs: bool = False
    other_answers: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    nothing: bool = True
    other_methods: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def shows_neighbours(self) -> bool:
        """Whether the other regions that are asked about on a canvas are shown beside the one in question."""
        return self.about and not (self.judges or self.pairs)

    @property
    def own_words(self) -> bool:
        """Whether no vocabulary is chosen for it: it brings its few answers, or people write."""
        return bool(self.answers) or self.says == "texts"

    @property
    def takes_nothing(self) -> bool:
        """Whether “nothing here” is an answer."""
        return self.nothing and not self.answers

    def answers_for(self, config: Mapping[str, Any]) -> tuple[Choice, ...]:
        """The few answers to a question of these settings."""
        return self.other_answers.get(str(config.get("asks", "")), self.answers)

    def method_for(self, config: Mapping[str, Any]) -> str:
        """How the answers to a question of these settings are merged."""
        both = self.other_methods.get(str(config.get("shapes", "")), (self.method, self.tree_method))
        return both[1] if config.get("coarser_counts") else both[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing that an answer says of a place: it becomes an annotation.

    `id`: the UUID that the client made; None for the only mark of its answer. `box` None: the place of the task.
    `points`: the corners of an outline within the box, or the one point in its middle; none for a box.
    `certainty`: how sure the person says to be, “” where they do not. `text`: what was written there. `step`: of a
    sequence the question that it answers.
    """

    id: str | None = None
    box: Region | None = None
    points: Points = ()
    concepts: tuple[str, ...] = ()
    origin: str = "drawn"
    prediction: str | None = None
    certainty: str = ""
    text: Text | None = None
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The annotation that a task shows to be judged, with its place and its labels as they were shown."""

    id: str
    box: Region
    concepts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said about one task: everybody who answered, and the annotations in their answers, a row each.

    `points`: those of each row, or nothing where all are boxes. `reach`: as far as points mean the same on this
    canvas (`places.reach_on`); 0 where it does not matter. `weight`: how much the author of each row is listened to
    where places are merged by a mean; nothing: all alike; `edge_weight`: the same of each edge of a box. `texts`: that
    of each row, or nothing where nobody writes. `steps`: of a sequence the step of each row, and `asked`: who was asked
    each step.
    """

    people: tuple[Hashable, ...]
    person: tuple[Hashable, ...]
    boxes: tuple[Region | None, ...]
    concepts: tuple[tuple[str, ...], ...]
    points: tuple[Points, ...] = ()
    reach: float = 0.0
    weight: tuple[float, ...] = ()
    edge_weight: tuple[tuple[float, float, float, float], ...] = ()
    texts: tuple[Text | None, ...] = ()
    steps: tuple[str, ...] = ()
    asked: Mapping[str, tuple[Hashable, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One thing that is to stand after a review; `id` tells it from the others of its task; `points` as of a mark."""

    id: str
    box: Region | None
    concepts: tuple[str, ...]
    points: Points = ()
    text: Text | None = None
    step: str = ""


class QuestionKind(Protocol):
    """One kind of question: a module with these names satisfies it."""

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of the module
        """Stable name in the database and the API."""

    @property
    def LABEL(self) -> str:  # noqa: N802
        """What a curator chooses in a list; English, the key of its translation."""

    @property
    def TRAITS(self) -> Traits:  # noqa: N802
        """What it is like."""

    def validate_config(self, config: Mapping[str, Any]) -> Config:
        """The settings, completed with defaults. Raises ConfigError."""

    def validate_answer(
        self,
        answer: Mapping[str, Any],
        *,
        config: Mapping[str, Any],
        canvas_size: Size,
        allowed_concepts: Container[str],
        region: Region | None = None,
    ) -> Answer:
        """The answer in its one normal form; nothing is clipped or guessed. Raises AnswerError."""

    def compare(self, a: Mapping[str, Any], b: Mapping[str, Any], *, alike: Likeness = ...) -> float:
        """How alike two validated answers to the same task are: 0 (nothing in common) to 1 (the same).

        `alike` compares the labels; the overlap of sets where it is not said.
        """

    def marks(self, answer: Mapping[str, Any]) -> list[Mark]:
        """The annotations that a validated answer comes down to."""

    def merge(
        self, said: Said, *, config: Mapping[str, Any], rule: Rule, tree: Tree[str] | None
    ) -> list[Consensus]:
        """The one answer of all; `members` of an item are rows of `said`. With a `tree` a coarser label contradicts
        none that is finer."""

    def as_answer(self, standing: Sequence[Truth]) -> tuple[dict[str, Any], list[int]]:
        """What stands after a review, as an answer that anybody might have given, and for each of its shapes or
        concepts the place in `standing`."""


class JudgingKind(QuestionKind, Protocol):
    """A kind whose tasks show an annotation to be judged."""

    def check_judgement(
        self, answer: Mapping[str, Any], about: About, *, config: Mapping[str, Any], moved_on: bool = ...
    ) -> None:
        """Whether a validated answer judges what was shown, and nothing else. Raises AnswerError."""
