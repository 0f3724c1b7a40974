"""So many people have answered, whatever they said: the cap of every campaign."""

from collections.abc import Mapping
from typing import Any

from campaigns.rules.evidence import Evidence
from campaigns.rules.rule import Finding, Parameter

KIND = "fixed"
COUNTS = "answers"
PARAMETERS = {"people": Parameter(3, 1, 100)}


def fits(question_kind: str) -> bool:
    return True


def judge(evidence: Evidence, parameters: Mapping[str, Any]) -> Finding | None:
    return found(evidence.ids, parameters["people"])


def found(answers: tuple[str, ...], people: int) -> Finding | None:
    """The same for answers that need not be read."""
    return Finding(answers, {"answers": len(answers)}) if len(answers) >= people else None
