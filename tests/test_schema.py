"""Nothing that the OpenAPI document allows (or forbids) gives a 500, to a curator who may do everything."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker
from schemathesis.checks import not_a_server_error

from accounts.actions import create_token
from config.wsgi import application
from tests.world import World, build

pytestmark = pytest.mark.django_db
# Invented addresses that answered 404: whatever else is sent there, nobody looks at it.
NOWHERE: set[tuple[str, str]] = set()


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The server closes its connection after a request; here it is the one that the test undoes."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One for all: what a request changes in it is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def headers(world: World, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Of somebody who may do everything."""
    with django_db_blocker.unblock():
        _token, secret = create_token(by=world.people["owner"], name="probe", scopes=["read", "write"])
    return {"Authorization": f"Bearer {secret}"}


schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_gives_a_500(case: schemathesis.Case, world: World, headers: dict[str, str]) -> None:
    invented = dict(case.path_parameters or {})
    known = world.arguments(case.path, [name for name in invented if name != "token_id"])
    for parameters in (invented, {**invented, **known}) if known else (invented,):
        case.path_parameters = {name: str(value) for name, value in parameters.items()}
        address = (case.method, case.formatted_path)
        if address in NOWHERE:
            continue
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=[not_a_server_error])
        if response.status_code >= 400:
            assert response.headers["content-type"][0] == "application/problem+json"
            assert response.json()["detail"]
        if response.status_code == 404 and parameters is invented:
            NOWHERE.add(address)
