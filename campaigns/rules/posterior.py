"""The merged answer is so certain: easy tasks stop early, hard ones are seen by more people.

The certainty is that of `campaigns.quality.certainty`: of tags the posterior of the merged label, of boxes that of the
least certain merged box, its being there included. A merged answer that leaves a label open is not certain at all.
"""

from collections.abc import Mapping
from typing import Any

from campaigns.quality.certainty import certainty_of_boxes, certainty_of_tags
from campaigns.rules.evidence import Evidence, is_labelled
from campaigns.rules.rule import Finding, Parameter

KIND = "posterior"
COUNTS = "answers"
PARAMETERS = {
    "people": Parameter(2, 1, 100),
    "certainty": Parameter(0.95, 0.5, 0.9999),
    "accuracy": Parameter(0.8, 0.51, 0.99),
}


def fits(question_kind: str) -> bool:
    return is_labelled(question_kind)


def judge(evidence: Evidence, parameters: Mapping[str, Any]) -> Finding | None:
    accuracy = parameters["accuracy"]
    certainty = evidence.once(KIND, accuracy, lambda: certainty_in(evidence, accuracy))
    if certainty < parameters["certainty"]:
        return None
    return Finding(evidence.ids, {"answers": len(evidence), "certainty": round(certainty, 6)})


def certainty_in(evidence: Evidence, accuracy: float) -> float:
    """How certain the merged answer is, 0 to 1, if everybody is right so often."""
    asked = evidence.asked
    measure = certainty_of_boxes if asked.says == "boxes" else certainty_of_tags
    return measure(
        evidence.merged(),
        evidence.words(),
        seen=len(evidence),
        options=asked.labels,
        accuracy=accuracy,
        many=asked.many,
        tree=asked.tree,
    )
