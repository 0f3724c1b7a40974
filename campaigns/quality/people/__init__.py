"""Who is how reliable, and how somebody works: every figure with the number of answers and how sure it is."""

from campaigns.quality.people.flags import Haste, Uniform, hasty, uniform
from campaigns.quality.people.habits import BoxHabits, Drift, Speed, Tendency, box_habits, drift, speeds
from campaigns.quality.people.reliability import (
    Judged,
    Reliability,
    Share,
    against_gold,
    against_others,
    reliability,
    share,
)

__all__ = [
    "BoxHabits",
    "Drift",
    "Haste",
    "Judged",
    "Reliability",
    "Share",
    "Speed",
    "Tendency",
    "Uniform",
    "against_gold",
    "against_others",
    "box_habits",
    "drift",
    "hasty",
    "reliability",
    "share",
    "speeds",
    "uniform",
]
