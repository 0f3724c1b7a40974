"""The same people in every test: what they may do follows from their roles, never from luck."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User

Maker = Callable[..., User]


# Who they are in every test: username, public name, whether they may bring things in.
CAST = {
    "owner": ("olga", "Olga", True),
    "manager": ("marc", "Marc", True),
    "reviewer": ("rosa", "Rosa", False),
    "contributor": ("carl", "Carl", False),
    "observer": ("otto", "Otto", False),
    "stranger": ("stan", "Stan", False),
}


def make_person(name: str, **fields: object) -> User:
    """Somebody with a login."""
    return User.objects.create_user(
        username=name, email=f"{name}@example.org", password="correct horse battery", **fields
    )


def make_member(role: str) -> User:
    """One of the cast."""
    name, pseudonym, is_curator = CAST[role]
    return make_person(name, pseudonym=pseudonym, is_curator=is_curator)


@pytest.fixture
def person(db: None) -> Maker:
    """Make somebody with a login."""
    return make_person


@pytest.fixture
def owner(db: None) -> User:
    return make_member("owner")


@pytest.fixture
def manager(db: None) -> User:
    return make_member("manager")


@pytest.fixture
def reviewer(db: None) -> User:
    return make_member("reviewer")


@pytest.fixture
def contributor(db: None) -> User:
    return make_member("contributor")


@pytest.fixture
def observer(db: None) -> User:
    return make_member("observer")


@pytest.fixture
def stranger(db: None) -> User:
    return make_member("stranger")


@pytest.fixture
def api() -> APIClient:
    """A visitor's client; `api.force_authenticate(user)` makes it somebody's."""
    return APIClient()
