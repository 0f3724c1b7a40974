"""Who is how reliable, and how somebody works: every figure with the number of answers and how sure it is."""

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
    "Judged",
    "Reliability",
    "Share",
    "Speed",
    "Tendency",
    "against_gold",
    "against_others",
    "box_habits",
    "drift",
    "reliability",
    "share",
    "speeds",
]
