"""Who holds which role in a campaign: persons and groups, for its pages and for programs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count

from accounts.models import PeopleGroup
from accounts.permissions import get_group_for
from accounts.roles import Person, Role, strongest_role
from campaigns.models import Campaign, CampaignGroupObjectPermission, CampaignUserObjectPermission
from campaigns.permissions import require_may_give

_KNOWN = frozenset(codename.split("_", 1)[0] for codename, _name in Campaign._meta.permissions)


@dataclass(frozen=True, slots=True)
class GroupRole:
    """A group with how many are in it (`group.size`), and what they all may do."""

    group: PeopleGroup
    role: Role | None


def roles_in(campaign: Campaign) -> list[tuple[str, Role]]:
    """Everybody with a grant of their own, by user name, and the strongest role it makes up; one query."""
    rows = CampaignUserObjectPermission.objects.filter(content_object=campaign).order_by("user__username")
    held: dict[str, set[str]] = {}
    for name, codename in rows.values_list("user__username", "permission__codename"):
        held.setdefault(name, set()).add(codename.split("_", 1)[0])
    return [(name, strongest_role(verbs, set(_KNOWN)) or Role.OBSERVER) for name, verbs in held.items()]


def groups_in(campaign: Campaign) -> list[GroupRole]:
    """Every group with a grant; two queries."""
    held: dict[int, set[str]] = {}
    grants = CampaignGroupObjectPermission.objects.filter(content_object=campaign)
    for group, codename in grants.values_list("group_id", "permission__codename"):
        held.setdefault(group, set()).add(codename.split("_", 1)[0])
    groups: Any = PeopleGroup.objects.filter(group__in=held).annotate(size=Count("group__user"))
    return [GroupRole(group, strongest_role(held[group.group_id], set(_KNOWN))) for group in groups]


def group_to_remove(campaign: Campaign, group_id: UUID, *, by: Person) -> PeopleGroup:
    """A group whose role the person may take away: who runs the campaign may, whoever looks after the group.

    Raises `Missing` for a group that is neither in the campaign nor theirs, `Refused` where a manager would take away
    what only owners give.
    """
    here = next((one for one in groups_in(campaign) if one.group.pk == group_id), None)
    if here is None:
        return get_group_for(by, group_id)
    if here.role == Role.MANAGER:
        require_may_give(by, campaign, Role.MANAGER)
    return here.group
