"""Campaigns and all that happens in them: tasks, contributions, predictions, consensus, decisions, releases."""

from campaigns.models.amending import ContributionRevision
from campaigns.models.campaign import Campaign, CampaignUserObjectPermission, CampaignVersion
from campaigns.models.contributing import Assignment, Contribution, ContributionShape, Participant, Task
from campaigns.models.deciding import ConsensusItem, ConsensusMember, Decision, TaskConsensus
from campaigns.models.evaluating import Evaluation, EvaluationPair
from campaigns.models.gold import Gold, GoldScore
from campaigns.models.predicting import Prediction, PredictionBatch, PredictionRun, Predictor
from campaigns.models.releasing import Release, ReleaseFile
from campaigns.models.retiring import Retirement

__all__ = [
    "Assignment",
    "Campaign",
    "CampaignUserObjectPermission",
    "CampaignVersion",
    "ConsensusItem",
    "ConsensusMember",
    "Contribution",
    "ContributionRevision",
    "ContributionShape",
    "Decision",
    "Evaluation",
    "EvaluationPair",
    "Gold",
    "GoldScore",
    "Participant",
    "Prediction",
    "PredictionBatch",
    "PredictionRun",
    "Predictor",
    "Release",
    "ReleaseFile",
    "Retirement",
    "Task",
    "TaskConsensus",
]
