"""Nothing that the OpenAPI document allows (or forbids) gives a 500, to a curator who may do everything."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error

from accounts.actions import create_token
from config.wsgi import application
from tests.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The server closes its connection after a request; here it is the one that the test undoes."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@pytest.fixture
def world(db: None) -> World:
    return build()


schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_gives_a_500(case: schemathesis.Case, world: World) -> None:
    _token, secret = create_token(by=world.people["owner"], name="probe", scopes=["read", "write"])
    headers = {"Authorization": f"Bearer {secret}"}
    invented = dict(case.path_parameters or {})
    known = world.arguments(case.path, [name for name in invented if name != "token_id"])
    for parameters in (invented, {**invented, **known}):
        case.path_parameters = {name: str(value) for name, value in parameters.items()}
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=[not_a_server_error])
        if response.status_code >= 400:
            assert response.headers["content-type"][0] == "application/problem+json"
            assert response.json()["detail"]
