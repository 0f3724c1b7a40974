"""What the answers to a task come to, in a form in which two outcomes can be told apart."""

from dataclasses import dataclass

from campaigns.quality import Consensus, match_pairs
from campaigns.rules.evidence import Evidence, is_merged

SAME_AT_IOU = 0.5  # as merging and agreement have it
Standing = tuple[tuple[float, float, float, float], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The merged `labels` of a tag, or the text; the merged `boxes` that more than half drew; `is_open`: something is
    undecided."""

    boxes: tuple[Standing, ...]
    labels: frozenset[str]
    is_open: bool


def has_outcome(question_kind: str) -> bool:
    """Whether answers to this kind of question can be merged into one."""
    return is_merged(question_kind)


def outcome_of(evidence: Evidence) -> Outcome:
    """Of the merged answer. Raises ConfigError for a kind of question without one."""
    items = evidence.merged()
    if evidence.asked.says == "boxes":
        standing = [item for item in items if 2 * item.voters > item.seen]
        return Outcome(_boxes(standing), frozenset(), any(not item.decided for item in standing))
    if evidence.asked.says == "texts":
        texts = frozenset(item.text.compared for item in items if item.text)
        return Outcome((), texts, any(not item.decided for item in items))
    labels = frozenset(concept for item in items for concept in item.concepts)
    nothing = sum(bool(one.answer.get("nothing_here")) for one in evidence.given)
    undecided = bool(items) and not labels and 2 * nothing <= len(evidence)
    return Outcome((), labels, undecided)


def is_same(a: Outcome, b: Outcome) -> bool:
    """Whether the labels are the same, and each box has its own on the other side, at IoU 0.5, with the same labels."""
    if a.labels != b.labels or a.is_open != b.is_open or len(a.boxes) != len(b.boxes):
        return False
    if not a.boxes or a.boxes == b.boxes:
        return True
    pairs = match_pairs([box for box, _said in a.boxes], [box for box, _said in b.boxes], SAME_AT_IOU)
    return len(pairs) == len(a.boxes) and all(a.boxes[i][1] == b.boxes[j][1] for i, j in pairs.tolist())


def _boxes(items: list[Consensus]) -> tuple[Standing, ...]:
    return tuple((item.box.xywh, frozenset(item.concepts)) for item in items if item.box)
