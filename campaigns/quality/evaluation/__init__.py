"""Predictions, or people, against what is true: figures with the boxes and images behind each of them."""

from campaigns.quality.evaluation.calibration import Calibration, calibrate, temperature, wilson
from campaigns.quality.evaluation.ceiling import BoxCeiling, Ceiling, ceiling_of_boxes, ceiling_of_labels
from campaigns.quality.evaluation.coco import Behind, Detections, evaluate_boxes
from campaigns.quality.evaluation.columns import (
    PredictedBoxes,
    TrueBoxes,
    as_points,
    predicted_boxes,
    true_boxes,
    with_outlines,
)
from campaigns.quality.evaluation.confusion import Confusion, as_rows, confusion_of_boxes, confusion_of_labels
from campaigns.quality.evaluation.figures import (
    LabelFigures,
    Rates,
    best_score,
    figures_of_boxes,
    figures_of_labels,
)
from campaigns.quality.evaluation.hierarchy import TreeFigures, figures_on_tree
from campaigns.quality.evaluation.judged import Pair, Report
from campaigns.quality.evaluation.label_report import report_on_labels
from campaigns.quality.evaluation.ranking import RankingFigures, ndcg, rank_labels
from campaigns.quality.evaluation.report import report_on_boxes
from campaigns.quality.evaluation.resampled import ap_interval, ap_statistic, compare_ap
from campaigns.quality.evaluation.shape_ceiling import DrawnShape, ceiling_of_outlines, ceiling_of_points
from campaigns.quality.evaluation.significance import (
    Comparison,
    compare_counts,
    compare_statistics,
    mcnemar,
)
from campaigns.quality.evaluation.sizes import SizeTable, sides_by_quantile, size_table
from campaigns.quality.evaluation.voc import VocFigures, evaluate_voc

__all__ = [
    "Behind",
    "BoxCeiling",
    "Calibration",
    "Ceiling",
    "Comparison",
    "Confusion",
    "Detections",
    "DrawnShape",
    "LabelFigures",
    "Pair",
    "PredictedBoxes",
    "RankingFigures",
    "Rates",
    "Report",
    "SizeTable",
    "TreeFigures",
    "TrueBoxes",
    "VocFigures",
    "ap_interval",
    "ap_statistic",
    "as_points",
    "as_rows",
    "best_score",
    "calibrate",
    "ceiling_of_boxes",
    "ceiling_of_labels",
    "ceiling_of_outlines",
    "ceiling_of_points",
    "compare_ap",
    "compare_counts",
    "compare_statistics",
    "confusion_of_boxes",
    "confusion_of_labels",
    "evaluate_boxes",
    "evaluate_voc",
    "figures_of_boxes",
    "figures_of_labels",
    "figures_on_tree",
    "mcnemar",
    "ndcg",
    "predicted_boxes",
    "rank_labels",
    "report_on_boxes",
    "report_on_labels",
    "sides_by_quantile",
    "size_table",
    "temperature",
    "true_boxes",
    "wilson",
    "with_outlines",
]
