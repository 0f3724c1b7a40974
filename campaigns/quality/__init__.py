"""How well people agree, and what they say together: numpy in, frozen values out, no Django."""

from campaigns.quality.agreement import Agreement, label_agreement, mean_pairwise, set_agreement
from campaigns.quality.bootstrap import Interval
from campaigns.quality.box_agreement import (
    BoxAgreement,
    BoxFigures,
    PairAgreement,
    box_agreement,
    shape_agreement,
)
from campaigns.quality.consensus import (
    Consensus,
    Rule,
    Vote,
    explain,
    merge_boxes,
    merge_tags,
    merge_texts,
    overall_disagreement,
)
from campaigns.quality.matching import group_boxes, match_pairs, match_people

__all__ = [
    "Agreement",
    "BoxAgreement",
    "BoxFigures",
    "Consensus",
    "Interval",
    "PairAgreement",
    "Rule",
    "Vote",
    "box_agreement",
    "explain",
    "group_boxes",
    "label_agreement",
    "match_pairs",
    "match_people",
    "mean_pairwise",
    "merge_boxes",
    "merge_tags",
    "merge_texts",
    "overall_disagreement",
    "set_agreement",
    "shape_agreement",
]
