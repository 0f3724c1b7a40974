"""Writes of the campaigns room: one verb each."""

from campaigns.actions.assignments import Claim, claim, release, renew, skip
from campaigns.actions.campaigns import (
    assign_group_role,
    assign_role,
    close_campaign,
    configure_campaign,
    create_campaign,
    open_campaign,
    pause_campaign,
    reopen_campaign,
)
from campaigns.actions.contributions import Submission, Submitted, retire, submit
from campaigns.actions.participants import find_participant, join_campaign
from campaigns.actions.tasks import choose_canvases, choose_regions

__all__ = [
    "Claim",
    "Submission",
    "Submitted",
    "assign_group_role",
    "assign_role",
    "choose_canvases",
    "choose_regions",
    "claim",
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
    "retire",
    "skip",
    "submit",
]
