"""Campaigns and all that happens in them: tasks, contributions, predictions, consensus, decisions, releases."""

from campaigns.models.agreeing import AgreementReport
from campaigns.models.amending import ContributionRevision
from campaigns.models.announcing import Announcement, AnnouncementMail, Subscription
from campaigns.models.campaign import (
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    CampaignVersion,
)
from campaigns.models.certifying import Certificate
from campaigns.models.choosing import TaskChoice
from campaigns.models.contributing import Assignment, Contribution, ContributionShape, Participant, Task
from campaigns.models.deciding import (
    BulkReview,
    ConceptWeight,
    ConsensusItem,
    ConsensusMember,
    Decision,
    KeptRuling,
    Opinion,
    TaskConsensus,
)
from campaigns.models.discussing import Comment, Report
from campaigns.models.drafting import Draft, ReviewDraft
from campaigns.models.evaluating import (
    Evaluation,
    EvaluationImage,
    EvaluationPair,
    EvaluationVoice,
    RunComparison,
)
from campaigns.models.gold import Gold, GoldScore
from campaigns.models.inviting import Invitation, JoinLink, JoinLinkUse
from campaigns.models.personal import PersonalExport
from campaigns.models.predicting import (
    Prediction,
    PredictionBatch,
    PredictionRun,
    Predictor,
    SimilarSearch,
)
from campaigns.models.prioritising import LineAside, PriorityTable, TaskPriority
from campaigns.models.releasing import Release, ReleaseFile
from campaigns.models.reliability import ReliabilityModel
from campaigns.models.retiring import Retirement
from campaigns.models.searching import LayerSearch
from campaigns.models.teams import Team, TeamMember
from campaigns.models.telling import Webhook, WebhookDelivery

__all__ = [
    "AgreementReport",
    "Announcement",
    "AnnouncementMail",
    "Assignment",
    "BulkReview",
    "Campaign",
    "CampaignGroupObjectPermission",
    "CampaignUserObjectPermission",
    "CampaignVersion",
    "Certificate",
    "Comment",
    "ConceptWeight",
    "ConsensusItem",
    "ConsensusMember",
    "Contribution",
    "ContributionRevision",
    "ContributionShape",
    "Decision",
    "Draft",
    "Evaluation",
    "EvaluationImage",
    "EvaluationPair",
    "EvaluationVoice",
    "Gold",
    "GoldScore",
    "Invitation",
    "JoinLink",
    "JoinLinkUse",
    "KeptRuling",
    "LayerSearch",
    "LineAside",
    "Opinion",
    "Participant",
    "PersonalExport",
    "Prediction",
    "PredictionBatch",
    "PredictionRun",
    "Predictor",
    "PriorityTable",
    "Release",
    "ReleaseFile",
    "ReliabilityModel",
    "Report",
    "Retirement",
    "ReviewDraft",
    "RunComparison",
    "SimilarSearch",
    "Subscription",
    "Task",
    "TaskChoice",
    "TaskConsensus",
    "TaskPriority",
    "Team",
    "TeamMember",
    "Webhook",
    "WebhookDelivery",
]
