"""So many people reported the task: it is set aside until somebody who reviews has looked at it.

It goes by reports alone, which come with an answer or without; it is looked at before every other rule, since what is
wrong with an image is wrong whatever was answered.
"""

from collections.abc import Mapping
from typing import Any

from campaigns.rules.evidence import Evidence
from campaigns.rules.rule import Finding, Parameter

KIND = "flagged"
COUNTS = "reports"
PARAMETERS = {"people": Parameter(2, 1, 100)}


def fits(question_kind: str) -> bool:
    return True


def judge(evidence: Evidence, parameters: Mapping[str, Any]) -> Finding | None:
    reports = tuple(sorted(one.id for one in evidence.reports))
    if len(reports) < parameters["people"]:
        return None
    return Finding((), {"reports": len(reports), "answers": len(evidence)}, reports)
