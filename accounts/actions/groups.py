"""Writes about groups of people: made, filled, emptied, dissolved."""

from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from accounts.models import PeopleGroup, User
from accounts.permissions import require_curator
from problems import Invalid

MOST_NAMES = 1000


def find_person(who: str) -> User | None:
    """Somebody with an open account, by user name or e-mail address in any case."""
    who = who.strip().replace("\x00", "")
    people = User.objects.filter(is_active=True)
    return (
        people.filter(username__iexact=who).first() or people.filter(~Q(email=""), email__iexact=who).first()
    )


def make_group(*, by: User, title: str) -> PeopleGroup:
    """A new, empty group that the maker looks after."""
    require_curator(by)
    if not title.strip():
        raise Invalid("Give the group a name.", pointer="/title", code="blank")
    pk = uuid4()
    with transaction.atomic():
        group = Group.objects.create(name=str(pk))
        return PeopleGroup.objects.create(pk=pk, group=group, title=title.strip()[:80], created_by=by)


def add_members(group: PeopleGroup, names: list[str]) -> list[str]:
    """Put people into a group, by user name or address; returns the names that nobody here has.

    What the group may do, they may from now on. Harmless to repeat.
    """
    if len(names) > MOST_NAMES:
        raise Invalid(
            f"At most {MOST_NAMES} people can be added at once.", pointer="/members", code="too-many"
        )
    found = {name: find_person(name) for name in names if name.strip()}
    group.group.user_set.add(*{user for user in found.values() if user is not None})
    return [name for name, user in found.items() if user is None]


def remove_member(group: PeopleGroup, username: str) -> None:
    """Take somebody out of a group; harmless to repeat. Roles of their own stay."""
    group.group.user_set.remove(*User.objects.filter(username__iexact=username.replace("\x00", "")))


def dissolve_group(group: PeopleGroup) -> None:
    """End a group, and with it what its members may do by it."""
    group.group.delete()
