"""Writes of the campaigns room: one verb each."""

from campaigns.actions.amending import Amendment, amend
from campaigns.actions.assignments import Claim, claim, release, renew, skip
from campaigns.actions.batches import Batch, claim_many
from campaigns.actions.campaigns import configure_campaign, create_campaign
from campaigns.actions.choosing import choose_tasks
from campaigns.actions.choosing_layers import choose_layers
from campaigns.actions.contributions import Submission, Submitted, retire, submit
from campaigns.actions.judging import Wanted, choose_shown
from campaigns.actions.life import (
    archive_campaign,
    close_campaign,
    open_campaign,
    pause_campaign,
    reopen_campaign,
    restore_campaign,
    start_pilot,
)
from campaigns.actions.participants import find_participant, join_campaign
from campaigns.actions.roles import assign_group_role, assign_role
from campaigns.actions.tasks import choose_canvases, choose_regions
from campaigns.actions.visits import Adopted, adopt_visits

__all__ = [
    "Adopted",
    "Amendment",
    "Batch",
    "Claim",
    "Submission",
    "Submitted",
    "Wanted",
    "adopt_visits",
    "amend",
    "archive_campaign",
    "assign_group_role",
    "assign_role",
    "choose_canvases",
    "choose_layers",
    "choose_regions",
    "choose_shown",
    "choose_tasks",
    "claim",
    "claim_many",
    "close_campaign",
    "configure_campaign",
    "create_campaign",
    "find_participant",
    "join_campaign",
    "open_campaign",
    "pause_campaign",
    "release",
    "renew",
    "reopen_campaign",
    "restore_campaign",
    "retire",
    "skip",
    "start_pilot",
    "submit",
]
