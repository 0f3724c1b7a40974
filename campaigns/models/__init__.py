"""Campaigns and all that happens in them: tasks, contributions, predictions, consensus, decisions, releases."""

from campaigns.models.campaign import (
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    CampaignVersion,
)
from campaigns.models.contributing import Assignment, Contribution, ContributionShape, Participant, Task
from campaigns.models.deciding import ConsensusItem, ConsensusMember, Decision, TaskConsensus
from campaigns.models.evaluating import Evaluation, EvaluationPair
from campaigns.models.inviting import Invitation, JoinLink, JoinLinkUse
from campaigns.models.predicting import Prediction, PredictionBatch, PredictionRun, Predictor
from campaigns.models.releasing import Release, ReleaseFile

__all__ = [
    "Assignment",
    "Campaign",
    "CampaignGroupObjectPermission",
    "CampaignUserObjectPermission",
    "CampaignVersion",
    "ConsensusItem",
    "ConsensusMember",
    "Contribution",
    "ContributionShape",
    "Decision",
    "Evaluation",
    "EvaluationPair",
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
    "Task",
    "TaskConsensus",
]
