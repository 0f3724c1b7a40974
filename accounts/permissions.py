"""Decisions about people themselves."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import PeopleGroup, User
from accounts.roles import Person
from problems import Missing, Refused, Unauthenticated


def require_user(person: Person) -> User:
    """The signed-in person, or the request to sign in."""
    if not isinstance(person, User):
        raise Unauthenticated("Sign in to do this.", headers={"WWW-Authenticate": "Bearer"})
    return person


def may_curate(person: Person) -> bool:
    """Whether the person may bring in sources and vocabularies and start campaigns."""
    return isinstance(person, User) and (person.is_curator or person.is_superuser)


def require_curator(person: Person) -> User:
    """Somebody who may bring in sources and vocabularies and start campaigns, or the reason why not."""
    user = require_user(person)
    if not may_curate(user):
        raise Refused("Only curators may do this. Ask an administrator to make you one.")
    return user


def own_groups(person: User) -> QuerySet[PeopleGroup]:
    """The groups that the person looks after; all of them for a superuser."""
    groups = PeopleGroup.objects.select_related("group")
    return groups if person.is_superuser else groups.filter(created_by=person)


def get_group_for(person: Person, group_id: UUID | str) -> PeopleGroup:
    """The one gate to a group: who looks after it; nobody else learns that it is there."""
    group = own_groups(person).filter(pk=group_id).first() if isinstance(person, User) else None
    if group is None:
        raise Missing("There is no such group, or you do not look after it.")
    return group
