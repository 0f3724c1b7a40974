"""Campaigns and all that happens in them: tasks, contributions, predictions, consensus, decisions, releases."""

from campaigns.models.amending import ContributionRevision
from campaigns.models.campaign import (
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    CampaignVersion,
)
from campaigns.models.contributing import Assignment, Contribution, ContributionShape, Participant, Task
from campaigns.models.deciding import ConsensusItem, ConsensusMember, Decision, TaskConsensus
from campaigns.models.evaluating import Evaluation, EvaluationPair
from campaigns.models.gold import Gold, GoldScore
from campaigns.models.inviting import Invitation, JoinLink, JoinLinkUse
from campaigns.models.predicting import Prediction, PredictionBatch, PredictionRun, Predictor
from campaigns.models.releasing import Release, ReleaseFile
from campaigns.models.reliability import ReliabilityModel
from campaigns.models.retiring import Retirement

__all__ = [
    "Assignment",
    "Campaign",
    "CampaignGroupObjectPermission",
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
    "Invitation",
    "JoinLink",
    "JoinLinkUse",
    "Participant",
    "Prediction",
    "PredictionBatch",
    "PredictionRun",
    "Predictor",
    "Release",
    "ReleaseFile",
    "ReliabilityModel",
    "Retirement",
    "Task",
    "TaskConsensus",
]
