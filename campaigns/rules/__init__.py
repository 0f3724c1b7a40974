"""When a task has been seen by enough people: one file per rule, one line each in the registry.

A campaign has a cap, the most people who see a task, and a list of conditions under which it stops earlier. Whatever
is decided depends on the set of answers and reports alone, never on their order, and says which of them decided it
and how.
"""

from collections.abc import Sequence

from campaigns.rules import agreement, fixed, flagged, nothing_here, posterior
from campaigns.rules.evidence import Asked, Evidence, Given, Reported
from campaigns.rules.reading import read_conditions
from campaigns.rules.rule import Condition, Finding, Rule, RuleError, Stop

EARLY: dict[str, Rule] = {
    agreement.KIND: agreement,
    posterior.KIND: posterior,
    nothing_here.KIND: nothing_here,
    flagged.KIND: flagged,
}
RULES: dict[str, Rule] = {fixed.KIND: fixed, **EARLY}


def conditions_of(raw: object, *, overlap: int, question_kind: str) -> list[Condition]:
    """The conditions in their one normal form. Raises RuleError."""
    return read_conditions(raw, EARLY, overlap=overlap, question_kind=question_kind)


def decide(evidence: Evidence, conditions: Sequence[Condition], overlap: int) -> Stop | None:
    """Why these answers are enough, by the first condition that holds, else by the cap; None when they are not.

    Conditions that go by reports come first, wherever they stand.
    """
    for condition in (*by_reports(conditions), *by_answers(conditions)):
        rule, parameters = EARLY[condition["rule"]], parameters_of(condition)
        there = evidence.reports if rule.COUNTS == "reports" else evidence.given
        if len(there) >= parameters["people"]:
            found = rule.judge(evidence, parameters)
            if found is not None:
                return Stop(rule.KIND, parameters, found)
    parameters = {"people": overlap}
    found = fixed.judge(evidence, parameters)
    return Stop(fixed.KIND, parameters, found) if found else None


def least_people(conditions: Sequence[Condition], overlap: int) -> int:
    """With fewer answers than this no rule is worth a look."""
    return min((condition["people"] for condition in by_answers(conditions)), default=overlap)


def by_answers(conditions: Sequence[Condition]) -> list[Condition]:
    """The conditions for which answers must be read."""
    return [one for one in conditions if EARLY[one["rule"]].COUNTS == "answers"]


def by_reports(conditions: Sequence[Condition]) -> list[Condition]:
    """The conditions under which a task is set aside because it was reported."""
    return [one for one in conditions if EARLY[one["rule"]].COUNTS == "reports"]


def sets_aside(stop: Stop) -> bool:
    """Whether the task is set aside for somebody to look at, and not retired because enough people have seen it."""
    return RULES[stop.rule].COUNTS == "reports"


def replay(evidence: Evidence, conditions: Sequence[Condition], overlap: int) -> tuple[Evidence, Stop | None]:
    """The answers in their order that would have been asked for, and why no more; None: more would be wanted."""
    # A report may come before anybody has answered.
    least = 0 if evidence.reports and by_reports(conditions) else least_people(conditions, overlap)
    for count in range(min(least, overlap), min(len(evidence), overlap) + 1):
        used = evidence.first(count)
        stop = decide(used, conditions, overlap)
        if stop is not None:
            return used, stop
    return evidence, None


def parameters_of(condition: Condition) -> Condition:
    return {name: value for name, value in condition.items() if name != "rule"}


__all__ = [
    "EARLY",
    "RULES",
    "Asked",
    "Condition",
    "Evidence",
    "Finding",
    "Given",
    "Reported",
    "Rule",
    "RuleError",
    "Stop",
    "by_answers",
    "by_reports",
    "conditions_of",
    "decide",
    "least_people",
    "parameters_of",
    "replay",
    "sets_aside",
]
