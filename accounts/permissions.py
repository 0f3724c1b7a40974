"""Decisions about people themselves."""

from accounts.models import User
from accounts.roles import Person
from problems import Refused, Unauthenticated


def require_user(person: Person) -> User:
    """The signed-in person, or the request to sign in."""
    if not isinstance(person, User):
        raise Unauthenticated("Sign in to do this.", headers={"WWW-Authenticate": "Bearer"})
    return person


def require_curator(person: Person) -> User:
    """Somebody who may bring in sources and vocabularies and start campaigns, or the reason why not."""
    user = require_user(person)
    if not (user.is_curator or user.is_superuser):
        raise Refused("Only curators may do this. Ask an administrator to make you one.")
    return user
