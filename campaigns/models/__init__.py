"""Campaigns and all that happens in them: tasks, contributions, predictions, consensus, decisions, releases."""

from campaigns.models.amending import ContributionRevision
from campaigns.models.announcing import Announcement, AnnouncementMail, Subscription
from campaigns.models.campaign import (
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    CampaignVersion,
)
from campaigns.models.contributing import Assignment, Contribution, ContributionShape, Participant, Task
from campaigns.models.deciding import ConsensusItem, ConsensusMember, Decision, TaskConsensus
from campaigns.models.discussing import Comment, Report
from campaigns.models.evaluating import Evaluation, EvaluationPair
from campaigns.models.gold import Gold, GoldScore
from campaigns.models.inviting import Invitation, JoinLink, JoinLinkUse
from campaigns.models.predicting import Prediction, PredictionBatch, PredictionRun, Predictor
from campaigns.models.releasing import Release, ReleaseFile
from campaigns.models.retiring import Retirement
from campaigns.models.teams import Team, TeamMember

__all__ = [
    "Announcement",
    "AnnouncementMail",
    "Assignment",
    "Campaign",
    "CampaignGroupObjectPermission",
    "CampaignUserObjectPermission",
    "CampaignVersion",
    "Comment",
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
    "Report",
    "Retirement",
    "Subscription",
    "Task",
    "TaskConsensus",
    "Team",
    "TeamMember",
]
