"""Average precision of points: COCO's curve, with the distance to the true point in the place of IoU.

A prediction is right within a share of the diagonal of its canvas, and AP is read at ¼, ½, 1 and 2 times the reach
that points have in campaigns, then averaged: mean average precision over the distances of centres, as nuScenes has it
at 0.5, 1, 2 and 4 metres (H. Caesar et al. 2020, nuScenes: A multimodal dataset for autonomous driving, CVPR, sec.
3.1). COCO's own measure of keypoints, OKS, needs a size of the thing, which a point has not.
"""

from typing import Any

from campaigns.quality.evaluation.alike import bar_of
from campaigns.quality.evaluation.coco import EVERYTHING, Detections
from campaigns.quality.evaluation.plain import plain
from campaigns.quality.evaluation.resampled import ap_interval

REACH = 0.02  # as a share of the diagonal: from which distance on people's points are two things
DISTANCES = tuple(REACH * factor for factor in (0.25, 0.5, 1.0, 2.0))
POINT_SIZES = (EVERYTHING,)  # a point is neither small nor large


def points_summary(
    found: Detections, at: Detections, reach: float, *, seed: int, samples: int
) -> dict[str, Any]:
    """AP at each distance, their mean, AP at the reach, and AR; intervals by canvas of the two that are quoted.

    `found`: evaluated at `DISTANCES`; `at`: where the bar of the reach is among the thresholds.
    """
    bar = bar_of(reach)
    return {
        "AP": found.ap(),
        "AP_at_reach": at.ap(threshold=bar),
        "AR": found.ar(),
        "distances": [
            {"reach": distance, "ap": found.ap(threshold=bar_of(distance))} for distance in DISTANCES
        ],
        "intervals": {
            "AP": plain(ap_interval(found, seed=seed, samples=samples)),
            "AP_at_reach": plain(ap_interval(at, threshold=bar, seed=seed, samples=samples)),
        },
    }
