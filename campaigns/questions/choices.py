"""What questions with a few answers of their own share: each answer is a concept of the campaign's own vocabulary.

Settings, beside the `prompt`: `answers`, the name of each answer → the id of its concept. They are filled in when the
campaign is made.

Answer: `{"nothing_here": false, "concepts": [id], "rejected_predictions": [id], "comment": str}`, with one concept.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from campaigns.questions.errors import AnswerError, ConfigError
from campaigns.questions.kind import Answer, Choice, Config
from campaigns.questions.reading import (
    pointer,
    read_concepts,
    read_config,
    read_list,
    read_nothing_here,
    read_object,
    read_remarks,
    read_uuid,
)


def read_settings(config: Mapping[str, Any], choices: Sequence[Choice]) -> Config:
    """The settings with the concept of each answer, or with none as long as they have not been made.

    Raises ConfigError.
    """
    rest = config
    if isinstance(config, Mapping):
        rest = {name: value for name, value in config.items() if name != "answers"}
    settings = read_config(rest, {})
    return {**settings, "answers": _read_answers(config.get("answers", {}), choices)}


def _read_answers(answers: object, choices: Sequence[Choice]) -> dict[str, str]:
    if not isinstance(answers, Mapping):
        raise ConfigError(
            "/answers", "not-an-object", "The answers are an object: the name of each, and its concept."
        )
    if not answers:
        return {}
    names = [choice.name for choice in choices]
    if set(answers) != set(names):
        raise ConfigError(
            "/answers", "other-answers", f"The answers to this question are: {', '.join(names)}."
        )
    try:
        read = {name: read_uuid(answers[name], pointer("answers", name)) for name in names}
    except AnswerError as error:
        raise ConfigError(error.pointer, error.code, error.sentence) from error
    if len(set(read.values())) < len(read):
        raise ConfigError("/answers", "repeated", "Two answers are the same concept.")
    return read


def read_answer(answer: Mapping[str, Any], allowed: Container[str]) -> Answer:
    """The answer in its normal form: one concept of those offered. Raises AnswerError."""
    answer = read_object(answer, "")
    if read_list(answer, "shapes"):
        raise AnswerError("/shapes", "not-asked", "This question asks for one of its answers, not for boxes.")
    if read_nothing_here(answer):
        raise AnswerError(
            "/nothing_here",
            "not-asked",
            "“Nothing here” is no answer to this question. Choose one of its answers.",
        )
    concepts = read_concepts(answer, allowed, many=False)
    if not concepts:
        raise AnswerError("/concepts", "empty-answer", "The answer is empty. Choose one of the answers.")
    return {"nothing_here": False, "concepts": concepts, **read_remarks(answer)}
