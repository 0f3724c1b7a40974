"""Reads the conditions that a curator sets, refusing each fault with its place."""

from collections.abc import Mapping
from typing import Any

from campaigns.rules.rule import Condition, Parameter, Rule, RuleError


def read_conditions(
    raw: object, rules: Mapping[str, Rule], *, overlap: int, question_kind: str
) -> list[Condition]:
    """Each condition completed with defaults, in the order given; every rule at most once. Raises RuleError."""
    if not isinstance(raw, list):
        raise RuleError("", "not-a-list", "The conditions under which a task stops early are a list.")
    read = [
        _read(one, f"/{place}", rules, overlap=overlap, question_kind=question_kind)
        for place, one in enumerate(raw)
    ]
    names = [condition["rule"] for condition in read]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise RuleError(f"/{place}/rule", "rule-twice", f"The rule “{name}” is there twice. Keep one.")
    return read


def _read(
    raw: object, where: str, rules: Mapping[str, Rule], *, overlap: int, question_kind: str
) -> Condition:
    if not isinstance(raw, Mapping):
        raise RuleError(where, "not-an-object", "A condition is an object with its rule and its numbers.")
    name = raw.get("rule")
    if not isinstance(name, str) or name not in rules:
        known = ", ".join(rules)
        raise RuleError(
            f"{where}/rule", "unknown-rule", f"There is no such rule for stopping early; there are: {known}."
        )
    rule = rules[name]
    if not rule.fits(question_kind):
        raise RuleError(
            f"{where}/rule", "rule-unfit", f"The rule “{name}” cannot judge answers to this kind of question."
        )
    unknown = sorted(str(key) for key in set(raw) - {"rule", *rule.PARAMETERS})
    if unknown:
        raise RuleError(where, "unknown-parameter", f"The rule “{name}” has no number “{unknown[0]}”.")
    numbers = {
        key: _number(raw.get(key, parameter.default), key, parameter, where)
        for key, parameter in rule.PARAMETERS.items()
    }
    # Who reports an image may give it back without an answer, so that more people report than may answer.
    if rule.COUNTS == "answers" and numbers["people"] > overlap:
        raise RuleError(
            f"{where}/people",
            "more-than-overlap",
            f"No more than {overlap} people see each task, so that {numbers['people']} can never decide it.",
        )
    return {"rule": name, **numbers}


def _number(value: Any, name: str, parameter: Parameter, where: str) -> float:
    wanted = int if parameter.is_whole else (int, float)
    fits = isinstance(value, wanted) and not isinstance(value, bool)
    if not fits or not parameter.least <= value <= parameter.most:
        kind = "a whole number" if parameter.is_whole else "a number"
        raise RuleError(
            f"{where}/{name}",
            "bad-number",
            f"“{name}” is {kind} from {parameter.least:g} to {parameter.most:g}.",
        )
    return value if parameter.is_whole else float(value)
