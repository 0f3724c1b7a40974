"""Reads the parts of an answer that all kinds of question share, refusing each fault with its place."""

import math
from collections.abc import Container, Mapping, Sequence
from typing import Any
from uuid import UUID

from campaigns.questions.errors import AnswerError, ConfigError
from campaigns.questions.kind import Config

MAX_COMMENT = 2000
MAX_PROMPT = 500
CERTAINTIES = ("sure", "likely", "unsure")
_MISSING = object()


def read_config(config: Mapping[str, Any], defaults: Mapping[str, Any]) -> Config:
    """`config` over `defaults`, each value of its default's type; whole numbers must be at least 1.

    Every kind of question also has a `prompt`: language → what people are asked.
    """
    _check_settings(config)
    for name, value in config.items():
        if name == "prompt":
            continue
        if name not in defaults:
            raise ConfigError(
                pointer(name), "unknown-setting", f"This kind of question has no setting “{name}”."
            )
        if type(value) is not type(defaults[name]):
            wanted = "true or false" if isinstance(defaults[name], bool) else "a whole number"
            raise ConfigError(pointer(name), "wrong-type", f"“{name}” must be {wanted}.")
        if not isinstance(value, bool) and value < 1:
            raise ConfigError(pointer(name), "too-small", f"“{name}” must be at least 1.")
    return {**defaults, **config, "prompt": _read_prompt(config.get("prompt", {}))}


def _check_settings(config: object) -> None:
    if not isinstance(config, Mapping):
        raise ConfigError(
            "", "not-an-object", "The settings of a question are an object of names and values."
        )


def _read_prompt(prompt: object) -> dict[str, str]:
    if not isinstance(prompt, Mapping):
        raise ConfigError(
            "/prompt", "not-an-object", "The prompt is an object: a language, and what people are asked."
        )
    for language, text in prompt.items():
        if not isinstance(language, str) or not isinstance(text, str):
            raise ConfigError(
                pointer("prompt", language), "wrong-type", "A prompt is text, one for each language."
            )
        if len(text) > MAX_PROMPT:
            raise ConfigError(
                pointer("prompt", language), "too-long", f"A prompt has {MAX_PROMPT} characters at most."
            )
    return {language: text.strip() for language, text in prompt.items() if text.strip()}


def pointer(*steps: object) -> str:
    """A JSON Pointer from its steps (RFC 6901 §3)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def read_object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise AnswerError(where, "not-an-object", "An object of names and values is needed here.")
    return value


def read_list(answer: Mapping[str, Any], name: str, where: str = "") -> list[Any]:
    """A list; absent counts as empty, anything else is refused."""
    value = answer.get(name, _MISSING)
    if value is _MISSING:
        return []
    if not isinstance(value, list):
        raise AnswerError(where + pointer(name), "not-a-list", f"“{name}” must be a list.")
    return value


def read_nothing_here(answer: Mapping[str, Any]) -> bool:
    value = answer.get("nothing_here", False)
    if not isinstance(value, bool):
        raise AnswerError("/nothing_here", "wrong-type", "“nothing_here” must be true or false.")
    return value


def read_uuid(value: object, where: str) -> str:
    """A UUID in its usual writing with hyphens, returned in lower case."""
    if isinstance(value, str) and len(value) == 36:
        try:
            return str(UUID(value))
        except ValueError:
            pass
    raise AnswerError(where, "not-an-id", "An identifier (a UUID such as 6f2c…) is needed here.")


def read_uuids(answer: Mapping[str, Any], name: str, where: str = "") -> list[str]:
    """A list of different UUIDs."""
    found: list[str] = []
    for index, value in enumerate(read_list(answer, name, where)):
        here = where + pointer(name, index)
        read = read_uuid(value, here)
        if read in found:
            raise AnswerError(here, "repeated", f"“{name}” names the same thing twice.")
        found.append(read)
    return found


def read_concepts(
    answer: Mapping[str, Any], allowed: Container[str], *, many: bool, where: str = ""
) -> list[str]:
    """The ids of concepts: all of the campaign's vocabulary, all different, one at most unless `many`."""
    concepts = read_uuids(answer, "concepts", where)
    for index, concept in enumerate(concepts):
        if concept not in allowed:
            raise AnswerError(
                where + pointer("concepts", index),
                "unknown-concept",
                "The campaign does not offer this concept. Load the page again and choose from its list.",
            )
    if len(concepts) > 1 and not many:
        raise AnswerError(
            where + "/concepts", "too-many-labels", "This question takes one label, not several."
        )
    return concepts


def read_box(value: object, where: str) -> tuple[float, float, float, float]:
    """Four finite numbers `[x, y, w, h]`, w and h above zero."""
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        raise AnswerError(where, "not-a-box", "A box is a list of four numbers: x, y, width, height.")
    numbers = [_finite(number, where + pointer(index)) for index, number in enumerate(value)]
    x, y, w, h = numbers
    if w <= 0 or h <= 0:
        raise AnswerError(
            where, "box-without-area", "The box has no area: its width and height must be above zero."
        )
    return (x, y, w, h)


def read_points(value: object, where: str, *, most: int) -> list[tuple[float, float]]:
    """Pairs of finite numbers `[[x, y], …]`, `most` of them at most."""
    if not isinstance(value, (list, tuple)):
        raise AnswerError(where, "not-points", "Points are a list of pairs of numbers: [[x, y], …].")
    if len(value) > most:
        raise AnswerError(where, "too-many-points", f"There are {len(value)} points here; that is too many.")
    points = []
    for index, point in enumerate(value):
        if not isinstance(point, (list, tuple)) or len(point) != 2:
            raise AnswerError(where + pointer(index), "not-a-point", "A point is a pair of numbers: [x, y].")
        x, y = (_finite(number, where + pointer(index, place)) for place, number in enumerate(point))
        points.append((x, y))
    return points


def read_choice(config: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
    """A setting that is one of some words; the first where it is not there."""
    _check_settings(config)
    value = config.get(name, choices[0])
    if not isinstance(value, str) or value not in choices:
        raise ConfigError(pointer(name), "unknown-choice", f"“{name}” must be one of: {', '.join(choices)}.")
    return value


def _finite(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AnswerError(where, "not-a-number", "A number is needed here.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise AnswerError(where, "not-finite", "The number must be finite.")
    return number


def read_certainty(value: Mapping[str, Any], *, asked: bool, where: str = "") -> dict[str, str]:
    """How sure somebody says that they are, as a part of the normal form: nothing where they do not say.

    Refused where it is not asked, so that a figure of it never mixes those who were asked with those who were not.
    """
    certainty = value.get("certainty")
    if certainty is None:
        return {}
    if not asked:
        raise AnswerError(
            where + "/certainty", "not-asked", "This question does not ask how sure you are. Leave it out."
        )
    if certainty not in CERTAINTIES:
        raise AnswerError(
            where + "/certainty", "unknown-certainty", f"One is one of: {', '.join(CERTAINTIES)}."
        )
    return {"certainty": str(certainty)}


def read_remarks(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What may accompany any answer: `rejected_predictions` and a `comment`."""
    comment = answer.get("comment", "")
    if not isinstance(comment, str):
        raise AnswerError("/comment", "wrong-type", "The comment must be text.")
    if len(comment) > MAX_COMMENT:
        raise AnswerError(
            "/comment",
            "comment-too-long",
            f"The comment has {len(comment)} characters; {MAX_COMMENT} is the most.",
            length=len(comment),
            most=MAX_COMMENT,
        )
    return {"rejected_predictions": read_uuids(answer, "rejected_predictions"), "comment": comment.strip()}
