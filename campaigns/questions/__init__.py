"""What a campaign can ask: one file per kind of question, one line each in the registry."""

from collections.abc import Mapping
from typing import Any

from campaigns.questions import compare, describe, flag, identify, locate, sequence, tag, verify
from campaigns.questions.errors import AnswerError, ConfigError, QuestionError
from campaigns.questions.kind import About, Choice, JudgingKind, Mark, QuestionKind, Said, Traits, Truth

KINDS: dict[str, QuestionKind] = {
    locate.KIND: locate,
    tag.KIND: tag,
    identify.KIND: identify,
    flag.KIND: flag,
    verify.KIND: verify,
    compare.KIND: compare,
    describe.KIND: describe,
    sequence.KIND: sequence,
}
JUDGING: dict[str, JudgingKind] = {verify.KIND: verify, sequence.KIND: sequence}


def get_kind(name: str) -> QuestionKind:
    """The kind of question with this name. Raises ConfigError for one that does not exist."""
    try:
        return KINDS[name]
    except KeyError:
        known = ", ".join(KINDS)
        raise ConfigError(
            "/kind", "unknown-kind", f"There is no kind of question “{name}”; there are: {known}."
        ) from None


def traits_of(name: str, question: Mapping[str, Any]) -> Traits:
    """What a question of this kind and these settings is like. Raises ConfigError for an unknown kind."""
    return sequence.traits_for(question) if name == sequence.KIND else get_kind(name).TRAITS


__all__ = [
    "JUDGING",
    "KINDS",
    "About",
    "AnswerError",
    "Choice",
    "ConfigError",
    "JudgingKind",
    "Mark",
    "QuestionError",
    "QuestionKind",
    "Said",
    "Traits",
    "Truth",
    "get_kind",
    "traits_of",
]
