"""Decisions about people themselves."""

from accounts.models import User
from accounts.roles import Person
from problems import Refused, Unauthenticated


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
