"""“What is written here?”: a short text, in a language, about a whole canvas or a region of it.

Settings (with their defaults), beside the `prompt`:
    languages   []            the languages that may be written in, as BCP 47 tags; none are all
    max_length  1000          most characters of a text, at most 5,000
    multiline   false         whether a text may have several lines
    required    false         whether a text is needed: “nothing here” is then no answer
    purpose     "describing"  what the text does: it describes what one sees, or is “supplementing”, read off the image

Answer: `{"nothing_here": bool, "texts": [{"value": str, "language": tag}], "rejected_predictions": [id],
"comment": str}`, with one text at most. A text is kept as Unicode NFC without white space around it; marks of
direction stay, control characters are refused.
"""

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from campaigns.quality import Consensus, Rule, merge_texts
from campaigns.quality.texts import Text
from campaigns.quality.texts import likeness as alike_texts
from campaigns.questions.errors import AnswerError, ConfigError
from campaigns.questions.kind import Answer, Config, Mark, Region, Said, Size, Traits, Truth
from campaigns.questions.likeness import Likeness, jaccard
from campaigns.questions.reading import (
    pointer,
    read_config,
    read_list,
    read_nothing_here,
    read_object,
    read_remarks,
)
from taxonomy.skos.triples import language_tag
from taxonomy.tree import Tree

KIND = "describe"
LABEL = "Write a short text"
TRAITS = Traits(
    method="text of more than half, else the medoid is proposed, 1",
    tree_method="text of more than half, else the medoid is proposed, on a tree, 1",
    says="texts",
    released_as="texts",
)

DESCRIBING, SUPPLEMENTING = "describing", "supplementing"
PURPOSES = (DESCRIBING, SUPPLEMENTING)
MOST_CHARACTERS = 5000
MOST_LANGUAGES = 100
DEFAULTS: Config = {"max_length": 1000, "multiline": False, "required": False}

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LONGEST_TAG = 35
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def validate_config(config: Mapping[str, Any]) -> Config:
    """The settings, completed with defaults. Raises ConfigError."""
    rest = config
    if isinstance(config, Mapping):
        rest = {name: value for name, value in config.items() if name not in ("languages", "purpose")}
    settings = read_config(rest, DEFAULTS)
    if settings["max_length"] > MOST_CHARACTERS:
        raise ConfigError("/max_length", "too-large", f"A text has {MOST_CHARACTERS} characters at most.")
    purpose = config.get("purpose", DESCRIBING)
    if purpose not in PURPOSES:
        raise ConfigError("/purpose", "unknown-choice", f"“purpose” is one of: {', '.join(PURPOSES)}.")
    return {**settings, "languages": _languages(config.get("languages", [])), "purpose": purpose}


def _languages(given: object) -> list[str]:
    if not isinstance(given, list):
        raise ConfigError(
            "/languages", "not-a-list", "The languages are a list of tags such as “en” or “fr”."
        )
    if len(given) > MOST_LANGUAGES:
        raise ConfigError("/languages", "too-many", f"At most {MOST_LANGUAGES} languages may be offered.")
    read: list[str] = []
    for index, tag in enumerate(given):
        found = _tag(tag)
        if found is None:
            raise ConfigError(
                pointer("languages", index),
                "not-a-language",
                "A language is a tag such as “en”, “fr” or “la”.",
            )
        if found in read:
            raise ConfigError(pointer("languages", index), "repeated", f"“{found}” is there twice.")
        read.append(found)
    return read


def _tag(value: object) -> str | None:
    """A language tag in its usual case (RFC 5646 §2.1.1); None for what is none."""
    if not isinstance(value, str) or len(value) > _LONGEST_TAG or not _TAG.fullmatch(value):
        return None
    return language_tag(value)


