"""The log of long work in the reader's language: its sentences were written in English and are told anew."""

import re
from collections.abc import Iterator
from functools import cache

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from frontend.log_sentences import SENTENCES, WORDS
from problems.coded import CodedError

_PLACE = re.compile(r"%\((\w+)\)[sd]")
# What a sentence quotes is quoted as each language does.
_QUOTED = re.compile("“([^“”]*)”")


def logged(sentence: str) -> tuple[str, str]:
    """(text, language) of a sentence of a log; itself and `en` where it cannot be told in the reader's language."""
    language = get_language() or "en"
    if language.startswith("en"):
        return sentence, language
    told = _told(sentence)
    return (told, language) if told is not None else (sentence, "en")


def _told(sentence: str) -> str | None:
    known = _(sentence) if sentence else ""
    if known != sentence:
        return known
    for pattern, template in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            translated = _(template)
            facts = {name: _fact(value) for name, value in found.groupdict().items()}
            return translated % facts if translated != template else None
    return None


def _fact(value: str) -> str:
    return _(value) if value in WORDS else _QUOTED.sub(lambda quoted: _("“%s”") % quoted[1], value)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with most words first, so that a sentence is not taken for a shorter one that ends in a place."""
    templates = sorted({*SENTENCES, *_coded(CodedError)}, key=lambda one: -len(_PLACE.sub("", one)))
    return tuple((re.compile(_expression(one), re.DOTALL), one) for one in templates)


def _expression(template: str) -> str:
    parts = _PLACE.split(template)
    seen: set[str] = set()
    expression = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            expression += re.escape(part.replace("%%", "%"))
        else:
            expression += f"(?P={part})" if part in seen else f"(?P<{part}>.+?)"
            seen.add(part)
    return expression


def _coded(above: type[CodedError]) -> Iterator[str]:
    """The sentences of all errors that can be told again, in English; a kind that others refine may have none."""
    for kind in above.__subclasses__():
        yield from _coded(kind)
        if hasattr(kind, "sentence"):
            with override("en"):
                yield str(kind.sentence)
