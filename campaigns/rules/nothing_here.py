"""So many people said “nothing here”, and fewer said something else."""

from collections.abc import Mapping
from typing import Any

from campaigns.questions import KINDS
from campaigns.rules.evidence import Evidence
from campaigns.rules.rule import Finding, Parameter

KIND = "nothing_here"
COUNTS = "answers"
PARAMETERS = {"people": Parameter(2, 1, 100)}


def fits(question_kind: str) -> bool:
    return question_kind in KINDS and KINDS[question_kind].TRAITS.takes_nothing


def judge(evidence: Evidence, parameters: Mapping[str, Any]) -> Finding | None:
    nothing = tuple(sorted(one.id for one in evidence.given if one.answer.get("nothing_here")))
    if len(nothing) < parameters["people"] or 2 * len(nothing) <= len(evidence):
        return None
    return Finding(nothing, {"answers": len(evidence), "nothing_here": len(nothing)})
