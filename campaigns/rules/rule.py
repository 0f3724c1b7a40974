"""The shape that every rule has, and what it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from campaigns.rules.evidence import Evidence

Condition = dict[str, Any]


class RuleError(ValueError):
    """A condition makes no sense: `pointer` (RFC 6901) into the list of them, stable `code`, English `sentence`."""

    def __init__(self, pointer: str, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.pointer = pointer
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a rule takes: a whole one where its default is one, from `least` to `most`."""

    default: float
    least: float
    most: float

    @property
    def is_whole(self) -> bool:
        return isinstance(self.default, int)


@dataclass(frozen=True, slots=True)
class Finding:
    """Enough: the ids of the `answers` that decided it, sorted, and the `figures` that they were judged by; where
    it was reports that decided, their ids."""

    answers: tuple[str, ...]
    figures: Mapping[str, float]
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """By which rule, with which parameters, a task was found to need nobody more."""

    rule: str
    parameters: Condition
    finding: Finding


class Rule(Protocol):
    """One rule: a module with these names satisfies it."""

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of the module
        """Stable name in the database and the API."""

    @property
    def COUNTS(self) -> str:  # noqa: N802
        """What it goes by: `answers`, or `reports`, with which a task is set aside before any answer is looked at."""

    @property
    def PARAMETERS(self) -> Mapping[str, Parameter]:  # noqa: N802
        """What it takes; `people` is among them: with fewer answers (or reports) it is not asked."""

    def fits(self, question_kind: str) -> bool:
        """Whether it can judge answers to this kind of question."""

    def judge(self, evidence: Evidence, parameters: Mapping[str, Any]) -> Finding | None:
        """Why these answers are enough, None when they are not; the same for every order of them."""
