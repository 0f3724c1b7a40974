"""Roles in a campaign are given and taken, with what follows from them on its layers."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import PeopleGroup, User
from accounts.roles import Role, grant, revoke
from campaigns.actions.locking import lock_campaign
from campaigns.models import Campaign, CampaignUserObjectPermission
from problems import Conflict, Invalid

# Where answers are known, whoever might be given them must not read them.
READS_TRUTH = {Role.OWNER, Role.MANAGER, Role.REVIEWER}
# A role in the campaign, and the role it gives on (contributions, consensus and decisions, ground truth).
LAYER_ROLES: dict[Role, tuple[Role | None, Role | None, Role | None]] = {
    Role.OWNER: (Role.OWNER, Role.OWNER, Role.OWNER),
    Role.MANAGER: (Role.MANAGER, Role.MANAGER, Role.MANAGER),
    Role.REVIEWER: (Role.OBSERVER, Role.OBSERVER, Role.OBSERVER),
    Role.CONTRIBUTOR: (None, None, Role.OBSERVER),
    Role.TRANSLATOR: (None, None, Role.OBSERVER),
    Role.OBSERVER: (None, None, Role.OBSERVER),
}


def assign_role(campaign: Campaign, user: User, role: Role | None, *, by: User) -> None:
    """Give somebody a role (or none) in the campaign and what follows from it on the layers.

    Reviewers and above read the contributions and the consensus; managers and owners may also change layers.
    Raises `Conflict` when the campaign would be left without an owner.
    """
    with transaction.atomic():
        row = lock_campaign(campaign)
        if role != Role.OWNER:
            _keep_an_owner(row, user)
        _give(row, user, role)


def assign_group_role(campaign: Campaign, group: PeopleGroup, role: Role | None, *, by: User) -> None:
    """Give everybody in a group a role (or none), now and as its members change; harmless to repeat.

    A campaign is owned by persons: a group may be made its manager and no more.
    """
    if role == Role.OWNER:
        raise Invalid(_("A campaign is owned by people, not by a group."), pointer="/role", code="bad-role")
    with transaction.atomic():
        _give(lock_campaign(campaign), group.group, role)


def _give(campaign: Campaign, holder: User | Group, role: Role | None) -> None:
    """The role on the campaign and what follows from it on its layers, in place of what was there."""
    said, merged, true = LAYER_ROLES[role] if role else (None, None, None)
    if campaign.uses_gold and role not in READS_TRUTH:
        true = None
    on_layers = (
        (campaign.contributions_layer, said),
        (campaign.consensus_layer, merged),
        (campaign.decisions_layer, merged),
        (campaign.ground_truth_layer, true),
    )
    for target, given in ((campaign, role), *on_layers):
        if given is None:
            revoke(holder, target)
        else:
            grant(holder, target, given)


def _keep_an_owner(campaign: Campaign, user: User) -> None:
    owners = CampaignUserObjectPermission.objects.filter(
        content_object=campaign, permission__codename="own_campaign"
    ).values_list("user_id", flat=True)
    if set(owners) == {user.pk}:
        raise Conflict(_("A campaign needs an owner. Make somebody else an owner first."), code="last-owner")
