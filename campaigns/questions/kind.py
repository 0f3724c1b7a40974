"""The shape that every kind of question has, so that campaigns can ask any of them without knowing which."""

from collections.abc import Container, Mapping
from typing import Any, Protocol

from campaigns.questions.likeness import Likeness

Answer = dict[str, Any]
Config = dict[str, Any]
Size = tuple[float, float]
Region = tuple[float, float, float, float]


class QuestionKind(Protocol):
    """One kind of question: a module with these names satisfies it."""

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of the module
        """Stable name in the database and the API."""

    @property
    def LABEL(self) -> str:  # noqa: N802
        """What a curator chooses in a list; English, the key of its translation."""

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
