"""The same people in every test: what they may do follows from their roles, never from luck."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.models import User

Maker = Callable[..., User]


@pytest.fixture
def person(db: None) -> Maker:
    """Make somebody with a login."""

    def make(name: str, **fields: object) -> User:
        return User.objects.create_user(
            username=name, email=f"{name}@example.org", password="correct horse battery", **fields
        )

    return make


@pytest.fixture
def owner(person: Maker) -> User:
    return person("olga", pseudonym="Olga", is_curator=True)


@pytest.fixture
def manager(person: Maker) -> User:
    return person("marc", pseudonym="Marc", is_curator=True)


@pytest.fixture
def reviewer(person: Maker) -> User:
    return person("rosa", pseudonym="Rosa")


@pytest.fixture
def contributor(person: Maker) -> User:
    return person("carl", pseudonym="Carl")


@pytest.fixture
def observer(person: Maker) -> User:
    return person("otto", pseudonym="Otto")


@pytest.fixture
def stranger(person: Maker) -> User:
    return person("stan", pseudonym="Stan")


@pytest.fixture
def api() -> APIClient:
    """A visitor's client; `api.force_authenticate(user)` makes it somebody's."""
    return APIClient()
