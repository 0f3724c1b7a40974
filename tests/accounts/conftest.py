"""Keys for programs, and the doors through which people come in."""

from collections.abc import Callable

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.models import ApiToken, User

KeyMaker = Callable[..., tuple[ApiToken, APIClient]]


@pytest.fixture
def key() -> KeyMaker:
    """A token of somebody and a client that sends it: `key(user, "read")`."""

    def make(user: User, *scopes: str, **options: object) -> tuple[ApiToken, APIClient]:
        token, secret = create_token(by=user, name="script", scopes=scopes or ("read", "write"), **options)
        client = APIClient(enforce_csrf_checks=True)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return token, client

    return make


@pytest.fixture
def time_machine_at():
    """`with time_machine_at(moment):` — it is then."""
    return lambda moment: time_machine.travel(moment, tick=False)