def validate_answer(
    answer: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    canvas_size: Size,
    allowed_concepts: Container[str],
    region: Region | None = None,
) -> Answer:
    """The answer in its normal form: one text, or “nothing here”. Raises AnswerError."""
    settings = {**DEFAULTS, "languages": [], **config}
    answer = read_object(answer, "")
    nothing_here, texts = read_nothing_here(answer), read_list(answer, "texts")
    for name, what in (("shapes", "boxes"), ("concepts", "labels")):
        if read_list(answer, name):
            raise AnswerError(f"/{name}", "not-asked", f"This question asks for a text, not for {what}.")
    if nothing_here and texts:
        raise AnswerError(
            "/nothing_here",
            "contradiction",
            "The answer says “nothing here” and has a text. Keep one of the two.",
        )
    if nothing_here and settings["required"]:
        raise AnswerError(
            "/nothing_here", "not-asked", "“Nothing here” is no answer to this question. Write a text."
        )
    if not nothing_here and not texts:
        wanted = "Write a text." if settings["required"] else "Write a text, or say “nothing here”."
        raise AnswerError("/texts", "empty-answer", f"The answer is empty. {wanted}")
    if len(texts) > 1:
        raise AnswerError("/texts/1", "too-many-texts", "One text is asked for here. Keep one of them.")
    read = [_read_text(value, pointer("texts", index), settings) for index, value in enumerate(texts)]
    return {"nothing_here": nothing_here, "texts": read, **read_remarks(answer)}


def _read_text(value: object, where: str, settings: Mapping[str, Any]) -> dict[str, str]:
    text = read_object(value, where)
    unknown = sorted(str(key) for key in set(text) - {"value", "language"})
    if unknown:
        raise AnswerError(
            where + pointer(unknown[0]), "unknown-field", f"A text has no field “{unknown[0]}”."
        )
    return {
        "value": _read_value(text.get("value"), where + "/value", settings),
        "language": _read_language(text.get("language"), where + "/language", settings["languages"]),
    }


def _read_value(value: object, where: str, settings: Mapping[str, Any]) -> str:
    if not isinstance(value, str):
        raise AnswerError(where, "wrong-type", "A text is needed here.")
    read = _BREAKS.sub("\n", unicodedata.normalize("NFC", value)).strip()
    for sign in read:
        # Direction marks (Cf) stay; lone surrogates could not be stored.
        if sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cs"):
            raise AnswerError(
                where,
                "control-character",
                f"The text has a control character (U+{ord(sign):04X}). Delete it.",
            )
    if not settings["multiline"] and "\n" in read:
        raise AnswerError(where, "several-lines", "One line is asked for here. Write it without line breaks.")
    if not any(unicodedata.category(sign)[0] not in "CZ" for sign in read):
        raise AnswerError(where, "empty-answer", "The text is empty. Write something that can be read.")
    most = settings["max_length"]
    if len(read) > most:
        raise AnswerError(
            where, "text-too-long", f"The text has {len(read)} characters; {most} is the most.",
            length=len(read), most=most,
        )  # fmt: skip
    return read


def _read_language(value: object, where: str, offered: Sequence[str]) -> str:
    tag = _tag(value)
    if tag is None:
        raise AnswerError(
            where, "not-a-language", "Say in which language the text is, by a tag such as “en”, “fr” or “la”."
        )
    if offered and tag not in offered:
        raise AnswerError(
            where,
            "language-not-offered",
            f"This campaign takes texts in these languages: {', '.join(offered)}.",
        )
    return tag


def text_of(answer: Mapping[str, Any]) -> Text | None:
    """The text of an answer in its normal form; None for “nothing here”, and for what is no such answer."""
    for one in answer.get("texts", ()):
        return Text(one["value"], one["language"])
    return None


def as_json(text: Text) -> dict[str, str]:
    """A text as answers have it."""
    return {"value": text.value, "language": text.language}


def compare(a: Mapping[str, Any], b: Mapping[str, Any], *, alike: Likeness = jaccard) -> float:
    """How alike the texts of two validated answers are, by their characters; two “nothing here” are 1."""
    return alike_texts(text_of(a), text_of(b))


def marks(answer: Mapping[str, Any]) -> list[Mark]:
    """The text, on the place of the task."""
    text = text_of(answer)
    return [Mark(text=text)] if text else []


def merge(said: Said, *, config: Mapping[str, Any], rule: Rule, tree: Tree[str] | None) -> list[Consensus]:
    """The text of more than half, or nothing that stands: then the medoid is what the reviewer is shown first."""
    rows = [(row, text) for row, text in enumerate(said.texts) if text]
    merged = merge_texts(len(said.people), [text for _row, text in rows], rule=rule)
    return [replace(item, members=tuple(rows[index][0] for index in item.members)) for item in merged]


def as_answer(standing: Sequence[Truth]) -> tuple[dict[str, Any], list[int]]:
    """The text that stands; of several each, which no question takes."""
    texts = [(index, one.text) for index, one in enumerate(standing) if one.text]
    return {"nothing_here": not texts, "texts": [as_json(text) for _index, text in texts]}, [
        index for index, _text in texts
    ]
