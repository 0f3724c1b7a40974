"""How the places of a thing become one: the settings `merged` and `at_least` of a question, read and as a rule."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from campaigns.quality import Rule
from campaigns.quality.edges import AT_LEAST, MEDIAN
from campaigns.questions.errors import ConfigError
from campaigns.questions.kind import Config
from campaigns.questions.reading import pointer, read_choice

SETTINGS = ("merged", "at_least")
USUAL = 2  # of those who drew it


def read_merging(config: Mapping[str, Any], geometries: Sequence[str]) -> Config:
    """Both settings in their normal form. Raises ConfigError.

    The median goes without saying, so that settings from before there was a choice stay what they were; a number
    without the way that it belongs to says nothing.
    """
    merged = read_choice(config, "merged", geometries)
    if merged == MEDIAN:
        return {}
    return {"merged": merged, **({"at_least": _least(config)} if merged == AT_LEAST else {})}


def _least(config: Mapping[str, Any]) -> int:
    value = config.get("at_least", USUAL)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ConfigError("/at_least", "wrong-type", "“at_least” must be a whole number.")
    if value < 1:
        raise ConfigError("/at_least", "too-small", "“at_least” must be at least 1.")
    return value


def rule_of(question: Mapping[str, Any]) -> Rule:
    """How the places of this question are merged."""
    geometry = question.get("merged", MEDIAN)
    return Rule(geometry=geometry, least=question.get("at_least", USUAL) if geometry == AT_LEAST else None)


def questions_in(question: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The question itself, or each step of a sequence: its name, where its settings stand, and these."""
    if "steps" not in question:
        yield "", "", question
    for index, step in enumerate(question.get("steps", ())):
        yield step["name"], pointer("steps", index, "question"), step["question"]


def method_of_places(question: Mapping[str, Any], *, weighed: bool = False) -> str:
    """What the name of a method says of places; nothing of the median. `weighed`: not everybody counts alike.

    A sequence may have many steps and a name has an end: theirs stand in the parameters, and their digest here.
    """
    rules = [(step, rule_of(one)) for step, _where, one in questions_in(question)]
    said = [
        f"{step + ': ' if step else ''}{_way(rule)}, {2 if weighed and rule.geometry == 'mean' else 1}"
        for step, rule in rules
        if rule.geometry != MEDIAN
    ]
    if "steps" not in question or not said:
        return "; ".join(said)
    return f"places by step {sha256('; '.join(said).encode()).hexdigest()[:12]}, 1"


def _way(rule: Rule) -> str:
    return f"at least {rule.least} places" if rule.least else f"{rule.geometry} places"


def parameters_of(question: Mapping[str, Any], rule: Rule) -> dict[str, Any]:
    """The rule as it is kept beside what it merged; of a sequence also those of its steps that merge otherwise."""
    steps = {step: rule_of(one) for step, _where, one in questions_in(question) if step}
    others = {step: one.parameters() for step, one in steps.items() if one.geometry != MEDIAN}
    return {**rule.parameters(), **({"steps": others} if others else {})}
