"""Rules for when enough people have seen a task in words: what a campaign asks for, and why a task stopped."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from campaigns.models import Retirement
from campaigns.rules import Condition

Numbers = Mapping[str, Any]


def rule_in_words(overlap: int, retirement: Sequence[Condition]) -> str:
    """“5 people, fewer once 2 agree by 80%, or 2 say “nothing here””."""
    people = ngettext("%(people)s person", "%(people)s people", overlap) % {"people": overlap}
    if not retirement:
        return people
    *before, last = (_CONDITIONS[one["rule"]](one) for one in retirement)
    if before:
        last = _("%(before)s, or %(last)s") % {"before": ", ".join(before), "last": last}
    return _("%(people)s, fewer once %(conditions)s") % {"people": people, "conditions": last}


def reason_of(retirement: Retirement) -> str:
    """Why nobody else was asked, as a sentence with its figures."""
    said = _REASONS[retirement.rule]({**retirement.parameters, **retirement.figures})
    return f"{said} {_('It was left out.')}" if retirement.left_out_at else said


def percent(share: float) -> str:
    """A share in per cent, cut off after one decimal: what is not certain is never called so."""
    tenths = math.floor(share * 1000 + 1e-6)
    space = "\u202f" if (get_language() or "en").startswith("fr") else ""
    return f"{number_format(tenths / 10, 1 if tenths % 10 else 0)}{space}%"


def _agreed(numbers: Numbers) -> str:
    said = {"people": numbers["people"], "likeness": percent(numbers["likeness"])}
    return _("%(people)s agree by %(likeness)s") % said


def _certain(numbers: Numbers) -> str:
    said = {"people": numbers["people"], "certainty": percent(numbers["certainty"])}
    return _("it is %(certainty)s certain after %(people)s or more") % said


def _nothing(numbers: Numbers) -> str:
    people = numbers["people"]
    said = ngettext("%(people)s says “nothing here”", "%(people)s say “nothing here”", people)
    return said % {"people": people}


def _reported(numbers: Numbers) -> str:
    people = numbers["people"]
    said = ngettext("%(people)s has reported the image", "%(people)s have reported the image", people)
    return said % {"people": people}


_CONDITIONS: dict[str, Callable[[Numbers], str]] = {
    "agreement": _agreed,
    "posterior": _certain,
    "nothing_here": _nothing,
    "flagged": _reported,
}


def _was_fixed(numbers: Numbers) -> str:
    answers = numbers["answers"]
    said = ngettext("%(answers)s person has answered.", "%(answers)s people have answered.", answers)
    return said % {"answers": answers}


def _was_agreed(numbers: Numbers) -> str:
    said = {**numbers, "likeness": percent(numbers["likeness"])}
    return _("%(alike)s of %(answers)s people agree; no two of them by less than %(likeness)s.") % said


def _was_certain(numbers: Numbers) -> str:
    answers = numbers["answers"]
    said = ngettext(
        "After %(answers)s answer what it says is %(certainty)s certain.",
        "After %(answers)s answers what they say together is %(certainty)s certain.",
        answers,
    )
    return said % {"answers": answers, "certainty": percent(numbers["certainty"])}


def _was_nothing(numbers: Numbers) -> str:
    return _("%(nothing_here)s of %(answers)s people said “nothing here”.") % numbers


def _was_reported(numbers: Numbers) -> str:
    reports = numbers["reports"]
    said = ngettext("%(reports)s person has reported it.", "%(reports)s people have reported it.", reports)
    return said % {"reports": reports}


_REASONS: dict[str, Callable[[Numbers], str]] = {
    "fixed": _was_fixed,
    "agreement": _was_agreed,
    "posterior": _was_certain,
    "nothing_here": _was_nothing,
    "flagged": _was_reported,
}
